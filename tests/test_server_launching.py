"""Starting runs over HTTP: what is taken, what is refused, and real processes that outlive the server."""

from __future__ import annotations

import sys
from contextlib import ExitStack

import httpx
import pytest
import toys
from factories import RUN_ID, at, make_run, run_config
from server_room import serving, until
from test_lmstudio import studio

from benchgen.answers import prompt
from benchgen.catalog.openbench import Eval, Evals
from benchgen.catalog.tasks import Catalog
from benchgen.cli import launch_desk
from benchgen.cli.launch_desk import LaunchDesk
from benchgen.errors import UsageError
from benchgen.record import replace
from benchgen.server.launch_body import EDIT_FORMATS, LaunchBody, launch
from benchgen.server.launcher import QUEUED_BY, SERVER, Command, Launcher, Limits
from benchgen.server.terms import Launching, Terms
from benchgen.settings import read
from benchgen.store.create import queue_run
from benchgen.store.locks import runner_lock

FAST, SLOW = "builtin/mock?pass=1&latency=0", "builtin/mock?pass=1&latency=20"


def test_a_request_becomes_the_command_that_does_the_same():
    asked = LaunchBody(
        benchmark="all",
        model="builtin/noop",
        samples=2,
        temperature=0.5,
        name="a b",
        include_tests=True,
        turns=2,
        install_deps=True,
    )
    words = "benchgen run all -m builtin/noop --samples 2 --temperature 0.5 --turns 2 --name 'a b'"
    words += " --include-tests --install-deps"
    assert launch(asked).command() == words


BAD = [
    {"benchmark": "all"},
    {"model": "builtin/noop"},
    {"benchmark": "--dry-run", "model": "builtin/noop"},
    {"benchmark": "all", "model": "-o/etc"},
    {"benchmark": "all", "model": "a b"},
    {"benchmark": "../x", "model": "builtin/noop"},
    {"benchmark": "all", "model": "m;rm", "samples": 1},
    {"benchmark": "all", "model": "builtin/noop", "samples": 0},
    {"benchmark": "all", "model": "builtin/noop", "samples": 10**6},
    {"benchmark": "all", "model": "builtin/noop", "workers": 10**6},
    {"benchmark": "all", "model": "builtin/noop", "temperature": float("nan")},
    {"benchmark": "all", "model": "builtin/noop", "turns": 0},
    {"benchmark": "all", "model": "builtin/noop", "edit_format": "ed"},
    {"benchmark": "all", "model": "builtin/noop", "name": "two\nlines"},
    {"benchmark": "all", "model": "builtin/noop", "note": "\u202eback"},
    {"benchmark": "all", "model": "builtin/noop", "seed": -1},
    {"benchmark": "all", "models": tuple(f"m{number}" for number in range(50))},
    {"benchmark": "all", "model": "builtin/noop", "kind": "agent"},
    {"benchmark": "openbench:../x", "model": "openai/m"},
    {"tasks": ("openbench:mmlu", "toy_0"), "model": "openai/m"},
    {"benchmark": "openbench:mmlu", "models": ("openai/m", "openai/n")},
    {"benchmark": "mmlu", "model": "openai/m", "kind": "openbench", "include_tests": True},
    {"benchmark": "all", "model": "builtin/noop", "note": "x" * 9999},
]


@pytest.mark.parametrize("given", BAD)
def test_what_cannot_be_is_refused(given):
    with pytest.raises(UsageError):
        launch(LaunchBody(**given))


@pytest.fixture
def terms(tmp_path):
    root, catalog = tmp_path / "results", Catalog(toys.make_catalog(tmp_path / "tasks", 2))
    root.mkdir()
    command = Command(
        (sys.executable, "-m", "benchgen"), ("--results-dir", str(root)), ("--tasks-dir", str(catalog.folder))
    )
    return Terms(launching=Launching(lambda: LaunchDesk(root, catalog, read({}, tmp_path)), command, Limits(running=1)))


