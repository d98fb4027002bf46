"""Prints the panels of a page as frames for its stream; one is rendered only when its record has changed."""

from __future__ import annotations

from collections.abc import Mapping

from benchgen import codec
from benchgen.render.renderer import Renderer

MOST_HELD = 400


class Press:
    """The same macros as the pages', called once for each state of a panel."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._held: dict[tuple[str, str], tuple[object, str]] = {}

    def frames(self, page_path: str, panels: Mapping[str, object]) -> dict[str, str]:
        """A frame for each panel by its name; `breakdown-language` is printed by the macro `breakdown`."""
        if len(self._held) > MOST_HELD:
            self._held.clear()
        return {name: self._frame(page_path, name, panel) for name, panel in panels.items()}

    def _frame(self, page_path: str, name: str, panel: object) -> str:
        before = self._held.get((page_path, name))
        if before is not None and before[0] == panel:
            return before[1]
        html = self._renderer.component(name.partition("-")[0], panel, page_path=page_path)
        frame = codec.json_of({"id": name, "html": html})
        self._held[page_path, name] = (panel, frame)
        return frame
