"""Runs of other harnesses that lie among the results are taken in by the code that imports them."""

from __future__ import annotations

from pathlib import Path

from benchgen.following.whole import TakeIn
from benchgen.redact import Redactor
from benchgen.settings import Found
from benchgen.store.guests import Origin


def taker(root: Path, found: Found | None) -> TakeIn:
    """Who takes them in; what that needs is loaded when the first one is found."""
    redactor = Redactor(found.secrets.keys) if found else Redactor()
    prices = found.settings.prices if found else {}

    def take_in(folder: Path, run_id: str, origin: Origin) -> None:
        from benchgen.imports.folder import import_folder
        from benchgen.imports.place import Place

        import_folder(folder, Place(root, redactor, prices, origin, run_id))

    return take_in