@pytest.fixture
def server(tmp_path, terms):
    with serving(tmp_path / "results", tmp_path / "tasks", terms) as one:
        yield one


def post(server, path, **body):
    return server.client.post(path, json=body)


def status(server, run_id):
    return server.json(f"/api/runs/{run_id}")["status"]


def test_a_preview_says_what_would_run_and_writes_nothing(server, tmp_path):
    found = post(server, "/api/launch/preview", benchmark="all", model=FAST, samples=3).json()
    assert found["attempts"] == 6
    assert found["command"].startswith("benchgen run all -m ")
    assert list((tmp_path / "results").glob("run_*")) == []


def test_the_ways_to_ask_for_changes_are_those_of_the_prompt():
    assert EDIT_FORMATS == prompt.EDIT_FORMATS
    asked = LaunchBody(benchmark="all", model="builtin/noop", edit_format="whole")
    assert launch(asked).command() == "benchgen run all -m builtin/noop --edit-format whole"


def test_a_preview_says_what_the_last_complete_run_of_it_took(server, tmp_path):
    asked = {"benchmark": "toy_0", "model": FAST}
    assert post(server, "/api/launch/preview", **asked).json()["last_run"] is None
    make_run(tmp_path / "results", run_config(tasks=["toy_0"], samples=2, benchmark_name="toy_0"))
    until(lambda: server.get(f"/api/runs/{RUN_ID}").status_code == 200)
    last = post(server, "/api/launch/preview", **asked).json()["last_run"]
    assert (last["run_id"], last["attempts"], last["seconds"] > 0, last["cost_usd"] > 0) == (RUN_ID, 2, True, True)
    shown = server.get("/new/index.html", params={"tasks": "toy_0", "models": FAST}).text
    assert "The last complete run of it" in shown and RUN_ID in shown


def test_a_preview_says_what_it_may_cost(server):
    local = post(server, "/api/launch/preview", benchmark="all", model="builtin/noop").json()
    assert local["estimate"] is None
    asked = {"benchmark": "all", "models": ["builtin/mock?price=3,15", "builtin/noop"], "samples": 2}
    billed = post(server, "/api/launch/preview", **asked).json()["estimate"]
    assert billed["prompt_tokens"] > 0 and billed["price_unknown"] == []
    assert billed["with_answers_usd"] == pytest.approx(billed["prompts_usd"] + 4 * 1000 * 15 / 1e6)
    page = server.get("/new/index.html", params={"tasks": "all", "models": "builtin/mock?price=3,15"}).text
    assert "if answers take 1,000 tokens each" in page


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"benchmark": "mmlu", "model": FAST}, 404),
        ({"benchmark": "all", "model": "nobody/knows"}, 400),
        ({"benchmark": "all", "model": "openai/gpt"}, 422),
        ({"benchmark": "all", "model": FAST, "base_url": 5, "samples": "x"}, 400),
    ],
)
def test_a_run_that_cannot_start_is_never_queued(server, tmp_path, body, code):
    answer = post(server, "/api/runs", **body)
    assert (answer.status_code, set(answer.json())) == (code, {"error"})
    assert list((tmp_path / "results").glob("run_*")) == []


@pytest.mark.slow
def test_a_run_is_started_watched_and_waited_for(server):
    answer = server.client.post("/runs?wait=1", json={"tasks": ["toy_0"], "models": [FAST]}, timeout=120)
    assert answer.status_code == 200, answer.text
    assert answer.json()["summary"]["status_counts"] == {"passed": 1}


@pytest.mark.slow
def test_one_runs_the_next_waits_and_a_canceled_run_is_gone(server):
    first = post(server, "/api/runs", benchmark="toy_0", model=SLOW).json()["run_id"]
    until(lambda: status(server, first) == "running", 60)
    second = post(server, "/runs", tasks=["toy_1"], models=[FAST]).json()
    assert second["status"] == "queued" and second["stream"] == f"/runs/{second['run_id']}/stream"
    assert post(server, f"/runs/{first}/resume").status_code == 409
    assert post(server, f"/api/runs/{first}/cancel").json() == {"run_id": first, "status": "canceled"}
    until(lambda: status(server, second["run_id"]) == "completed", 90)


