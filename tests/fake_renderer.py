"""A renderer without templates: a page is its panel's JSON and its links, enough to test everything but looks."""

from __future__ import annotations

import html
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from benchgen import codec

STYLE = "assets/base.0123abcd.css"
LINKS = ("href", "previous", "next", "attempt_a", "attempt_b", "badge")


@dataclass
class FakeRenderer:
    """Counts what it renders."""

    fingerprint: str = "fake-1"
    rendered: list[str] = field(default_factory=list)

    def page(self, template: str, panel: object, *, page_path: str, live: bool) -> str:
        self.rendered.append(page_path)
        data = codec.plain(panel)
        base = posixpath.dirname(page_path) or "."
        anchors = "".join(f'<a href="{html.escape(posixpath.relpath(link, base))}">x</a>' for link in links_of(data))
        text = html.escape(codec.json_of(data))
        style = f'<link rel="stylesheet" href="{posixpath.relpath(STYLE, base)}">'
        return f"<!doctype html><title>{template} {live}</title>{style}<pre>{text}</pre>{anchors}"

    def component(self, name: str, panel: object) -> str:
        return f"<section>{name}{html.escape(codec.json_of(codec.plain(panel)))}</section>"

    def assets(self, *, live: bool) -> Mapping[str, bytes]:
        return {STYLE: b"body { margin: 0 }\n"}


def links_of(data: Any) -> Iterator[str]:
    """Every link in a panel, by the names that links have."""
    if isinstance(data, dict):
        for name, value in data.items():
            if isinstance(value, str) and (name in LINKS or name.endswith("_href")):
                yield value
            elif name.endswith("_hrefs"):
                yield from value
            else:
                yield from links_of(value)
    elif isinstance(data, list):
        for value in data:
            yield from links_of(value)
