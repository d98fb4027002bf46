"""Hypothesis strategies for whole logs: any order of starts, ends, retries and resumes that a runner may write."""

from random import Random

from factories import at, attempt, run_config
from hypothesis import strategies as st

from benchgen import paths
from benchgen.record import replace
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
from benchgen.records.run import planned, planned_total
from benchgen.records.status import CATEGORIES

CONFIG = run_config(tasks=3, models=("acme/fast", "acme/slow"), samples=2)
WORKERS = ("w0", "w1", "w2")


def outcome_of(chance, plan, again=0):
    return attempt(
        plan.task,
        plan.model,
        plan.sample,
        category=chance.choice((None, None, None, *CATEGORIES)),
        again=again,
        seconds=chance.choice((0.0, chance.uniform(0, 1e4))),
        worker=chance.choice(WORKERS),
        score=chance.choice((None, 0.0, 1.0, chance.random())),
        steps=chance.choice((None, 0, 7)),
        first_action_correct=chance.choice((None, True, False)),
        usage=chance.choice((None, Usage(chance.randrange(9999), chance.randrange(9999)))),
    )


def history_of(chance, plan):
    """All that may be written of one planned attempt, in order; a retry replaces it."""
    events = []
    for again in range(chance.choice((1, 1, 2))):
        outcome = outcome_of(chance, plan, again)
        name = outcome.attempt
        start = AttemptStarted(
            attempt=name, task=plan.task, model=plan.model, sample=plan.sample, worker=outcome.worker
        )
        events.append(start)
        if again:
            events.append(AttemptSuperseded(attempt=paths.attempt_id(plan.task, plan.model, plan.sample), by=name))
        events += chance.choices(_noise(name), k=chance.randrange(3))
        if outcome.usage:
            events.append(_answer(chance, outcome))
        if again or chance.random() < 0.7:
            events.append(AttemptFinished(attempt=name, outcome=outcome))
    return events


def _answer(chance, outcome):
    return AnswerReceived(
        attempt=outcome.attempt,
        turn=0,
        answer_sha256="",
        provider="acme",
        model=outcome.model,
        usage=outcome.usage,
        cost_nanousd=chance.choice((None, chance.randrange(10**10))),
        latency_seconds=chance.choice((None, chance.uniform(0, 100))),
    )


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


def random_log(seed, attempts):
    """A numbered log of CONFIG; the events of different attempts lie between each other as in a run with workers."""
    chance = Random(seed)
    plan = list(planned(CONFIG))
    queues = [history_of(chance, item) for item in chance.sample(plan, attempts)]
    events = [RunQueued(run_id=CONFIG.run_id, format=1), RunStarted(run_id=CONFIG.run_id, format=1, pid=1)]
    while any(queues):
        events.append(chance.choice([queue for queue in queues if queue][:3]).pop(0))
        if chance.random() < 0.1:
            events.append(chance.choice(BETWEEN))
    return [replace(event, seq=number, at=at(number)) for number, event in enumerate(events, 1)]


def logs():
    """Made from a seed and a size: quick to draw, and a failing one still shrinks to few attempts."""
    return st.builds(random_log, st.integers(0, 2**32), st.integers(0, planned_total(CONFIG)))


def unknown(number):
    return UnknownEvent(seq=number, at=at(number), type="telepathy")
