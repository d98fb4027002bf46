"""One process of an engine: its output kept as it comes, and what happens when that cannot be done."""

from __future__ import annotations

import asyncio
import sys

import pytest
from factories import run_config

from benchgen.errors import BenchgenError
from benchgen.record import replace
from benchgen.records.events import LimitReached
from benchgen.records.run import Budget
from benchgen.redact import Redactor
from benchgen.runner.lanes import Stop
from benchgen.runner.openbench_process import Order, run_process
from benchgen.runner.openbench_run import BenchMeans, execute_openbench
from benchgen.runner.session import Wish
from benchgen.store.create import queue_run

TALKS = "import sys\nfor _ in range(20_000): print('x' * 100, flush=True)\nopen('whole', 'w').close()\n"


def words(text: str) -> tuple[str, ...]:
    return (sys.executable, "-c", text)


async def talk(order: Order, run_folder, listen=lambda line: None):
    async with asyncio.timeout(60):
        return await run_process(order, run_folder, Stop(), Redactor(), listen)


def test_all_that_it_says_is_kept(tmp_path):
    ending = asyncio.run(talk(Order(words(TALKS), tmp_path, {}), tmp_path))
    assert (ending.exit_code, ending.stopped) == (0, "")
    assert (tmp_path / "stdout.log").read_text().count("\n") == 20_000


def test_where_its_output_cannot_be_kept_it_is_ended_and_the_fault_is_named(tmp_path):
    with pytest.raises(BenchgenError, match=r"cannot be kept: .*No such file"):
        asyncio.run(talk(Order(words(TALKS), tmp_path, {}), tmp_path / "gone"))


def test_where_nobody_can_listen_any_more_it_is_ended(tmp_path):
    def listen(line: str) -> None:
        raise BenchgenError("the log is lost")

    with pytest.raises(BenchgenError, match="the log is lost"):
        asyncio.run(talk(Order(words(TALKS), tmp_path, {}), tmp_path, listen))


def limited(tmp_path, seconds: float):
    """A run of something that waits, and what came of it."""
    config = run_config(models=("openai/gpt-4o",), tasks=())
    config = replace(config, kind="openbench", budget=Budget(max_seconds=seconds), request={"bench": {"target": "x"}})
    folder = queue_run(tmp_path, config, ())
    said = []
    means = BenchMeans(words("import time; time.sleep(600)"), {})
    ended = asyncio.run(execute_openbench(folder, config, Wish(), means, Stop(), said.append))
    return ended, [event.message for event in said if isinstance(event, LimitReached)]


@pytest.mark.parametrize("seconds", [0.3, 0.0])
def test_a_limit_leaves_a_run_incomplete_and_says_which_limit(tmp_path, seconds):
    ended, said = limited(tmp_path, seconds)
    assert ended.exit_code == 4
    assert said == [f"max_time reached: the limit is {seconds:g} s"]
