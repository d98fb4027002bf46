"""A run held open for its pages: its state, kept up to date event by event, and its attempts by page."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from benchgen import paths
from benchgen.errors import BadFile
from benchgen.pages.episodes import Episodes
from benchgen.pages.row_index import Column, RowAnswers, RowOrder, RowTable
from benchgen.pages.sample_lines import SampleLines
from benchgen.panels.attempt import Around
from benchgen.panels.attempts import in_plan_order
from benchgen.records.annotations import Annotations
from benchgen.records.run import folder_of
from benchgen.records.state import AttemptRow, Running, RunState
from benchgen.store.annotations import read_annotations
from benchgen.store.runs import Followed, Results


class OpenRun:
    """One run under a reader's eyes. `refresh` takes only what is new; the order is made when it is asked for."""

    def __init__(self, results: Results, run_id: str) -> None:
        self._results = results
        self._by_slug: dict[str, int] = {}
        self._by_folder: dict[str, int] = {}
        self._named = 0
        self._ordered: list[AttemptRow] | None = None
        self._position: dict[str, int] = {}
        self._failure_after: dict[str, str] = {}
        self._followed: Followed | None = None
        self.episodes: Episodes | None = None
        self.order: RowOrder | None = None
        self.answers: RowAnswers | None = None
        self.samples: SampleLines | None = None
        self._offset = -1
        self.run_id = run_id
        self.annotations = Annotations()
        self.is_dead = False
        self.refresh()

    def refresh(self) -> None:
        """Takes the events that are new, the annotations, and whether its process lives."""
        followed = self._results.current(self.run_id)
        if followed is not self._followed:
            self._by_slug, self._by_folder, self._named, self._offset = {}, {}, 0, -1
            self._followed = followed
        if followed.log.offset != self._offset:
            self._offset = followed.log.offset
            self.state: RunState = followed.state()
            self._ordered = None
        self._follow_files()
        self.annotations = _annotations(followed.folder)
        self.is_dead = self.state.status == "running" and not self._results.is_alive(self.run_id)

    def _follow_files(self) -> None:
        """What a kind keeps outside of states: the steps of episodes, the rows of a dataset."""
        if self.state.config.kind == "agent":
            self.episodes = self.episodes or Episodes(self._results, self.run_id)
            self.episodes.refresh()
        elif self.state.config.kind == "dataset":
            folder = self._results.folder(self.run_id)
            self.order = self.order or RowOrder(folder / paths.REQUESTS)
            self.answers = self.answers or RowAnswers(self._results, self.run_id)
            self.order.refresh()
            self.answers.refresh(self.state)
        elif self.state.config.kind == "openbench":
            self.samples = self.samples or SampleLines(self._results, self.run_id)
            self.samples.refresh()

    def rows(self) -> RowTable | None:
        """The rows of a dataset, every model's answers side by side; None for the other kinds."""
        if self.order is None or self.answers is None:
            return None
        models = [model.model_id for model in self.state.config.models]
        return RowTable(self.order, tuple(Column(model, self.answers, self.annotations.marked) for model in models))

    def row(self, slug: str) -> AttemptRow | None:
        """The finished attempt whose page has this name."""
        self._name()
        number = self._by_slug.get(slug)
        return None if number is None else self.state.rows[number]

    def running(self, slug: str) -> Running | None:
        """The attempt under way whose page has this name."""
        return next((one for one in self.state.running.values() if paths.slug(one.attempt) == slug), None)

    def line(self, row: AttemptRow) -> bytes:
        """The line of the log that holds a finished attempt's outcome."""
        return next(iter(self._results.lines(self.run_id, [row.line])))

    def folder_of(self, row: AttemptRow) -> str:
        """The attempt's folder below the run's, as the plan says."""
        return folder_of(self.state.config, row.attempt)

    def in_folder(self, folder: str) -> AttemptRow | None:
        """The attempt that has this folder."""
        self._name()
        number = self._by_folder.get(folder)
        return None if number is None else self.state.rows[number]

    def _name(self) -> None:
        """Names of pages and folders of what is new are made when the first one is asked for: of rows hardly any is."""
        rows = self.state.rows
        for number in range(self._named, len(rows)):
            row = rows[number]
            self._by_slug[paths.slug(row.attempt)] = self._by_folder[self.folder_of(row)] = number
        self._named = len(rows)

    def ordered(self) -> list[AttemptRow]:
        """All finished attempts in the order of the plan."""
        if self._ordered is None:
            self._ordered = in_plan_order(self.state)
            self._position = {row.attempt: index for index, row in enumerate(self._ordered)}
            failed = [row.attempt for row in self._ordered if row.category is not None]
            self._failure_after = dict(pairwise(failed))
        return self._ordered

    def touched(self, known: int, before: int) -> list[AttemptRow]:
        """Of the first `before` attempts those whose pages name one that came after the first `known`."""
        rows, ordered = self.state.rows, self.ordered()
        new = {row.attempt for row in rows[known:]}
        near = {place + step for name in new for place in [self._position[name]] for step in (-1, 1)}
        named = {ordered[place].attempt for place in near if 0 <= place < len(ordered)}
        named |= {row.replaces for row in rows[known:] if row.replaces}
        named |= {old for old, by in self.state.superseded.items() if by in new}
        return [row for row in rows[:before] if row.attempt in named or row.replaces in new]

    def around(self, row: AttemptRow) -> Around:
        ordered = self.ordered()
        index = self._position[row.attempt]
        return Around(
            previous=ordered[index - 1].attempt if index else None,
            next=ordered[index + 1].attempt if index + 1 < len(ordered) else None,
            next_failure=self._failure_after.get(row.attempt),
            replaces=self._finished(row.replaces),
            replaced_by=self._finished(self.state.superseded.get(row.attempt)),
            mark=self.annotations.marked.get(row.attempt),
        )

    def _finished(self, attempt: str | None) -> str | None:
        """An attempt that has a page to link to."""
        return attempt if attempt in self._position else None


def _annotations(folder: Path) -> Annotations:
    """What people wrote; a damaged file says so in place of the note, and hides nothing else of the run."""
    try:
        return read_annotations(folder)
    except BadFile as fault:
        return Annotations(note=str(fault))
