"""A task of another collection, brought into the form of ours: its files, and where it comes from."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from benchgen import codec
from benchgen.errors import BenchgenError
from benchgen.record import Record, replace
from benchgen.records.task import Difficulty, Language, Source

# Stands in `cases` until the reference has shown what the tests report.
UNKNOWN_CASE = "not_yet_known"


class NotImportable(BenchgenError):
    """A foreign task that cannot become one of ours; the message says why, for people."""

    code = "not_importable"


class Foreign(Record):
    """A task that is still to be written. `contents` holds every file but `metadata.json`, by its path."""

    task_id: str
    language: Language
    title: str
    contents: Mapping[str, bytes]
    command: tuple[str, ...]
    source: Source
    tags: tuple[str, ...]
    working_dir: str = "."
    difficulty: Difficulty = "medium"
    timeout_seconds: float = 60
    cases: tuple[str, ...] = (UNKNOWN_CASE,)
    protected: tuple[str, ...] = ("tests/**",)


def write(foreign: Foreign, folder: Path) -> Path:
    """Makes the task's folder below `folder`, in place of an older one of the same source."""
    target = folder / foreign.task_id
    _make_room(target, foreign)
    for path, content in foreign.contents.items():
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts:
            raise NotImportable(f"a file would lie outside: {path}", where=foreign.task_id)
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        place.chmod(0o755 if content.startswith(b"#!") else 0o644)
    (target / "metadata.json").write_bytes(codec.file(_metadata(foreign)))
    return target


def with_cases(foreign: Foreign, cases: tuple[str, ...]) -> Foreign:
    return replace(foreign, cases=cases)


def sha256_of(contents: Mapping[str, bytes]) -> str:
    """One digest of the original files, by name and content."""
    total = hashlib.sha256()
    for path in sorted(contents):
        total.update(f"{path}\0{len(contents[path])}\0".encode())
        total.update(contents[path])
    return total.hexdigest()


def _make_room(target: Path, foreign: Foreign) -> None:
    if not target.exists():
        return
    metadata = target / "metadata.json"
    known = codec.parse(metadata.read_bytes(), where=str(metadata)) if metadata.is_file() else {}
    if not isinstance(known, dict) or (known.get("source") or {}).get("url") != foreign.source.url:
        raise NotImportable("there is another task of this name", where=str(target), hint="import with --to elsewhere")
    shutil.rmtree(target)


def _metadata(foreign: Foreign) -> dict[str, object]:
    folders = {"tests_dir": "tests"} if any(path.startswith("tests/") for path in foreign.contents) else {}
    return {
        "task_id": foreign.task_id,
        "title": foreign.title,
        "language": foreign.language,
        "type": "feature_implementation",
        "difficulty": foreign.difficulty,
        "domain": "other",
        "instructions_file": "instructions.md",
        "workspace_dir": "workspace",
        **folders,
        "reference_dir": "reference",
        "eval": {
            "command": foreign.command,
            "timeout_seconds": foreign.timeout_seconds,
            "working_dir": foreign.working_dir,
            "env": {},
        },
        "scoring": {"tests_passed": 1.0},
        "tags": foreign.tags,
        "cases": foreign.cases,
        "protected": foreign.protected,
        "network": False,
        "source": foreign.source,
    }
