"""The domains panel: the success rate of each domain with what it rests on."""

from __future__ import annotations

from benchgen.panels.breakdown import Breakdown, Group, breakdown
from benchgen.record import Record
from benchgen.records.state import RunState


class Domains(Record):
    """Results by domain, the best first; domains nothing could be evaluated of come last."""

    run_id: str
    groups: tuple[Group, ...]


def domains(state: RunState) -> Domains:
    by_domain: Breakdown = breakdown(state, "domain")
    return Domains(state.config.run_id, tuple(sorted(by_domain.groups, key=_best_first)))


def _best_first(group: Group) -> tuple[float, str]:
    return (-group.rate.value if group.rate.value is not None else 1.0, group.key)
