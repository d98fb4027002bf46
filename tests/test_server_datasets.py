"""Seed 003's routes and the forms of the datasets' pages: what is sent is kept whole or not at all, run and removed."""

from __future__ import annotations

import json
import sys

import factories
import pytest
import row_server
import scripted_server
import toys
from row_runs import RUN, make_run
from server_room import serving, until
from test_rows import GOOD, MALFORMED, jsonl

from benchgen.catalog.tasks import Catalog
from benchgen.cli.launch_desk import LaunchDesk
from benchgen.records.run import FORMAT
from benchgen.server import upload
from benchgen.server.launcher import Command, Limits
from benchgen.server.terms import Launching, Terms
from benchgen.settings import read
from benchgen.store.locks import runner_lock

ROWS = [{"id": f"r{n}", "prompt": f"{n} + 1", "expected": n + 1} for n in range(6)]
UPLOAD = "/admin/datasets/upload"


@pytest.fixture
def endpoint():
    with scripted_server.scripted(row_server.adder()) as one:
        yield one


@pytest.fixture
def server(tmp_path, endpoint):
    """A server that starts runs, with an endpoint called house."""
    root, catalog = tmp_path / "results", Catalog(toys.make_catalog(tmp_path / "tasks", 1))
    root.mkdir()
    row_server.settle(tmp_path, endpoint)
    words = (
        sys.executable,
        "-c",
        f"import os; os.chdir({str(tmp_path)!r}); from benchgen.cli.main import main; main()",
    )
    command = Command(words, ("--results-dir", str(root)), ("--tasks-dir", str(catalog.folder)))
    launching = Launching(lambda: LaunchDesk(root, catalog, read({}, tmp_path)), command, Limits(running=1))
    with serving(root, tmp_path / "tasks", Terms(launching=launching)) as one:
        yield one


def send(server, data: bytes, name: str = "rows.jsonl", path: str = UPLOAD):
    return server.client.post(path, files={"file": (name, data)})


def stored(tmp_path) -> list[str]:
    folder = tmp_path / "results" / "datasets"
    return [path.name for path in folder.iterdir()] if folder.exists() else []


def test_an_upload_is_checked_shown_and_listed(server):
    said = send(server, jsonl(*ROWS, {**GOOD, "extra": 1}), "C:\\fakepath\\my rows.jsonl").json()
    assert set(said) == {"dataset_id", "name", "count", "uploaded_at", "validation"}
    assert (said["name"], said["count"]) == ("my rows.jsonl", 7)
    assert said["validation"]["warnings"] == ["not used: the keys extra"]
    assert said["validation"]["preview"][0] == {
        "custom_id": "r0", "domain": "", "asked": "0 + 1", "expected": 1, "scorer": "numeric",
    }  # fmt: skip
    (listed,) = server.json("/admin/datasets")["datasets"]
    assert listed == {"id": said["dataset_id"], **{name: said[name] for name in ("name", "count", "uploaded_at")}}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_upload_is_refused_by_line_and_nothing_is_stored(server, tmp_path, name):
    data, line, reason = MALFORMED[name]
    answer = send(server, data)
    assert answer.status_code == 422
    first = answer.json()["error"]["problems"][0]
    assert first["line"] == line and reason in first["reason"]
    assert stored(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "body", "status"),
    [
        ("application/json", b"{}", 400),
        ("multipart/form-data", b"x", 400),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=other\r\n\r\n1\r\n--x--\r\n",
            400,
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n{',
            400,
        ),
        ("multipart/form-data; boundary=x", b"\0\xff" * 50, 400),
    ],
)
def test_a_body_that_is_no_form_with_a_file_is_refused(server, tmp_path, content, body, status):
    answer = server.client.post(UPLOAD, content=body, headers={"Content-Type": content})
    assert answer.status_code == status and answer.json()["error"]["code"] == "usage"
    assert stored(tmp_path) == []


