"""Running rows against a real endpoint: what is asked, kept, scored, and gone on with after any kind of end."""

from __future__ import annotations

import asyncio
import json
import signal
import threading
import time
from pathlib import Path

import pytest
import row_server
import scripted_server
import toys
from click.testing import CliRunner
from row_runs import make_run

from benchgen.catalog.patterns import PatternSearch
from benchgen.cli.main import benchgen
from benchgen.errors import UsageError
from benchgen.runner.lanes import Stop
from benchgen.store.runs import Results

MODEL = row_server.MODEL


@pytest.fixture
def server():
    with scripted_server.scripted(row_server.adder()) as running:
        yield running


def run(server, *words: object, cwd: Path):
    row_server.settle(cwd, server)
    return toys.run(*words, "--display", "plain", cwd=cwd)


@pytest.mark.parametrize("words", [("-k", "sums"), ("--tag", "x"), ("--turns", "2"), ("--workers", "2")])
def test_an_option_that_means_nothing_to_rows_is_refused_and_nothing_is_asked(tmp_path, words):
    file = row_server.write(tmp_path / "rows.jsonl", *MIXED)
    asked = ["run", str(file), "--response-text", "2", *words, "-o", str(tmp_path / "results")]
    done = CliRunner().invoke(benchgen, asked)
    assert isinstance(done.exception, UsageError)
    assert done.exception.where == words[0]
    assert not (tmp_path / "results").exists()


def lines(results: Path, name: str) -> list[dict]:
    (path,) = results.glob(f"run_*/{name}")
    return [json.loads(line) for line in path.read_text().splitlines()]


def summary(tmp_path: Path) -> dict:
    return json.loads((tmp_path / "benchmark_results" / "latest_summary.json").read_text())


MIXED = (
    {"id": "right", "prompt": "1 + 1", "expected": 2, "domain": "sums"},
    {"id": "wrong", "prompt": "1 + 2", "expected": 4, "domain": "sums"},
    {"id": "silent", "prompt": "silence", "expected": "x", "domain": "words"},
    {"id": "faulty", "prompt": "fault", "expected": "x", "domain": "words"},
    {"id": "pattern", "prompt": "echo me", "expected": "^echo", "scorer": "regex", "domain": "words"},
)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """One run with every kind of outcome."""
    folder = tmp_path_factory.mktemp("mixed")
    with scripted_server.scripted(row_server.adder()) as server:
        file = row_server.write(folder / "mixed.jsonl", *MIXED)
        done = run(server, "run", file, "-m", MODEL, "--max-retries", 0, cwd=folder)
    return folder, done


def test_answers_are_right_wrong_missing_or_not_the_models_fault(mixed):
    folder, _ = mixed
    events = toys.events(folder / "benchmark_results")
    outcomes = {e["outcome"]["task"]: e["outcome"] for e in events if e["type"] == "attempt_finished"}
    found = {task: (outcome["category"], outcome["score"]) for task, outcome in outcomes.items()}
    assert found == {
        "right": (None, 1.0),
        "wrong": ("tests_failed", 0.0),
        "silent": ("no_answer", 0.0),
        "faulty": ("api_error", None),
        "pattern": (None, 1.0),
    }
    assert outcomes["wrong"]["message"] == "3 instead of 4"


def test_the_summary_has_the_keys_of_its_seed(mixed):
    folder, done = mixed
    assert done.returncode == 4  # a row without an answer
    found = summary(folder)
    wanted = {"dataset_name": "mixed.jsonl", "completed": 5, "total": 5, "successful": 4, "failed": 1}
    assert {name: found[name] for name in wanted} == wanted
    assert (found["success_rate"], found["primary_metric"]["name"]) == (0.5, "accuracy")
    assert (found["prompt_tokens"], found["completion_tokens"], found["avg_completion_tokens"]) == (20, 8, 2.0)
    assert found["throughput"] > 0 and found["total_time_seconds"] > 0
    (domain,) = [one["items"] for one in found["breakdowns"] if one["name"] == "domain"]
    assert {item["key"]: item["value"] for item in domain} == {"sums": 0.5, "words": 0.5}


