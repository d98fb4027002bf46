"""Pages put into one document that can be sent: links between them lead to anchors, pictures come along.

Pages are taken as they were rendered. Whatever came from outside is escaped in them, so that a sign of a tag is one.
"""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from benchgen.render.assets import THEME, Assets

Sheet = tuple[str, str]
"""A page's path, and all of its HTML."""
CONTENT = "content"
_MAIN = re.compile(r"<main[^<>]*>(.*)</main>", re.S)
_TAG = re.compile(r"<[a-z][^<>]*>")
_ATTRIBUTE = re.compile(r' ([a-z-]+)(?:="([^"]*)")?(?=[ />])')
_IDS = frozenset(("id", "for", "headers", "aria-labelledby", "aria-describedby", "aria-controls", "data-copy"))
# A page that stands below another has nothing that is sorted, filtered or asked for; scripts go by the first they find.
_KEPT = frozenset(("data-copy", "data-next-failure", "data-name", "data-spot"))
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")


@dataclass(frozen=True)
class OneFile:
    """The pages, the first of which is shown first, and the pictures that they show, by path."""

    sheets: Sequence[Sheet]
    pictures: Mapping[str, bytes]
    assets: Assets

    def parts(self) -> Iterator[Markup]:
        """What stands in the document's `main`."""
        for number, (path, html) in enumerate(self.sheets):
            found = _MAIN.search(html)
            body = _Moved(path, self._names[path], self._names, self.pictures).html(found[1] if found else "")
            name = f' id="{self._names[path]}"' if number else ""
            yield Markup(f'<div class="sheet{"" if number else " first"}"{name}>{body}</div>\n')  # noqa: S704

    @cached_property
    def _names(self) -> dict[str, str]:
        """The anchor of each page; `~` is in no other id."""
        first = self.sheets[0][0]
        folder = posixpath.dirname(first) + "/"
        names = {
            path: "~" + path.removeprefix(folder).removesuffix(".html").removesuffix("/index").replace("/", "~")
            for path, _ in self.sheets[1:]
        }
        return {first: "", **names}

    @cached_property
    def style(self) -> Inline:
        return Inline("style", self.assets.files[self.assets.style].decode())

    @cached_property
    def theme(self) -> Inline:
        return Inline("script", self.assets.files[self.assets.named[THEME]].decode())

    @cached_property
    def script(self) -> Inline:
        return Inline("script", self.assets.files[self.assets.script].decode())

    @property
    def icon(self) -> str:
        return _data("icon.svg", self.assets.files[self.assets.named["icon.svg"]])


@dataclass(frozen=True)
class Inline:
    """A style sheet or a script of ours that stands in the document, and the hash by which a policy allows it."""

    tag: str
    text: str

    def __html__(self) -> str:
        return f"<{self.tag}>{self._safe}</{self.tag}>"

    @property
    def hash(self) -> str:
        digest = hashlib.sha256(self._safe.encode()).digest()
        return f"sha256-{base64.b64encode(digest).decode()}"

    @property
    def _safe(self) -> str:
        return self.text.replace("</", "<\\/")  # which a text within it may hold


class _Moved:
    """A page as it stands among others: its ids are its own, its links lead to where their targets stand now."""

    def __init__(self, path: str, name: str, names: Mapping[str, str], pictures: Mapping[str, bytes]) -> None:
        self._folder, self._name, self._names, self._pictures = posixpath.dirname(path), name, names, pictures

    def html(self, text: str) -> str:
        return _TAG.sub(lambda tag: _ATTRIBUTE.sub(self._attribute, tag[0]), text)

    def _attribute(self, found: re.Match[str]) -> str:
        name, value = found[1], found[2] or ""
        if name == "href":
            return self._link(value)
        if name == "src":
            picture = self._pictures.get(self._target(value))
            return f' src="{_data(value, picture)}"' if picture is not None else ""
        if not self._name:
            return found[0]
        if name.startswith("data-") and name not in _KEPT:
            return ""
        return f' {name}="{" ".join(map(self._own, value.split()))}"' if name in _IDS else found[0]

    def _own(self, name: str) -> str:
        return f"{self._name}~{name}" if self._name else name

    def _link(self, value: str) -> str:
        """An anchor of this document; what is not in it is no link any more."""
        address, _, part = value.partition("#")
        if _SCHEME.match(address) or (value.startswith("?") and not self._name):
            return f' href="{value}"'
        if not address:
            return f' href="#{self._own(part)}"'
        name = self._names.get(self._target(address.partition("?")[0]))
        if name is None:
            return ""
        return f' href="#{"~".join(filter(None, (name, part))) or CONTENT}"'

    def _target(self, address: str) -> str:
        return posixpath.normpath(posixpath.join(self._folder, address))


def _data(name: str, content: bytes) -> str:
    kind = {"svg": "svg+xml", "jpg": "jpeg"}.get(ending := name.rpartition(".")[2].lower(), ending)
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
