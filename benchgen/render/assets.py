"""Static files under names that hold their hash, so that a page and its style can never be of two versions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from benchgen.record import Record

FOLDER = "assets"
_BLANK = rb"(?:\s|/\*.*?\*/)"
# A quoted word stays as it is; blanks go where none is needed: a colon is followed by one in a declaration alone.
# Most places are none of these, which the first group sees at once.
_PARTS = re.compile(rb"(?=[\s\"'/{};,:])(?:(\"[^\"]*\"|'[^']*')|%b*([{};,])%b*|(:)%b+|%b+)" % ((_BLANK,) * 4), re.S)


_JS_BLANK = re.compile(rb"^[ \t]*(?://[^\n]*)?\n|^[ \t]+", re.M)
# Not deferred, for a page must not flash in another theme.
THEME = "theme.js"
# Tables are filtered before others add to their controls, and the steps of an episode take arrow keys before pages do.
_FIRST = ("tables.js", "episode.js")


class Assets(Record):
    """`files` are the static files by page path, `served` those that only a server's pages use.

    `style` is the path of the one sheet, `script` that of the one script, `named` has the others'. `plain` is the part
    of the sheet that no component needs: for pages of words alone, which carry it themselves.
    """

    files: Mapping[str, bytes]
    served: Mapping[str, bytes]
    style: str
    script: str
    named: Mapping[str, str]
    plain: bytes


def collect(static: Path) -> Assets:
    """All of `static/`: style sheets as one and scripts as one, for each file that a page asks for delays it."""
    sheets = {path: slim(path.read_bytes()) for path in _style_sheets(static / "css")}
    css = b"".join(sheets.values())
    js = b"".join(slim_script(path.read_bytes()) for path in _scripts(static / "js"))
    style, script = hashed("style.css", css), hashed("site.js", js)
    single = [static / "js" / THEME, *sorted((static / "img").glob("*.*"))]
    served = sorted((static / "js" / "served").glob("*.js"))
    named = {path.name: hashed(path.name, path.read_bytes()) for path in (*single, *served)}
    return Assets(
        files={style: css, script: js} | {named[path.name]: path.read_bytes() for path in single},
        served={named[path.name]: path.read_bytes() for path in served},
        style=style,
        script=script,
        named=named,
        plain=b"".join(sheet for path, sheet in sheets.items() if path.parent.name == "css"),
    )


def slim(css: bytes) -> bytes:
    """A style sheet without comments, indentation and other blanks that say nothing."""
    return _PARTS.sub(lambda part: part[1] or part[2] or part[3] or b" ", css).strip()


def slim_script(js: bytes) -> bytes:
    """A script without indentation and without lines of comment; no text of ours runs over several lines."""
    return _JS_BLANK.sub(b"", js)


def hashed(name: str, content: bytes) -> str:
    """`assets/<stem>.<10 hex>.<ending>`."""
    stem, _, ending = name.rpartition(".")
    return f"{FOLDER}/{stem}.{hashlib.sha256(content).hexdigest()[:10]}.{ending}"


def _style_sheets(folder: Path) -> list[Path]:
    """`tokens.css` first, since it declares the layers; then the others by name; components last."""
    own = sorted(folder.glob("*.css"), key=lambda path: (path.name != "tokens.css", path.name))
    return [*own, *sorted((folder / "components").glob("*.css"))]


def _scripts(folder: Path) -> list[Path]:
    """Each is a closure of its own that finds its elements by `data-*`: on a page without them it does nothing."""
    own = (path for path in folder.glob("*.js") if path.name != THEME)
    return sorted(own, key=lambda path: (path.name not in _FIRST, path.name))
