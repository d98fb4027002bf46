"""Folds the log of 100,000 attempts from disk: seconds, memory, and the time of the next event, beside bare readers."""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson

from benchgen import clock, codec, paths
from benchgen.digest import digest_of
from benchgen.records.attempt import Attempt, CaseResult, Usage
from benchgen.records.events import (
    AnswerReceived,
    AttemptFinished,
    AttemptPhase,
    AttemptStarted,
    Event,
    RunQueued,
    RunStarted,
)
from benchgen.records.run import ModelSpec, RunConfig, Settings
from benchgen.records.task import TaskCard
from benchgen.store.runs import Followed

TASKS, MODELS = 500, 4
NEWLINE = b"\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3, help="the best of so many counts")
    parser.add_argument("--fold", type=Path, help="measure the fold of this run folder, and nothing else")
    arguments = parser.parse_args()
    if arguments.fold:
        report(arguments.fold)
        return
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root) / "run_20261121T024041Z_a2ca88"
        write_log(folder, arguments.attempts)
        compare(folder, arguments.attempts, arguments.runs)


def compare(folder: Path, attempts: int, runs: int) -> None:
    log = folder / paths.EVENTS
    folds = [in_a_new_process(folder) for _ in range(runs)]
    seconds, grown = min(fold["seconds"] for fold in folds), min(fold["megabytes"] for fold in folds)
    bare = best(runs, lambda: parse(log, orjson.loads))
    slow = best(runs, lambda: parse(log, json.loads))
    print(f"{attempts:,} attempts, {log.read_bytes().count(NEWLINE):,} events, {log.stat().st_size / 1e6:.0f} MB")
    print(f"fold from disk   {seconds:6.2f} s of processor time, {grown:.0f} MB more memory at its peak")
    print(f"against reading each line: orjson {seconds / bare:.1f} times, json {seconds / slow:.1f} times as long")
    print(f"then: a state {folds[0]['state'] * 1e3:.2f} ms, a digest {folds[0]['digest'] * 1e3:.0f} ms")


def in_a_new_process(folder: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--fold", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def report(folder: Path) -> None:
    before, begun = memory(), time.process_time()
    followed = Followed(folder)
    followed.poll()
    state = followed.state()
    seconds, grown = time.process_time() - begun, memory() - before
    figures = {"seconds": seconds, "megabytes": grown, "state": best(3, followed.state)}
    print(json.dumps({**figures, "digest": best(3, lambda: digest_of(state))}))


def parse(log: Path, loads: Callable[[bytes], object]) -> None:
    with log.open("rb") as file:
        for line in file:
            loads(line)


def best(runs: int, work: Callable[[], object]) -> float:
    """The shortest of a few runs, in seconds."""
    times: list[float] = []
    for _ in range(runs):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return min(times)


def memory() -> float:
    """The most memory that this process ever had, in megabytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def write_log(folder: Path, attempts: int) -> None:
    folder.mkdir()
    config = plan(attempts)
    (folder / paths.CONFIG).write_bytes(codec.file(config))
    with (folder / paths.EVENTS).open("wb") as log:
        for seq, event in enumerate(events(config, attempts), 1):
            line = codec.event_line(event)
            log.write(b'{"seq":%d' % seq + line[len(b'{"seq":0') :])


def plan(attempts: int) -> RunConfig:
    card = TaskCard("A task", "python", "bug_fix", "medium", "text", (), ("case_a", "case_b"), "0" * 64)
    return RunConfig(
        run_id="run_20261121T024041Z_a2ca88",
        run_name="a large run",
        benchmark_name="large",
        kind="code",
        created_at="2026-11-21T02:40:41.000Z",
        tasks={f"task_{number:03d}": card for number in range(TASKS)},
        models=tuple(ModelSpec(f"acme/model-{number}", "acme") for number in range(MODELS)),
        samples=-(-attempts // (TASKS * MODELS)),
        workers=8,
        settings=Settings(),
        command=("benchgen", "run", "all"),
    )


def events(config: RunConfig, attempts: int) -> Iterator[Event]:
    yield RunQueued(at=config.created_at, run_id=config.run_id, format=1)
    yield RunStarted(at=config.created_at, run_id=config.run_id, format=1, pid=1)
    start = clock.read(config.created_at)
    for number in range(attempts):
        yield from attempt(number, clock.spell(start + 0.1 * number), clock.spell(start + 0.1 * number + 3))


def attempt(number: int, begun: str, ended: str) -> list[Event]:
    task, model = f"task_{number % TASKS:03d}", f"acme/model-{number // TASKS % MODELS}"
    sample, worker = number // (TASKS * MODELS), f"w{number % 8}"
    name = paths.attempt_id(task, model, sample)
    usage = Usage(input=1200 + number % 97, output=300 + number % 31)
    is_wrong = number % 3 == 0
    outcome = Attempt(
        attempt=name,
        task=task,
        model=model,
        sample=sample,
        category="tests_failed" if is_wrong else None,
        started_at=begun,
        finished_at=ended,
        duration_seconds=3.0 + number % 7,
        folder=paths.attempt_folder(name),
        worker=worker,
        score=0.5 if is_wrong else 1.0,
        message="1 of 2 cases failed" if is_wrong else "",
        cases=(CaseResult("case_a", "passed", 0.01), CaseResult("case_b", "passed", 0.01)),
        stdout_excerpt="2 cases in 0.02 s\n",
        usage=usage,
        api_latency_seconds=2.5,
    )
    answer = AnswerReceived(
        at=begun,
        attempt=name,
        turn=0,
        answer_sha256="a" * 64,
        provider="acme",
        model=model,
        usage=usage,
        cost_nanousd=1_500_000,
        price="genai-prices",
        latency_seconds=2.5,
    )
    return [
        AttemptStarted(at=begun, attempt=name, task=task, model=model, sample=sample, worker=worker),
        AttemptPhase(at=begun, attempt=name, phase="waiting"),
        answer,
        AttemptFinished(at=ended, attempt=name, outcome=outcome),
    ]


if __name__ == "__main__":
    main()
