"""Results of every kind and in every state that a page is designed for: what the browser tests look at."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import row_runs
from factories import attempt, attempt_events, make_run, model_spec, run_config
from patterns import MIXED, MODELS, patterns
from site_links import BrokenLink, broken_links

from benchgen import paths
from benchgen.build import build
from benchgen.formats.openadapt import Execution, LogLine, execution_file
from benchgen.pages.listing import Site
from benchgen.record import replace
from benchgen.records.events import StepRecorded
from benchgen.records.run import RunConfig, folder_of
from benchgen.render.renderer import Renderer
from benchgen.store.annotations import annotate
from benchgen.store.log import append
from benchgen.store.runs import Results

ROUGH = b"\x1b[31mred\x1b[0m \x00 \xff\xfe " + "\u202egnp.exe\n".encode() + b"a line\n" * 20_000
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
PATTERNS = "patterns.html"


def make_site(root: Path, out: Path) -> Path:
    """The site of all of it, with the patterns page beside."""
    furnish(root)
    return build_site(root, out)


def build_site(root: Path, out: Path) -> Path:
    renderer = Renderer()
    build(Site(Results(root), renderer), out)
    text = renderer.page("patterns", patterns(), page_path=PATTERNS, live=False)
    (out / PATTERNS).write_text(text, "utf-8")
    return out


def files_to_send(root: Path, out: Path) -> dict[str, Path]:
    """All of it as one file a run, each in a folder of its own, by the run's kind and id."""
    furnish(root)
    results = Results(root)
    site, files = Site(results, Renderer()), {}
    for digest in results.digests().runs:
        files[f"{digest.kind} {digest.run_id}"] = path = out / digest.run_id / "run.html"
        path.parent.mkdir()
        path.write_bytes(site.one_file(digest.run_id))
    return files


def links_that_fail(site: Path) -> list[BrokenLink]:
    """Broken links of a site; samples of the patterns page link to runs that are not there."""
    return [link for link in broken_links(site) if link.page != PATTERNS]


def furnish(root: Path) -> None:
    """One run of each."""
    for number, models in enumerate((MODELS, MODELS[:2])):
        name = f"{'python_a_task_with_a_long_name, ' * 6}and more"
        make_run(root, _config(number, tasks=8, models=models, benchmark_name=name), MIXED)
    mocks = [model_spec("builtin/mock?pass=0.5", is_mock=True), model_spec("local/7b", is_local=True)]
    noted = make_run(
        root, _config(2, models=mocks, samples=2, note="A note.", benchmark_name="mocks"), [None, "no_diff"]
    )
    first = paths.attempt_id("task_0", "local/7b", 0)
    annotate(
        root, noted.name, note="**Seen**, with a [link](https://example.org).", tags=["weekly"], marks={first: "look"}
    )
    make_run(root, _config(3, benchmark_name="nobody answers"), "api_error")
    make_run(root, _config(4, benchmark_name="partial", tasks=6), MIXED, upto=3, finished=False)
    rough = dict.fromkeys((paths.RESPONSE, paths.STDOUT, paths.STDERR), ROUGH)
    make_run(root, _config(5, benchmark_name="rough"), "compile_error", artifacts=rough, cost_nanousd=None)
    make_run(root, _config(6, benchmark_name="nothing kept"), ["tests_failed", "harness"], artifacts=False)
    _agents(root, _config(7, kind="agent", tasks=2, benchmark_name="episodes"))
    _rows(root)
    broken = make_run(root, _config(8))
    (broken / paths.CONFIG).write_text("{", "utf-8")
    shutil.rmtree(make_run(root, _config(9, benchmark_name="no attempts"), upto=0) / "attempts", ignore_errors=True)


def _config(number: int, *, models: Sequence[object] = ("acme/fast",), **changes: object) -> RunConfig:
    config = run_config(
        models=models,  # type: ignore[arg-type]
        run_id=f"run_20261121T{number:02d}0000Z_{number:06d}",
        **changes,  # type: ignore[arg-type]
    )
    return replace(config, created_at=f"2026-11-21T{number:02d}:00:00.000Z")


def _agents(root: Path, config: RunConfig) -> None:
    """An episode of two steps with their screens and its log, and one that is under way."""
    folder = make_run(root, config, artifacts=False, finished=False, upto=0)
    outcome = attempt("task_0", folder=folder_of(config, paths.attempt_id("task_0", "acme/fast", 0)))
    shots = folder / outcome.folder / "screenshots"
    shots.mkdir(parents=True)
    steps = []
    for number, action in enumerate(({"type": "click", "x": 3, "y": 4}, {"type": "type", "text": "milk"})):
        (shots / f"step_{number:03d}.png").write_bytes(PIXEL)
        shot = f"screenshots/step_{number:03d}.png"
        steps.append(StepRecorded(attempt=outcome.attempt, step=number, action=action, screenshot=shot))
    log = (LogLine("it began", "INFO", 0.1), LogLine("no menu", "ERROR", 1.5))
    (folder / outcome.folder / paths.EXECUTION).write_bytes(execution_file(Execution("task_0", success=True, logs=log)))
    events = attempt_events(outcome)
    append(folder, [*events[:1], *steps, *events[1:]], sync=False)
    begun = attempt_events(attempt("task_1"))[0]
    step = StepRecorded(attempt=paths.attempt_id("task_1", "acme/fast", 0), step=0, action={"type": "click"})
    append(folder, [begun, step], sync=False)


def _rows(root: Path) -> None:
    """A dataset with right, wrong, missing and long answers."""
    rows = [
        {"id": f"row-{n}", "prompt": f"{n} * 2?", "expected": 2 * n, "domain": ("small", "large")[n % 2]}
        for n in range(9)
    ]
    rows.append({"id": "essay", "prompt": "Tell me. " * 900})
    says = {"local/sure": lambda text: str(2 * int(text.split()[0])) if "?" in text else "So. " * 2000}
    row_runs.make_run(root, rows, {**says, "local/gone": lambda text: None})
