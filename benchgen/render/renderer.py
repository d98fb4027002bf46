"""Panels to HTML, for pages on disk and for the live stream alike: the same macros, the same bytes."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from importlib.metadata import version

from jinja2 import Environment, Template
from markupsafe import Markup

from benchgen import __version__, assets
from benchgen.panels.appearance import Appearance
from benchgen.render import filters
from benchgen.render.assets import Assets, collect
from benchgen.render.compiled import Compiled
from benchgen.render.environment import make_environment
from benchgen.render.kept import place_of
from benchgen.render.one_file import OneFile, Sheet

# Signs that show nothing but change how the rest is read: names and notes come from outside as much as answers do.
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SHOWN = bytes([9, 10, *range(32, 127)])
_LIBRARIES = ("jinja2", "markdown", "nh3", "markupsafe")


class Renderer:
    """Renders with the templates and static files that came with benchgen."""

    def __init__(self, options: Mapping[str, str] | None = None, appearance: Appearance = Appearance()) -> None:
        self._options, self._appearance = dict(options or {}), appearance
        self._environment: Environment = make_environment(assets.templates(), Compiled(self._sources))

    @cached_property
    def _assets(self) -> Assets:
        return collect(assets.static())

    @cached_property
    def _sources(self) -> str:
        total = hashlib.sha256()
        for place, name in _inputs():
            with open(f"{place}/{name}", "rb", buffering=0) as file:  # noqa: PTH123 - half of the time was for `Path`s
                total.update(f"{name}\0".encode() + file.read())
        for library in _LIBRARIES:
            total.update(f"{library} {version(library)}\0".encode())
        return total.hexdigest()

    @cached_property
    def fingerprint(self) -> str:
        """A name for everything that decides how a page looks: sources, templates, static files, library versions."""
        return hashlib.sha256(
            f"{self._sources} {sorted(self._options.items())!r} {self._appearance.everywhere}".encode()
        ).hexdigest()[:16]

    @cached_property
    def inline_style_hash(self) -> str:
        """What a page that carries the style itself must allow, for it has no other way to ask for it."""
        return base64.b64encode(hashlib.sha256(self._assets.plain).digest()).decode()

    def page(self, template: str, panel: object, *, page_path: str, live: bool) -> str:
        """A whole page; `page_path` decides its relative links."""
        filters.page_path.set(page_path)
        text = self._template(f"pages/{template}.html").render(panel=panel, **self._context(page_path, live))
        return _visible(text)

    def one_file(self, title: str, sheets: Sequence[Sheet], pictures: Mapping[str, bytes]) -> str:
        """Pages as one document that needs no other file; the first is shown until a link leads to another."""
        panel = OneFile(sheets, pictures, self._assets)
        template = self._template("pages/one_file.html")
        return template.render(panel=panel, title=title, **self._context(sheets[0][0], live=False))

    def component(self, name: str, panel: object, *, page_path: str = "live/index.html") -> str:
        """One panel by its macro, as the live stream sends it to the page at `page_path`."""
        filters.page_path.set(page_path)
        macro = getattr(self._template(f"components/{name}.html").module, name)
        return _visible(str(macro(panel)))

    def assets(self, *, live: bool) -> Mapping[str, bytes]:
        """The static files by page path."""
        return {**self._assets.files, **self._assets.served} if live else self._assets.files

    def _template(self, name: str) -> Template:
        return self._environment.get_template(name)

    def _context(self, page_path: str, live: bool) -> dict[str, object]:
        return {
            **self._same_everywhere,
            "page_path": page_path,
            "place": place_of(page_path),
            "live": live,
        }

    @cached_property
    def _same_everywhere(self) -> dict[str, object]:
        return {
            "style": self._assets.style,
            "script": self._assets.script,
            "inline_style": Markup(self._assets.plain.decode()),  # noqa: S704 - our own style sheet
            "inline_style_hash": self.inline_style_hash,
            "assets": self._assets.named,
            "version": __version__,
            "options": self._options,
            "appearance": self._appearance,
        }


def _visible(text: str) -> str:
    """The text without hidden signs. Few pages have one: what is plain is taken out first, and the rest looked at."""
    odd = text.encode("utf-8", "surrogatepass").translate(None, _SHOWN).decode("utf-8", "surrogatepass")
    return _HIDDEN.sub("", text) if _HIDDEN.search(odd) else text


def _inputs() -> Iterator[tuple[str, str]]:
    """The folder and the name of each file that pages are made with."""
    for folder, ending in ((assets.package(), ".py"), (assets.templates(), ".html"), (assets.static(), "")):
        for place, inner, names in os.walk(folder):
            inner[:] = sorted(set(inner) - {"_assets", "__pycache__"})
            yield from ((place, name) for name in sorted(names) if name.endswith(ending))