def test_no_more_runs_wait_than_may(tmp_path, terms):
    launching = replace(terms.launching, limits=Limits(running=1, waiting=2))
    make_run(tmp_path / "results", run_config(), upto=1, finished=False, artifacts=False)
    with (
        runner_lock(tmp_path / "results" / RUN_ID),  # the one that runs
        serving(tmp_path / "results", tmp_path / "tasks", replace(terms, launching=launching)) as server,
    ):
        ids = [post(server, "/api/runs", benchmark="toy_0", model=FAST).json()["run_id"] for _ in range(2)]
        refused = post(server, "/api/runs", benchmark="toy_0", model=FAST)
        assert (refused.status_code, refused.json()["error"]["code"]) == (429, "busy")
        assert "--max-waiting" in refused.json()["error"]["hint"]
        said = server.client.post("/new/index.html", data={"tasks": "toy_0", "models": FAST})
        assert (said.status_code, "2 runs are waiting already" in said.text) == (400, True)
        assert {folder.name for folder in (tmp_path / "results").glob("run_*")} == {RUN_ID, *ids}
        assert post(server, f"/api/runs/{ids[0]}/cancel").status_code == 200
        assert post(server, "/api/runs", benchmark="toy_0", model=FAST).status_code == 201


def test_the_oldest_run_that_waits_starts_first_however_many_wait(tmp_path, terms, monkeypatch):
    root, spawned = tmp_path / "results", []
    monkeypatch.setattr(Launcher, "_spawn", lambda self, run_id, words: spawned.append((run_id, words)))
    for number in range(30):
        config = run_config(run_id=f"run_20261121T0000{number:02d}Z_aaaaaa", created_at=at(number))
        queue_run(root, replace(config, request={QUEUED_BY: SERVER}), ())
    make_run(root, run_config(), upto=1, finished=False, artifacts=False)
    with serving(root, tmp_path / "tasks", terms) as server:
        until(lambda: spawned)
        assert spawned[0] == ("run_20261121T000000Z_aaaaaa", ("resume",))
        folders = server.app.state.broadcast._newsroom.unended.folders
        assert (len(folders.watched), len(folders.watched | folders.rest)) == (20, 31)


OTHER = "run_20261121T030000Z_bbbbbb"


@pytest.fixture
def one_runs(tmp_path, terms, monkeypatch):
    """A server of which one run at a time may go on, and one does; another has ended. What it starts is noted."""
    root, spawned = tmp_path / "results", []
    monkeypatch.setattr(Launcher, "_spawn", lambda self, run_id, words: spawned.append((run_id, *words)))
    make_run(root, run_config(run_id=OTHER), artifacts=False)
    busy = make_run(root, run_config(), upto=1, finished=False, artifacts=False)
    limits = replace(terms.launching, limits=Limits(running=1, waiting=1))
    with ExitStack() as held:
        held.enter_context(runner_lock(busy))
        with serving(root, tmp_path / "tasks", replace(terms, launching=limits)) as server:
            yield server, spawned, held


def test_a_retry_waits_for_its_turn_as_every_run_does(one_runs):
    server, spawned, held = one_runs
    answer = post(server, f"/runs/{OTHER}/retry-single", task_id="task_0")
    assert (answer.status_code, answer.json()["status"], spawned) == (202, "queued", [])
    assert post(server, f"/runs/{OTHER}/retry-single", task_id="task_0").status_code == 409
    assert post(server, "/api/runs", benchmark="toy_0", model=FAST).status_code == 429
    held.close()
    until(lambda: spawned)
    assert spawned == [(OTHER, "retry", "--only", "task_0")]


def test_who_presses_a_button_reads_that_the_run_waits(one_runs):
    server, spawned, _ = one_runs
    answer = server.client.post(f"/run/{OTHER}/control", data={"do": "retry"})
    assert (answer.status_code, "waits for its turn" in answer.text, spawned) == (202, True, [])


