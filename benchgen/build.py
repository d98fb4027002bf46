"""Writes the site as files: only what changed, each file whole or not at all, and removes only what it wrote before."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from benchgen import codec
from benchgen.errors import BadFile, BenchgenError
from benchgen.pages.listing import RunPart, Site
from benchgen.pages.page import Page, Seen, key_of
from benchgen.pages.references import references
from benchgen.pages.writing import BATCH, UNFINISHED, write_file, write_pages, writer_of
from benchgen.record import Record, field
from benchgen.store.checkpoints import Checkpoints, Prefix
from benchgen.store.collecting import collecting_later
from benchgen.store.locks import process_start

MANIFEST = ".benchgen-build.json"
FOLDS = ".benchgen-folds"
FORMAT = 1


class Failed(Record):
    """A run whose pages could not be made; its old ones, if any, are gone."""

    run_id: str
    reason: str


class Report(Record):
    """What a build did, in files; `skipped_runs` were not even read."""

    folder: str
    written: int
    unchanged: int
    removed: int
    skipped_runs: int
    failed: tuple[Failed, ...]

    @property
    def total(self) -> int:
        return self.written + self.unchanged


class RunEntry(Record):
    """What a run had at the last build: its key, its pages with theirs, and how much of it was read."""

    key: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    seen: Seen = Seen()


class Manifest(Record):
    """What the last build wrote into a folder; `key` names all of its inputs.

    Beside the key of an HTML page stands the name of the static files that it refers to, which `uses` spells out.
    """

    key: str = ""
    shared: dict[str, str] = field(default_factory=dict)
    runs: dict[str, RunEntry] = field(default_factory=dict)
    uses: dict[str, tuple[str, ...]] = field(default_factory=dict)
    format: int = FORMAT

    def paths(self) -> Iterator[str]:
        yield from self.shared
        for run in self.runs.values():
            yield from run.pages

    def names(self) -> set[str]:
        """The names in `uses` of what its pages refer to."""
        pages = (self.shared, *(run.pages for run in self.runs.values()))
        return {mark.partition(" ")[2] for some in pages for mark in some.values()} - {""}

    def count(self) -> int:
        return len(self.shared) + sum(len(run.pages) for run in self.runs.values())


def build(site: Site, folder: Path) -> Report:
    """Brings `folder` up to date with the site. Files in it that no build wrote are left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    with collecting_later(many=True):
        return _brought_up_to_date(site, folder)


def _brought_up_to_date(site: Site, folder: Path) -> Report:
    before = read_manifest(folder)
    key = site.key()
    site.results.checkpoints = Checkpoints(folder / FOLDS, site.looks)
    present = set(_files(folder))
    if before.key == key and present.issuperset(before.paths()):
        return Report(str(folder), 0, before.count(), 0, len(before.runs), ())
    writing = _Writing(folder, present, before.uses)
    shared = writing.pages(site.shared(), before.shared)
    runs = {part.run_id: entry for part in site.runs() if (entry := writing.run(part, before.runs.get(part.run_id)))}
    uses = {name: writing.uses[name] for name in sorted(Manifest(shared=shared, runs=runs).names())}
    shared |= writing.pages(_referred(site, uses), before.shared)
    after = Manifest("" if writing.failed else key, shared, runs, uses)
    removed = _remove(folder, set(before.paths()) - set(after.paths()), present)
    _remove(folder, {path for path in present if path.endswith(UNFINISHED) and _is_abandoned(path)}, present)
    write_file(folder / MANIFEST, codec.line(after))
    site.results.put_down({run_id: Prefix(entry.seen.bytes, entry.seen.log) for run_id, entry in runs.items()})
    return Report(str(folder), writing.written, writing.unchanged, removed, writing.skipped, tuple(writing.failed))


def _referred(site: Site, uses: Mapping[str, tuple[str, ...]]) -> Iterator[Page]:
    """The static files that a page of the site refers to: the others would only make it larger."""
    wanted = {path for paths in uses.values() for path in paths}
    return (page for page in site.assets() if page.path in wanted)


