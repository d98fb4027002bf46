"""How long names are shortened: in their middle, and so that different ones look different."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from markupsafe import Markup


def short(text: str, length: int = 40) -> str:
    """A long name with its middle left out, the whole in its title; a short one as it is, yet to be escaped."""
    return titled(clipped(text, length), text)


def titled(shown: str, text: str) -> str:
    """A name as it is shown, with the whole in its title where that is more."""
    return text if shown == text else Markup('<span title="{}">{}</span>').format(text, shown)


def jointed(text: str) -> str:
    """A name that a narrow column may break after each underscore, not in the middle of a word; yet to be escaped."""
    return text if "_" not in text else Markup("_<wbr>").join(text.split("_"))


def clipped(text: str, length: int) -> str:
    """A name cut in its middle, for charts: what is pointed at says it whole."""
    head = length * 2 // 3
    return text if len(text) <= length else f"{text[:head]}…{text[head + 1 - length :]}"


def apart(names: Iterable[str], length: int) -> list[str]:
    """Names cut to a length, each as it is told from all others: where two would look the same, by what differs."""
    every = list(names)
    return _told(every, [lambda name: clipped(name, length), *_telling(every, length)])


def heads(names: Iterable[str], length: int) -> list[str]:
    """The same for the heads of columns: without the provider where the rest of the name is enough."""
    every = list(names)
    return _told(
        every,
        [
            lambda name: clipped(name.rpartition("/")[2], length),
            lambda name: clipped(name, length),
            *_telling(every, length),
        ],
    )


def _told(names: Sequence[str], ways: Iterable[Callable[[str], str]]) -> list[str]:
    """Each name by the first way that gives it to no other; the last way gives it whole."""
    found: dict[str, str] = {}
    for way in ways:
        cut = {name: way(name) for name in dict.fromkeys(names) if name not in found}
        times = Counter([*found.values(), *cut.values()])
        found |= {name: shown for name, shown in cut.items() if times[shown] == 1}
    return [found.get(name, name) for name in names]


def _telling(names: Sequence[str], length: int) -> list[Callable[[str], str]]:
    """The ways for names that look alike: around what differs, and whole."""
    return [lambda name: _around(name, names, length), str]


def _around(name: str, names: Iterable[str], length: int) -> str:
    """A long name by its beginning and by what follows once it parts from the one that is most like it."""
    if len(name) <= length:
        return name
    head = length // 3
    room = length - head - 1
    parting = max(_parting(name, other) for other in names if other != name)
    return f"{name[:head]}…{clipped(name[max(head, min(parting, len(name) - room)) :], room)}"


def _parting(one: str, other: str) -> int:
    """How many signs two names begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
