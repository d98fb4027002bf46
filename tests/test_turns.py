"""`--turns 2`: a further answer that saw what failed, told apart from the first and counted in no rate."""

from __future__ import annotations

import asyncio

import pytest
import toys

from benchgen.catalog.tasks import Catalog
from benchgen.plan import RunRequest, Surroundings, plan
from benchgen.providers.answer import Answer, ApiError, OnRetry, Request
from benchgen.records.attempt import Attempt, Usage
from benchgen.records.run import ModelSpec, Settings
from benchgen.runner.execute import Means, execute
from benchgen.runner.lanes import Stop
from benchgen.runner.past import read_past
from benchgen.runner.session import Wish
from benchgen.sandbox.spec import Captured, Job, Outcome, Toolchain
from benchgen.store.create import queue_run
from benchgen.store.runs import Results

NO_DIFF = "I would rather talk about it."


def change(body: str) -> str:
    hunk = f"@@ -1,2 +1,2 @@\n def add(a, b):\n-    raise NotImplementedError\n+    {body}\n"
    return f"```diff\n--- a/adding.py\n+++ b/adding.py\n{hunk}```\n"


WRONG, RIGHT = change("return a - b"), change("return a + b")


class Talker:
    """Gives its answers one after the other, an error in the place of None, and remembers what it was asked."""

    def __init__(self, *answers: str | None) -> None:
        self.answers = list(answers)
        self.asked: list[Request] = []

    async def answer(self, request: Request, on_retry: OnRetry) -> Answer:
        self.asked.append(request)
        text = self.answers.pop(0)
        if text is None:
            raise ApiError("not today")
        return Answer(text, b"{}", Usage(10, 5), 1_000, "reported", 0.5)

    async def close(self) -> None:
        """Nothing is held."""


class Reader:
    """Judges by reading the code, and reports as pytest does: no process is needed to know what `a + b` is."""

    name = "reader"
    keeps_candidates = True

    async def run(self, job: Job) -> Outcome:
        right = "return a + b" in (job.box / "workspace" / "adding.py").read_text()
        failure = "" if right else '<failure message="assert -1 == 5">assert -1 == 5</failure>'
        cases = "".join(
            f'<testcase classname="tests.test_adding" name="{name}" time="0.1">{failure}</testcase>'
            for name in ("test_adds", "test_adds_below_zero")
        )
        (job.box / ".benchgen" / "junit.xml").write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
        return Outcome("exited", int(not right), Captured(), Captured(), 0.1, 0.1, 0)

    def describe(self) -> str:
        return "reads"


async def attempt(tmp_path, talker: Talker, tools: tuple[Toolchain, ...] = (), **settings: object) -> Attempt:
    """The outcome of one attempt at one toy task."""
    tasks = {task.task_id: task for task in Catalog(toys.make_catalog(tmp_path / "tasks", 1)).tasks()}
    request = RunRequest(
        kind="code",
        benchmark_name="toys",
        tasks={name: task.card() for name, task in tasks.items()},
        models=(ModelSpec("house/m", "house"),),
        settings=Settings(**settings),
    )
    config = plan(request, Surroundings(toys.new_run_id(), "2026-11-21T00:00:00.000Z", ("benchgen",)))
    folder = queue_run(tmp_path / "results", config, ())
    means = Means(tasks, {"house/m": talker}, Reader(), lambda task: tools, lanes=1, judges=1, requests=1)
    await execute(folder, config, Wish(), means, Stop(), lambda event: None)
    (row,) = read_past(folder, config).fold.state().rows
    return Results(tmp_path / "results").outcome(config.run_id, row.line)


def made(tmp_path, *answers: str | None, turns: int = 2) -> tuple[Attempt, Talker]:
    talker = Talker(*answers)
    return asyncio.run(attempt(tmp_path, talker, turns=turns)), talker


def test_a_pass_at_the_first_turn_takes_no_second(tmp_path):
    outcome, talker = made(tmp_path, RIGHT)
    assert (outcome.category, outcome.turns, outcome.passed_at_turn) == (None, 1, 1)
    assert len(talker.asked) == 1


def test_a_pass_at_the_second_turn_stays_a_failure_in_every_rate_and_is_told_apart(tmp_path):
    outcome, _ = made(tmp_path, WRONG, RIGHT)
    assert (outcome.category, outcome.turns, outcome.passed_at_turn) == ("tests_failed", 2, 2)
    assert "passed at turn 2" in outcome.message
    assert (outcome.usage.input, outcome.api_latency_seconds) == (20, 1.0)


def test_the_second_turn_sees_the_failing_cases_and_its_own_first_answer(tmp_path):
    _, talker = made(tmp_path, WRONG, RIGHT)
    *_, own, told = talker.asked[1].messages
    assert (own.role, own.content) == ("assistant", WRONG)
    assert "test_adds_below_zero: " in told.content
    assert "```diff" in told.content


@pytest.mark.parametrize("first", [NO_DIFF, "", "```diff\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-no\n+yes\n```\n"])
def test_an_answer_without_a_usable_change_gets_its_second_turn_too(tmp_path, first):
    assert made(tmp_path, first, RIGHT)[0].passed_at_turn == 2


def test_a_provider_that_fails_in_the_second_turn_leaves_the_first_result(tmp_path):
    outcome, _ = made(tmp_path, WRONG, None)
    assert (outcome.category, outcome.turns, outcome.passed_at_turn) == ("tests_failed", 1, None)


def test_a_failure_of_the_provider_gets_no_second_turn(tmp_path):
    assert made(tmp_path, None)[0].category == "api_error"


def test_both_turns_stay_in_the_folder(tmp_path):
    outcome, _ = made(tmp_path, WRONG, RIGHT)
    names = {artifact.name for artifact in outcome.artifacts}
    assert {"patch.diff", "turn2_patch.diff", "response.txt", "turn2_response.txt", "turn2_prompt.txt"} <= names


def test_one_turn_is_the_default(tmp_path):
    outcome, talker = made(tmp_path, WRONG, RIGHT, turns=Settings().turns)
    assert (outcome.turns, len(talker.asked)) == (1, 1)
