"""How an answer to a dataset's row is scored: the closed list of scorers, and what each calls right."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args

from benchgen import codec
from benchgen.catalog.patterns import PatternSearch, fault_of
from benchgen.errors import BadFile
from benchgen.record import Record

Name = Literal["exact", "includes", "regex", "numeric", "choice", "json", "none"]
NAMES: tuple[Name, ...] = get_args(Name)
TOLERANCE = 1e-6
_NUMBER = re.compile(r"[-+]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d{1,3})?")
_FENCE = re.compile(r"```(?:json)?[^\S\n]*\n(.*?)```", re.DOTALL)
_BARE = re.compile(r"[\W_]{0,8}([A-Za-z])[\W_]{0,8}")
_NAMED = re.compile(r"(?i:answer|choice|option)(?i:\s+is)?[\s:*_(\[]{1,8}([A-Za-z])(?![A-Za-z])")
_MARKED = re.compile(r"(?:^|[\s*_])[(\[]?([A-Z])[)\].:](?=[\s*_]|$)")


class Scorer(Record):
    """One scorer with what it compares to; `tolerance` is numeric's, absolute and relative at once."""

    name: Name
    expected: Any = None
    tolerance: float = TOLERANCE


class Scored(Record):
    """1 right, 0 wrong, None not scored. `message` says why it is not right; `fault`: nobody could tell."""

    value: float | None
    message: str = ""
    fault: bool = False


class BadScorer(ValueError):
    """A row's scorer, or what it expects, makes no sense."""


def scorer_of(spec: object, expected: object) -> Scorer:
    """The scorer that a row asks for; without a name, the one that fits what is expected. BadScorer."""
    options: Mapping[str, Any] = spec if isinstance(spec, Mapping) else {"name": spec}
    name = options.get("name")
    if name is None:
        name = _default(expected)
    if name not in NAMES:
        raise BadScorer(f"unknown scorer {str(name)[:40]!r}: one of {', '.join(NAMES)}")
    unknown = set(options) - {"name", "tolerance"}
    if unknown or ("tolerance" in options and name != "numeric"):
        raise BadScorer(f"the scorer {name} has no setting {min(unknown or {'tolerance'})!r}")
    tolerance = options.get("tolerance", TOLERANCE)
    if not _is_number(tolerance) or tolerance < 0:
        raise BadScorer("`tolerance` is no number from 0 up")
    if name != "none" and expected is None:
        raise BadScorer(f"the scorer {name} needs `expected`")
    found = Scorer(name, expected, float(tolerance))
    _CHECKS.get(name, _any)(found)
    return found


def spelled_scorer(spec: str | Mapping[str, Any], expected: object) -> Scorer:
    """The scorer of a line that was checked before; what is no such line is checked, and refused, as any other."""
    if isinstance(spec, str) and spec in NAMES:
        return Scorer(spec, expected)
    return scorer_of(spec, expected)


def score(scorer: Scorer, answer: str, patterns: PatternSearch) -> Scored:
    """What an answer is worth."""
    if scorer.name == "none":
        return Scored(None)
    if scorer.name == "regex":
        return _regex(scorer, answer, patterns)
    return _JUDGES[scorer.name](scorer, answer)


def right_answer(scorer: Scorer) -> str | None:
    """An answer that the scorer calls right; None where what is expected does not tell one."""
    if scorer.name in ("regex", "none"):
        return None
    if scorer.name in ("exact", "includes", "choice"):
        return _texts(scorer)[0]
    expected = scorer.expected
    return expected if isinstance(expected, str) and scorer.name == "numeric" else codec.compact(expected).decode()


def _default(expected: object) -> Name:
    if expected is None:
        return "none"
    if _is_number(expected):
        return "numeric"
    is_text = isinstance(expected, str) or (isinstance(expected, list) and all(isinstance(e, str) for e in expected))
    return "exact" if is_text and expected else "json"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _any(scorer: Scorer) -> None:
    """Any JSON may be expected."""


def _texts(scorer: Scorer) -> list[str]:
    """What is expected, as texts: one is enough."""
    wanted = scorer.expected if isinstance(scorer.expected, list) else [scorer.expected]
    if not wanted or not all(isinstance(text, str) and text.strip() for text in wanted):
        raise BadScorer(f"the scorer {scorer.name} expects a text, or a list of texts, none of them empty")
    return wanted


