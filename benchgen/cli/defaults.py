"""Reads every source of settings once, and hands them to commands as the defaults of their options."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from benchgen import settings

# Commands below a group; click hands a group's part of the defaults on by their names.
SUBCOMMANDS = ("tasks", "runs", "evals", "verify", "lint", "new", "import", "add", "list", "show", "rm")


def load(context: click.Context, commands: Iterable[str], env_file: Path | None) -> None:
    """Puts what was found into the context: the whole as its object, the values as defaults."""
    found = settings.read(os.environ, Path.cwd(), env_file)
    context.obj = found
    context.default_map = {name: _defaults(found.settings) for name in commands}


def _defaults(known: settings.Settings) -> dict[str, Any]:
    own: dict[str, Any] = {name: value.value for name, value in known.values.items() if value.value is not None}
    if "model" in own:
        own["models"] = [own["model"]]
    return {**own, **dict.fromkeys(SUBCOMMANDS, own)}
