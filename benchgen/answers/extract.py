"""From a model's text to the change it proposes: the first diff, whole files, or search/replace blocks."""

from __future__ import annotations

import re

from benchgen.answers.blocks import fences, named_before, swaps
from benchgen.record import Record
from benchgen.records.status import Category

_OPEN_FENCE = re.compile(r"^(`{3,}|~{3,})[ \t]*(diff|patch|udiff)[^\n]*\n(?P<body>.*)\Z", re.M | re.S)
_BARE = re.compile(r"^(?:diff --git |--- )", re.M)
_DIFFS = ("diff", "patch", "udiff")


class NoChange(Exception):
    """The answer holds no usable change; `category` says which kind of nothing it is."""

    def __init__(self, category: Category, message: str) -> None:
        super().__init__(message)
        self.category = category


class FileBlock(Record):
    """The whole new content of one file."""

    path: str
    content: str


class Replacement(Record):
    """One exact passage of a file and what takes its place; an empty `old` makes a new file."""

    path: str
    old: str
    new: str


class Change(Record):
    """What an answer proposes; just one of the three is filled."""

    diff: str = ""
    files: tuple[FileBlock, ...] = ()
    replacements: tuple[Replacement, ...] = ()


def extract(text: str, edit_format: str, *, allow_incomplete: bool = False, allow_rewrite: bool = False) -> Change:
    """The change in an answer. NoChange when there is none.

    `allow_incomplete` takes a diff whose fence never closes (the answer was cut off); `allow_rewrite` falls back to
    whole files where a diff was asked for and none came.
    """
    plain = text.replace("\r\n", "\n")
    if not plain.strip():
        raise NoChange("no_answer", "the answer is empty")
    if edit_format == "whole":
        return Change(files=_files(plain))
    if edit_format == "search_replace":
        return Change(replacements=_replacements(plain))
    try:
        return Change(diff=_diff(plain, allow_incomplete))
    except NoChange:
        if not allow_rewrite:
            raise
        return Change(files=_files(plain))


def _diff(text: str, allow_incomplete: bool) -> str:
    """The first ```diff fence; else a fence that holds a diff; else a diff without a fence."""
    found = list(fences(text.split("\n")))
    for fence in found:
        if fence.info.lower().split(" ")[0] in _DIFFS:
            return _ended(fence.body)
    for fence in found:
        if _looks_like_diff(fence.body):
            return _ended(fence.body)
    cut = _OPEN_FENCE.search(text)
    if cut:
        if allow_incomplete:
            return _ended(cut["body"])
        raise NoChange("no_diff", "the diff breaks off: its fence never closes (--allow-incomplete-diffs takes it)")
    bare = _BARE.search(text)
    if bare and not found and _looks_like_diff(text[bare.start() :]):
        return _ended(text[bare.start() :])
    raise NoChange("no_diff", "no diff in the answer")


def _looks_like_diff(body: str) -> bool:
    return bool(
        re.search(r"^--- ", body, re.M) and re.search(r"^\+\+\+ ", body, re.M) and re.search(r"^@@", body, re.M)
    )


def _ended(body: str) -> str:
    return body if body.endswith("\n") else body + "\n"


def _files(text: str) -> tuple[FileBlock, ...]:
    lines = text.split("\n")
    blocks: dict[str, FileBlock] = {}
    for fence in fences(lines):
        path = named_before(lines, fence.line)
        if path:
            blocks[path] = FileBlock(path, _ended(fence.body))
    if not blocks:
        raise NoChange("no_diff", "no `File:` line with a fenced block in the answer")
    return tuple(blocks.values())


def _replacements(text: str) -> tuple[Replacement, ...]:
    found = tuple(Replacement(swap.path, swap.old, swap.new) for swap in swaps(text.split("\n")) if swap.path)
    if not found:
        raise NoChange("no_diff", "no search/replace block under a `File:` line in the answer")
    return found
