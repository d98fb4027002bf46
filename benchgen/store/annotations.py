"""Notes, tags and marked attempts of a run, written for whoever annotates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchgen import codec, paths
from benchgen.errors import NotFound, UsageError
from benchgen.record import replace
from benchgen.records.annotations import Annotations
from benchgen.redact import Redactor
from benchgen.store import files
from benchgen.store.locks import root_lock
from benchgen.store.runs import Results

LONGEST_NOTE = 10_000
LONGEST_TAG = 64
MOST_TAGS = 32
MOST_MARKED = 10_000
LONGEST_ATTEMPT = 1_000
"""Of the id of an attempt: whoever may mark may not fill the disk with ids of none."""


def read_annotations(folder: Path) -> Annotations:
    """A run's annotations; empty ones where nobody wrote any. BadFile when the file is damaged."""
    path = folder / paths.ANNOTATIONS
    try:
        data = files.read_bytes(path)
    except NotFound:
        return Annotations()
    return codec.read(data, Annotations, where=str(path))


def annotate(
    root: Path,
    run_id: str,
    *,
    note: str | None = None,
    tags: Sequence[str] | None = None,
    marks: Mapping[str, str | None] | None = None,
    redactor: Redactor = Redactor(),
) -> Annotations:
    """Changes what is given and leaves the rest; a mark of None is taken away. Returns all that now holds."""
    folder = Results(root).home(run_id)
    _check(note or "", tags or (), marks or {})
    with root_lock(root):
        before = read_annotations(folder)
        after = replace(
            before,
            note=before.note if note is None else note,
            tags=before.tags if tags is None else tuple(dict.fromkeys(tags)),
            marked={key: text for key, text in {**before.marked, **(marks or {})}.items() if text is not None},
        )
        if len(after.marked) > MOST_MARKED:
            raise UsageError(f"at most {MOST_MARKED:,} attempts of a run are marked")
        data = redactor.bytes(codec.file(after))
        files.replace_file(folder / paths.ANNOTATIONS, data)
    return codec.read(data, Annotations, where=paths.ANNOTATIONS)


def _check(note: str, tags: Sequence[str], marks: Mapping[str, str | None]) -> None:
    if any(len(attempt) > LONGEST_ATTEMPT for attempt in marks):
        raise UsageError("a mark is of no attempt")
    if any(len(text or "") > LONGEST_NOTE for text in (note, *marks.values())):
        raise UsageError(f"a note has at most {LONGEST_NOTE} characters")
    if len(tags) > MOST_TAGS or any(not tag.strip() or len(tag) > LONGEST_TAG for tag in tags):
        raise UsageError(f"at most {MOST_TAGS} tags of 1 to {LONGEST_TAG} characters each")
