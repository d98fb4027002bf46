"""A change laid over a copy of the workspace: `git apply` in a fixed order of repairs, never fuzz, never outside."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from benchgen.answers.extract import Change, FileBlock, Replacement
from benchgen.errors import BenchgenError
from benchgen.record import Record
from benchgen.records.attempt import PatchReport

STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("plain", ()),
    ("recount", ("--recount",)),
    ("p0", ("-p0", "--recount")),
    ("whitespace", ("--ignore-whitespace", "--recount", "-C1")),
    ("p0-whitespace", ("-p0", "--ignore-whitespace", "--recount", "-C1")),
)
LARGEST_PATCH = 10_000_000
GIT_SECONDS = 60.0


class PatchRefused(Exception):
    """The change does not apply, or reaches where it must not; the message is for people."""


class _Stat(Record):
    """One file of a patch as `git apply --numstat` lists it; None for a binary one."""

    added: int | None
    removed: int | None
    path: str


def apply(change: Change, workspace: Path) -> PatchReport:
    """Lays `change` over `workspace`, which is a copy without `.git`. PatchRefused leaves it in any state."""
    if change.files:
        return _write_files(change.files, workspace)
    if change.replacements:
        return _replace(change.replacements, workspace)
    return _git_apply(change.diff, workspace)


def _git_apply(diff: str, workspace: Path) -> PatchReport:
    data = diff.encode("utf-8", "surrogateescape")
    if len(data) > LARGEST_PATCH:
        raise PatchRefused(f"the diff is {len(data)} bytes; at most {LARGEST_PATCH} are taken")
    first_complaint = ""
    for step, flags in STEPS:
        stats = _numstat(data, flags, workspace)
        if isinstance(stats, str):
            first_complaint = first_complaint or stats
            continue
        _refuse_unsafe(data, flags, workspace, stats)
        done = _git([*flags, "--whitespace=nowarn"], data, workspace)
        if done.returncode == 0:
            return PatchReport(
                edit_format="diff",
                step=step,
                files=tuple(stat.path for stat in stats),
                added=sum(stat.added or 0 for stat in stats),
                removed=sum(stat.removed or 0 for stat in stats),
            )
        first_complaint = first_complaint or _complaint(done)
    raise PatchRefused(first_complaint or "the diff does not apply")


def _numstat(data: bytes, flags: tuple[str, ...], workspace: Path) -> list[_Stat] | str:
    done = _git(["--numstat", "-z", *flags], data, workspace)
    if done.returncode != 0:
        return _complaint(done)
    stats = []
    for entry in done.stdout.decode("utf-8", "replace").split("\0"):
        parts = entry.split("\t", 2)
        if len(parts) == 3:
            stats.append(_Stat(_number(parts[0]), _number(parts[1]), parts[2]))
    return stats or "the diff changes nothing"


def _refuse_unsafe(data: bytes, flags: tuple[str, ...], workspace: Path, stats: list[_Stat]) -> None:
    for stat in stats:
        _refuse_path(stat.path)
        if stat.added is None:
            raise PatchRefused(f"{stat.path}: a binary change")
    summary = _git(["--summary", *flags], data, workspace).stdout.decode("utf-8", "replace")
    for line in summary.splitlines():
        if "mode 120000" in line or "mode 160000" in line or "=> 120000" in line:
            raise PatchRefused(f"a link: {line.strip()}")


def _refuse_path(path: str) -> None:
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\0" in path:
        raise PatchRefused(f"{path!r} lies outside the project")
    if any(part.lower() == ".git" for part in parts):
        raise PatchRefused(f"{path!r} lies in .git")


def _write_files(blocks: tuple[FileBlock, ...], workspace: Path) -> PatchReport:
    for block in blocks:
        _write(_place(workspace, block.path), block.content)
    names = tuple(block.path for block in blocks)
    return PatchReport("whole", "plain", names, sum(block.content.count("\n") for block in blocks), 0)


def _replace(blocks: tuple[Replacement, ...], workspace: Path) -> PatchReport:
    added = removed = 0
    for block in blocks:
        place = _place(workspace, block.path)
        if not block.old:
            if place.exists():
                raise PatchRefused(f"{block.path}: an empty SEARCH part would overwrite it")
            _write(place, block.new)
        else:
            _write(place, _swapped(place, block))
        added += block.new.count("\n")
        removed += block.old.count("\n")
    return PatchReport("search_replace", "plain", tuple(dict.fromkeys(b.path for b in blocks)), added, removed)


def _swapped(place: Path, block: Replacement) -> str:
    if not place.is_file():
        raise PatchRefused(f"{block.path}: no such file")
    text = place.read_text(encoding="utf-8", errors="surrogateescape")
    times = text.count(block.old)
    if times != 1:
        raise PatchRefused(f"{block.path}: the SEARCH part is found {times} times, it must be unique")
    return text.replace(block.old, block.new)


def _place(workspace: Path, path: str) -> Path:
    """A path inside the workspace with no link on the way."""
    _refuse_path(path)
    place = workspace / path
    for parent in (place, *place.parents):
        if parent == workspace:
            return place
        if parent.is_symlink() or (parent != place and parent.exists() and not parent.is_dir()):
            break
    raise PatchRefused(f"{path!r} cannot be a file here")


def _write(place: Path, content: str) -> None:
    if place.is_dir():
        raise PatchRefused(f"{place.name!r} is a folder")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(content, encoding="utf-8", errors="surrogateescape", newline="")


def _git(flags: list[str], data: bytes, workspace: Path) -> subprocess.CompletedProcess[bytes]:
    git = shutil.which("git")
    if git is None:
        raise BenchgenError("git is not on PATH", hint="install git: answers are applied with `git apply`")
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": "/nonexistent",
        "GIT_CEILING_DIRECTORIES": str(workspace.parent),  # a surrounding checkout would make git skip every path
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "LC_ALL": "C",
    }
    try:
        return subprocess.run(
            [git, "-c", "core.quotePath=false", "apply", *flags, "-"],
            input=data,
            cwd=workspace,
            env=environment,
            capture_output=True,
            check=False,
            timeout=GIT_SECONDS,
        )
    except subprocess.TimeoutExpired as fault:  # the diff's doing, so that it counts
        raise PatchRefused(f"git apply takes more than {GIT_SECONDS:g} s over the diff") from fault


def _complaint(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode("utf-8", "replace").splitlines()
    return "; ".join(_errors(lines)) or "the diff does not apply"


def _errors(lines: list[str]) -> Iterator[str]:
    return (line.removeprefix("error: ").strip() for line in lines[:4] if line.strip())


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() else None
