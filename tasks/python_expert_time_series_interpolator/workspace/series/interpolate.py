"""Values of a series of readings at the times between them."""

from collections.abc import Iterable
from typing import Literal

Method = Literal["linear", "previous", "monotone"]
Outside = Literal["nan", "hold", "error"]
Time = int | float


def interpolate(
    readings: Iterable[tuple[Time, float | None]],
    at: Iterable[Time],
    *,
    method: Method = "linear",
    outside: Outside = "nan",
    max_gap: float | None = None,
) -> list[float]:
    """Return the value of the series at each time in `at`."""
    raise NotImplementedError
