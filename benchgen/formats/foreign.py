"""Run folders of other harnesses: of which kind one is, told by what lies in it, and what its small files say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from benchgen import clock as clocks
from benchgen import codec, paths
from benchgen.errors import BadFile
from benchgen.formats import openadapt
from benchgen.formats.inspect_header import mapping, number, text, whole
from benchgen.records.status import ENDED, KINDS, Kind, RunStatus

LARGEST = 64 << 20
LONGEST_NAME = 200
_MOST_COUNTED = 1 << 40
_MOST_SECONDS = 1e9
_MOST_DOLLARS = 1e6
"""Beyond these a number is a slip of its writer, and sums of many such could not be written down."""
HINT = (
    "a run folder of another harness has tasks/*/execution.json (agent), "
    "a summary.json with `attempts` (code) or with `primary_metric` (openbench), or a results.jsonl (dataset); "
    "a log of Inspect and a results_*.json of lm-eval can be read too"
)
_ENDS: Mapping[str, RunStatus] = {"complete": "completed", "cancelled": "canceled", "error": "failed"}


def kind_of(folder: Path) -> Kind | None:
    """The kind of a run folder of somebody else's; None where it is no such folder. BadFile names a damaged summary."""
    if not folder.is_dir() or is_ours(folder):
        return None
    if openadapt.is_openadapt(folder):
        return "agent"
    has_results = is_file(folder / paths.RESULTS)
    if not is_file(folder / paths.SUMMARY):
        if has_results:
            return "dataset"
        return "openbench" if is_begun(folder) and has_ended(read_meta(folder)) else None
    summary = read_summary(folder)
    said = summary.get("kind")
    if said in KINDS and said != "agent" and (has_results or said != "dataset"):
        return next(kind for kind in KINDS if kind == said)
    if "attempts" in summary:
        return "code"
    if "primary_metric" in summary:
        return "openbench"
    return "dataset" if has_results else None


def is_ours(folder: Path) -> bool:
    """Whether a folder is a run of ours: its log says so, else a `config.json` that names a kind, or is damaged."""
    if (folder / paths.EVENTS).is_file():
        return True
    config = folder / paths.CONFIG
    if not config.is_file():
        return False
    try:
        said = _parsed(config)
    except (BadFile, OSError):
        return True
    return not isinstance(said, dict) or "kind" in said


def is_complete(folder: Path) -> bool:
    """Whether a folder may hold a run that has ended, of a kind that is taken in whole: a glance, nothing is read."""
    return is_file(folder / paths.SUMMARY) and not (folder / paths.EPISODES).is_dir()


def is_begun(folder: Path) -> bool:
    """Whether a folder holds an engine's run that has no summary yet: a glance at the names that lie in it."""
    return all(is_file(folder / name) for name in (paths.CONFIG, paths.COMMAND)) and not any(
        (folder / name).exists() for name in (paths.SUMMARY, paths.RESULTS, paths.EPISODES)
    )


def has_ended(said: Mapping[str, Any]) -> bool:
    """Whether a summary, or what stands for one, says how the run ended."""
    status = text(said.get("status"))
    return status in ENDED or status in _ENDS


def read_summary(folder: Path) -> Mapping[str, Any]:
    """`summary.json` of such a folder. BadFile where it is no JSON object, or too large to be one."""
    return _object(folder / paths.SUMMARY)


def read_config(folder: Path) -> Mapping[str, Any]:
    """What was asked for, with the request that some harnesses keep inside of it; empty where nothing readable says."""
    said = _said(folder / paths.CONFIG)
    return {**said, **mapping(said.get("request"))}


def read_meta(folder: Path) -> Mapping[str, Any]:
    """How the process went: its times, its status; empty where nothing readable says."""
    return _said(folder / paths.META)


def is_file(path: Path) -> bool:
    """A regular file that is no link."""
    return path.is_file() and not path.is_symlink()


def created_of(folder: Path, summary: Mapping[str, Any]) -> str:
    """When a run began, as far as anybody says; else when its newest file was written."""
    said = ("created_at", "started_at", "timestamp_utc")
    found = next((at for name in said if (at := instant(summary.get(name)))), "")
    files = [folder / name for name in (paths.SUMMARY, paths.RESULTS, paths.CONFIG) if is_file(folder / name)]
    return found or clocks.spell(max(path.stat().st_mtime for path in files))


def finished_of(created: str, summary: Mapping[str, Any]) -> str:
    """When it ended: as it says, or as long after it began as it says; when it began, where nobody says."""
    said = next((at for name in ("finished_at", "completed_at") if (at := instant(summary.get(name)))), "")
    taken = amount(summary.get("total_time_seconds")) or 0.0
    try:
        return max(created, said or clocks.spell(clocks.read(created) + taken))
    except (ValueError, OverflowError):
        return created  # the last year that there is


def status_of(summary: Mapping[str, Any]) -> RunStatus:
    """How a run ended; a summary that does not say so was written at the end of a run that got so far."""
    said = text(summary.get("status"))
    return next((status for status in ENDED if status == said), _ENDS.get(said, "completed"))


def instant(said: object) -> str:
    """An instant as our logs spell it; empty where it is none."""
    try:
        return clocks.spell(clocks.read(text(said)))
    except (ValueError, OverflowError):
        return ""


def amount(said: object) -> float | None:
    """A number of seconds and the like: finite, not negative, not beyond all reason."""
    found = number(said)
    return found if found is not None and 0 <= found < _MOST_SECONDS else None


def dollars(said: object) -> float | None:
    """A cost."""
    found = number(said)
    return found if found is not None and 0 <= found < _MOST_DOLLARS else None


def count(said: object) -> int | None:
    """A number of things."""
    found = whole(said)
    return found if found is not None and 0 <= found < _MOST_COUNTED else None


def name_of(said: object, noun: str) -> str:
    """A name that pages can show and addresses can hold: what nobody could read becomes `noun` and six hex digits."""
    if isinstance(said, int) and not isinstance(said, bool):
        said = str(said)
    name = text(said).strip()
    if name and not name.isprintable():
        return f"{noun} {paths.six(name)}"
    return f"{name[:LONGEST_NAME]} {paths.six(name)}" if len(name) > LONGEST_NAME else name


def names_of(said: object, noun: str) -> list[str]:
    """The names in a list, each once."""
    found = said if isinstance(said, Iterable) and not isinstance(said, str | Mapping) else ()
    return list(dict.fromkeys(name for one in found if (name := name_of(one, noun))))


def left_out(number: int, what: str) -> Iterator[str]:
    """A note about what could not be read."""
    if number:
        yield f"left out, because unreadable: {number} of the {what}"


def _object(path: Path) -> Mapping[str, Any]:
    said = _parsed(path)
    if not isinstance(said, dict):
        raise BadFile("no JSON object", where=str(path), hint="write it again, or move the folder away")
    return said


def _said(path: Path) -> Mapping[str, Any]:
    try:
        return _object(path)
    except (BadFile, OSError):
        return {}


def _parsed(path: Path) -> Any:  # noqa: ANN401 - parsed JSON is what it is
    if not is_file(path):
        raise BadFile("no regular file", where=str(path), hint="a link is not followed")
    if path.stat().st_size > LARGEST:
        raise BadFile("larger than 64 MB", where=str(path), hint="that is no summary of a run")
    return codec.parse_loosely(path.read_bytes(), where=str(path))
