"""The files that are published with the attempts of a run: pictures, long texts, screenshots of steps."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from pathlib import PurePosixPath

from benchgen import codec
from benchgen.errors import NotFound
from benchgen.pages.episode_pages import EpisodePages
from benchgen.pages.open_run import OpenRun
from benchgen.pages.page import Maker, Page, key_of
from benchgen.panels import attempt, links
from benchgen.panels.log_text import ALWAYS_WHOLE
from benchgen.record import Record
from benchgen.records.attempt import Artifact
from benchgen.records.run import folder_of
from benchgen.records.state import AttemptRow
from benchgen.store.runs import Results

_BYTES = b'"bytes"'
_is_large = re.compile(rb"\s*:\s*\d{%d}" % len(str(ALWAYS_WHOLE))).match
_PICTURES = tuple(f'{ending}"'.encode() for ending in links.PICTURES)


class _Files(Record):
    """As much of an outcome as tells which files are published: reading no more is what makes a rebuild quick."""

    artifacts: tuple[Artifact, ...] = ()


class _FilesLine(Record):
    outcome: _Files


class AttemptFiles:
    """Each published file is a page; none is a link or lies outside of its attempt's folder."""

    def __init__(self, results: Results, maker: Maker, run: OpenRun, episodes: EpisodePages) -> None:
        self._results, self._maker, self._run, self._episodes = results, maker, run, episodes

    def of(self, row: AttemptRow, line: bytes) -> Iterator[Page]:
        """The files of a finished attempt whose outcome stands in `line`."""
        if not (self._run.episodes or may_publish(line)):
            return
        withheld = self._maker.withholds(self._run.state.config, row.model)
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

    def under_way(self) -> Iterator[Page]:
        """The screenshots of episodes that have not ended."""
        for running in self._run.state.running.values():
            yield from self._shots(running.attempt)

    def find(self, name: str) -> Page | None:
        """A file by its page path below `files/`: its folder names the attempt."""
        wanted = f"run/{self._run.run_id}/files/{name}"
        parents = [str(parent) for parent in PurePosixPath(name).parents]
        for running in self._run.state.running.values():
            if folder_of(self._run.state.config, running.attempt) in parents:
                return next((page for page in self._shots(running.attempt) if page.path == wanted), None)
        row = next((row for parent in parents if (row := self._run.in_folder(parent))), None)
        if row is None or not links.has_attempt_pages(self._run.state.config.kind):
            return None
        return next((page for page in self.of(row, self._run.line(row)) if page.path == wanted), None)

    def is_there(self, folder: str, name: str) -> bool:
        """Whether a file of an attempt's folder can be published."""
        return self._file(f"{folder}/{name}", "there") is not None

    def _shots(self, attempt_id: str, besides: Container[str] = ()) -> Iterator[Page]:
        folder = f"{folder_of(self._run.state.config, attempt_id)}/"
        shots = (step.screenshot for step in self._episodes.steps(attempt_id))
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


def may_publish(line: bytes) -> bool:
    """Whether an outcome could name a file that the site carries: few do, and reading each took half of a rebuild."""
    if any(map(_is_large, line.split(_BYTES)[1:])) or b"\\u" in line:
        return True
    return any(map(line.lower().__contains__, _PICTURES))
