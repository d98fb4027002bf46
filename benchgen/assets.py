"""Where templates, static files and the task catalog are, in a wheel and in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def root() -> Path:
    """The folder that holds `templates/` and `static/`: `_assets` of an installed wheel, else the checkout."""
    shipped = _PACKAGE / "_assets"
    return shipped if shipped.is_dir() else _PACKAGE.parent


def templates() -> Path:
    return root() / "templates"


def static() -> Path:
    return root() / "static"


def tasks() -> Path:
    """The built-in catalog; `--tasks-dir` names another."""
    return root() / "tasks"


def package() -> Path:
    """The package's own source folder, part of what decides whether a page must be rendered again."""
    return _PACKAGE
