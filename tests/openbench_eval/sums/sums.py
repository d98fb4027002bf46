"""Answers come from Inspect's mock model, which always says the same; samples break or wait where they are told to."""

import asyncio
from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.scorer import Score, accuracy, grouped, scorer, stderr
from inspect_ai.solver import generate, solver


@scorer(metrics=[grouped(accuracy(), "category"), stderr()])
def says():
    async def score(state, target):
        is_right = target.text in state.output.completion
        return Score(value="C" if is_right else "I", explanation=f"looked for {target.text}")

    return score


@solver
def behave(breaks: str, until: str):
    async def solve(state, generate):
        if state.sample_id == breaks:
            raise ValueError("this sample is broken")
        while until and state.sample_id == "q5" and not Path(until).exists():
            await asyncio.sleep(0.1)
        return state

    return solve


@task
def sums(breaks: str = "", until: str = "") -> Task:
    samples = [
        Sample(
            id=f"q{number}",
            input=f"Question {number}?",
            target="Default" if number % 3 else "other",
            metadata={"category": "odd" if number % 2 else "even"},
        )
        for number in range(1, 7)
    ]
    return Task(dataset=MemoryDataset(samples, name="sums"), solver=[behave(breaks, until), generate()], scorer=says())
