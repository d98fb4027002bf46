"""`[site]` of the settings as what a site needs of it: texts read, the address checked."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from benchgen.errors import BadFile, UsageError
from benchgen.panels.appearance import About, Appearance, about
from benchgen.settings import Settings


def appearance_of(settings: Settings, base_url: str | None = None) -> Appearance:
    """How the site looks; `base_url` stands in for that of the settings. BadFile names a text that is not there."""
    pages = tuple(_page(settings.folder / name) for name in settings.site.about)
    paths = [page.path for page in pages]
    if len(paths) != len(set(paths)):
        raise UsageError("two files would become the same page", where="about in [site]")
    return Appearance(settings.site.title, _address(base_url or settings.site.base_url), pages)


def _page(path: Path) -> About:
    try:
        return about(path.stem, path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as fault:
        raise BadFile(f"cannot be read: {fault}", where=f"{path}, named in [site]") from fault


def _address(text: str | None) -> str | None:
    if text is None:
        return None
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise UsageError(
            f"{text!r} is no address of a site", where="base URL", hint="such as https://me.github.io/bench/"
        )
    return text.rstrip("/") + "/"