def _check_regex(scorer: Scorer) -> None:
    for pattern in _texts(scorer):
        fault = fault_of(pattern)
        if fault:
            raise BadScorer(fault)


def _check_numeric(scorer: Scorer) -> None:
    if not _is_number(scorer.expected) and _last_number(str(scorer.expected)) is None:
        raise BadScorer("the scorer numeric expects a number")


def _check_choice(scorer: Scorer) -> None:
    if not all(re.fullmatch(r"\s*[A-Za-z]\s*", text) for text in _texts(scorer)):
        raise BadScorer("the scorer choice expects one letter, or a list of letters")


def _exact(scorer: Scorer, answer: str) -> Scored:
    right = answer.strip() in (text.strip() for text in _texts(scorer))
    return _verdict(right, f"not exactly {_shown(scorer)}")


def _includes(scorer: Scorer, answer: str) -> Scored:
    said = answer.casefold()
    return _verdict(any(text.strip().casefold() in said for text in _texts(scorer)), f"without {_shown(scorer)}")


def _regex(scorer: Scorer, answer: str, patterns: PatternSearch) -> Scored:
    for pattern in _texts(scorer):
        found = patterns.search(pattern, answer)
        if found is None:
            return Scored(None, f"the pattern '{_on_a_line(pattern)[:80]}' took too long on this answer", fault=True)
        if found:
            return Scored(1.0)
    return Scored(0.0, f"no match of {_shown(scorer)}")


def _numeric(scorer: Scorer, answer: str) -> Scored:
    wanted = float(scorer.expected) if _is_number(scorer.expected) else _last_number(str(scorer.expected))
    said = _last_number(answer)
    if said is None or wanted is None:
        return Scored(0.0, "no number in the answer")
    right = math.isclose(said, wanted, rel_tol=scorer.tolerance, abs_tol=scorer.tolerance)
    return _verdict(right, f"{said:.12g} instead of {wanted:.12g}")


def _last_number(text: str) -> float | None:
    """The last number of a text: answers end with their result."""
    found = _NUMBER.findall(text)
    number = float(found[-1].replace(",", "")) if found else None
    return number if number is not None and math.isfinite(number) else None


def _choice(scorer: Scorer, answer: str) -> Scored:
    letter = _letter(answer)
    if letter is None:
        return Scored(0.0, "no letter chosen")
    right = letter in (text.strip().upper() for text in _texts(scorer))
    return _verdict(right, f"{letter} instead of {_shown(scorer)}")


def _letter(answer: str) -> str | None:
    """The chosen letter: the answer is nothing else, or says `answer: B`, or marks it as `(B)` or `B.` at last."""
    bare = _BARE.fullmatch(answer.strip())
    if bare:
        return bare[1].upper()
    for pattern in (_NAMED, _MARKED):
        found = pattern.findall(answer)
        if found:
            return str(found[-1]).upper()
    return None


def _json(scorer: Scorer, answer: str) -> Scored:
    fenced = _FENCE.findall(answer)
    try:
        said = codec.parse((fenced[-1] if fenced else answer).strip(), where="the answer")
    except BadFile:
        return Scored(0.0, "the answer is no JSON")
    return _verdict(same_json(said, scorer.expected), f"not equal to {_shown(scorer)}")


def same_json(one: object, other: object) -> bool:
    """Equality as JSON means it: 1 is 1.0, true is not 1, the order of keys does not matter."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_json(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    return one == other


_RIGHT = Scored(1.0)


def _verdict(right: bool, otherwise: str) -> Scored:
    return _RIGHT if right else Scored(0.0, otherwise)


def _shown(scorer: Scorer) -> str:
    expected = scorer.expected
    text = expected if isinstance(expected, str) else codec.compact(expected).decode()
    return f"'{_on_a_line(text)[:80]}'"


def _on_a_line(text: str) -> str:
    """What was expected as it was written, a pattern's backslashes too, but for line breaks and the like."""
    return "".join(char if char.isprintable() else " " for char in text)


_CHECKS: Mapping[str, Callable[[Scorer], object]] = {
    "exact": _texts,
    "includes": _texts,
    "regex": _check_regex,
    "numeric": _check_numeric,
    "choice": _check_choice,
}
_JUDGES: Mapping[str, Callable[[Scorer, str], Scored]] = {
    "exact": _exact,
    "includes": _includes,
    "numeric": _numeric,
    "choice": _choice,
    "json": _json,
}
