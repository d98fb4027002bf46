"""Hypothesis strategies for whole logs: any order of starts, ends, retries and resumes that a runner may write."""

from dataclasses import replace

from factories import at, attempt, run_config
from hypothesis import strategies as st

from benchgen import paths
from benchgen.records.attempt import Usage
from benchgen.records.events import (
    AnswerReceived,
    AttemptFinished,
    AttemptPhase,
    AttemptStarted,
    AttemptSuperseded,
    Cost,
    LimitReached,
    Progress,
    ProviderRetry,
    RunFinished,
    RunQueued,
    RunResumed,
    RunStarted,
    StepRecorded,
    UnknownEvent,
    WorkerJoined,
    WorkerLeft,
)
from benchgen.records.run import planned
from benchgen.records.status import CATEGORIES

CONFIG = run_config(tasks=3, models=("acme/fast", "acme/slow"), samples=2)
WORKERS = ("w0", "w1", "w2")
categories = st.sampled_from((None, None, None, *CATEGORIES))
seconds = st.floats(0, 1e4, allow_nan=False)


def outcome_of(draw, plan, again=0):
    return attempt(
        plan.task,
        plan.model,
        plan.sample,
        category=draw(categories),
        again=again,
        seconds=draw(seconds),
        worker=draw(st.sampled_from(WORKERS)),
        score=draw(st.none() | st.floats(0, 1)),
        steps=draw(st.none() | st.integers(0, 50)),
        first_action_correct=draw(st.none() | st.booleans()),
        usage=draw(st.none() | st.builds(Usage, st.integers(0, 9999), st.integers(0, 9999))),
    )


def history_of(draw, plan):
    """All that may be written of one planned attempt, in order; a retry replaces it."""
    events = []
    for again in range(draw(st.integers(1, 2))):
        outcome = outcome_of(draw, plan, again)
        name = outcome.attempt
        events.append(
            AttemptStarted(attempt=name, task=plan.task, model=plan.model, sample=plan.sample, worker=outcome.worker)
        )
        if again:
            events.append(AttemptSuperseded(attempt=paths.attempt_id(plan.task, plan.model, plan.sample), by=name))
        events += draw(st.lists(st.sampled_from(_noise(name)), max_size=3))
        if outcome.usage:
            cost = draw(st.none() | st.integers(0, 10**10))
            answer = AnswerReceived(
                attempt=name,
                turn=0,
                answer_sha256="",
                provider="acme",
                model=plan.model,
                usage=outcome.usage,
                cost_nanousd=cost,
                latency_seconds=draw(st.none() | seconds),
            )
            events.append(answer)
        if again or draw(st.booleans()):
            events.append(AttemptFinished(attempt=name, outcome=outcome))
    return events


def _noise(name):
    return [
        AttemptPhase(attempt=name, phase="waiting"),
        StepRecorded(attempt=name, step=1, action={"type": "click", "x": 3}),
        ProviderRetry(attempt=name, provider="acme", reason="429", wait_seconds=1.0, number=1),
    ]


BETWEEN = [
    WorkerJoined(worker="w0"),
    WorkerLeft(worker="w1"),
    Progress(done=3, total=9),
    Cost(machine="vm", kind="azure_vm", hours=0.25, cost_nanousd=48_000_000),
    LimitReached(limit="cost", message="80 % of the budget", warning=True),
    RunResumed(run_id=CONFIG.run_id, format=1),
    RunFinished(status="canceled", exit_code=130),
]


@st.composite
def logs(draw):
    """A numbered log of CONFIG; the events of different attempts lie between each other as in a run with workers."""
    queues = [history_of(draw, plan) for plan in draw(st.permutations(list(planned(CONFIG))))]
    queues = queues[: draw(st.integers(0, len(queues)))]
    events = [RunQueued(run_id=CONFIG.run_id, format=1), RunStarted(run_id=CONFIG.run_id, format=1, pid=1)]
    while any(queues):
        queue = draw(st.sampled_from([queue for queue in queues if queue][:3]))
        events.append(queue.pop(0))
        if draw(st.integers(0, 9)) == 0:
            events.append(draw(st.sampled_from(BETWEEN)))
    return [replace(event, seq=number, at=at(number)) for number, event in enumerate(events, 1)]


def unknown(number):
    return UnknownEvent(seq=number, at=at(number), type="telepathy")
