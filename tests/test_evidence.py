"""Every number leads to its evidence: two clicks lead from each page that counts to what was asked and said."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import row_runs
from factories import make_run, outcomes_of, run_config, run_events

from benchgen import paths
from benchgen.imports.files import import_files
from benchgen.imports.place import Place
from benchgen.pages.listing import Site
from benchgen.records.events import AttemptStarted, Event, StepRecorded
from benchgen.render.renderer import Renderer
from benchgen.store.log import append
from benchgen.store.runs import Results

LOG = Path(__file__).parent / "inspect_logs" / "newer.eval"
SAID = {paths.PROMPT: b"What was asked.", paths.RESPONSE: b"What was said.", paths.STDOUT: b"What the tests printed."}


def code(root: Path) -> Path:
    return make_run(root, run_config(tasks=2, models=["acme/a", "acme/b"]), [None, "tests_failed"], artifacts=SAID)


def episodes(root: Path) -> Path:
    config = run_config(kind="agent", tasks=2)
    folder = make_run(root, config, finished=False, upto=0)
    events: list[Event] = []
    for event in run_events(config, outcomes_of(config, [None, "tests_failed"]))[1:]:
        events.append(event)
        if isinstance(event, AttemptStarted):
            steps = ({"type": "click", "x": 3}, {"type": "done"})
            events += [StepRecorded(attempt=event.attempt, step=at, action=act) for at, act in enumerate(steps)]
    append(folder, events, sync=False)
    return folder


def rows(root: Path) -> Path:
    asked = [{"id": name, "prompt": f"What was asked of {name}."} for name in "abc"]
    return row_runs.make_run(root, asked, {"local/x": lambda text: f"What was said to: {text}"})


def samples(root: Path) -> Path:
    (one,) = import_files([LOG], Place(root))
    assert one.folder is not None
    return one.folder


KINDS: dict[str, tuple[Callable[[Path], Path], list[str]]] = {
    "code": (code, ["What was asked.", "What was said.", "What the tests printed."]),
    "agent": (episodes, ["click", "x 3", "done"]),
    "dataset": (rows, ["What was asked of ", "What was said to: "]),
    "openbench": (samples, ['id="prompt"', 'id="answer"', "everything recorded"]),
}


def links_of(path: str, text: str) -> Iterator[str]:
    """The pages of the site that a page leads to."""
    for link in re.findall(r'href="([^"#?]+)', text):
        if "://" not in link:
            yield posixpath.normpath(posixpath.join(posixpath.dirname(path), link))


def within(clicks: int, start: str, pages: dict[str, str]) -> set[str]:
    found, edge = {start}, {start}
    for _ in range(clicks):
        edge = {goal for path in edge for goal in links_of(path, pages[path]) if goal in pages} - found
        found |= edge
    return found


COUNTING = re.compile(r"(?:index|history/index|(?:run|model|task|dataset)/[^/]+/index)\.html")


@pytest.mark.parametrize("kind", KINDS)
def test_two_clicks_lead_from_every_page_with_numbers_to_every_attempt(tmp_path: Path, kind: str) -> None:
    make, words = KINDS[kind]
    run_id = make(tmp_path).name
    pages = {
        page.path: page.render().decode()
        for page in Site(Results(tmp_path), Renderer()).all()
        if page.path.endswith(".html")
    }
    evidence = {path for path in pages if path.startswith((f"run/{run_id}/a/", f"run/{run_id}/rows-"))}
    assert evidence and all(word in pages[path] for path in evidence for word in words)
    starts = [path for path in pages if COUNTING.fullmatch(path)]
    assert len(starts) > 3
    assert {start: evidence - within(2, start, pages) for start in starts} == {start: set() for start in starts}
