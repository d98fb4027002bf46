"""Whatever is killed, resumed and retried in whatever order: the costs of the attempts add up to that of the run."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

import toys
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchgen.catalog.tasks import Catalog
from benchgen.clock import Clock
from benchgen.plan import RunRequest, Surroundings, plan
from benchgen.providers.answer import Answer, ApiError, Request
from benchgen.record import field_names, replace
from benchgen.records.attempt import Usage
from benchgen.records.events import AttemptPhase, Event
from benchgen.records.run import Budget, Machine, ModelSpec, RunConfig
from benchgen.runner.execute import Means, execute
from benchgen.runner.lanes import Stop
from benchgen.runner.past import read_past
from benchgen.runner.session import Wish
from benchgen.sandbox.plain import Plain
from benchgen.store.create import queue_run
from benchgen.store.runs import Results
from benchgen.summary import summarise

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("kill"), st.integers(2, 40)),
        st.tuples(st.just("retry"), st.sampled_from(["errors", "api-errors", "toy_0"])),
    ),
    max_size=4,
)


class Costly:
    """Costs something else for each attempt, and refuses one in four."""

    async def answer(self, request: Request, on_retry: object) -> Answer:
        if request.chance.random() < 0.25:
            raise ApiError("not today")
        cost = request.chance.randrange(1, 10**9)
        return Answer("no diff here", b"{}", Usage(10, 5), cost, "reported", 0.001)

    async def close(self) -> None:
        """Nothing is held."""


def new_run(root: Path, budget: Budget = Budget(), machines: tuple[Machine, ...] = ()) -> tuple[Path, RunConfig, Means]:
    catalog = Catalog(toys.make_catalog(root / "tasks", 2))
    tasks = {task.task_id: task for task in catalog.tasks()}
    request = RunRequest(
        kind="code",
        benchmark_name="toys",
        tasks={name: task.card() for name, task in tasks.items()},
        models=(ModelSpec("house/m", "house"),),
        samples=3,
        workers=2,
        budget=budget,
        machines=machines,
    )
    config = plan(request, Surroundings(toys.new_run_id(), "2026-11-21T00:00:00.000Z", ("benchgen",)))
    means = Means(tasks, {"house/m": Costly()}, Plain(), lambda task: (), lanes=2, judges=2, requests=2)
    return queue_run(root / "results", config, ()), config, means


WHOLE = Wish()


def go(folder: Path, config: RunConfig, means: Means, wish: Wish = WHOLE, kill_at: int | None = None) -> None:
    """Runs to the end, or drops everything at that event, as a dying process does."""

    async def main() -> None:
        seen = 0

        def listen(event: Event) -> None:
            nonlocal seen
            seen += 1
            if seen == kill_at:
                running.cancel()

        running = asyncio.ensure_future(execute(folder, config, wish, means, Stop(), listen))
        await asyncio.wait([running])
        if not running.cancelled():
            running.result()

    asyncio.run(main())


@given(STEPS)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_attempt_costs_add_up_after_any_sequence_of_kill_resume_and_retry(steps):
    with TemporaryDirectory() as root:
        folder, config, means = new_run(Path(root))
        for what, how in steps:
            if what == "kill":
                go(folder, config, means, kill_at=how)
            else:
                go(folder, config, means, Wish(only=(how,)))
        go(folder, config, means)
        fold = read_past(folder, config).fold
        state = fold.state()
        assert sum(row.cost_nanousd or 0 for row in state.rows) == fold.spent_nanousd()
        assert sum(spending.cost_nanousd for spending in state.spending.values()) == fold.spent_nanousd()
        assert state.finished == state.total == 6
        assert sorted((row.task, row.sample) for row in state.counted_rows()) == [
            (f"toy_{task}", sample) for task in range(2) for sample in range(3)
        ]


def test_a_retried_attempt_counts_in_place_of_the_first_and_both_stay_on_record(tmp_path):
    folder, config, means = new_run(tmp_path)
    go(folder, config, means)
    go(folder, config, means, Wish(only=("toy_0",)))
    state = read_past(folder, config).fold.state()
    assert len(state.rows) == 9
    assert state.finished == 6
    assert len(state.superseded) == 3
    assert {row.attempt[-4:] for row in state.counted_rows() if row.task == "toy_0"} == {"__r1"}
    assert all((folder / f"toy_0__house_m__sample0{n}{end}").is_dir() for n in range(3) for end in ("", "__r1"))


def test_a_third_try_has_the_next_number(tmp_path):
    folder, config, means = new_run(tmp_path)
    go(folder, config, means)
    for _ in range(2):
        go(folder, config, means, Wish(only=("toy_0",)))
    state = read_past(folder, config).fold.state()
    assert {row.attempt[-4:] for row in state.counted_rows() if row.task == "toy_0"} == {"__r2"}


def test_a_retry_that_broke_off_is_finished_by_resume(tmp_path):
    folder, config, means = new_run(tmp_path)
    go(folder, config, means)
    go(folder, config, means, Wish(only=("toy_0",)), kill_at=4)
    begun = read_past(folder, config).retries
    assert begun
    go(folder, config, means)
    past = read_past(folder, config)
    assert past.retries == ()
    assert {todo.replaces for todo in begun} <= set(past.fold.state().superseded)


def test_a_limit_stops_a_run_and_a_higher_one_lets_it_end(tmp_path):
    folder, config, means = new_run(tmp_path, Budget(max_tokens_total=30))
    go(folder, config, means)
    state = read_past(folder, config).fold.state()
    assert 0 < state.finished < state.total
    assert state.exit_code == 4
    assert [limit.warning for limit in state.limits][-1] is False
    go(folder, config, means, Wish(budget=Budget(max_tokens_total=10_000)))
    state = read_past(folder, config).fold.state()
    assert state.finished == state.total
    assert state.config.budget.max_tokens_total == 10_000


def test_what_was_used_before_counts_after_a_resume(tmp_path):
    folder, config, means = new_run(tmp_path, Budget(max_tokens_total=30))
    go(folder, config, means)
    before = read_past(folder, config).fold.state().finished
    go(folder, config, means)
    assert read_past(folder, config).fold.state().finished == before


def test_machine_time_is_charged_by_the_monotonic_clock_and_adds_up(tmp_path):
    moments = iter(range(0, 10**9, 36))  # each look at the clock is 36 seconds later: a hundredth of an hour
    machines = (Machine("gpu_time", "a100", "", 2_000_000_000),)
    folder, config, means = new_run(tmp_path, machines=machines)
    slow = Clock(monotonic=lambda: float(next(moments)))
    fields = {name: getattr(means, name) for name in field_names(Means)}
    go(folder, config, Means(**{**fields, "clock": slow}))
    used = read_past(folder, config).fold.state().machines["a100"]
    assert used.hours > 0
    assert used.cost_nanousd == round(used.hours * 2_000_000_000)


def test_answers_that_were_waited_for_when_a_run_broke_off_are_counted_as_unknown(tmp_path):
    folder, config, means = new_run(tmp_path)

    async def main() -> None:
        waiting = asyncio.Event()

        def listen(event: Event) -> None:
            if isinstance(event, AttemptPhase) and event.phase == "waiting":
                waiting.set()

        running = asyncio.ensure_future(execute(folder, config, WHOLE, means, Stop(), listen))
        await waiting.wait()
        running.cancel()
        await asyncio.wait([running])

    class Silent(Costly):
        async def answer(self, request: Request, on_retry: object) -> Answer:
            await asyncio.Event().wait()
            raise AssertionError

    answering = means
    means = replace(means, providers={"house/m": Silent()})
    asyncio.run(main())
    go(folder, config, answering)
    state = read_past(folder, config).fold.state()
    assert 1 <= state.dropped_requests <= 2
    results = Results(tmp_path / "results")
    outcomes = [results.outcome(config.run_id, row.line) for row in state.counted_rows()]
    assert any("waited for an answer" in note for note in summarise(state, outcomes).notes)