def test_more_than_an_upload_may_hold_is_refused_and_leaves_nothing(server, tmp_path, monkeypatch):
    monkeypatch.setattr(upload, "MOST_UPLOAD", 3 << 20)
    answer = send(server, jsonl(*({"id": str(n), "prompt": "x" * 1000} for n in range(5_000))))
    assert answer.status_code == 400 and "larger than 3 MiB" in answer.json()["error"]["message"]
    assert stored(tmp_path) == []


def test_a_dataset_is_run_watched_and_its_results_are_read(server, endpoint):
    dataset = send(server, jsonl(*ROWS)).json()["dataset_id"]
    asked = {"model_id": row_server.MODEL, "dataset_id": dataset, "max_connections": 2}
    said = server.client.post("/admin/benchmarks/run", json=asked).json()
    assert said["benchmark_id"].startswith("bm_") and len(said["benchmark_id"]) == 15 and said["status"] == "running"
    listed = lambda: server.json("/admin/benchmarks")["benchmarks"][0]  # noqa: E731
    until(lambda: listed()["status"] == "completed", 60)
    wanted = {"benchmark_id": said["benchmark_id"], "dataset_id": dataset, "dataset_name": "rows.jsonl",
              "model_name": "adder", "progress": 100, "completed": 6, "total": 6}  # fmt: skip
    assert {name: listed()[name] for name in wanted} == wanted
    found = server.json(f"/admin/benchmarks/{said['benchmark_id']}/results")
    assert [line["custom_id"] for line in found["results"]] == [row["id"] for row in ROWS]
    assert found["results"][2]["response"]["body"]["choices"][0]["message"]["content"] == "3"
    assert found["throughput"] > 0 and found["total_time_seconds"] > 0
    exported = server.get(f"/api/runs/{found['run_id']}/export?format=jsonl")
    assert [json.loads(line) for line in exported.text.splitlines()] == found["results"]
    assert exported.headers["content-disposition"].startswith("attachment")
    assert server.json("/admin/benchmarks/active") == {"benchmarks": []}


def test_a_dataset_that_is_being_run_is_not_removed_and_a_canceled_run_lets_go(server, tmp_path):
    dataset = send(server, jsonl(*ROWS)).json()["dataset_id"]
    folder = make_run(tmp_path / "results", ROWS, {"test/a": lambda asked: "1"})
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "dataset_id": dataset}))
    log = (folder / "events.jsonl").read_bytes()
    (folder / "events.jsonl").write_bytes(b"".join(log.splitlines(keepends=True)[:2]))
    with runner_lock(folder):
        assert server.client.delete(f"/admin/datasets/{dataset}").status_code == 409
    assert server.client.delete(f"/admin/datasets/{dataset}").json() == {"id": dataset, "deleted": True}
    assert server.client.delete(f"/admin/datasets/{dataset}").status_code == 404
    assert (folder / "results.jsonl").exists() and FORMAT == 1


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"model_id": "house/adder", "dataset_id": "ds_000000000000"}, 404),
        ({"model_id": "house/adder", "dataset_id": "../../etc"}, 404),
        ({"model_id": "-o/etc", "dataset_id": None}, 400),
        ({"model_id": "house/adder", "dataset_id": None, "max_connections": 10_000}, 400),
        ({"dataset_id": None}, 400),
    ],
)
def test_a_run_that_cannot_be_is_refused(server, asked, status):
    known = send(server, jsonl(*ROWS)).json()["dataset_id"]
    answer = server.client.post("/admin/benchmarks/run", json={**asked, "dataset_id": asked["dataset_id"] or known})
    assert answer.status_code == status
    assert server.json("/admin/benchmarks") == {"benchmarks": []}


def test_the_results_of_a_run_without_single_outcomes_are_refused_with_a_reason(server, tmp_path):
    factories.make_run(
        tmp_path / "results", factories.run_config(kind="openbench"), finished=False, upto=0, artifacts=False
    )
    until(lambda: server.get(f"/api/runs/{factories.RUN_ID}").status_code == 200)
    answer = server.get(f"/admin/benchmarks/{factories.RUN_ID}/results")
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, "the engine named no single outcomes")


