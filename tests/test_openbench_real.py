"""The real openbench really runs through us: how its runs end, and that every number is its log's."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchgen import paths
from benchgen.errors import BadFile
from benchgen.formats.inspect_log import open_log
from benchgen.store.runs import Results

ROOT = Path(__file__).parent.parent
BENCH = ROOT / ".venv-openbench" / "bin" / "bench"
TARGET = f"openbench:{ROOT / 'tests' / 'openbench_eval' / 'sums'}"
SECONDS = 500
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def bench() -> Path:
    if not BENCH.exists():
        missing = "openbench is not set up: scripts/test makes .venv-openbench"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    return BENCH


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


class Room:
    """A folder to work in, with benchgen on the command line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.results = folder / "results"
        self.environment = {
            **os.environ,
            "BENCHGEN_OPENBENCH_COMMAND": str(BENCH),
            "TAU2_DATA_DIR": str(folder),
            "OPENAI_API_KEY": "sk-a-key-that-nobody-may-see-0123456789",
            "XDG_CACHE_HOME": str(folder / "cache"),
        }

    def start(self, *words: str) -> subprocess.Popen[str]:
        argv = [sys.executable, "-m", "benchgen", *words, "--results-dir", str(self.results)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
        return subprocess.Popen(argv, cwd=self.folder, env=self.environment, text=True, **pipes)

    def call(self, *words: str) -> tuple[int, str]:
        with self.start(*words) as process:
            out, err = process.communicate(timeout=SECONDS)
        return process.returncode, out + err

    def run(self, *words: str, model: str = "mockllm/model") -> tuple[int, str]:
        return self.call("run", TARGET, "-m", model, *words)

    @property
    def run_folder(self) -> Path:
        (folder,) = self.results.glob("run_*")
        return folder

    def summary(self) -> dict:
        return json.loads((self.run_folder / paths.SUMMARY).read_text())


def waiting_for(condition) -> Iterator[None]:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)
        yield


def wait_for(condition) -> None:
    for _ in waiting_for(condition):
        pass


def test_a_run_has_exactly_the_files_and_the_numbers_of_its_log(room):
    code, said = room.run("--limit", "4", "--temperature", "0.5")
    assert code == 0, said
    folder = room.run_folder
    assert {path.name for path in folder.iterdir()} == {
        *("config.json", "command.txt", "env_keys_used.json", "stdout.log", "stderr.log", "openbench.log.json"),
        *("summary.json", "meta.json", "events.jsonl", "logs", "metadata.json", "tracker.json", "digest.json"),
        "runner.lock",
    }
    assert "--limit 4" in (folder / paths.COMMAND).read_text()
    assert "--temperature 0.5" in (folder / paths.COMMAND).read_text()
    log = open_log(folder / paths.OPENBENCH_LOG)
    scores = log.parts["results"]["scores"][0]["metrics"]
    log.close()
    told = room.summary()
    assert told["primary_metric"] == {"name": "accuracy", "value": scores["all"]["value"], "unit": None}
    assert told["success_rate"] == scores["all"]["value"] == 0.75
    assert {item["key"]: item["value"] for item in told["breakdowns"][0]["items"]} == {
        "odd": scores["odd"]["value"],
        "even": scores["even"]["value"],
    }
    types = [json.loads(line)["type"] for line in (folder / paths.EVENTS).read_text().splitlines()]
    assert "progress" in types


GROUP = """
try:
    from openbench import config
except ImportError:
    pass
else:
    config.EVAL_GROUPS["pair"] = config.EvalGroup(name="Pair", description="Two of them", benchmarks={paths!r})
"""


def test_a_group_runs_its_benchmarks_in_one_run_and_its_number_is_their_mean(room):
    benchmarks = []
    for name in ("sums", "differences"):
        shutil.copytree(ROOT / "tests" / "openbench_eval" / "sums", room.folder / name)
        for file in (room.folder / name).glob("*.py"):
            file.write_text(file.read_text().replace("def sums", f"def {name}").replace('"sums"', f'"{name}"'))
        benchmarks.append(str(room.folder / name))
    init = room.folder / "differences" / "__init__.py"
    init.write_text(init.read_text().replace('function_name="sums"', 'function_name="differences"'))
    (room.folder / "sitecustomize.py").write_text(GROUP.format(paths=benchmarks))
    room.environment["PYTHONPATH"] = str(room.folder)
    code, said = room.call("run", "openbench:pair", "-m", "mockllm/model", "--limit", "4")
    assert code == 0, said
    told = room.summary()
    values = {metric["name"]: metric["value"] for metric in told["metrics"]}
    assert (told["num_tasks"], values["accuracy"]) == (8, 0.75)
    assert values["accuracy"] == (values["sums/accuracy"] + values["differences/accuracy"]) / 2


