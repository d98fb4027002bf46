"""What an answer costs: what the provider reports, else a known price, else unknown; settled once, when it arrives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from benchgen.numbers.money import NANO, Price, TokenCount, cost_of_tokens, nanousd
from benchgen.providers.endpoints import KEYED
from benchgen.record import Record
from benchgen.records.attempt import Usage
from benchgen.settings import PriceEntry

if TYPE_CHECKING:
    from genai_prices.types import TieredPrices


class Priced(Record):
    """A cost in nano-dollars and where it comes from; None and `unknown` when nobody can say."""

    nanousd: int | None
    source: str


def price(
    model: str,
    endpoint: str,
    usage: Usage | None,
    reported_usd: float | None,
    own: Mapping[str, PriceEntry],
    *,
    is_local: bool,
) -> Priced:
    """The cost of one answer."""
    if reported_usd is not None:
        return Priced(nanousd(reported_usd), "reported")
    if is_local and model not in own:
        return Priced(0, "local")
    if usage is None:
        return Priced(None, "unknown")
    known = listed(model, endpoint, usage)
    if known is not None:
        return Priced(known, "genai-prices")
    if model in own:
        return Priced(cost_of_tokens(_tokens(usage), _entry(own[model])), "settings")
    return Priced(None, "unknown")


def listed(model: str, endpoint: str, usage: Usage) -> int | None:
    """What these tokens cost in nano-dollars by the snapshot that came with genai-prices; None when not listed.

    Asked with the tokens as they are: some models cost more a token in a long prompt.
    """
    from genai_prices import Usage as Tokens  # heavy, and needed only once money is at stake
    from genai_prices import calc_price

    tokens = Tokens(input_tokens=usage.input, cache_read_tokens=usage.cached, output_tokens=usage.output)
    try:
        found = calc_price(tokens, model.removeprefix(f"{endpoint}/"), provider_id=endpoint)
    except LookupError:
        return None
    return round(found.total_price * NANO)


def _tokens(usage: Usage) -> TokenCount:
    return TokenCount(max(0, usage.input - usage.cached), usage.output, cache_read_tokens=usage.cached)


def _entry(own: PriceEntry) -> Price:
    return Price(nanousd(own.input), nanousd(own.output))


class ListPrice(Record):
    """One model's price in dollars per million tokens; None where the list says nothing."""

    model: str
    input: float | None
    cached: float | None
    output: float | None
    source: str


def list_prices(own: Mapping[str, PriceEntry], word: str) -> list[ListPrice]:
    """The prices of models whose name contains `word`: of `[prices]`, and of genai-prices for endpoints of ours."""
    from genai_prices.data_snapshot import get_snapshot

    found = [ListPrice(name, e.input, None, e.output, "settings") for name, e in own.items() if word in name.lower()]
    now = datetime.now(UTC)
    for provider in get_snapshot().providers:
        for model in provider.models if provider.id in KEYED else ():
            name = f"{provider.id}/{model.id}"
            if word in name.lower():
                price = model.get_prices(now)
                cached = _dollars(price.cache_read_mtok)
                dollars = _dollars(price.input_mtok), cached, _dollars(price.output_mtok)
                found.append(ListPrice(name, *dollars, "genai-prices"))
    return found


def _dollars(price: Decimal | TieredPrices | None) -> float | None:
    """A price; of one that grows with the prompt, what it begins at."""
    if price is None:
        return None
    return float(price if isinstance(price, Decimal) else price.base)
