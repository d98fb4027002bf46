"""Publishes a built site as a branch of a git repository, after a last look for secrets."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchgen.build import FOLDS, MANIFEST
from benchgen.errors import BenchgenError, UsageError
from benchgen.pages.writing import UNFINISHED
from benchgen.panels.links import INDEX, is_picture
from benchgen.record import Record
from benchgen.redact import Redactor

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]*")
_DOMAIN = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


class Target(Record):
    """Where to publish: a branch of the repository that `repository` lies in, and the remote to push it to."""

    repository: Path
    branch: str = "gh-pages"
    remote: str = "origin"
    message: str = "Publish benchmark results"
    cname: str | None = None


class Published(Record):
    """What was published. `commit` is None after a dry run; `changed` is False when the branch already was the same."""

    branch: str
    files: int
    redacted: tuple[str, ...]
    commit: str | None
    changed: bool
    pushed: bool


def publish(folder: Path, target: Target, redactor: Redactor, *, push: bool = True, dry_run: bool = False) -> Published:
    """Makes the branch hold exactly the site in `folder`, and pushes it unless told otherwise."""
    _check(folder, target)
    with tempfile.TemporaryDirectory(prefix="benchgen-publish-") as name:
        staged = Path(name) / "site"
        redacted = _stage(folder, staged, redactor)
        files = sum(1 for _ in _files(staged))
        if dry_run:
            return Published(target.branch, files, redacted, None, False, False)
        if push:
            _fetch(target)
        before = _tip(target, f"refs/remotes/{target.remote}/{target.branch}") or _tip(target, _branch(target))
        _import(staged, target)
    commit = _tip(target, _branch(target))
    changed = before is None or _tree(target, before) != _tree(target, str(commit))
    if not changed:
        _git(target, "update-ref", _branch(target), str(before))
        commit = before
    if push:
        _git(target, "push", "--quiet", target.remote, f"{_branch(target)}:{_branch(target)}")
    return Published(target.branch, files, redacted, commit, changed, push)


def _check(folder: Path, target: Target) -> None:
    if not (folder / MANIFEST).is_file() or not (folder / INDEX).is_file():
        raise UsageError("this is no built site", where=str(folder), hint="benchgen build makes one")
    for what, name in (("branch", target.branch), ("remote", target.remote)):
        if not _NAME.fullmatch(name) or ".." in name:
            raise UsageError(f"{name!r} is no name of a {what}")
    if target.cname is not None and not _DOMAIN.fullmatch(target.cname):
        raise UsageError(f"{target.cname!r} is no domain name", hint="as in: bench.example.org")
    head = _run(target, "symbolic-ref", "--quiet", "HEAD")
    if head.returncode not in (0, 1):
        raise BenchgenError("this is no git repository", where=str(target.repository), hint="git init makes one")
    place = _checked_out(target)
    if place:
        hint = f"choose another branch with --branch, or there: git -C {shlex.quote(place)} switch --detach"
        raise UsageError(
            f"branch {target.branch!r} is checked out, and publishing replaces all that is in it",
            where=place,
            hint=hint,
        )


def _checked_out(target: Target) -> str | None:
    """The folder in which the branch is checked out, be it a work tree beside this one: its files would not follow."""
    place = ""
    for line in _git(target, "worktree", "list", "--porcelain").splitlines():
        what, _, name = line.partition(" ")
        if what == "worktree":
            place = name
        elif what == "branch" and name == _branch(target) and Path(place).is_dir():
            return place
    return None


def _stage(folder: Path, staged: Path, redactor: Redactor) -> tuple[str, ...]:
    """A copy of the site without secrets, and without what only builds need; the paths in which one was found."""
    found = []
    for path in _files(folder):
        relative = path.relative_to(folder)
        if path.name == MANIFEST or relative.parts[0] == FOLDS or path.name.endswith(UNFINISHED):
            continue
        goal = staged / relative
        goal.parent.mkdir(parents=True, exist_ok=True)
        content = path.read_bytes()
        clean = content if is_picture(path.name) else redactor.bytes(content)
        goal.write_bytes(clean)
        if clean != content:
            found.append(relative.as_posix())
    return tuple(sorted(found))


def _files(folder: Path) -> Iterator[Path]:
    """Regular files only: a link could lead anywhere."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path


def _fetch(target: Target) -> None:
    """What the remote's branch holds now. That it has no such branch yet is no fault; the push reports any other."""
    reference = f"+{_branch(target)}:refs/remotes/{target.remote}/{target.branch}"
    _run(target, "fetch", "--quiet", "--no-tags", target.remote, reference)


def _import(staged: Path, target: Target) -> None:
    """ghp-import works on the current folder's repository, so it runs as a process of its own there."""
    command = [sys.executable, "-m", "ghp_import", "-n", "-b", target.branch, "-r", target.remote]
    command += ["-m", target.message, *(["-c", target.cname] if target.cname else []), str(staged)]
    done = subprocess.run(
        command, cwd=target.repository, env=_environment(target), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BenchgenError(f"could not commit the site: {done.stderr.strip()}", where=str(target.repository))


def _environment(target: Target) -> dict[str, str]:
    """Ours, with a committer's name where git knows none."""
    environment = dict(os.environ)
    for variable, setting in (("GIT_COMMITTER_NAME", "user.name"), ("GIT_COMMITTER_EMAIL", "user.email")):
        if not _run(target, "config", setting).stdout.strip():
            environment.setdefault(variable, "benchgen")
    return environment


def _branch(target: Target) -> str:
    return f"refs/heads/{target.branch}"


def _tip(target: Target, reference: str) -> str | None:
    return _run(target, "rev-parse", "--quiet", "--verify", f"{reference}^{{commit}}").stdout.strip() or None


def _tree(target: Target, commit: str) -> str:
    return _git(target, "rev-parse", f"{commit}^{{tree}}")


def _git(target: Target, *arguments: str) -> str:
    done = _run(target, *arguments)
    if done.returncode:
        raise BenchgenError(f"git {arguments[0]} failed: {done.stderr.strip()}", where=str(target.repository))
    return done.stdout.strip()


def _run(target: Target, *arguments: str) -> subprocess.CompletedProcess[str]:
    git = shutil.which("git")
    if git is None:
        raise BenchgenError("git is not installed", hint="publishing needs it; the built site is complete without")
    return subprocess.run([git, *arguments], cwd=target.repository, capture_output=True, text=True, check=False)
