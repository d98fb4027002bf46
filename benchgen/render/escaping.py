"""How templates escape what they put out: as Jinja does, but without a `Markup` around each piece."""

from __future__ import annotations

from markupsafe import Markup
from markupsafe import escape as escape_any

try:
    from markupsafe import _escape_inner as escape_text  # type: ignore[attr-defined]
except ImportError:  # MarkupSafe 2 made all of it in C, `Markup` included

    def escape_text(text: str, /) -> str:
        """The signs that HTML reads as its own, spelled otherwise."""
        return escape_any(text)


def escape(value: object) -> str:
    """Text that is safe inside HTML; only ever joined with other output, so that it need not be `Markup` by itself."""
    kind = type(value)
    if kind is str:
        return escape_text(value)  # type: ignore[arg-type]
    if kind is Markup:
        return value  # type: ignore[return-value]
    return str(value) if kind is int else escape_any(value)
