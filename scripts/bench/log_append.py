"""Appending to a run's log: events a second, a sync each and in natural batches, beside bare loops that do the same."""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from benchgen import codec, paths
from benchgen.records.attempt import Attempt, CaseResult, Usage
from benchgen.records.events import AttemptFinished
from benchgen.store.log import append
from benchgen.store.writer import Writer

BATCH = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--lanes", type=int, default=32)
    parser.add_argument("--folder", type=Path, help="where to write; by default a temporary folder")
    arguments = parser.parse_args()
    count, lanes, line = arguments.events, arguments.lanes, codec.event_line(event())
    print(f"{count:,} events of {len(line)} bytes")
    bare_each = rate(count, arguments.folder, lambda folder: bare(folder, line, count, 1))
    bare_batch = rate(count, arguments.folder, lambda folder: bare(folder, line, count, BATCH))
    bare_none = rate(count, arguments.folder, lambda folder: bare(folder, line, count, 0))
    show("append, a sync each", rate(count, arguments.folder, lambda f: appended(f, count, 1)), bare_each)
    show(f"append, {BATCH} a sync", rate(count, arguments.folder, lambda f: appended(f, count, BATCH)), bare_batch)
    show("append, no sync", rate(count, arguments.folder, lambda f: appended(f, count, 0)), bare_none)
    show(f"writer, {lanes} waiting lanes", rate(count, arguments.folder, lambda f: waited(f, count, lanes)), bare_each)
    show("writer, nobody waits", rate(count, arguments.folder, lambda f: unwaited(f, count)), bare_batch)


def show(name: str, ours: float, bare: float) -> None:
    print(f"{name:28} {ours:10,.0f}/s   bare loop {bare:10,.0f}/s   {ours / bare:5.2f} of it")


def rate(count: int, parent: Path | None, work: Callable[[Path], None]) -> float:
    """Events a second, the best of three."""
    times: list[float] = []
    for _ in range(3):
        with tempfile.TemporaryDirectory(dir=parent) as folder:
            begun = time.perf_counter()
            work(Path(folder))
            times.append(time.perf_counter() - begun)
    return count / min(times)


def bare(folder: Path, line: bytes, count: int, batch: int) -> None:
    """A write loop and nothing else; a batch of 0 is never synced."""
    fd = os.open(folder / paths.EVENTS, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    size = batch or 1
    for _ in range(count // size):
        os.write(fd, line * size)
        if batch:
            os.fdatasync(fd)
    os.close(fd)


def appended(folder: Path, count: int, batch: int) -> None:
    events, size = [event()] * (batch or 1), batch or 1
    for _ in range(count // size):
        append(folder, events, sync=batch > 0)


def waited(folder: Path, count: int, lanes: int) -> None:
    """Lanes that each wait for their event before the next, as attempts do."""
    writer = Writer(folder)

    def lane() -> None:
        for _ in range(count // lanes):
            writer.submit(event()).result()

    threads = [threading.Thread(target=lane) for _ in range(lanes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()


def unwaited(folder: Path, count: int) -> None:
    writer = Writer(folder)
    for _ in range(count):
        writer.submit(event())
    writer.close()


def event() -> AttemptFinished:
    outcome = Attempt(
        attempt="task__acme/model__sample00",
        task="task",
        model="acme/model",
        sample=0,
        category="tests_failed",
        started_at="2026-11-21T02:40:41.000Z",
        finished_at="2026-11-21T02:40:44.000Z",
        duration_seconds=3.0,
        folder="task__acme_model__sample00",
        worker="w0",
        message="1 of 2 cases failed",
        cases=(CaseResult("case_a", "passed", 0.01), CaseResult("case_b", "failed", 0.01, "assert 3 == 1")),
        usage=Usage(1200, 300),
    )
    return AttemptFinished(attempt=outcome.attempt, outcome=outcome)


if __name__ == "__main__":
    main()
