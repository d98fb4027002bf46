"""Half-open intervals of whole numbers, and the bookings of a room made of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, order=True)
class Interval:
    """The moments from `start` up to, but not including, `end`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"{self.end} comes before {self.start}")


def overlaps(a: Interval, b: Interval) -> bool:
    """Whether there is a moment that both intervals hold."""
    return max(a.start, b.start) < min(a.end, b.end)


def merge(intervals: Sequence[Interval]) -> list[Interval]:
    """The fewest intervals that hold exactly the moments of the given ones."""
    merged: list[Interval] = []
    for interval in sorted(intervals):
        if merged and interval.start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, interval.end))
        else:
            merged.append(interval)
    return merged


def conflicts(bookings: Sequence[Interval]) -> list[tuple[int, int]]:
    """The positions of every two bookings that overlap."""
    return [(i, j) for (i, a), (j, b) in combinations(enumerate(bookings), 2) if overlaps(a, b)]


def free(bookings: Sequence[Interval], day: Interval) -> list[Interval]:
    """The parts of the day that no booking holds."""
    gaps = []
    start = day.start
    for booking in merge(bookings):
        if overlaps(booking, day):
            if start < booking.start:
                gaps.append(Interval(start, booking.start))
            start = booking.end
    if start < day.end:
        gaps.append(Interval(start, day.end))
    return gaps
