"""Summaries of readings, and their two ways onto the screen."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from weather.readings import Reading

COLUMNS = ("readings", "min", "max", "mean", "rain")


@dataclass(frozen=True)
class Group:
    """What one station or one day comes to."""

    name: str
    readings: int
    min: str | None
    max: str | None
    mean: str | None
    rain: str | None


def summarise(readings: Iterable[Reading], by: str) -> list[Group]:
    """One group per station or per day in UTC, sorted."""
    groups: dict[str, list[Reading]] = {}
    for reading in readings:
        name = reading.station if by == "station" else reading.time.date().isoformat()
        groups.setdefault(name, []).append(reading)
    return [_group(name, groups[name]) for name in sorted(groups)]


def as_text(by: str, groups: Sequence[Group]) -> str:
    """Lines of cells separated by tabs."""
    lines = [[by, *COLUMNS]]
    lines += [[group.name, *(_cell(getattr(group, column)) for column in COLUMNS)] for group in groups]
    return "".join("\t".join(line) + "\n" for line in lines)


def as_json(by: str, groups: Sequence[Group]) -> str:
    """An array of objects, numbers as numbers."""
    rows = [
        {by: group.name, "readings": group.readings, **{key: _value(getattr(group, key)) for key in COLUMNS[1:]}}
        for group in groups
    ]
    return json.dumps(rows, ensure_ascii=False) + "\n"


def _group(name: str, readings: Sequence[Reading]) -> Group:
    temps = [Fraction(reading.temp_c) for reading in readings if reading.temp_c is not None]
    rains = [Fraction(reading.rain_mm) for reading in readings if reading.rain_mm is not None]
    return Group(
        name,
        len(readings),
        min=_rounded(min(temps)) if temps else None,
        max=_rounded(max(temps)) if temps else None,
        mean=_rounded(sum(temps, Fraction()) / len(temps)) if temps else None,
        rain=_rounded(sum(rains, Fraction())) if rains else None,
    )


def _rounded(value: Fraction) -> str:
    """One decimal, halves away from zero, from the exact value and never by way of a binary one."""
    tenths = int(abs(value) * 10 + Fraction(1, 2))
    sign = "-" if value < 0 and tenths else ""
    return f"{sign}{tenths // 10}.{tenths % 10}"


def _cell(value: str | int | None) -> str:
    return "-" if value is None else str(value)


def _value(value: str | None) -> float | None:
    return None if value is None else float(value)
