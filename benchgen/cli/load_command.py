"""`benchgen load`: puts one of LM Studio's models into memory, and the others out of it."""

from __future__ import annotations

import asyncio

import click

from benchgen import codec
from benchgen.cli import options
from benchgen.errors import UsageError
from benchgen.providers.endpoints import LMSTUDIO, endpoint
from benchgen.providers.lmstudio import Shelf
from benchgen.settings import Found


@click.command("load", short_help="Load a model in LM Studio.")
@click.argument("model")
@options.as_json
@click.pass_obj
def command(found: Found, /, model: str, as_json: bool) -> int:
    """Load MODEL, such as lmstudio/liquid/lfm2.5-1.2b, and unload all others; a loaded one stays."""
    name, _, key = model.partition("/")
    if name != LMSTUDIO or not key:
        raise UsageError(f"{model!r} is no model of LM Studio", hint="benchgen list models lmstudio")
    studio = endpoint(LMSTUDIO, found.settings, found.secrets)
    shelf = Shelf(studio.base_url, studio.key)
    asyncio.run(shelf.only(key))
    if as_json:
        click.echo(codec.file({"model": model, "is_loaded": True}), nl=False)
    else:
        click.echo(f"{model} is loaded", err=True)
    return 0
