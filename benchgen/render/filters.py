"""How numbers, times and links are written: the one place where anything is rounded."""

from __future__ import annotations

import math
import posixpath
from collections.abc import Iterable
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from benchgen import paths
from benchgen.clock import between
from benchgen.numbers.rates import Interval, Rate
from benchgen.numbers.sentences import in_percent, p_words, rate_sentence
from benchgen.panels.costs import Money
from benchgen.records.attempt import CaseResult
from benchgen.render.escaping import escape
from benchgen.render.names import apart, clipped, heads, jointed, short, titled

# The page being rendered. Macros are imported without context, or Jinja would build them anew for every page.
page_path: ContextVar[str] = ContextVar("page_path")

NBSP = "\u00a0"
UNKNOWN = "unknown"
_FORMS = {"day": slice(10), "minute": slice(16), "second": slice(19), "brief": slice(5, 16)}
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def percent(share: float | None) -> str:
    """A rate with one decimal, `61.9 %`; a dash where there is no result, never 0."""
    return "–" if share is None else f"{in_percent(share)}{NBSP}%"


def whole(share: float | None) -> str:
    """A rate in whole percent without the sign, as intervals are written."""
    return "–" if share is None else f"{100 * share:.0f}"


def done(share: float) -> str:
    """How much of a work is done, in whole percent without the sign: 100 once all of it is, not before."""
    return f"{math.floor(100 * share)}"


def solved(rate: Rate) -> str:
    """How many of the evaluated attempts passed, `27/31`; a dash where none could be evaluated."""
    return f"{count(rate.passed)}/{count(rate.evaluated)}" if rate.evaluated else "–"


def held(sentence: str) -> str:
    """A sentence in which a line never ends between a figure and its sign or unit."""
    for unit in ("%", "pp"):
        sentence = sentence.replace(f" {unit}", f"{NBSP}{unit}")
    return sentence.replace("≥ ", f"≥{NBSP}").replace("≤ ", f"≤{NBSP}")


def points(difference: float | None) -> str:
    """A difference of rates in percentage points with its sign, `+3.2`."""
    if difference is None:
        return "–"
    text = f"{100 * difference:+.1f}"
    return "±0.0" if text in ("+0.0", "-0.0") else text.replace("-", "−")


def p_value(p: float | None) -> str:
    """A p-value with two significant digits, never 0.00."""
    return "–" if p is None else p_words(p).removeprefix("p ").removeprefix("= ")


def money(amount: Money | None) -> str:
    """An amount with all that is known of it: `$1.38`, `≥ $0.410`, `unknown`, `local`; a dash where there is none."""
    if amount is None:
        return "–"
    if amount.is_local:
        return "local"
    text = dollars(amount.nanousd)
    return f"≥{NBSP}{text}" if amount.is_lower_bound and amount.nanousd is not None else text


def dollars(nanousd: int | None) -> str:
    """Nano-dollars as dollars, with more places for small amounts; `unknown` is a word, never `$0`."""
    if nanousd is None:
        return UNKNOWN
    amount = nanousd / 1e9
    if 0 < amount < 0.0001:
        return f"<{NBSP}$0.0001"
    digits = 2 if amount >= 1 or nanousd == 0 else 3 if amount >= 0.01 else 4
    return f"${amount:,.{digits}f}"


def duration(seconds: float | None) -> str:
    """A length of time with its two largest units, `20 min 34 s`; below ten seconds with one decimal."""
    if seconds is None:
        return "–"
    if 0 < seconds < 0.0005:
        return f"{1e6 * seconds:.0f}{NBSP}µs"
    if seconds < 0.9995:
        return f"{1000 * seconds:.0f}{NBSP}ms"
    if seconds < 9.95:
        return f"{seconds:.1f}{NBSP}s"
    total = round(seconds)
    if total < _MINUTE:
        return f"{total}{NBSP}s"
    if total < _HOUR:
        return _two(total, _MINUTE, "min", 1, "s")
    if total < _DAY:
        return _two(total, _HOUR, "h", _MINUTE, "min")
    return _two(total, _DAY, "d", _HOUR, "h")


def _two(total: int, large: int, large_name: str, small: int, small_name: str) -> str:
    first, rest = divmod(total, large)
    second = rest // small
    return f"{first}{NBSP}{large_name}" + (f"{NBSP}{second}{NBSP}{small_name}" if second else "")


def count(number: float | None) -> str:
    """A whole number with thin groups, `12,480`."""
    return "–" if number is None else f"{number:,.0f}"


