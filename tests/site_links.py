"""Checks that a built site holds together: every internal link leads to a file, and to an anchor that is there."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from benchgen.record import Record

_LINKS = ("href", "src", "action", "poster", "data")


class BrokenLink(Record):
    """A link that leads nowhere, as it stands on its page, and why."""

    page: str
    link: str
    reason: str


class _Reader(HTMLParser):
    """Collects the links and the anchors of one page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in _LINKS and value is not None:
                self.links.append(value)
            if name == "id" and value:
                self.anchors.add(value)


def broken_links(folder: Path) -> list[BrokenLink]:
    """Every internal link of the site that does not resolve. Only relative links work below any path and from disk."""
    pages = {path.relative_to(folder).as_posix(): _read(path) for path in sorted(folder.rglob("*.html"))}
    return [broken for name, page in pages.items() for broken in _broken(folder, name, page, pages)]


def _read(path: Path) -> _Reader:
    reader = _Reader()
    reader.feed(path.read_text("utf-8"))
    reader.close()
    return reader


def _broken(folder: Path, name: str, page: _Reader, pages: dict[str, _Reader]) -> Iterator[BrokenLink]:
    for link in page.links:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        if link.startswith("/"):
            yield BrokenLink(name, link, "starts at the host's root, so it breaks below a path and from disk")
            continue
        goal = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path))) if parts.path else name
        if goal.startswith(".."):
            yield BrokenLink(name, link, "leads out of the site")
        elif not (folder / goal).is_file():
            yield BrokenLink(name, link, f"no file {goal}")
        elif parts.fragment and goal in pages and unquote(parts.fragment) not in pages[goal].anchors:
            yield BrokenLink(name, link, f"no anchor {parts.fragment!r} in {goal}")