def test_a_sample_that_breaks_is_an_error_in_no_rate_and_the_run_is_incomplete(room):
    code, said = room.run("-T", "breaks=q2", "--bench=--no-fail-on-error")
    assert code == 4, said
    told = room.summary()
    assert (told["status"], told["success_rate"]) == ("completed", 3 / 5)
    assert "this sample is broken" in said


def test_an_endpoint_that_nobody_answers_is_a_failed_run_though_bench_returns_0(room):
    code, said = room.run(
        "--base-url", "http://127.0.0.1:9/v1", "--max-retries", "0", "--limit", "1", model="openai/gpt-4o-mini"
    )
    assert code == 1, said
    told, state = room.summary(), Results(room.results).load(room.run_folder.name)
    assert told["status"] == "failed"
    assert told["metrics"] == []
    assert [row.category for row in state.rows] == ["api_error"]
    assert json.loads((room.run_folder / paths.ENV_KEYS).read_text()) == ["OPENAI_API_KEY"]
    assert not any(
        b"nobody-may-see" in path.read_bytes() for path in room.run_folder.glob("*.*") if path.name != paths.LOGS
    )


def test_a_canceled_run_keeps_its_samples_and_resume_asks_the_rest_alone(room):
    gate = room.folder / "gate"
    with room.start("run", TARGET, "-m", "mockllm/model", "--limit", "6", "-T", f"until={gate}") as process:
        wait_for(lambda: (found := list(room.results.glob("run_*/logs/*/*.eval"))) and has_samples(found[0], 5))
        code, _ = room.call("cancel", "latest")
        process.communicate(timeout=SECONDS)
    assert (code, process.returncode) == (0, 130)
    assert room.summary()["status"] == "canceled"
    before = Results(room.results).load(room.run_folder.name)
    assert sorted(row.task for row in before.rows) == ["q1", "q2", "q3", "q4", "q6"]
    gate.touch()
    code, said = room.call("resume", "latest")
    assert code == 0, said
    after = Results(room.results).load(room.run_folder.name)
    assert (after.status, [row.task for row in after.rows[5:]]) == ("completed", ["q5"])
    assert room.summary()["primary_metric"]["value"] == 4 / 6


def test_bench_does_not_outlive_a_runner_that_is_killed(room):
    gate = room.folder / "gate"
    with room.start("run", TARGET, "-m", "mockllm/model", "-T", f"until={gate}") as process:
        wait_for(lambda: list(room.results.glob("run_*/logs/*/*.eval")))
        (bench,) = children(process.pid)
        process.send_signal(signal.SIGKILL)
    wait_for(lambda: not Path(f"/proc/{bench}/cmdline").exists() or not cmdline(bench))
    state = Results(room.results).load(room.run_folder.name)
    assert state.status == "running"
    assert not Results(room.results).is_alive(room.run_folder.name)


def test_the_catalog_is_benchs_own_and_kept(room):
    code, said = list_evals(room)
    assert code == 0
    known = json.loads(said)
    assert {"mmlu", "gpqa_diamond"} & {one["name"] for one in known["evals"]}
    assert any(group["name"] == "bigbench" and len(group["evals"]) > 100 for group in known["groups"])
    assert list((room.folder / "cache").rglob("openbench-evals.json"))


def list_evals(room: Room) -> tuple[int, str]:
    argv = [sys.executable, "-m", "benchgen", "list", "evals", "--json"]
    done = subprocess.run(
        argv, cwd=room.folder, env=room.environment, text=True, stdout=subprocess.PIPE, timeout=SECONDS
    )
    return done.returncode, done.stdout


def has_samples(path: Path, count: int) -> bool:
    try:
        log = open_log(path)
    except BadFile:  # half of it is written
        return False
    found = len(list(log.samples()))
    log.close()
    return found >= count


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cmdline(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""
