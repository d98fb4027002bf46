"""Histograms of how long attempts and answers took, in log bins, with median and tail."""

from __future__ import annotations

from array import array
from typing import Literal

from benchgen.numbers.describe import Histogram, Summary, log_histogram, summarise
from benchgen.record import Record
from benchgen.records.state import RunState

Measure = Literal["attempt", "answer"]


class LatencyHistogram(Record):
    """Seconds of one measure: whole attempts, or the provider's answers."""

    measure: Measure
    histogram: Histogram
    summary: Summary


class Latency(Record):
    """The histograms of a run; a measure nobody took is left out."""

    run_id: str
    histograms: tuple[LatencyHistogram, ...]


def latency(state: RunState) -> Latency:
    """Durations of the attempts that ended by the model's doing, whose median a run's figures show; all answers."""
    measures: dict[Measure, array[float]] = {"attempt": array("d"), "answer": array("d")}
    for row in state.counted_rows():
        if row.is_timed:
            measures["attempt"].append(row.seconds)
        if row.api_latency_seconds is not None:
            measures["answer"].append(row.api_latency_seconds)
    return Latency(
        state.config.run_id,
        tuple(LatencyHistogram(name, log_histogram(v), summarise(v)) for name, v in measures.items() if v),
    )