def test_a_form_about_what_is_not_there_or_in_use_says_so_in_its_status(server, tmp_path):
    gone = server.client.post("/dataset/ds_000000000000/control", data={"do": "run", "model_id": "house/adder"})
    assert (gone.status_code, "no dataset" in gone.text) == (404, True)
    known = send(server, jsonl(*ROWS)).json()["dataset_id"]
    config = factories.run_config(kind="dataset", dataset_id=known)
    with runner_lock(factories.make_run(tmp_path / "results", config, finished=False, upto=0, artifacts=False)):
        used = server.client.post(f"/dataset/{known}/control", data={"do": "remove", "confirm": known})
    assert (used.status_code, stored(tmp_path)) == (409, [known])


def test_the_forms_do_the_same_without_script(server, tmp_path):
    refused = send(server, jsonl(GOOD, GOOD), path="/dataset/upload")
    assert refused.status_code == 422 and "line 2" in refused.text and stored(tmp_path) == []
    added = send(server, jsonl(*ROWS), path="/dataset/upload")
    assert added.status_code == 303
    page = added.headers["location"]
    assert "nothing has been asked yet" in server.get(page).text and "5 + 1" in server.get(page).text
    control = page.replace("index.html", "control")
    wrong = server.client.post(control, data={"do": "run", "model_id": "house/adder", "max_connections": "many"})
    assert wrong.status_code == 422 and "is no number" in wrong.text
    started = server.client.post(control, data={"do": "run", "model_id": "house/adder", "limit": "2"})
    assert started.status_code == 303 and started.headers["location"].startswith("/run/run_")
    assert server.client.post(control, data={"do": "remove"}).status_code == 422
    until(lambda: server.json("/admin/benchmarks")["benchmarks"][0]["status"] == "completed", 60)
    gone = server.client.post(control, data={"do": "remove", "confirm": stored(tmp_path)[0]})
    assert gone.headers["location"] == "/dataset/index.html" and stored(tmp_path) == []


def test_a_golden_answer_is_marked_shown_exported_and_unmarked(server, tmp_path):
    make_run(tmp_path / "results", ROWS, {"test/a": lambda asked: "=1", "test/b": lambda asked: "2"})
    page, attempt = f"run/{RUN}/rows-1.html", "r3__test/a__sample00"
    mark = lambda word: server.client.post("/dataset/mark", data={"mark": f"{RUN}/{word}/{attempt}", "back": page})  # noqa: E731
    assert mark("on").headers["location"] == f"/{page}"
    assert 'data-golden="golden"' in server.get(f"/{page}").text
    key = server.json("/admin/benchmarks")["benchmarks"][0]
    home = server.get("/dataset/index.html").text.split('href="rows_')[1].split("/")[0]
    lines = [json.loads(line) for line in server.get(f"/dataset/rows_{home}/golden.jsonl").text.splitlines()]
    assert [(one["custom_id"], one["model"], one["messages"][-1]) for one in lines] == [
        ("r3", "test/a", {"role": "assistant", "content": "=1"})
    ]
    assert "r3,test/a,3 + 1,'=1,4" in server.get(f"/dataset/rows_{home}/golden.csv").text
    mark("off")
    assert 'data-golden="golden"' not in server.get(f"/{page}").text and key["run_id"] == RUN


@pytest.mark.parametrize(
    "form",
    [
        {"mark": f"{RUN}/on/nope", "back": f"run/{RUN}/rows-1.html"},
        {"mark": f"{RUN}/on/r3__test/a__sample00", "back": "//evil.example/"},
        {"mark": "../x/on/y", "back": f"run/{RUN}/rows-1.html"},
        {},
    ],
)
def test_what_is_no_answer_cannot_be_marked(server, tmp_path, form):
    make_run(tmp_path / "results", ROWS, {"test/a": lambda asked: "1"})
    assert server.client.post("/dataset/mark", data=form).status_code in (400, 404)


def test_a_server_that_only_reads_takes_no_dataset(tmp_path):
    with serving(tmp_path) as one:
        assert send(one, jsonl(*ROWS)).status_code == 403
        assert one.client.delete("/admin/datasets/ds_000000000000").status_code == 403
        assert "data-upload" not in one.get("/dataset/index.html").text
    assert stored(tmp_path) == []
