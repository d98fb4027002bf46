"""The notices at the top of a page: made-up numbers, missing protection, runs that cannot be read or have died."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from benchgen.record import Record
from benchgen.records.digest import RunDigest
from benchgen.records.run import RunConfig

NoticeKind = Literal["mock", "unsandboxed", "unreadable", "dead", "stale", "waiting"]


class Broken(Record):
    """A run that could not be read: the file at fault and why."""

    run_id: str
    where: str
    reason: str


class Notice(Record):
    """One notice. `runs` are the ids it is about, `where` and `reason` the file of an unreadable one.

    `is_all`: it is about everything that the page shows.
    """

    kind: NoticeKind
    runs: tuple[str, ...]
    where: str = ""
    reason: str = ""
    is_all: bool = False


class Notices(Record):
    """All notices of one page, the gravest first."""

    items: tuple[Notice, ...] = ()


def of_runs(digests: Iterable[RunDigest], broken: Sequence[Broken] = (), waiting: tuple[str, ...] = ()) -> Notices:
    """The notices of a page that shows several runs; `waiting` are folders of results without a summary."""
    shown = list(digests)
    items = [Notice("unreadable", (one.run_id,), one.where, one.reason) for one in broken]
    items += _about("waiting", list(waiting))
    items += _about("unsandboxed", [digest.run_id for digest in shown if digest.sandbox == "none"], len(shown))
    items += _about("mock", [digest.run_id for digest in shown if digest.is_mock], len(shown))
    return Notices(tuple(items))


def of_run(config: RunConfig, sandbox: str, *, is_dead: bool = False) -> Notices:
    """The notices of a page that shows one run, or a part of it."""
    items = _about("stale" if config.followed else "dead", [config.run_id] if is_dead else [])
    items += _about("unsandboxed", [config.run_id] if sandbox == "none" else [])
    items += _about("mock", [config.run_id] if config.is_mock else [])
    return Notices(tuple(items))


def _about(kind: NoticeKind, runs: list[str], shown: int = 1) -> list[Notice]:
    return [Notice(kind, tuple(runs), is_all=len(runs) == shown)] if runs else []
