"""Pages over HTTP: with keys that spare what a browser has, and headers that let nothing foreign run."""

from __future__ import annotations

import pytest
from factories import make_run, make_runs, run_config
from server_room import serving


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    root = tmp_path_factory.mktemp("results")
    list(make_runs(root, 2))
    make_run(root, run_config(run_id="other"), artifacts={"page.html": b"<script>alert(1)</script>"})
    with serving(root) as one:
        yield one


PAGES = ["", "live/index.html", "history/index.html", "task/index.html", "compare/index.html", "methods/index.html",
         "run/other/index.html", "data/runs.json", "robots.txt"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_served_and_may_load_nothing_from_elsewhere(server, path):
    answer = server.get(f"/{path}")
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_a_page_that_a_browser_has_is_not_sent_again(server):
    tag = server.get("/run/other/index.html").headers["etag"]
    again = server.get("/run/other/index.html", headers={"If-None-Match": f'"x", W/{tag}'})
    assert again.status_code == 304
    assert again.content == b""
    assert server.get("/run/other/index.html", headers={"If-None-Match": '"x"'}).status_code == 200


def test_files_under_a_hashed_name_are_kept_for_ever(server):
    page = server.get("/").text
    sheet = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in server.get(f"/{sheet}").headers["cache-control"]
    assert server.get("/").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/nope", "/run/nope/index.html", "/run/..%2f..%2fetc/index.html", "/assets/x.js"])
def test_a_missing_page_is_answered_with_the_page_for_it(server, path):
    answer = server.get(path)
    assert answer.status_code == 404
    assert "<h1" in answer.text
    style = answer.headers["content-security-policy"].split("style-src ")[1].split(";")[0]
    assert style.split()[1].strip("'") in answer.text  # the style in the page is the one that is allowed


REDIRECTS = {
    "/live-stats.html": "/live/index.html",
    "/ui/": "/index.html",
    "/ui/index.html": "/index.html",
    "/ui/run.html?run=other": "/run/other/index.html",
    "/compare?ids=other,x": "/compare/other..x/index.html",
    "/compare?ids=other,x,y,z": "/compare/other..x..y..z/index.html",
    "/compare/index.html?ids=other,x": "/compare/other..x/index.html",
    "/compare?ids=a": "/compare/index.html",
    "/history": "/history/index.html",
    "/run/other": "/run/other/index.html",
}


@pytest.mark.parametrize("path", REDIRECTS)
def test_an_address_of_the_seeds_leads_to_ours(server, path):
    answer = server.get(path)
    assert (answer.status_code, answer.headers["location"]) == (307, REDIRECTS[path])


def test_a_redirect_never_leads_to_another_host(server):
    assert server.get(f"{server.url}/evil.example/live").status_code == 404


@pytest.mark.parametrize(("path", "method"), [("/live/index.html", "POST"), ("/api/benchmark/status", "DELETE")])
def test_a_method_that_a_path_does_not_take_is_refused_in_json(server, path, method):
    answer = server.client.request(method, path)
    assert answer.status_code == 405
    assert answer.json()["error"]["message"]


def test_head_gives_the_key_alone(server):
    answer = server.client.head("/run/other/index.html")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["etag"]


def test_pages_are_rendered_with_what_only_a_server_can_do(server):
    assert "data-stream=" in server.get("/run/other/index.html").text


def test_any_two_to_four_runs_are_compared_when_they_are_asked_for(server):
    listed = [one["run_id"] for one in server.get("/api/runs").json()]
    assert len(listed) == 3
    answer = server.get(server.get(f"/compare?ids={','.join(listed)}").headers["location"])
    assert answer.status_code == 200
    assert "Three runs compared" in answer.text


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("csv", "text/csv"),
        ("jsonl", "application/jsonl"),
        ("json", "application/json"),
        ("md", "text/markdown"),
        ("junit", "application/xml"),
    ],
)
def test_a_run_is_exported_in_every_form_that_its_page_links(server, form, kind):
    link = f"api/runs/other/export?format={form}"
    assert link in server.get("/run/other/index.html").text.replace("../../", "")
    answer = server.get(f"/{link}")
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, kind)
    assert answer.content


def test_a_form_that_is_not_known_is_refused(server):
    assert server.get("/api/runs/other/export?format=xls").status_code == 400
