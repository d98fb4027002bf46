"""Real processes, killed with SIGKILL while they pay: what attempts cost adds up to what the run did."""

from __future__ import annotations

import itertools
import json
import random
import signal
from pathlib import Path

import pytest
import scripted_server as server
import toys
from test_run_endpoints import wait_for

KEY = "sk-canary-0123456789abcdefghij"


def costly(seed: int):
    """Another price for each answer, down to the nano-dollar; one in five is refused for good."""
    chance, prices = random.Random(seed), itertools.count()

    async def behave(request, body):
        if next(prices) and chance.random() < 0.2:
            return await server.refused(400, "not today")(request, body)
        cost = chance.randrange(1, 10**8) / 1e9
        return await server.streamed("no diff", usage={**server.USAGE, "cost": cost}, pause=0.1)(request, body)

    return behave


class Desk:
    """The commands of one user at one run."""

    def __init__(self, folder: Path, scripted: server.ScriptedServer) -> None:
        self.folder, self.scripted = folder, scripted
        self.tasks = toys.make_catalog(folder / "tasks", 3)
        (folder / "benchgen.toml").write_text(
            f'[endpoints.house]\nbase_url = "{scripted.url}"\nkey_env = "HOUSE_KEY"\n'
        )

    def start(self, *words: object):
        return toys.start(*words, "--tasks-dir", self.tasks, "--display", "none", cwd=self.folder, HOUSE_KEY=KEY)

    def kill_after(self, answers: int, *words: object) -> None:
        """Starts a command, and kills it when the server has been asked so often since."""
        before, process = len(self.scripted.asked), self.start(*words)
        wait_for(lambda: len(self.scripted.asked) >= before + answers or process.poll() is not None)
        process.send_signal(signal.SIGKILL)
        process.communicate()

    def end(self, *words: object) -> int:
        process = self.start(*words)
        process.communicate(timeout=300)
        return process.returncode


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_is_killed_resumed_and_retried_the_costs_add_up(tmp_path, seed):
    chance = random.Random(seed)
    with server.scripted(costly(seed)) as scripted:
        desk = Desk(tmp_path, scripted)
        run = ("run", "all", "-m", "house/m", "--samples", 4, "-j", 3, "--max-retries", 0)
        desk.kill_after(chance.randrange(2, 8), *run)
        desk.kill_after(chance.randrange(1, 4), "resume", "latest")
        desk.end("resume", "latest")
        desk.kill_after(chance.randrange(1, 4), "retry", "latest", "--only", "errors")
        assert desk.end("resume", "latest") in (0, 4)
        assert desk.end("retry", "latest", "--only", "toy_1") in (0, 4)
    check(tmp_path / "benchmark_results")


def check(results: Path) -> None:
    """What the log, the summary and the attempts say of the money is one and the same."""
    summary = json.loads((results / "latest_summary.json").read_text())
    events = toys.events(results)
    paid = sum(event["cost_nanousd"] for event in events if event["type"] == "answer_received")
    listed = [*summary["attempts"], *summary["superseded_attempts"]]
    assert round(summary["cost_usd"] * 1e6) == round(paid / 1e3)
    assert round(sum(each["cost_usd"] or 0 for each in listed) * 1e6) == round(paid / 1e3)
    assert round(sum(summary["cost_parts"].values()) * 1e6) == round(paid / 1e3)
    assert summary["cost_parts"]["unfinished_usd"] == 0
    assert len(summary["attempts"]) == 12
    answered = [(event["attempt"], event["turn"]) for event in events if event["type"] == "answer_received"]
    assert len(answered) == len(set(answered))  # none is paid for twice