def usage(tokens_in: int, tokens_out: int | None) -> str:
    """Tokens in and out, `1,200 in, 300 out`."""
    return f"{count(tokens_in)} in, {count(tokens_out)} out"


def decimal(number: float | None, digits: int = 1) -> str:
    """A number with a fixed number of decimals."""
    return "–" if number is None else f"{number:,.{digits}f}"


def pace(number: float | None) -> str:
    """Tokens a second: from a hundred on in whole numbers, for nobody measures them closer."""
    return decimal(number, 0 if number is not None and number >= 100 else 1)


def size(number: int | None) -> str:
    """A number of bytes in the largest unit that leaves one digit before the point."""
    if number is None:
        return "–"
    amount = float(number)
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            return f"{amount:.0f}{NBSP}{unit}" if unit == "B" or amount >= 10 else f"{amount:.1f}{NBSP}{unit}"
        amount /= 1000
    raise AssertionError("the loop returns at its last unit")


def instant(at: str | None, form: str = "minute") -> Markup:
    """An instant as a `<time>` element in UTC, to the `minute`, `second` or `day`; `brief` leaves out the year.

    `folding` is the minute, of which a narrow screen shows month and day alone.
    """
    if at is None:
        return Markup("–")
    if form == "folding":
        year, day, clock = (escape(part) for part in (at[:5], at[5:10], f" {at[11:16]}"))
        parted = f'<span class="extra">{year}</span>{day}<span class="extra">{clock}</span>'
        return Markup(f'<time datetime="{escape(at)}">{parted}</time>')  # noqa: S704 - every part is escaped
    shown = at[_FORMS[form]].replace("T", " ")
    return Markup(f'<time datetime="{escape(at)}">{escape(shown)}</time>')  # noqa: S704 - both parts are escaped


def elapsed(start: str | None, end: str | None) -> str:
    """The time between two instants."""
    if start is None or end is None:
        return "–"
    return duration(between(start, end))


def interval(found: Interval | None) -> str:
    """An interval in whole percent, `29–62`."""
    return "–" if found is None else f"{whole(found.low)}–{whole(found.high)}"


def words(name: str) -> str:
    """A name of the code as words, `api_error` as `api error`."""
    return name.replace("_", " ")


def plural(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun, `1 task`, `6 tasks`."""
    return f"{count(number)}{NBSP}{one if number == 1 else many or one + 's'}"


def sentence(found: Iterable[Any], attribute: str = "") -> str:
    """Words, or an attribute of each thing, as a list in a sentence, `a, b and c`."""
    words = [getattr(one, attribute) if attribute else one for one in found]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + f" and {words[-1]}" if words else ""


def failed_first(cases: Iterable[CaseResult]) -> list[CaseResult]:
    """Cases with what is not passed before the rest, each in the order it came in."""
    return sorted(cases, key=lambda case: case.status == "passed")


@pass_context
def href(_context: Context, target: str) -> str:
    """A path from the site's root as a link relative to the page that is rendered; outside links stay as they are.

    It takes a context, which it does not need, so that Jinja never folds a constant link into the first page's.
    """
    if target.startswith(("https://", "http://", "#", "?")):
        return target
    path, mark, rest = _split(target)
    folder, slash, _ = page_path.get().rpartition("/")
    if slash and path.startswith(folder + slash):
        return path[len(folder) + 1 :] + mark + rest
    return _relative(path, folder) + mark + rest


@lru_cache(65536)
def _relative(path: str, folder: str) -> str:
    """A path as seen from a folder, both from the root; a page repeats its links, and posixpath asks for the cwd."""
    return posixpath.relpath(f"/{path}", f"/{folder}")


def _split(target: str) -> tuple[str, str, str]:
    for mark in "?#":
        if mark in target:
            path, _, rest = target.partition(mark)
            return path, mark, rest
    return target, "", ""


FILTERS = {
    "percent": percent,
    "whole": whole,
    "done": done,
    "held": held,
    "points": points,
    "p_value": p_value,
    "money": money,
    "dollars": dollars,
    "interval": interval,
    "solved": solved,
    "words": words,
    "slug": paths.slug,
    "rate_sentence": rate_sentence,
    "duration": duration,
    "count": count,
    "usage": usage,
    "decimal": decimal,
    "pace": pace,
    "size": size,
    "instant": instant,
    "plural": plural,
    "short": short,
    "clipped": clipped,
    "jointed": jointed,
    "titled": titled,
    "apart": apart,
    "heads": heads,
    "sentence": sentence,
    "href": href,
    "failed_first": failed_first,
}
