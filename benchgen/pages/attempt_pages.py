"""The page of each attempt of a run, and what decides it: its line in the log, its neighbours, its kind's own files."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from benchgen import codec, paths
from benchgen.pages.attempt_files import AttemptFiles
from benchgen.pages.episode_pages import EpisodePages
from benchgen.pages.open_run import OpenRun
from benchgen.pages.page import Maker, Page, hash_of, key_of
from benchgen.panels import attempt, links, notices, run_views
from benchgen.panels.log_text import LONGEST, RawText
from benchgen.record import replace
from benchgen.records.attempt import Artifact, Attempt
from benchgen.records.state import AttemptRow
from benchgen.store.runs import Results
from benchgen.store.texts import excerpts


class AttemptPages:
    """Pages of finished attempts, and of episodes under way; `inputs` is what all pages of the run depend on."""

    def __init__(self, results: Results, maker: Maker, run: OpenRun, inputs: str) -> None:
        self._results, self._maker, self._run, self._inputs = results, maker, run, inputs
        self.episodes = EpisodePages(results, maker, run, inputs)
        self.files = AttemptFiles(results, maker, run, self.episodes)

    def find(self, slug: str) -> Page | None:
        """The page of this name, whether its attempt has finished or goes on."""
        row = self._run.row(slug)
        if row is not None and links.has_attempt_pages(self._run.state.config.kind):
            line = self._run.line(row)
            return self.page(row, line, hash_of(line))
        running = self._run.running(slug) if self._run.episodes else None
        return self.episodes.page(running) if running is not None and row is None else None

    def page(self, row: AttemptRow, line: bytes, hashed: bytes) -> Page:
        """The page of a finished attempt whose outcome stands in `line`."""
        around, path = self._run.around(row), links.attempt(self._run.run_id, row.attempt)
        near = f"{around.previous}\0{around.next}\0{around.next_failure}"
        beside = f"{near}\0{around.replaces}\0{around.replaced_by}\0{around.mark}"
        kept = self._kept(row)
        key = key_of(f"{self._inputs}\0{path}\0{row.cost_nanousd}\0{beside}", hashed, *kept)
        return Page(path, key, lambda: self._maker.html(path, "attempt", self._view(row, line, around, kept)))

    @cached_property
    def _home(self) -> Path:
        """The folder that holds those of the attempts."""
        return self._results.folder(self._run.run_id)

    @cached_property
    def _notices(self) -> notices.Notices:
        return notices.of_run(self._run.state.config, self._run.state.sandbox)

    def _kept(self, row: AttemptRow) -> list[bytes]:
        """What a kind keeps of an attempt outside of its outcome: the steps of an episode, the sample of a log."""
        if self._run.samples is None:
            return self.episodes.raw(row.attempt) if self._run.episodes else []
        is_replaced = row.attempt in self._run.state.superseded  # the log has what took its place
        return [b"" if is_replaced else self._run.samples.raw(row)]

    def _view(self, row: AttemptRow, line: bytes, around: attempt.Around, kept: list[bytes]) -> run_views.AttemptView:
        state, folder = self._run.state, self._run.folder_of(row)
        outcome = codec.outcome(line, where=f"{self._run.run_id}/{paths.EVENTS} at byte {row.line.offset}")
        withheld = self._maker.withholds(state.config, outcome.model)
        texts = self._texts(
            folder, (one for one in outcome.artifacts if not (withheld and one.name in attempt.SOLUTION))
        )
        if self._run.episodes:
            recorded, log = self.episodes.recorded(row.attempt, folder), self.episodes.log(folder)
            around = replace(around, recorded=recorded, log=log)
        if self._run.samples:
            around = replace(around, sample=self._run.samples.sample(kept[0]))
        panel = attempt.attempt(state.config, row, self._with_pictures(outcome, folder), texts, around)
        return run_views.AttemptView(
            title=f"{outcome.task} by {outcome.model}, sample {outcome.sample}",
            notices=self._notices,
            attempt=replace(panel, is_withheld=True) if withheld else panel,
        )

    def _with_pictures(self, outcome: Attempt, folder: str) -> Attempt:
        """The outcome without pictures that are gone, or that a site may not carry."""
        there = tuple(
            one for one in outcome.artifacts if not links.is_picture(one.name) or self.files.is_there(folder, one.name)
        )
        return outcome if len(there) == len(outcome.artifacts) else replace(outcome, artifacts=there)

    def _texts(self, folder: str, artifacts: Iterable[Artifact]) -> dict[str, RawText]:
        """The texts of an attempt as far as they can be read; one that is gone leaves the others."""
        shown = {artifact.name: artifact.bytes for artifact in artifacts if artifact.name in attempt.SHOWN}
        texts = {name: RawText("", "", 0, False) for name, size in shown.items() if not size}
        found = excerpts(self._home, folder, (name for name, size in shown.items() if size), LONGEST)
        for name, one in found.items():
            texts[name] = RawText(one.head, one.tail, one.total_bytes, one.is_binary)
        return texts
