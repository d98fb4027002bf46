"""What the sandbox costs: the time of `python -c pass` plain, sandboxed, and as a candidate in a sandbox of its own."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable

from benchgen.sandbox.choose import choose
from benchgen.sandbox.files import make_box, remove_tree
from benchgen.sandbox.spec import Job, Limits, Toolchain
from benchgen.sandbox.toolchains import find


async def median_ms(action: Callable[[], Awaitable[None]], rounds: int) -> float:
    """The median duration of an action in milliseconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        await action()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


async def main(rounds: int) -> None:
    """Measure and print one line each."""
    sandbox, python = await choose("auto"), find()["python"]
    if not isinstance(python, Toolchain):
        raise SystemExit(f"missing: {python.install}")
    box = make_box({})
    limits = Limits(wall_seconds=30)

    async def plain() -> None:
        subprocess.run([sys.executable, "-c", "pass"], check=True)

    def job(*argv: str, nested: bool) -> Callable[[], Awaitable[None]]:
        async def action() -> None:
            outcome = await sandbox.run(Job(argv, box, limits, nested=nested, toolchains=(python,)))
            if outcome.exit_code != 0:
                raise SystemExit(f"{outcome.ended}: {outcome.detail}")

        return action

    try:
        base = await median_ms(plain, rounds)
        print(f"plain       {base:6.1f} ms")
        alone = await median_ms(job("python", "-c", "pass", nested=False), rounds)
        print(f"{sandbox.name:11} {alone:6.1f} ms  {alone - base:+.1f} ms  {alone / base:.2f} times")
        shell = await median_ms(job("sh", "-c", ":", nested=True), rounds)
        both = await median_ms(job("sh", "-c", "$BENCHGEN_CANDIDATE python -c pass", nested=True), rounds)
        inner = both - shell
        print(f"candidate   {inner:6.1f} ms  {inner - base:+.1f} ms  {inner / base:.2f} times")
    finally:
        remove_tree(box)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    asyncio.run(main(parser.parse_args().rounds))
