"""How long the site of 10,000 attempts takes: all of it, again with nothing changed, and with one attempt more.

Run it from the checkout: `python scripts/bench/build_site.py [attempts]`. The reference is a bare loop, in the same
process, that renders and writes as many pages of the same sizes from one escaped template.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from jinja2 import Environment

from benchgen import paths
from benchgen.build import FOLDS, MANIFEST, Report, build
from benchgen.clock import read, spell
from benchgen.pages.listing import Site
from benchgen.records.attempt import Attempt, CaseResult, JudgeReport, PatchReport, Usage
from benchgen.records.events import AnswerReceived, AttemptFinished, AttemptStarted, Event, RunStarted, WorkerJoined
from benchgen.records.run import ModelSpec, Planned, RunConfig, Settings, planned
from benchgen.records.task import TaskCard
from benchgen.render.renderer import Renderer
from benchgen.store.attempts import artifact
from benchgen.store.create import queue_run
from benchgen.store.log import append
from benchgen.store.runs import Results

START = "2026-11-21T02:40:41.000Z"
MODELS, SAMPLES, WORKERS = 10, 5, 8
ROW = "abcdefghij klmnopqrst uvwxyz <0123456789> "
BARE = "<!doctype html><title>{{ title }}</title><pre>{% for row in rows %}{{ row }}\n{% endfor %}</pre>"

PEAK = """
import sys
from pathlib import Path
from benchgen.cli.main import benchgen
benchgen.main(sys.argv[1:], standalone_mode=False)
print(next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line))
"""


@dataclass(frozen=True)
class Timed:
    """What a build did, the seconds that passed, and those that were computed, on all cores."""

    report: Report
    seconds: float
    cpu: float


def make_config(attempts: int) -> RunConfig:
    """A plan of so many attempts and one task more, whose attempts come later."""
    names = [f"task_{number:04d}" for number in range(attempts // (MODELS * SAMPLES) + 1)]
    cards = {
        name: TaskCard(
            f"The task {name}", "python", "bug_fix", "easy", f"domain {n % 7}", ("bench",), ("a", "b"), "0" * 64
        )
        for n, name in enumerate(names)
    }
    return RunConfig(
        run_id="run_20261121T024041Z_be0c4a",
        run_name="ten thousand",
        benchmark_name="bench",
        kind="code",
        created_at=START,
        tasks=cards,
        models=tuple(ModelSpec(f"vendor-{n}/model", f"vendor-{n}") for n in range(MODELS)),
        samples=SAMPLES,
        workers=WORKERS,
        settings=Settings(temperature=0.0),
        command=("benchgen", "run", "all"),
        task_set="0" * 64,
    )


def attempt_files(number: int) -> dict[str, bytes]:
    """The files of one attempt: 1 KB of log beside a prompt, an answer and a patch."""
    log = "".join(f"case {number}.{line} ... ok after {line} ms\n" for line in range(32)).encode()
    patch = b"--- a/x.py\n+++ b/x.py\n@@ -1,2 +1,2 @@\n keep\n-old\n+new\n"
    return {
        paths.PROMPT: b"Repair the function.\n" * 10,
        paths.RESPONSE: b"```diff\n" + patch + b"```\n",
        paths.PATCH: patch,
        paths.STDOUT: log,
        paths.STDERR: b"",
    }


def save(folder: Path, plan: Planned, number: int) -> list[Event]:
    """One attempt on disk without waiting for the disk, and its events."""
    name = paths.attempt_folder(plan.attempt)
    (folder / name).mkdir()
    files = attempt_files(number)
    for file_name, content in files.items():
        (folder / name / file_name).write_bytes(content)
    started, ended = spell(read(START) + number), spell(read(START) + number + 6)
    failed = number % 3 == 0
    usage, worker = Usage(1200, 300), f"local-{number % WORKERS}"
    outcome = Attempt(
        attempt=plan.attempt,
        task=plan.task,
        model=plan.model,
        sample=plan.sample,
        category="tests_failed" if failed else None,
        started_at=started,
        finished_at=ended,
        duration_seconds=6.0,
        folder=name,
        worker=worker,
        score=0.5 if failed else 1.0,
        cases=(
            CaseResult("a", "passed", 0.1),
            CaseResult("b", "failed" if failed else "passed", 0.1, "1 != 2" * failed),
        ),
        usage=usage,
        api_latency_seconds=4.2,
        phases={"prompting": 0.1, "waiting": 4.2, "applying": 0.2, "testing": 1.5},
        patch=PatchReport("diff", "plain", ("x.py",), 1, 1),
        judge=JudgeReport(("pytest", "-q"), "exited", int(failed), 1.5),
        artifacts=tuple(artifact(file_name, content) for file_name, content in files.items()),
    )
    answer = AnswerReceived(
        at=ended,
        attempt=plan.attempt,
        turn=0,
        answer_sha256="",
        provider="vendor",
        model=plan.model,
        usage=usage,
        cost_nanousd=9_000_000,
    )
    begun = AttemptStarted(
        at=started, attempt=plan.attempt, task=plan.task, model=plan.model, sample=plan.sample, worker=worker
    )
    return [begun, answer, AttemptFinished(at=ended, attempt=plan.attempt, outcome=outcome)]


def make_run(root: Path, attempts: int) -> Iterator[Callable[[], None]]:
    """A run of so many attempts, still going; then a function that adds one attempt more, as often as asked."""
    config = make_config(attempts)
    folder = queue_run(root, config, ())
    events: list[Event] = [RunStarted(at=START, run_id=config.run_id, format=1, sandbox="bwrap")]
    events += [WorkerJoined(at=START, worker=f"local-{number}") for number in range(WORKERS)]
    plans = planned(config)
    for number in range(attempts):
        events += save(folder, next(plans), number)
    append(folder, events, sync=False)
    for number, plan in enumerate(plans, attempts):
        yield lambda plan=plan, number=number: append(folder, save(folder, plan, number), sync=False)  # type: ignore[misc]


def timed(results: Path, site: Path) -> Timed:
    """One build as a new process would make it, but for starting Python."""
    start, cpu = time.perf_counter(), computed()
    report = build(Site(Results(results), Renderer()), site)
    return Timed(report, time.perf_counter() - start, computed() - cpu)


def computed() -> float:
    """Seconds that this process and its children have computed so far."""
    return sum(os.times()[:4])


def bare(sizes: dict[str, int], folder: Path) -> tuple[float, float]:
    """Seconds, passed and computed, to render and write as many pages of these sizes with nothing around it."""
    template = Environment(autoescape=True).from_string(BARE)
    for parent in {(folder / path).parent for path in sizes}:
        parent.mkdir(parents=True, exist_ok=True)
    start, cpu = time.perf_counter(), computed()
    for path, size in sizes.items():
        rows = [ROW] * max(1, size // (len(ROW) + 7))
        (folder / path).write_bytes(template.render(title=path, rows=rows).encode())
    return time.perf_counter() - start, computed() - cpu


def sizes_of(site: Path) -> dict[str, int]:
    """The size of each file of a site, without what only builds need."""
    every = {path.relative_to(site).as_posix(): path.stat().st_size for path in site.rglob("*")}
    return {path: size for path, size in every.items() if not path.startswith((MANIFEST, FOLDS))}


def pages_of(site: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in site.rglob("*.html")}


def main() -> None:
    attempts = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory(prefix="benchgen-bench-") as name:
        root, site = Path(name) / "results", Path(name) / "site"
        next(make_run(Path(name) / "small", MODELS * SAMPLES))
        timed(Path(name) / "small", Path(name) / "warm")  # templates are compiled once for all builds of a version
        adding = make_run(root, attempts)
        first = next(adding)  # by then the run is there
        peak = peak_of(root, Path(name) / "alone")
        full = timed(root, site)
        sizes = {path: size for path, size in sizes_of(site).items() if (site / path).is_file()}
        loop = bare(sizes, Path(name) / "bare")
        shutil.rmtree(Path(name) / "bare")
        again = timed(root, site)
        one, changed = one_more(chain((first,), adding), root, site)
    report(sizes, loop, (full, again, one), changed)
    print(f"memory               {peak:.0f} MB at the peak of a full build in a process of its own (aim 150 MB)")


def one_more(adding: Iterator[Callable[[], None]], root: Path, site: Path) -> tuple[Timed, int]:
    """A build after one attempt more, the quickest of three, for it is short; and the most pages that one changed."""
    builds: list[Timed] = []
    changed = 0
    for add in islice(adding, 3):
        before = pages_of(site)
        add()
        builds.append(timed(root, site))
        changed = max(changed, sum(before.get(path) != moment for path, moment in pages_of(site).items()))
    return min(builds, key=lambda build: build.cpu), changed


def peak_of(root: Path, site: Path) -> float:
    """The most memory in megabytes that `benchgen build` takes in a process of its own, which tells it itself: what a
    parent is told of a child counts what the parent had when it forked."""
    words = [sys.executable, "-c", PEAK, "build", "--results-dir", str(root), "--site-dir", str(site)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    shutil.rmtree(site)
    return int(done.stdout) / 1024


def report(sizes: dict[str, int], loop: tuple[float, float], builds: tuple[Timed, Timed, Timed], changed: int) -> None:
    """The table; on a busy machine go by the ratios of computing time."""
    full, again, one = builds
    print(f"{len(sizes)} files, {sum(sizes.values()) / 1e6:.1f} MB")
    print("                       passed  computed")
    print(f"bare loop            {loop[0]:6.2f} s  {loop[1]:6.2f} s   {len(sizes) / loop[0]:.0f} pages/s")
    of_bare = f"{full.seconds / loop[0]:.1f} and {full.cpu / loop[1]:.1f} times bare (aim 2.5)"
    print(f"full build           {full.seconds:6.2f} s  {full.cpu:6.2f} s   {of_bare}")
    print(
        f"nothing changed      {again.seconds:6.2f} s  {again.cpu:6.2f} s   {again.report.written} written (aim 0.3 s)"
    )
    of_full = f"{100 * one.seconds / full.seconds:.1f} and {100 * one.cpu / full.cpu:.1f} % of full (aim 5)"
    print(f"one attempt more     {one.seconds:6.2f} s  {one.cpu:6.2f} s   {of_full}, {changed} pages changed (aim 7)")


if __name__ == "__main__":
    main()
