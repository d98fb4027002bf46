"""A new task folder from the templates of a language: a worked example that holds, with blanks to fill."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from benchgen import assets
from benchgen.errors import BenchgenError, UsageError
from benchgen.records.task import Language

_SUFFIX = ".tmpl"
_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
LANGUAGES: tuple[Language, ...] = get_args(Language)


def make(folder: Path, task_id: str, language: Language, title: str = "") -> Path:
    """The folder of a new task below `folder`. Nothing that exists is touched."""
    if not _NAME.fullmatch(task_id) or not task_id.startswith(f"{language}_"):
        raise UsageError(
            f"{task_id!r} is no id for a task in {language}",
            hint=f"lower-case words with _ between them, the first one {language}: {language}_feature_clamp",
        )
    target = folder / task_id
    if target.exists():
        raise BenchgenError("there is a folder of this name already", where=str(target))
    source = assets.templates() / "tasks" / language
    for path in sorted(source.rglob(f"*{_SUFFIX}")):
        place = target / path.relative_to(source).as_posix().removesuffix(_SUFFIX)
        place.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text("utf-8").replace("@TASK_ID@", task_id).replace("@TITLE@", title or _title(task_id))
        place.write_text(text, "utf-8")
        place.chmod(0o755 if text.startswith("#!") else 0o644)
    return target


def _title(task_id: str) -> str:
    """A title to begin with, from the words of the id after the language."""
    return " ".join(task_id.split("_")[1:]).capitalize()