def test_results_are_lines_of_openai_batch_output(mixed):
    found = {line["custom_id"]: line for line in lines(mixed[0] / "benchmark_results", "results.jsonl")}
    right = found["right"]["response"]
    assert (right["status_code"], right["body"]["choices"][0]["message"]["content"]) == (200, "2")
    assert right["body"]["usage"] == {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}
    assert found["right"]["error"] is None
    assert found["faulty"]["response"] is None and "no such thing" in found["faulty"]["error"]["message"]


def test_the_run_keeps_its_requests_as_a_dataset(mixed):
    found = lines(mixed[0] / "benchmark_results", "requests.jsonl")
    assert [line["custom_id"] for line in found] == [row["id"] for row in MIXED]
    assert found[0]["body"] == {"messages": [{"role": "user", "content": "1 + 1"}]}
    (path,) = (mixed[0] / "benchmark_results").glob("run_*/requests.jsonl")
    assert toys.run("datasets", "add", path, cwd=mixed[0]).returncode == 0


def test_progress_says_pace_tokens_and_first_token(mixed):
    last = [line for line in mixed[1].stderr.splitlines() if line.startswith("5/5 rows")][-1]
    assert "rows/s" in last and "tokens/s" in last and "1 without an answer" in last


def test_rows_without_a_scorer_are_in_no_rate(tmp_path, server):
    file = row_server.write(tmp_path / "read.jsonl", {"id": "a", "prompt": "hi"}, {"id": "b", "prompt": "ho"})
    assert run(server, "run", file, "-m", MODEL, cwd=tmp_path).returncode == 0
    found = summary(tmp_path)
    assert (found["successful"], found["success_rate"], found["primary_metric"]) == (2, None, None)


def test_a_row_sends_its_own_parameters_unless_the_run_says_otherwise(tmp_path, server):
    body = {"messages": [{"role": "user", "content": "x"}], "temperature": 0.9, "max_tokens": 7, "stop": ["."]}
    file = row_server.write(tmp_path / "p.jsonl", {"custom_id": "a", "body": body})
    run(server, "run", file, "-m", MODEL, "--temperature", 0.1, cwd=tmp_path)
    (asked,) = server.asked
    assert (asked["temperature"], asked["max_tokens"], asked["stop"]) == (0.1, 7, ["."])


