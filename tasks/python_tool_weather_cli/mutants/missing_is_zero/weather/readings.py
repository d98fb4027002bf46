"""Turns CSV and JSON into readings, and says what is wrong with them."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NoReturn

NumberIn = Callable[[Any], Decimal | None]
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


class InputError(Exception):
    """The input cannot be used; the text says where and why."""


@dataclass(frozen=True)
class Reading:
    """One measurement; the time is in UTC."""

    station: str
    time: datetime
    temp_c: Decimal | None
    rain_mm: Decimal | None


def read_csv(text: str) -> list[Reading]:
    """Read rows below a heading row."""
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    except csv.Error as error:
        raise InputError(f"broken CSV: {error}") from error
    heading = [cell.strip() for cell in rows[0]] if rows else []
    for field in ("station", "time"):
        if rows and field not in heading:
            raise InputError(f"the heading has no column {field}")
    records = (dict(zip(heading, (cell.strip() for cell in row), strict=False)) for row in rows[1:])
    return _latest(records, _number_in_cell)


def read_json(text: str) -> list[Reading]:
    """Read an array of objects, keeping the digits of its numbers."""
    try:
        records = json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse_constant)
    except ValueError as error:
        raise InputError(f"broken JSON: {error}") from error
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise InputError("not an array of objects")
    return _latest(records, _number_in_json)


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _number_in_cell(cell: Any) -> Decimal | None:
    if not cell:
        return Decimal(0)
    if not NUMBER.fullmatch(cell):
        raise ValueError
    return Decimal(cell)


def _number_in_json(value: Any) -> Decimal | None:
    if value is not None and not isinstance(value, Decimal):
        raise ValueError
    return value


def _latest(records: Iterable[Mapping[str, Any]], number_in: NumberIn) -> list[Reading]:
    latest: dict[tuple[str, datetime], Reading] = {}
    for place, record in enumerate(records, start=1):
        reading = _reading(place, record, number_in)
        latest[reading.station, reading.time] = reading
    return list(latest.values())


def _reading(place: int, record: Mapping[str, Any], number_in: NumberIn) -> Reading:
    station = record.get("station")
    if not isinstance(station, str) or not station:
        _refuse(place, "station", f"not a name: {station!r}")
    time = _time(place, record.get("time"))
    numbers: dict[str, Decimal | None] = {}
    for field in ("temp_c", "rain_mm"):
        try:
            numbers[field] = number_in(record.get(field))
        except ValueError:
            _refuse(place, field, f"not a number: {record[field]!r}")
    rain = numbers["rain_mm"]
    if rain is not None and rain < 0:
        _refuse(place, "rain_mm", f"negative: {rain}")
    return Reading(station, time, numbers["temp_c"], rain)


def _time(place: int, given: Any) -> datetime:
    try:
        time = datetime.fromisoformat(given)
        if _is_date(given):
            raise ValueError
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        _refuse(place, "time", f"not a date and time: {given!r}")


def _is_date(text: str) -> bool:
    """Whether there is no time in it, which `datetime.fromisoformat` would take for midnight."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _refuse(place: int, field: str, reason: str) -> NoReturn:
    raise InputError(f"record {place}: {field}: {reason}")