def test_a_retry_that_waits_can_be_taken_back(one_runs):
    server, spawned, held = one_runs
    post(server, f"/runs/{OTHER}/retry-single", task_id="task_0")
    assert post(server, f"/api/runs/{OTHER}/cancel").json() == {"run_id": OTHER, "status": "completed"}
    held.close()
    assert post(server, f"/runs/{OTHER}/retry-single", task_id="task_1").json()["status"] == "running"
    assert spawned == [(OTHER, "retry", "--only", "task_1")]


def test_a_run_of_another_harness_takes_no_room(tmp_path, terms, monkeypatch):
    root, spawned = tmp_path / "results", []
    monkeypatch.setattr(Launcher, "_spawn", lambda self, run_id, words: spawned.append(run_id))
    theirs = make_run(root, run_config(followed=True), upto=1, finished=False, artifacts=False)
    queue_run(root, run_config(run_id=OTHER, request={QUEUED_BY: SERVER}), ())
    with runner_lock(theirs), serving(root, tmp_path / "tasks", terms):
        until(lambda: spawned == [OTHER])


def test_a_run_that_cannot_be_started_holds_up_no_other(tmp_path, terms, monkeypatch):
    root, spawned = tmp_path / "results", []

    def spawn(_, run_id, words):
        if run_id.endswith("00Z_aaaaaa"):
            raise PermissionError(13, "Permission denied", "stderr.log")
        spawned.append(run_id)

    monkeypatch.setattr(Launcher, "_spawn", spawn)
    for number in range(2):
        config = run_config(run_id=f"run_20261121T0000{number:02d}Z_aaaaaa", created_at=at(number))
        queue_run(root, replace(config, request={QUEUED_BY: SERVER}), ())
    with serving(root, tmp_path / "tasks", terms) as server:
        until(lambda: spawned == ["run_20261121T000001Z_aaaaaa"])
        failed = post(server, "/runs/run_20261121T000000Z_aaaaaa/resume")
        assert (failed.status_code, "Permission denied" in failed.json()["error"]["message"]) == (422, True)


def test_who_waits_for_a_run_and_leaves_is_waited_for_no_more(one_runs):
    server, *_ = one_runs
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{server.url}runs?wait=1", json={"tasks": ["toy_0"], "models": [FAST]}, timeout=3)
    until(lambda: server.json("/health")["streams"] == 0)


@pytest.mark.slow
def test_a_run_that_is_canceled_while_its_process_starts_is_not_taken_up_by_it(server):
    run_id = post(server, "/api/runs", benchmark="toy_0", model=SLOW).json()["run_id"]
    launcher = server.app.state.launcher
    until(lambda: run_id in launcher._children)
    child = launcher._children[run_id]
    assert post(server, f"/api/runs/{run_id}/cancel").json() == {"run_id": run_id, "status": "canceled"}
    child.wait(20)
    assert status(server, run_id) == "canceled"


def test_a_run_whose_end_is_on_record_goes_on_once_its_process_is_gone(server, tmp_path, monkeypatch):
    make_run(tmp_path / "results", artifacts=False)
    until(lambda: server.get(f"/api/runs/{RUN_ID}").status_code == 200)
    launcher, looks, started = server.app.state.launcher, [True, True], []
    monkeypatch.setattr(launcher, "_is_child", lambda run_id: bool(looks) and looks.pop())
    monkeypatch.setattr(launcher, "_spawn", lambda *words: started.append(words))
    assert post(server, f"/runs/{RUN_ID}/retry-single", task_id="task_0").status_code == 202
    assert (looks, started) == ([], [(RUN_ID, ("retry", "--only", "task_0"))])