def test_an_added_dataset_runs_by_its_id_on_several_models_and_within_a_limit(tmp_path, server):
    added = toys.run("datasets", "add", row_server.sums(tmp_path / "sums.jsonl", 20), "--json", cwd=tmp_path)
    dataset = json.loads(added.stdout)["id"]
    done = run(server, "run", dataset, "-m", f"{MODEL},house/other", "--limit", "3-5", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = lines(tmp_path / "benchmark_results", "results.jsonl")
    assert {(line["custom_id"], line["model"]) for line in found} == {
        (f"row-{n}", model) for n in (2, 3, 4) for model in (MODEL, "house/other")
    }
    assert summary(tmp_path)["dataset_id"] == dataset


def test_a_dataset_that_a_run_waits_for_is_kept_and_results_outlive_it(tmp_path, server):
    added = toys.run("datasets", "add", row_server.sums(tmp_path / "sums.jsonl", 3), "--json", cwd=tmp_path)
    dataset = json.loads(added.stdout)["id"]
    run(server, "run", dataset, "-m", MODEL, cwd=tmp_path)
    (log,) = (tmp_path / "benchmark_results").glob("run_*/events.jsonl")
    whole = log.read_bytes()
    log.write_bytes(whole.splitlines(keepends=True)[0])  # as it was while the run waited
    refused = toys.run("datasets", "rm", dataset, cwd=tmp_path)
    assert refused.returncode == 1 and "uses it" in refused.stderr
    log.write_bytes(whole)
    assert toys.run("datasets", "rm", dataset, cwd=tmp_path).returncode == 0
    assert json.loads(toys.run("datasets", "list", "--json", cwd=tmp_path).stdout) == []
    assert len(lines(tmp_path / "benchmark_results", "results.jsonl")) == 3


def _wait_for(results: Path, count: int, process) -> None:
    """Until so many rows are acknowledged."""
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        if list(results.glob("run_*/events.jsonl")) and len(toys.finished(results)) >= count:
            return
        time.sleep(0.02)
    raise AssertionError("the run did not get that far")


def test_no_end_of_the_runner_loses_a_row_or_asks_an_acknowledged_one_again(tmp_path):
    file, results = row_server.sums(tmp_path / "sums.jsonl", 300), tmp_path / "benchmark_results"
    with scripted_server.scripted(row_server.adder(0.02)) as server:
        words = ("run", file, "-m", MODEL, "-j", 8)
        _end_early(server, words, 60, signal.SIGKILL, results)
        first, asked_first = set(toys.finished(results)), len(server.asked)
        assert _end_early(server, ("resume", "latest"), 140, signal.SIGINT, results) == 130
        second, asked_second = set(toys.finished(results)), len(server.asked)
        done = run(server, "resume", "latest", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        asked = [f"row-{prompt.split(' ')[0]}__house/adder__sample00" for prompt in row_server.prompts(server)]
    assert first < second
    assert first & set(asked[asked_first:]) == set() == second & set(asked[asked_second:])
    last = toys.finished(results)
    assert len(last) == len(set(last)) == 300
    found = sorted(line["custom_id"] for line in lines(results, "results.jsonl"))
    assert found == sorted(f"row-{n}" for n in range(300))
    assert summary(tmp_path)["num_success"] == 300


def test_a_second_interrupt_loses_no_row_whose_answer_is_being_scored(tmp_path, monkeypatch):
    stop, released, loops = Stop(), threading.Event(), []

    def say(_prompt):
        loops.append(asyncio.get_running_loop())
        return "found"

    def turn_over(times):
        loops[0].call_soon(turn_over, times - 1) if times else released.set()

    def search(*_):
        loops[0].call_soon_threadsafe(stop.now.set)
        loops[0].call_soon_threadsafe(turn_over, 100)  # by then the lanes are canceled
        return released.wait(30)

    monkeypatch.setattr(PatternSearch, "search", search)
    rows = [{"id": "a", "prompt": "?", "expected": "found", "scorer": "regex"}]
    state = Results(tmp_path).load(make_run(tmp_path, rows, {"local/m": say}, stop=stop).name)
    assert state.status == "canceled"
    assert ([row.score for row in state.rows], state.spending["local/m"].answers) == ([1.0], 1)


def _end_early(server, words: tuple, rows: int, number: int, results: Path) -> int:
    """Starts a run, ends it by a signal once so many rows are acknowledged; its exit code."""
    row_server.settle(results.parent, server)
    process = toys.start(*words, "--display", "none", cwd=results.parent)
    _wait_for(results, rows, process)
    toys.kill(process, number)
    process.communicate(timeout=30)
    return process.returncode


def test_rows_without_an_answer_are_asked_again_by_retry(tmp_path):
    refusing = scripted_server.refused(400)
    rows = row_server.sums(tmp_path / "sums.jsonl", 4)
    with scripted_server.scripted(refusing, row_server.adder()) as server:
        done = run(server, "run", rows, "-m", MODEL, "-j", 1, "--max-retries", 0, cwd=tmp_path)
        assert done.returncode == 4
        again = run(server, "retry", "latest", "--only", "api-errors", cwd=tmp_path)
        assert again.returncode == 0, again.stderr
        assert len(server.asked) == 5
    found = summary(tmp_path)
    assert (found["completed"], found["failed"], found["num_success"]) == (4, 0, 4)


def test_lanes_that_a_limit_ended_say_so(tmp_path, server):
    rows = row_server.sums(tmp_path / "sums.jsonl", 6)
    done = run(server, "run", rows, "-m", MODEL, "-j", 1, "--max-tokens-total", 1, cwd=tmp_path)
    assert done.returncode == 4
    (log,) = (tmp_path / "benchmark_results").glob("run_*/events.jsonl")
    left = [event for event in map(json.loads, log.read_text().splitlines()) if event["type"] == "worker_left"]
    assert [event["reason"] for event in left] == ["a limit is reached"]