def read_manifest(folder: Path) -> Manifest:
    """What the last build wrote; an empty one where there was none, or another format's."""
    path = folder / MANIFEST
    try:
        manifest = codec.read(path.read_bytes(), Manifest, where=str(path))
    except (FileNotFoundError, BadFile):
        return Manifest()
    return manifest if manifest.format == FORMAT else Manifest()


class _Writing:
    """One build under way: writes pages whose key is new or whose file is gone, and counts."""

    def __init__(self, folder: Path, present: set[str], uses: Mapping[str, tuple[str, ...]]) -> None:
        self._folder, self._present = folder, present
        self.uses = dict(uses)
        self.written = self.unchanged = self.skipped = 0
        self.failed: list[Failed] = []

    def run(self, part: RunPart, before: RunEntry | None) -> RunEntry | None:
        """The pages of one run, left unread where its key is the same; None when it cannot be read."""
        if before and before.key == part.key and self._present.issuperset(before.pages):
            self.skipped += 1
            self.unchanged += len(before.pages)
            return before
        try:
            return self._entry(part, before or RunEntry())
        except (BenchgenError, OSError) as fault:
            if not self._is_of_run(fault):
                raise
            self.failed.append(Failed(part.run_id, str(fault)))
            return None

    def _is_of_run(self, fault: Exception) -> bool:
        """Whether a run cannot be read: what keeps the site itself from being written ends the build."""
        if not isinstance(fault, OSError):
            return True
        name = fault.filename
        return isinstance(name, str | os.PathLike) and not Path(name).is_relative_to(self._folder)

    def _entry(self, part: RunPart, before: RunEntry) -> RunEntry:
        """What is new of a run, and what stands as it was; all of it is looked at where a file is gone."""
        listing = part.pages(before.seen if self._present.issuperset(before.pages) else Seen())
        marks = self.pages(listing.pages, before.pages)
        kept = {path: mark for path, mark in before.pages.items() if path not in marks and listing.keeps(path)}
        self.unchanged += len(kept)
        return RunEntry(part.key, dict(sorted((marks | kept).items())), listing.seen)

    def pages(self, pages: Iterable[Page], before: dict[str, str]) -> dict[str, str]:
        """Writes what is new; by path the key of each, and the name of what it refers to."""
        marks: dict[str, str] = {}
        new: list[Page] = []
        for page in pages:
            mark = before.get(page.path, "")
            if mark.partition(" ")[0] == page.key and page.path in self._present:
                marks[page.path] = mark
                self.unchanged += 1
                continue
            new.append(page)
            if len(new) == BATCH:
                marks |= self._write(new)
                new = []
        return marks | self._write(new)

    def _write(self, pages: list[Page]) -> dict[str, str]:
        write_pages(self._folder, pages)
        self.written += len(pages)
        return {page.path: self._mark(page) for page in pages}

    def _mark(self, page: Page) -> str:
        if not page.path.endswith(".html"):
            return page.key
        found = references(f"{self._folder}/{page.path}")
        name = key_of(*found)[:8]
        self.uses[name] = found
        return f"{page.key} {name}"


def _files(folder: Path) -> Iterator[str]:
    """Every file below a folder, as a path relative to it."""
    base = len(str(folder)) + 1
    for root, _, names in os.walk(folder):
        prefix = root[base:].replace(os.sep, "/")
        for name in names:
            yield f"{prefix}/{name}" if prefix else name


def _is_abandoned(path: str) -> bool:
    """Whether a build that was killed left this file half written."""
    writer = writer_of(path)
    return writer is not None and process_start(writer) is None


def _remove(folder: Path, gone: set[str], present: set[str]) -> int:
    """Removes pages of the last build that the site no longer has, and the folders that this leaves empty."""
    removed = gone & present
    for path in removed:
        (folder / path).unlink(missing_ok=True)
    parents = {parent for path in removed for parent in PurePosixPath(path).parents if parent.parts}
    for parent in sorted(parents, key=lambda one: -len(one.parts)):
        with suppress(OSError):
            (folder / parent).rmdir()
    return len(removed)
