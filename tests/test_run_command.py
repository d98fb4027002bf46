"""`benchgen run` and `resume`, used as their users do, with tests that really run in the sandbox."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time

import pytest
import toys
from click.testing import CliRunner

from benchgen.cli.main import benchgen
from benchgen.errors import EXIT_GATE


@pytest.fixture
def tasks(tmp_path):
    return toys.make_catalog(tmp_path / "tasks", 3)


def summary(tmp_path) -> dict:
    return json.loads((tmp_path / "benchmark_results" / "latest_summary.json").read_text())


def test_the_reference_passes_and_noop_does_not(tmp_path, tasks):
    done = toys.run("run", "all", "-m", "builtin/reference,builtin/noop", "--tasks-dir", tasks, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = summary(tmp_path)
    assert found["metrics"]["model_accuracy"] == {"builtin/reference": 1.0, "builtin/noop": 0.0}
    assert found["status_counts"] == {"passed": 3, "error": 3}
    assert "next    benchgen build" in done.stderr
    assert f"folder  {tmp_path / 'benchmark_results' / 'run_'}" in done.stderr


def test_a_mock_gives_the_same_outcomes_again_for_the_same_seed(tmp_path, tasks):
    outcomes = []
    for name in ("a", "b"):
        words = ("run", "all", "-m", "builtin/mock?pass=0.5&seed=4&latency=0", "--samples", 3, "--tasks-dir", tasks)
        toys.run(*words, "-o", tmp_path / name, cwd=tmp_path)
        found = json.loads((tmp_path / name / "latest_summary.json").read_text())
        outcomes.append(sorted((a["task_id"], a["sample_index"], a["status"]) for a in found["attempts"]))
        assert found["is_mock"] is True
    assert outcomes[0] == outcomes[1]
    assert len({status for *_, status in outcomes[0]}) == 2


def test_an_attempt_folder_holds_what_was_asked_answered_and_judged(tmp_path, tasks):
    toys.run("run", "toy_0", "-m", "builtin/reference", "--tasks-dir", tasks, cwd=tmp_path)
    (folder,) = (tmp_path / "benchmark_results").glob("run_*/toy_0__builtin_reference__sample00")
    names = {path.name for path in folder.iterdir()}
    assert names == {"prompt.txt", "response.txt", "response.json", "patch.diff", "stdout.log", "stderr.log"}
    assert "Write `add(a, b)`" in (folder / "prompt.txt").read_text()
    assert "+    return a + b" in (folder / "patch.diff").read_text()


def test_a_stored_answer_is_replayed_through_the_same_path(tmp_path, tasks):
    answer = tmp_path / "answer.md"
    answer.write_text("File: adding.py\n```\ndef add(a, b):\n    return a + b\n```\n")
    words = ("run", "toy_1", "--response-file", answer, "--edit-format", "whole", "--tasks-dir", tasks)
    assert toys.run(*words, cwd=tmp_path).returncode == 0
    assert summary(tmp_path)["status_counts"] == {"passed": 1}


def test_a_dry_run_writes_nothing_and_needs_no_model(tmp_path, tasks):
    done = toys.run("run", "all", "--dry-run", "--tasks-dir", tasks, cwd=tmp_path)
    assert done.returncode == 0
    assert "Write `add(a, b)`" in done.stdout
    assert not (tmp_path / "benchmark_results").exists()


def test_json_prints_every_event_of_the_log(tmp_path, tasks):
    done = toys.run("run", "toy_0", "-m", "builtin/noop", "--json", "--tasks-dir", tasks, cwd=tmp_path)
    printed = [json.loads(line) for line in done.stdout.splitlines()]
    assert printed == toys.events(tmp_path / "benchmark_results")[1:]  # the first was written when it was queued


def test_without_a_sandbox_it_runs_only_when_told_so_and_says_what_is_not_protected(tmp_path, tasks):
    words = ("run", "toy_0", "-m", "builtin/reference", "--sandbox", "none", "--tasks-dir", tasks)
    done = toys.run(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "the model's code runs as you, on this machine" in done.stderr
    assert toys.events(tmp_path / "benchmark_results")[1]["sandbox"] == "none"
    toys.run("build", cwd=tmp_path)
    assert "sandbox" in (tmp_path / "site" / "index.html").read_text()


def test_a_hostile_answer_of_five_megabytes_is_text_on_a_small_page(tmp_path, tasks):
    answer = tmp_path / "answer"
    answer.write_bytes(b"</script><script>x</script><img onerror=x> \x1b[31m \xff\xfe" + b"A" * 5_000_000)
    done = toys.run("run", "toy_0", "--response-file", answer, "--tasks-dir", tasks, cwd=tmp_path)
    assert summary(tmp_path)["status_counts"] == {"error": 1}, done.stderr
    toys.run("build", cwd=tmp_path)
    (page,) = (tmp_path / "site").glob("run/*/a/*.html")
    html = page.read_text()
    assert page.stat().st_size < 1_000_000
    assert "&lt;/script&gt;&lt;script&gt;x" in html
    assert "<script>x" not in html
    assert "\x1b" not in html


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("run",), 2, "nothing to run is named"),
        (("run", "all"), 2, "no model is named"),
        (("run", "nope", "-m", "builtin/noop"), 1, "no task meets 'nope'"),
        (("run", "all", "-m", "nobody/knows"), 2, "nobody answers for the model 'nobody/knows'"),
        (("run", "all", "-m", "builtin/mock?pass=2"), 2, "lies in 0..1"),
        (("run", "all", "-m", "builtin/noop", "--samples", "0"), 2, "no number of samples"),
        (("run", "all", "-m", "builtin/noop", "--limit", "x"), 2, "is no limit"),
        (("run", "all", "-m", "builtin/mock?latency=nan"), 2, "lies in 0..1"),
        (("run", "all", "-m", "builtin/noop", "-o", "/dev/null/x"), 1, "/dev/null/x: Not a directory"),
        (("resume", "run_none"), 1, "no run 'run_none'"),
        (("show", "nothing"), 1, "no task 'nothing'"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(tmp_path, tasks, words, code, said):
    tasks_dir = ("--tasks-dir", tasks)
    done = toys.run(*words, *tasks_dir, cwd=tmp_path)
    assert said in done.stderr
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("benchmark_results/run_*"))


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("-j", "0"),
        ("-j", "-1"),
        ("--max-cost", "nan"),
        ("--max-cost", "-1"),
        ("--max-time", "inf"),
        ("--max-tokens-total", "-1"),
        ("--timeout", "0"),
        ("--temperature", "nan"),
        ("--top-p", "1.5"),
        ("--max-tokens", "0"),
        ("--max-retries", "-1"),
        ("--fail-under", "nan"),
    ],
)
def test_a_number_that_means_nothing_is_refused_before_anything_runs(option, value):
    done = CliRunner().invoke(benchgen, ["run", "all", "-m", "builtin/noop", "--dry-run", option, value])
    assert done.exit_code == 2
    assert f"Invalid value for '{option}'" in done.stderr


def start_long(tmp_path, tasks, **environment) -> subprocess.Popen[str]:
    """Twelve attempts that wait a little, two at once."""
    words = ("run", "all", "-m", "builtin/mock?pass=1&latency=0.2", "--samples", 4, "--workers", 2)
    return toys.start(*words, "--tasks-dir", tasks, cwd=tmp_path, **environment)


def wait_for_outcomes(results, count: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if list(results.glob("run_*/events.jsonl")) and len(toys.finished(results)) >= count:
            return
        time.sleep(0.02)
    raise AssertionError("the run does not get on")


def run_id(results) -> str:
    (folder,) = results.glob("run_*")
    return folder.name


def test_a_killed_run_goes_on_where_it_was_and_runs_nothing_twice(tmp_path, tasks):
    results = tmp_path / "benchmark_results"
    process = start_long(tmp_path, tasks)
    wait_for_outcomes(results, 3)
    process.kill()
    process.communicate()
    before = toys.finished(results)
    done = toys.run("resume", run_id(results), "--tasks-dir", tasks, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    after = toys.finished(results)
    assert after[: len(before)] == before
    assert len(after) == len(set(after)) == 12
    assert [event["seq"] for event in toys.events(results)] == list(range(1, len(toys.events(results)) + 1))


def test_an_answer_that_was_paid_for_is_not_asked_for_again(tmp_path, tasks):
    results = tmp_path / "benchmark_results"
    process = start_long(tmp_path, tasks)
    wait_for_outcomes(results, 2)
    process.kill()
    process.communicate()
    toys.run("resume", run_id(results), "--tasks-dir", tasks, cwd=tmp_path)
    answered = [event["attempt"] for event in toys.events(results) if event["type"] == "answer_received"]
    assert len(answered) == len(set(answered)) == 12


def test_an_interrupt_finishes_running_attempts_and_says_how_to_go_on(tmp_path, tasks):
    results = tmp_path / "benchmark_results"
    process = start_long(tmp_path, tasks)
    wait_for_outcomes(results, 1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert f"benchgen resume {run_id(results)}" in said
    started = {event["attempt"] for event in toys.events(results) if event["type"] == "attempt_started"}
    assert started == set(toys.finished(results))
    assert summary(tmp_path)["status"] == "canceled"


def test_a_second_interrupt_ends_the_run_at_once(tmp_path, tasks):
    results = tmp_path / "benchmark_results"
    process = start_long(tmp_path, tasks)
    wait_for_outcomes(results, 1)
    process.send_signal(signal.SIGINT)
    while "stopping" not in process.stderr.readline():
        assert process.poll() is None
    since = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert time.monotonic() - since < 5
    assert process.returncode == 130
    assert toys.events(results)[-1]["type"] == "run_finished"


def test_a_run_goes_on_when_nobody_reads_any_more_what_it_says(tmp_path, tasks):
    results = tmp_path / "benchmark_results"
    process = start_long(tmp_path, tasks)
    wait_for_outcomes(results, 1)
    process.stdout.close()
    process.stderr.close()
    process.wait(timeout=60)
    assert toys.events(results)[-1]["type"] == "run_finished"
    assert len(toys.finished(results)) == 12


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_a_run_whose_output_nobody_read_ends_as_its_result_says(tmp_path, tasks, words):
    command = toys.command("run", "toy_0", "-m", "builtin/reference", "--tasks-dir", tasks, *words)
    unread, end = os.pipe()
    os.close(unread)
    done = subprocess.run(command, cwd=tmp_path, stdout=end, stderr=end, timeout=60)
    os.close(end)
    assert done.returncode == 0
    assert toys.events(tmp_path / "benchmark_results")[-1]["type"] == "run_finished"


def test_a_run_that_stays_under_its_gate_ends_with_3_and_says_so(tmp_path, tasks):
    words = ("run", "toy_0", "-m", "builtin/reference", "-m", "builtin/noop", "--tasks-dir", tasks, "--fail-under", 50)
    done = toys.run(*words, cwd=tmp_path)
    assert done.returncode == EXIT_GATE, done.stderr
    assert "✕ the gate is not met" in done.stderr
    assert "builtin/noop: ≤ 79 % (0 of 1) stays under 50 %" in done.stderr
    assert toys.run(*words[:4], *words[6:], cwd=tmp_path).returncode == 0


def test_a_second_runner_on_the_same_folder_is_refused_at_once(tmp_path, tasks):
    results = tmp_path / "benchmark_results"
    process = start_long(tmp_path, tasks)
    wait_for_outcomes(results, 1)
    second = toys.run("resume", run_id(results), "--tasks-dir", tasks, cwd=tmp_path)
    process.kill()
    process.communicate()
    assert second.returncode == 1
    assert "is running this run" in second.stderr


def test_a_key_in_the_environment_reaches_nothing_that_is_written(tmp_path, tasks):
    canary = "canary-7c1f0a9b2d"
    done = toys.run(
        "run", "toy_0", "-m", "builtin/reference", "--tasks-dir", tasks, cwd=tmp_path, OPENROUTER_API_KEY=canary
    )
    assert done.returncode == 0
    written = [path for path in (tmp_path / "benchmark_results").rglob("*") if path.is_file()]
    assert written
    assert not [path for path in written if canary.encode() in path.read_bytes()]
    assert canary not in done.stdout + done.stderr


def test_a_task_that_changed_since_the_plan_stops_a_resume(tmp_path, tasks):
    results = tmp_path / "benchmark_results"
    process = start_long(tmp_path, tasks)
    wait_for_outcomes(results, 1)
    process.kill()
    process.communicate()
    (tasks / "toy_1" / "instructions.md").write_text("# Something else\n")
    done = toys.run("resume", run_id(results), "--tasks-dir", tasks, cwd=tmp_path)
    assert done.returncode == 1
    assert "toy_1 changed since the run was planned" in done.stderr
