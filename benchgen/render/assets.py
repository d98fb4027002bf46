"""Static files under names that hold their hash, so that a page and its style can never be of two versions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = "assets"


@dataclass(frozen=True, slots=True)
class Assets:
    """`files` are the site's static files by page path; `style` and `scripts` are the paths that every page links."""

    files: Mapping[str, bytes]
    style: str
    scripts: tuple[str, ...]
    css: bytes


def collect(static: Path) -> Assets:
    """All of `static/`: the style sheets as one, the scripts one by one in the order of their names."""
    css = b"\n".join(path.read_bytes() for path in _style_sheets(static / "css"))
    style = hashed("style.css", css)
    scripts = {hashed(path.name, path.read_bytes()): path.read_bytes() for path in sorted((static / "js").glob("*.js"))}
    images = {f"{FOLDER}/{path.name}": path.read_bytes() for path in sorted((static / "img").glob("*.*"))}
    return Assets({style: css, **scripts, **images}, style, tuple(scripts), css)


def hashed(name: str, content: bytes) -> str:
    """`assets/<stem>.<10 hex>.<ending>`."""
    stem, _, ending = name.rpartition(".")
    return f"{FOLDER}/{stem}.{hashlib.sha256(content).hexdigest()[:10]}.{ending}"


def _style_sheets(folder: Path) -> list[Path]:
    """`tokens.css` first, since it declares the layers; then the others by name; components last."""
    own = sorted(folder.glob("*.css"), key=lambda path: (path.name != "tokens.css", path.name))
    return [*own, *sorted((folder / "components").glob("*.css"))]
