"""Static files under names that hold their hash, so that a page and its style can never be of two versions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = "assets"
_BLANK = rb"(?:\s|/\*.*?\*/)"
# A quoted word stays as it is; blanks go where none is needed: a colon is followed by one in a declaration alone.
_PARTS = re.compile(rb"(\"[^\"]*\"|'[^']*')|%b*([{};,])%b*|(:)%b+|%b+" % ((_BLANK,) * 4), re.S)


@dataclass(frozen=True, slots=True)
class Assets:
    """`files` are the static files by page path, `served` those that only a server's pages use.

    `style` is the path of the one sheet, `named` has the others'. `plain` is the part of the sheet that no component
    needs: for pages of words alone, which carry it themselves.
    """

    files: Mapping[str, bytes]
    served: Mapping[str, bytes]
    style: str
    named: Mapping[str, str]
    plain: bytes


def collect(static: Path) -> Assets:
    """All of `static/`: the style sheets as one, scripts and images one by one, so that a page takes what it needs."""
    css = b"".join(slim(path.read_bytes()) for path in _style_sheets(static / "css"))
    style = hashed("style.css", css)
    single = [*sorted((static / "js").glob("*.js")), *sorted((static / "img").glob("*.*"))]
    served = sorted((static / "js" / "served").glob("*.js"))
    named = {path.name: hashed(path.name, path.read_bytes()) for path in (*single, *served)}
    return Assets(
        files={style: css} | {named[path.name]: path.read_bytes() for path in single},
        served={named[path.name]: path.read_bytes() for path in served},
        style=style,
        named=named,
        plain=b"".join(slim(path.read_bytes()) for path in _style_sheets(static / "css") if path.parent.name == "css"),
    )


def slim(css: bytes) -> bytes:
    """A style sheet without comments, indentation and other blanks that say nothing."""
    return _PARTS.sub(lambda part: part[1] or part[2] or part[3] or b" ", css).strip()


def hashed(name: str, content: bytes) -> str:
    """`assets/<stem>.<10 hex>.<ending>`."""
    stem, _, ending = name.rpartition(".")
    return f"{FOLDER}/{stem}.{hashlib.sha256(content).hexdigest()[:10]}.{ending}"


def _style_sheets(folder: Path) -> list[Path]:
    """`tokens.css` first, since it declares the layers; then the others by name; components last."""
    own = sorted(folder.glob("*.css"), key=lambda path: (path.name != "tokens.css", path.name))
    return [*own, *sorted((folder / "components").glob("*.css"))]