@pytest.mark.slow
def test_a_run_outlives_its_server_and_the_next_one_finds_it(tmp_path, terms):
    root, tasks = tmp_path / "results", tmp_path / "tasks"
    with serving(root, tasks, terms) as server:
        run_id = post(server, "/api/runs", benchmark="toy_0", model="builtin/mock?pass=1&latency=3").json()["run_id"]
        waiting = post(server, "/api/runs", benchmark="toy_1", model=FAST).json()["run_id"]
        until(lambda: status(server, run_id) == "running", 60)
    with serving(root, tasks, terms) as server:
        until(lambda: status(server, run_id) == "completed", 60)
        until(lambda: status(server, waiting) == "completed", 60)


def test_notes_and_tags_are_kept(server, tmp_path):
    make_run(tmp_path / "results", artifacts=False)
    until(lambda: server.get(f"/api/runs/{RUN_ID}").status_code == 200)
    answer = server.client.patch(f"/api/runs/{RUN_ID}", json={"note": "the good one", "tags": ["release"]})
    assert (answer.json()["note"], answer.json()["tags"]) == ("the good one", ["release"])
    until(lambda: "the good one" in server.get(f"/run/{RUN_ID}/index.html").text)
    assert server.client.patch(f"/api/runs/{RUN_ID}", json={"tags": [""]}).status_code == 400


def test_a_run_is_removed_only_when_it_is_named_twice(server, tmp_path):
    folder = make_run(tmp_path / "results", artifacts=False)
    until(lambda: server.get(f"/api/runs/{RUN_ID}").status_code == 200)
    assert server.client.delete(f"/api/runs/{RUN_ID}").status_code == 400
    assert folder.exists()
    assert server.client.delete(f"/api/runs/{RUN_ID}?confirm={RUN_ID}").json()["removed"] is True
    assert not folder.exists()
    assert server.get(f"/api/runs/{RUN_ID}").status_code == 404


def test_a_retry_names_something_of_the_run(server, tmp_path):
    make_run(tmp_path / "results", artifacts=False)
    until(lambda: server.get(f"/api/runs/{RUN_ID}").status_code == 200)
    for body, code in (({}, 400), ({"task_id": "--now"}, 400), ({"attempt": "nope"}, 404)):
        assert post(server, f"/runs/{RUN_ID}/retry-single", **body).status_code == code


@pytest.mark.parametrize(
    ("asked", "only"),
    [
        ({"task_id": "task_0"}, "task_0"),
        ({"task_id": "task_1", "sample_index": 1}, "task_1__acme/fast__sample01"),
        ({"task_id": "task_1", "model": "nobody"}, None),
    ],
)
def test_one_attempt_is_told_by_task_model_and_sample(server, tmp_path, monkeypatch, asked, only):
    make_run(tmp_path / "results", run_config(tasks=2, samples=2), artifacts=False)
    until(lambda: server.get(f"/api/runs/{RUN_ID}").status_code == 200)
    started = []

    async def go_on(*words):
        started.append(words)

    monkeypatch.setattr(server.app.state.launcher, "go_on", go_on)
    answer = post(server, f"/runs/{RUN_ID}/retry-single", **asked)
    assert answer.status_code == (202 if only else 404)
    assert started == ([(RUN_ID, "retry", "--only", only)] if only else [])


def test_a_dataset_is_started_by_its_id_alone(server, tmp_path):
    source = tmp_path / "rows.jsonl"
    source.write_text('{"id": "a", "prompt": "6 * 7?", "expected": "42"}\n')
    toys.run("datasets", "add", source, "--results-dir", tmp_path / "results", cwd=tmp_path)
    (listed,) = [one for one in server.json("/api/benchmarks") if one["category"] == "dataset"]
    assert server.json(f"/api/benchmarks/{listed['name']}")["description"] == "rows.jsonl, 1 rows"
    found = post(server, "/api/launch/preview", benchmark=listed["name"], model="lmstudio/m").json()
    assert (found["attempts"], found["command"]) == (1, f"benchgen run {listed['name']} -m lmstudio/m")
    assert post(server, "/api/runs", benchmark=listed["name"], model=FAST).status_code == 201
    assert listed["name"] in server.get("/new/index.html").text


