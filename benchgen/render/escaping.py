"""How templates escape what they put out: as Jinja does, but quickly for the short plain pieces that most output is."""

from __future__ import annotations

import re

from markupsafe import Markup
from markupsafe import escape as escape_any

SHORT = 256
_is_special = re.compile("[&<>'\"]").search


def escape(value: object) -> str:
    """Text that is safe inside HTML; only ever joined with other output, so that it need not be `Markup` by itself."""
    kind = type(value)
    if kind is str:
        text: str = value  # type: ignore[assignment]
        return text if len(text) < SHORT and _is_special(text) is None else escape_any(text)
    if kind is Markup:
        return value  # type: ignore[return-value]
    return str(value) if kind is int else escape_any(value)
