"""`benchgen prices`: what models cost, and where each price comes from."""

from __future__ import annotations

import click

from benchgen import codec
from benchgen.cli import options
from benchgen.cli.tables import show, table
from benchgen.cli.words import printable
from benchgen.errors import NotFound
from benchgen.providers.pricing import ListPrice, list_prices
from benchgen.settings import Found


@click.command("prices", short_help="Show what models cost.")
@click.argument("model", required=False)
@options.as_json
@click.pass_obj
def command(found: Found, /, model: str | None, as_json: bool) -> int:
    """Show the prices of models whose name contains MODEL: those from `[prices]`, and those of genai-prices."""
    prices = list_prices(found.settings.prices, (model or "").lower())
    if not prices:
        raise NotFound(
            f"no price is known for {model!r}; its costs would be shown as unknown",
            hint='add it to benchgen.toml: [prices."endpoint/model"] with input and output, dollars per million tokens',
        )
    if as_json:
        click.echo(codec.file(prices), nl=False)
        return 0
    listed = table("dollars per million tokens", "input", "cached input", "output", "from", numbers=True)
    for price in prices:
        listed.add_row(printable(price.model), *_cells(price), price.source)
    show(listed)
    return 0


def _cells(price: ListPrice) -> tuple[str, ...]:
    return tuple("" if value is None else f"{value:g}" for value in (price.input, price.cached, price.output))
