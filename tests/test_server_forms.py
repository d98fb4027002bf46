"""The pages that only a server has: the form that starts a run, the buttons of a run's page; both without script."""

from __future__ import annotations

import re

import pytest
from factories import RUN_ID, make_run, run_config
from server_room import serving, until
from test_server_launching import FAST, terms

from benchgen.store.locks import runner_lock

__all__ = ["terms"]  # the fixture
FORM = "/new/index.html"


@pytest.fixture
def server(tmp_path, terms):
    with serving(tmp_path / "results", tmp_path / "tasks", terms) as one:
        yield one


def test_the_form_offers_the_catalog_and_the_models_that_were_run(server):
    page = server.get(FORM).text
    assert '<option value="toy_1">' in page
    assert 'formmethod="post"' not in page  # nothing was reviewed


def test_a_review_shows_the_attempts_and_the_exact_command(server):
    page = server.get(FORM, params={"tasks": "toy_0, toy_1", "models": FAST, "samples": "2"}).text
    assert re.search(r"Start 4\sattempts", page)
    assert "benchgen run toy_0 toy_1 -m" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"tasks": "nope", "models": FAST}, "no task meets"),
        ({"tasks": "all", "models": "<script>alert(1)</script>"}, "is no model"),
        ({"tasks": "all", "models": FAST, "samples": "many"}, "is no number"),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(server, typed, said):
    answer = server.get(FORM, params=typed)
    assert answer.status_code == 400
    assert said in answer.text
    assert "<script>alert" not in answer.text
    assert f'value="{typed["tasks"]}"' in answer.text


def test_start_leads_to_the_page_of_the_run(server):
    answer = server.client.post(FORM, data={"tasks": "toy_0", "models": FAST})
    assert answer.status_code == 303
    page = server.get(answer.headers["location"])
    assert page.status_code == 200
    assert ">Cancel</button>" in page.text or ">Remove</button>" in page.text


def test_a_form_of_another_site_starts_nothing(server, tmp_path):
    headers = {"Origin": "null", "Sec-Fetch-Site": "cross-site"}
    assert server.client.post(FORM, data={"tasks": "all", "models": FAST}, headers=headers).status_code == 403
    assert list((tmp_path / "results").glob("run_*")) == []


def press(server, **typed):
    return server.client.post(f"/run/{RUN_ID}/control", data=typed)


def test_a_run_offers_only_what_makes_sense(server, tmp_path):
    folder = make_run(tmp_path / "results", run_config(tasks=3), finished=False, upto=1, artifacts=False)
    path = f"/run/{RUN_ID}/index.html"
    with runner_lock(folder):
        until(lambda: ">Cancel</button>" in server.get(path).text)
        assert ">Resume</button>" not in server.get(path).text
    until(lambda: ">Resume</button>" in server.get(path).text)
    assert ">Cancel</button>" not in server.get(path).text


def test_a_dead_run_is_canceled_on_record(server, tmp_path):
    make_run(tmp_path / "results", run_config(tasks=3), finished=False, upto=1, artifacts=False)
    until(lambda: server.get(f"/api/runs/{RUN_ID}").status_code == 200)
    assert press(server, do="cancel").status_code == 303
    until(lambda: server.json(f"/api/runs/{RUN_ID}")["status"] == "canceled")


def test_removing_asks_twice(server, tmp_path):
    folder = make_run(tmp_path / "results", artifacts=False)
    until(lambda: server.get(f"/api/runs/{RUN_ID}").status_code == 200)
    refused = press(server, do="remove")
    assert (refused.status_code, folder.exists()) == (400, True)
    assert "must be confirmed" in refused.text and 'href="index.html">back</a>' in refused.text
    assert press(server, do="remove", confirm=RUN_ID).headers["location"] == "/history/index.html"
    assert not folder.exists()


def test_what_a_button_is_refused_for_is_said_on_a_page(server, tmp_path):
    folder = make_run(tmp_path / "results", run_config(tasks=3), finished=False, upto=1, artifacts=False)
    until(lambda: server.get(f"/api/runs/{RUN_ID}").status_code == 200)
    with runner_lock(folder):
        refused = press(server, do="resume")
    assert (refused.status_code, refused.headers["content-type"]) == (409, "text/html; charset=utf-8")
    assert "the run is going on" in refused.text
    assert server.client.post("/run/run_gone/control", data={"do": "cancel"}).status_code == 404


def test_a_word_that_means_nothing_is_refused(server, tmp_path):
    make_run(tmp_path / "results", artifacts=False)
    until(lambda: server.get(f"/api/runs/{RUN_ID}").status_code == 200)
    assert press(server, do="rm -rf").status_code == 400


def test_a_server_that_only_reads_has_neither_form_nor_buttons(tmp_path):
    make_run(tmp_path, artifacts=False)
    with serving(tmp_path) as server:
        assert server.get(FORM).status_code == 403
        page = server.get(f"/run/{RUN_ID}/index.html").text
        assert "<button name=" not in page and "new/index.html" not in page


def test_a_note_and_tags_are_written_on_the_page_and_taken_away(server, tmp_path):
    make_run(tmp_path / "results", artifacts=False)
    path = f"/run/{RUN_ID}/index.html"
    until(lambda: server.get(path).status_code == 200)
    assert press(server, do="note", note="The *good* one\r\n", tags="release, , best").status_code == 303
    until(lambda: "<em>good</em>" in server.get(path).text)
    assert 'value="release, best"' in server.get(path).text
    press(server, do="note", note="", tags="")
    until(lambda: "<em>good</em>" not in server.get(path).text)
    assert press(server, do="note", note="x" * 20_000, tags="").status_code == 400
