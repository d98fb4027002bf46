"""The files that stand beside a live file of that origin: what a run costs, its metrics, its progress, its machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchgen import codec, paths
from benchgen.errors import BadFile
from benchgen.record import Record, field
from benchgen.records.attempt import Usage
from benchgen.records.events import RUNNING_TOTAL, AnswerReceived, Cost, Event
from benchgen.records.report import EngineReport, Metric
from benchgen.records.state import RunState

LARGEST = 1 << 20
_NANO = 1_000_000_000


class Rented(Record):
    """A machine paid by the hour, so far."""

    cost_usd: float | None = None
    hours_elapsed: float | None = None
    instance_type: str | None = None


class Calls(Record):
    """One provider's answers, so far."""

    cost_usd: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    model: str | None = None


class CostsFile(Record):
    """`benchmark_costs.json`; `gpu_time` is one machine, or machines by name."""

    azure_vm: Rented | None = None
    api_calls: dict[str, Calls] = field(default_factory=dict)
    gpu_time: dict[str, Rented | float | str | None] = field(default_factory=dict)


class MetricsFile(Record):
    """`benchmark_metrics.json`, as far as it says what outcomes do not."""

    episode_success_metrics: dict[str, float | None] = field(default_factory=dict)


class ProgressFile(Record):
    """`benchmark_progress.json`."""

    message: str = ""
    tasks_total: int | None = None


class Machine(Record):
    """One line of `vm_registry.json`: whether it runs, nobody can tell from there."""

    name: str
    ssh_host: str | None = None


class Beside(Record):
    """What was found, each None where there is no such file, or none that can be read."""

    costs: CostsFile | None = None
    metrics: MetricsFile | None = None
    progress: ProgressFile | None = None

    @property
    def message(self) -> str:
        """What the harness says of its progress."""
        return self.progress.message if self.progress else ""

    @property
    def total(self) -> int | None:
        """How many tasks there are to do."""
        return self.progress.tasks_total if self.progress else None


NOTHING_BESIDE = Beside()


def read_beside(places: tuple[Path, ...]) -> Beside:
    """The files in the first of these folders that has them."""
    return Beside(
        costs=_first(places, paths.COSTS, CostsFile),
        metrics=_first(places, paths.METRICS, MetricsFile),
        progress=_first(places, paths.PROGRESS, ProgressFile),
    )


def read_machines(root: Path) -> list[Machine]:
    """The machines in a results folder's registry; none where that is missing or half-written."""
    return _read(root / paths.VM_REGISTRY, list[Machine]) or []


def spent(said: CostsFile, state: RunState, at: str) -> Iterator[Event]:
    """What was spent since the log was written: the file holds running totals, the log what is added to them."""
    if said.azure_vm is not None:
        yield from _rented(said.azure_vm, "azure_vm", said.azure_vm.instance_type or "azure_vm", state, at)
    for name, machine in _gpus(said.gpu_time):
        yield from _rented(machine, "gpu_time", name, state, at)
    for provider, calls in said.api_calls.items():
        yield from _called(provider, calls, state, at)


def report_of(said: MetricsFile) -> EngineReport | None:
    """The harness's own metrics, shown as such beside ours."""
    found = tuple(Metric(name, value) for name, value in said.episode_success_metrics.items())
    return EngineReport(metrics=found, source=paths.METRICS, hint="as the harness wrote them") if found else None


def _gpus(said: Mapping[str, Rented | float | str | None]) -> Iterator[tuple[str, Rented]]:
    """Machines by name; or one machine, whose fields lie open and which has no name."""
    yield from ((name, machine) for name, machine in said.items() if isinstance(machine, Rented))
    numbers = {name: value for name, value in said.items() if isinstance(value, int | float)}
    if numbers:
        yield "gpu", Rented(numbers.get("cost_usd"), numbers.get("hours_elapsed"))


def _rented(said: Rented, kind: str, name: str, state: RunState, at: str) -> Iterator[Event]:
    known = state.machines.get(name)
    hours = max(0.0, (said.hours_elapsed or 0.0) - (known.hours if known else 0.0))
    cost = _nano(said.cost_usd) - (known.cost_nanousd if known else 0)
    if cost > 0 or (hours > 0 and known is None):
        yield Cost(at=at, machine=name, kind=kind, hours=hours, cost_nanousd=max(0, cost))


def _called(provider: str, said: Calls, state: RunState, at: str) -> Iterator[Event]:
    model = said.model or provider
    known = state.spending.get(model)
    cost = _nano(said.cost_usd) - (known.cost_nanousd if known else 0)
    given = (said.input_tokens or 0) - (known.input_tokens if known else 0)
    made = (said.output_tokens or 0) - (known.output_tokens if known else 0)
    if max(cost, given, made) <= 0:
        return
    usage = Usage(max(0, given), max(0, made)) if said.input_tokens is not None else None
    price = None if said.cost_usd is None else max(0, cost)
    yield AnswerReceived(
        at=at,
        attempt="",
        turn=0,
        answer_sha256="",
        provider=provider,
        model=model,
        usage=usage,
        cost_nanousd=price,
        price=RUNNING_TOTAL,
    )


def _nano(dollars: float | None) -> int:
    return round((dollars or 0.0) * _NANO)


def _first(places: tuple[Path, ...], name: str, kind: type[Any]) -> Any:  # noqa: ANN401 - of that kind, or None
    return next((found for place in places if (found := _read(place / name, kind)) is not None), None)


def _read(path: Path, kind: Any) -> Any:  # noqa: ANN401 - of that kind, or None
    try:
        if path.is_symlink() or path.stat().st_size > LARGEST:
            return None
        return codec.read(path.read_bytes(), kind, where=str(path))
    except (OSError, BadFile):
        return None