def test_words_that_mean_many_tasks_are_described_too(server):
    assert server.json("/api/benchmarks/toy_*")["description"] == "toy_0: Add two numbers\ntoy_1: Add two numbers"


LISTED = {"evals": [{"name": "mmlu", "title": "MMLU", "category": "knowledge", "description": "Questions.\nMany.",
                     "tags": ["knowledge"], "is_alpha": False, "is_subtask": False}], "groups": []}  # fmt: skip


@pytest.fixture
def with_bench(tmp_path, terms, monkeypatch):
    """A server that finds one eval of OpenBench."""
    monkeypatch.setattr(launch_desk, "evals_of", lambda command, cache: Evals((Eval("mmlu", "MMLU", "knowledge"),), ()))
    says = (sys.executable, "-c", f"import json; print(json.dumps({LISTED!r}))")
    with serving(tmp_path / "results", tmp_path / "tasks", replace(terms, command=says)) as server:
        yield server


def test_an_eval_of_openbench_is_listed_described_and_started_by_its_name_alone(with_bench):
    listed = with_bench.json("/api/benchmarks")[-1]
    assert listed == {"name": "mmlu", "category": "openbench", "description_short": "Questions.", "tags": ["knowledge"]}
    assert with_bench.json("/api/benchmarks/mmlu")["description"] == "Questions.\nMany."
    asked = {"benchmark": "mmlu", "model": "openai/gpt-4o", "limit": 10, "temperature": 0.0, "epochs": 2}
    found = post(with_bench, "/api/launch/preview", **asked).json()
    words = "benchgen run openbench:mmlu -m openai/gpt-4o --samples 2 --limit 10 --temperature 0.0"
    assert (found["command"], found["estimate"]["prompts_usd"], found["attempts"]) == (words, None, None)
    shown = with_bench.get("/new/index.html", params={"kind": "openbench", "tasks": "mmlu", "models": "openai/m"}).text
    assert "how many samples it has is known when it runs" in shown and "Start mmlu" in shown
    run_id = post(with_bench, "/api/runs", **asked).json()["run_id"]
    config = with_bench.json(f"/api/runs/{run_id}")["config"]
    assert (config["kind"], config["benchmark_name"], config["request"]["queued_by"]) == ("openbench", "mmlu", "serve")
    with_bench.client.post(f"/api/runs/{run_id}/cancel")


def test_without_openbench_the_list_says_why_there_is_none_of_it(tmp_path, terms):
    says = (sys.executable, "-c", "import sys; sys.exit('benchgen: bench is not there')")
    with serving(tmp_path / "results", tmp_path / "tasks", replace(terms, command=says)) as server:
        answer = server.get("/api/benchmarks")
        assert answer.headers["x-benchgen-hint"] == "bench is not there"
        assert {one["category"] for one in answer.json()} == {"code", "python"}
        assert server.get("/api/benchmarks/mmlu").status_code == 404


@pytest.fixture
def with_studio(tmp_path, terms, monkeypatch):
    with studio("small/one", "big", loaded={"i": "big"}) as running:
        monkeypatch.setenv("LMSTUDIO_BASE_URL", running.url)
        own = replace(terms, command=(sys.executable, "-m", "benchgen"))
        with serving(tmp_path / "results", tmp_path / "tasks", own) as server:
            yield server, running


@pytest.mark.parametrize("name", ["small/one", "lmstudio/small/one"])
def test_a_model_of_lmstudio_is_loaded_and_the_others_are_not(with_studio, name):
    server, running = with_studio
    answer = post(server, "/models/lmstudio/switch", model_id=name)
    assert (answer.status_code, answer.json()["model_id"]) == (200, name)
    assert list(running.loaded.values()) == ["small/one"]


@pytest.mark.parametrize(("name", "code"), [("nope", 404), ("--all", 400), ("", 400), ("a b", 400)])
def test_what_lmstudio_has_not_is_not_loaded(with_studio, name, code):
    server, running = with_studio
    assert post(server, "/models/lmstudio/switch", model_id=name).status_code == code
    assert running.calls == []
