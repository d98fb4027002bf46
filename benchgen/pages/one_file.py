"""A run as one file that can be sent: its page, what lies below it, and how its numbers are made."""

from __future__ import annotations

from collections.abc import Iterable

from benchgen.errors import UsageError
from benchgen.pages.page import Page, Renderer
from benchgen.pages.run_pages import RunPages
from benchgen.panels import links

LARGEST = 64 << 20


def one_file(run: RunPages, methods: Page | None, renderer: Renderer, title: str) -> bytes:
    """One HTML document without a link to another file. UsageError for a run that is too large for that."""
    sheets: list[tuple[str, str]] = []
    pictures: dict[str, bytes] = {}
    size = 0
    for page in _shown(run.in_one(), methods):
        content = page.render()
        size += len(content)
        if size > LARGEST:
            hint = "benchgen build writes a site, whose pages are read one by one"
            raise UsageError(f"the run is larger than one file should be, {LARGEST >> 20} MiB", hint=hint)
        if links.is_picture(page.path):
            pictures[page.path] = content
        else:
            sheets.append((page.path, content.decode()))
    return renderer.one_file(title, sheets, pictures).encode("utf-8", "replace")


def _shown(pages: Iterable[Page], methods: Page | None) -> Iterable[Page]:
    for page in pages:
        if page.path.endswith(".html") or links.is_picture(page.path):
            yield page
    if methods is not None:
        yield methods
