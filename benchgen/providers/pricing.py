"""What an answer costs: what the provider reports, else a known price, else unknown; settled once, when it arrives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from benchgen.numbers.money import MILLION, Price, TokenCount, cost_of_tokens, nanousd
from benchgen.records.attempt import Usage
from benchgen.settings import PriceEntry


@dataclass(frozen=True, slots=True)
class Priced:
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
    if model in own:
        return Priced(cost_of_tokens(_tokens(usage), _entry(own[model])), "settings")
    known = known_price(model, endpoint)
    return Priced(cost_of_tokens(_tokens(usage), known), "genai-prices") if known else Priced(None, "unknown")


@cache
def known_price(model: str, endpoint: str) -> Price | None:
    """The list price of a model at an endpoint, from the snapshot that came with genai-prices; None when not listed.

    Asked for as the price of a million tokens of each sort: the library's own sums are decimals of dollars.
    """
    from genai_prices import Usage as Tokens  # heavy, and needed only once money is at stake
    from genai_prices import calc_price

    bare = model.split("/", 1)[1] if model.startswith(f"{endpoint}/") else model
    try:
        input_price = calc_price(Tokens(input_tokens=MILLION), bare, provider_id=endpoint).total_price
        output_price = calc_price(Tokens(output_tokens=MILLION), bare, provider_id=endpoint).total_price
        cached = calc_price(Tokens(input_tokens=MILLION, cache_read_tokens=MILLION), bare, provider_id=endpoint)
    except LookupError:
        return None
    return Price(nanousd(float(input_price)), nanousd(float(output_price)), nanousd(float(cached.total_price)))


def _tokens(usage: Usage) -> TokenCount:
    return TokenCount(max(0, usage.input - usage.cached), usage.output, cache_read_tokens=usage.cached)


def _entry(own: PriceEntry) -> Price:
    return Price(nanousd(own.input), nanousd(own.output))
