"""Money as integers of nano-dollars: what a usage costs, sums that know when they are lower bounds, projections."""

from __future__ import annotations

from collections.abc import Iterable

from benchgen.record import Record

NANO = 1_000_000_000
MILLION = 1_000_000
SECONDS_PER_HOUR = 3_600


class Price(Record):
    """Nano-dollars per million tokens, and per request.

    Cached input costs as plain input where its own price is None.
    """

    input_nanousd_per_mtok: int
    output_nanousd_per_mtok: int
    cache_read_nanousd_per_mtok: int | None = None
    cache_write_nanousd_per_mtok: int | None = None
    request_nanousd: int = 0


class TokenCount(Record):
    """Tokens of one answer; cached ones stand apart and are not part of `input_tokens`."""

    input_tokens: int
    output_tokens: int
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0


class Total(Record):
    """A sum of known costs and the number of costs that nobody knows."""

    nanousd: int
    known: int
    unknown: int

    @property
    def is_lower_bound(self) -> bool:
        """Whether something unknown is missing from the sum."""
        return self.unknown > 0

    @property
    def nanousd_or_none(self) -> int | None:
        """The sum, or None when nothing at all is known: unknown is never 0."""
        return self.nanousd if self.known or not self.unknown else None

    def __add__(self, other: Total) -> Total:
        """Both sums in one."""
        return Total(self.nanousd + other.nanousd, self.known + other.known, self.unknown + other.unknown)


class Amount(Record):
    """A derived amount; a lower bound when the total that it comes from is one."""

    nanousd: int
    is_lower_bound: bool


def dollars(nanousd: float | None, *, is_lower_bound: bool = False) -> str:
    """An amount for terminals, logs and sheets, always with four places; one that nobody knows is a word."""
    if nanousd is None:
        return "unknown"
    return ("≥ " if is_lower_bound else "") + f"${nanousd / NANO:.4f}"


def nanousd(dollars: float) -> int:
    """Dollars, as providers report them, to the nearest nano-dollar."""
    return round(dollars * NANO)


def cost_of_tokens(tokens: TokenCount, price: Price) -> int:
    """Tokens times price, rounded once, halves up."""
    read = price.cache_read_nanousd_per_mtok
    write = price.cache_write_nanousd_per_mtok
    plain = price.input_nanousd_per_mtok
    millionths = (
        tokens.input_tokens * plain
        + tokens.output_tokens * price.output_nanousd_per_mtok
        + tokens.cache_read_tokens * (plain if read is None else read)
        + tokens.cache_write_tokens * (plain if write is None else write)
    )
    return _rounded(millionths, MILLION) + price.request_nanousd


def cost_of_answer(reported_dollars: float | None, tokens: TokenCount | None, price: Price | None) -> int | None:
    """What the provider reports, else tokens times price, else None."""
    if reported_dollars is not None:
        return nanousd(reported_dollars)
    return cost_of_tokens(tokens, price) if tokens and price else None


def cost_of_time(seconds: float, nanousd_per_hour: int) -> int:
    """Machine or GPU time at an hourly rate, to whole milliseconds."""
    return _rounded(round(seconds * 1_000) * nanousd_per_hour, SECONDS_PER_HOUR * 1_000)


def total(costs: Iterable[int | None]) -> Total:
    """Sum what is known and count what is not."""
    every = list(costs)
    known = [cost for cost in every if cost is not None]
    return Total(sum(known), len(known), len(every) - len(known))


def cost_per_solve(spent: Total, solved: int) -> Amount | None:
    """All that was spent, failed attempts included, over what was solved; None when nothing was or no cost is known."""
    if solved <= 0 or spent.nanousd_or_none is None:
        return None
    return Amount(_rounded(spent.nanousd, solved), spent.is_lower_bound)


def projected_total(spent: Total, attempts: int) -> Amount | None:
    """What all attempts will cost if the rest cost what the known ones did; None while nothing is known.

    Unknown costs are taken to be as the known ones, but the result is marked as a lower bound.
    """
    if spent.known == 0 or attempts <= 0:
        return None
    remaining = max(0, attempts - spent.known)
    return Amount(spent.nanousd + _rounded(spent.nanousd * remaining, spent.known), spent.is_lower_bound)


def _rounded(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
