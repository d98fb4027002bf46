"""The pages of one run: its head, further pages of attempts, each attempt, and the files published with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from benchgen import codec, paths
from benchgen.errors import NotFound
from benchgen.pages.episode_pages import EpisodePages
from benchgen.pages.open_run import OpenRun
from benchgen.pages.page import Maker, Page, hash_of, key_of
from benchgen.pages.row_pages import Around, RowPages
from benchgen.pages.run_logs import log_tail
from benchgen.panels import (
    attempt,
    attempts,
    breakdown,
    costs,
    current_job,
    engine,
    failures,
    latency,
    links,
    matrix,
    notices,
    performance,
    run_cards,
    run_controls,
    run_head,
    timeline,
    views,
    workers,
)
from benchgen.panels.log_text import ALWAYS_WHOLE, LONGEST, RawText
from benchgen.panels.rows import Place
from benchgen.records.attempt import Artifact
from benchgen.records.run import folder_of
from benchgen.records.state import AttemptRow
from benchgen.store.runs import Results

_LARGE = re.compile(rb'"bytes"\s*:\s*\d{%d}' % len(str(ALWAYS_WHOLE)))
_PICTURES = tuple(f'{ending}"'.encode() for ending in links.PICTURES)


@dataclass(frozen=True, slots=True)
class _Files:
    """As much of an outcome as tells which files are published: reading no more is what makes a rebuild quick."""

    artifacts: tuple[Artifact, ...] = ()


@dataclass(frozen=True, slots=True)
class _FilesLine:
    outcome: _Files


class RunPages:
    """Every page of one run; `comparisons` are the pages that compare it with its neighbours."""

    def __init__(
        self, results: Results, maker: Maker, run: OpenRun, comparisons: Callable[[], tuple[views.RunLink, ...]]
    ) -> None:
        self._results, self._maker, self._run, self._comparisons = results, maker, run, comparisons
        self._inputs = key_of(maker.looks, codec.line(run.state.config), run.state.sandbox)
        self.episodes = EpisodePages(results, maker, run, self._inputs)
        table = run.rows()
        self._rows = RowPages(maker, table, self._around()) if table else None

    def all(self) -> Iterator[Page]:
        """Every page; the log is read once, for the keys of its attempts."""
        yield self._head()
        if self._rows is not None:
            yield from self._rows.all()
        state, has_own = self._run.state, links.has_attempt_pages(self._run.state.config.kind)
        hashes = []
        for row, line in zip(
            state.rows, self._results.lines(self._run.run_id, (r.line for r in state.rows)), strict=True
        ):
            hashed = hash_of(line)
            hashes.append(hashed)
            if has_own:
                yield self._attempt(row, line, hashed)
                if self._run.episodes or _may_publish(line):
                    yield from self._files(row, line)
        yield from self.episodes.all()
        for running in state.running.values():
            yield from self._shots(running.attempt)
        for number in range(2, attempts.pages(state) + 1):
            yield self._attempts(number, hashes[(number - 1) * attempts.PAGE : number * attempts.PAGE])

    def find(self, rest: str) -> Page | None:
        """The page at a path below the run's folder."""
        if rest == "index.html":
            return self._head()
        if self._rows is not None and rest.startswith(("rows-", "row/", "find-")):
            return self._rows.find(rest)
        folder, _, name = rest.partition("/")
        if folder == "a" and name.endswith(".html"):
            return self._attempt_of(name.removesuffix(".html"))
        if folder == "files":
            return self._file_of(name)
        number = rest.removeprefix("attempts-").removesuffix(".html")
        if rest == f"attempts-{number}.html" and number.isdecimal() and len(number) < 7 and str(int(number)) == number:
            return self._numbered(int(number)) if 2 <= int(number) <= attempts.pages(self._run.state) else None
        return None

    def _around(self) -> Around:
        """What stands around the rows of a dataset's run."""
        config = self._run.state.config
        return Around(
            place=Place(f"run/{config.run_id}", links.rows(config.run_id, 1)),
            name=config.benchmark_name,
            owner=config.run_name,
            owner_href=links.run(config.run_id),
            inputs=self._inputs,
            notices=lambda: notices.of_run(config, self._run.state.sandbox),
        )

    def _head(self) -> Page:
        return self._maker.page(links.run(self._run.run_id), "run", self.view())

    def view(self) -> views.RunView:
        """Everything on the run's own page."""
        state = self._run.state
        return views.RunView(
            title=state.config.run_name or state.config.run_id,
            engine=engine.engine(state),
            breakdowns=breakdown.breakdowns(state),
            comparisons=self._comparisons(),
            data_href=links.run_data(state.config.run_id),
            rows_href=links.rows(state.config.run_id, 1) if self._rows else None,
            log_tail=log_tail(self._results.home(self._run.run_id)) if self._maker.live else None,
            **{name: make() for name, make in self._makers().items()},
        )

    def panels(self, names: Container[str]) -> dict[str, object]:
        """Those panels of the run's own page alone; `breakdown-language` and its kin come with `breakdowns`."""
        found = {name: make() for name, make in self._makers().items() if name in names}
        if "breakdowns" in names:
            found |= {f"breakdown-{one.name}": one for one in breakdown.breakdowns(self._run.state)}
        return found

    def attempt_panels(self, slug: str) -> dict[str, object]:
        """What a stream sends about the page of an attempt: only episodes grow."""
        return self.episodes.panels(slug)

    def _makers(self) -> dict[str, Callable[[], Any]]:
        """How each panel of the run's own page is made; a stream makes some of them more often than others."""
        state, dead = self._run.state, self._run.is_dead
        return {
            "notices": lambda: notices.of_run(state.config, state.sandbox, is_dead=dead),
            "run_head": lambda: run_head.run_head(state, self._run.annotations, is_dead=dead),
            "run_controls": lambda: run_controls.run_controls(state, self._run.annotations, is_dead=dead),
            "run_cards": lambda: run_cards.run_cards(state),
            "current_job": lambda: current_job.current_job(state, is_dead=dead),
            "failures": lambda: failures.failures(state),
            "matrix": lambda: matrix.of_state(state),
            "attempts": lambda: attempts.attempts(state),
            "costs": lambda: costs.costs(state),
            "performance": lambda: performance.performance(state),
            "workers": lambda: workers.workers(state),
            "timeline": lambda: timeline.timeline(state),
            "latency": lambda: latency.latency(state),
        }

    def _numbered(self, number: int) -> Page:
        rows = self._run.state.rows[(number - 1) * attempts.PAGE : number * attempts.PAGE]
        lines = self._results.lines(self._run.run_id, (row.line for row in rows))
        return self._attempts(number, [hash_of(line) for line in lines])

    def _attempts(self, number: int, hashes: list[bytes]) -> Page:
        state, path = self._run.state, links.attempts(self._run.run_id, number)
        rows = state.rows[(number - 1) * attempts.PAGE : number * attempts.PAGE]
        beside = [f"{row.cost_nanousd} {state.superseded.get(row.attempt)}" for row in rows]
        has_next = str(number < attempts.pages(state))
        key = key_of(self._inputs, path, has_next, *hashes, *beside)
        return Page(path, key, lambda: self._maker.html(path, "attempts", self._attempts_view(number)))

    def _attempts_view(self, number: int) -> views.AttemptsView:
        state = self._run.state
        return views.AttemptsView(
            title=f"{state.config.run_name or state.config.run_id}, attempts, page {number}",
            notices=notices.of_run(state.config, state.sandbox),
            run_id=state.config.run_id,
            run_href=links.run(state.config.run_id),
            attempts=attempts.attempts(state, number),
        )

    def _line(self, row: AttemptRow) -> bytes:
        return next(iter(self._results.lines(self._run.run_id, [row.line])))

    def _attempt_of(self, slug: str) -> Page | None:
        row = self._run.row(slug)
        if row is not None and links.has_attempt_pages(self._run.state.config.kind):
            line = self._line(row)
            return self._attempt(row, line, hash_of(line))
        running = self._run.running(slug) if self._run.episodes else None
        return self.episodes.page(running) if running is not None and row is None else None

    def _attempt(self, row: AttemptRow, line: bytes, hashed: bytes) -> Page:
        around, path = self._run.around(row), links.attempt(self._run.run_id, row.attempt)
        beside = f"{around.previous}\0{around.next}\0{around.replaces}\0{around.replaced_by}\0{around.mark}"
        steps = self._beside(row)
        key = key_of(f"{self._inputs}\0{path}\0{row.cost_nanousd}\0{beside}", hashed, *steps)
        return Page(path, key, lambda: self._maker.html(path, "attempt", self._attempt_view(row, line, around, steps)))

    def _beside(self, row: AttemptRow) -> list[bytes]:
        """What a kind keeps of an attempt outside of its outcome: the steps of an episode, the sample of a log."""
        if self._run.samples is None:
            return self.episodes.raw(row.attempt) if self._run.episodes else []
        is_replaced = row.attempt in self._run.state.superseded  # the log has what took its place
        return [b"" if is_replaced else self._run.samples.raw(row)]

    def _attempt_view(
        self, row: AttemptRow, line: bytes, around: attempt.Around, beside: list[bytes]
    ) -> views.AttemptView:
        state, folder = self._run.state, self._run.folder_of(row)
        outcome = codec.outcome(line, where=f"{self._run.run_id}/{paths.EVENTS} at byte {row.line.offset}")
        withheld = self._is_withheld(outcome.model)
        texts = self._texts(
            folder, (one for one in outcome.artifacts if not (withheld and one.name in attempt.SOLUTION))
        )
        gone = {
            one.name for one in outcome.artifacts if links.is_picture(one.name) and not self._is_there(folder, one.name)
        }
        if gone:
            outcome = replace(outcome, artifacts=tuple(one for one in outcome.artifacts if one.name not in gone))
        if self._run.episodes:
            recorded, log = self.episodes.recorded(row.attempt, folder), self.episodes.log(folder)
            around = replace(around, recorded=recorded, log=log)
        if self._run.samples:
            around = replace(around, sample=self._run.samples.sample(beside[0]))
        panel = attempt.attempt(state.config, row, outcome, texts, around)
        if withheld:
            panel = replace(panel, is_withheld=True)
        return views.AttemptView(
            title=f"{outcome.task} by {outcome.model}, sample {outcome.sample}",
            notices=notices.of_run(state.config, state.sandbox),
            attempt=panel,
        )

    def _is_withheld(self, model: str) -> bool:
        """Whether this model's answers would give a task's solution away."""
        return not self._maker.solutions and self._run.state.config.gives_away(model)

    def _is_there(self, folder: str, name: str) -> bool:
        return self._file(f"{folder}/{name}", "there") is not None

    def _texts(self, folder: str, artifacts: Iterable[Artifact]) -> dict[str, RawText]:
        """The texts of an attempt as far as they can be read; one that is gone leaves the others."""
        shown = {artifact.name: artifact.bytes for artifact in artifacts if artifact.name in attempt.SHOWN}
        texts = {name: RawText("", "", 0, False) for name, size in shown.items() if not size}
        found = self._results.texts(self._run.run_id, folder, (name for name, size in shown.items() if size), LONGEST)
        for name, one in found.items():
            texts[name] = RawText(one.head, one.tail, one.total_bytes, one.is_binary)
        return texts

    def _files(self, row: AttemptRow, line: bytes) -> Iterator[Page]:
        """Pictures and long texts of an attempt, and the screenshots of its steps."""
        withheld = self._is_withheld(row.model)
        found = {
            one.name: one.sha256
            for one in codec.read(line, _FilesLine, where=self._run.run_id).outcome.artifacts
            if attempt.is_published(one) and not (withheld and one.name in attempt.SOLUTION)
        }
        for name, sha256 in found.items():
            page = self._file(f"{self._run.folder_of(row)}/{name}", sha256)
            if page is not None:
                yield page
        if self._run.episodes:
            yield from self._shots(row.attempt, found)

    def _shots(self, attempt_id: str, besides: Container[str] = ()) -> Iterator[Page]:
        """The screenshots of an episode's steps, none that is a link or outside of the attempt's folder."""
        folder = f"{folder_of(self._run.state.config, attempt_id)}/"
        shots = (step.screenshot for step in self.episodes.steps(attempt_id))
        names = (shot.removeprefix(folder) for shot in shots if shot and links.is_picture(shot))
        for name in dict.fromkeys(name for name in names if name not in besides):
            page = self._file(f"{folder}{name}", "")
            if page is not None:
                yield page

    def _file(self, relative: str, sha256: str) -> Page | None:
        try:
            path = self._results.artifact(self._run.run_id, relative)
        except NotFound:
            return None
        key = key_of("file", sha256 or path.read_bytes())
        return Page(links.artifact(self._run.run_id, relative), key, path.read_bytes)

    def _file_of(self, name: str) -> Page | None:
        """A published file by its page path: its folder names the attempt."""
        wanted, parents = (
            f"run/{self._run.run_id}/files/{name}",
            [str(parent) for parent in PurePosixPath(name).parents],
        )
        for running in self._run.state.running.values():
            if folder_of(self._run.state.config, running.attempt) in parents:
                return next((page for page in self._shots(running.attempt) if page.path == wanted), None)
        row = next((row for parent in parents if (row := self._run.in_folder(parent))), None)
        if row is None or not links.has_attempt_pages(self._run.state.config.kind):
            return None
        line = self._line(row)
        return next((page for page in self._files(row, line) if page.path == wanted), None)


def _may_publish(line: bytes) -> bool:
    """Whether an outcome could name a file that the site carries: few do, and reading each took half of a rebuild."""
    if _LARGE.search(line) or b"\\u" in line:
        return True
    lowered = line.lower()
    return any(ending in lowered for ending in _PICTURES)
