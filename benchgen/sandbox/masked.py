"""What no job may see although it lies in a folder that is shown: benchgen itself, whose catalog holds the answers."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from benchgen.sandbox.spec import Job

_SYSTEM = tuple(Path("/", name) for name in ("usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32", "etc"))


@cache
def own_folders() -> tuple[Path, ...]:
    """Every copy of the package that this Python could import; an installed one brings the catalog along."""
    copies = [Path(entry, "benchgen") for entry in sys.path if entry]
    return (Path(__file__).resolve().parents[1], *(copy for copy in copies if copy.is_dir()))


def masked_folders(job: Job, shown: Iterable[Path]) -> list[Path]:
    """The folders to lay an empty one over. `shown` is what the job sees beside the system; none of it goes whole."""
    shown = (*_SYSTEM, *shown)
    places = {place for secret in (*own_folders(), *job.secret) for place in (secret, secret.resolve())}
    seen = [place for place in places if _is_seen(place, shown)]
    return sorted(place for place in seen if not any(place.is_relative_to(other) for other in seen if other != place))


def _is_seen(place: Path, shown: Iterable[Path]) -> bool:
    inside = any(place.is_relative_to(folder) for folder in shown)
    return inside and place.is_dir() and not any(folder.is_relative_to(place) for folder in shown)
