"""Sends values through a moving average and prints what came out, and how much was read."""

import itertools
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# The real stdout is moved aside before the code under test is loaded: whatever that prints goes to stderr.
report = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
encode = json.JSONEncoder().encode
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "workspace"))


def means(plan: dict[str, Any]) -> Any:
    from moving_average import moving_average

    return {"means": list(moving_average(iter(plan["values"]), plan["window"], **plan["options"]))}


def lazy(plan: dict[str, Any]) -> Any:
    from moving_average import moving_average

    read: list[int] = []

    def source() -> Iterator[int]:
        for number in range(1000):
            read.append(number)
            yield number
        # An endless source would fill the memory of the machine before the deadline.
        raise RuntimeError("the source was read to its end")

    results = moving_average(source(), plan["window"])
    steps = [[None, len(read)]]
    for _ in range(plan["steps"]):
        mean = next(results)
        steps.append([mean, len(read)])
    return {"steps": steps}


def call(plan: dict[str, Any]) -> Any:
    from moving_average import moving_average

    try:
        moving_average([1, 2, 3], plan["window"], **plan["options"])
    except ValueError:
        return {"raised": "ValueError"}
    return {"raised": None}


def long(plan: dict[str, Any]) -> Any:
    from moving_average import moving_average

    values = (number % plan["period"] * 0.25 for number in range(plan["length"]))
    results = moving_average(values, plan["window"])
    full = list(itertools.islice(results, plan["window"] - 1, None))
    return {"count": len(full), "different": sorted(set(full))}


def memory(plan: dict[str, Any]) -> Any:
    from moving_average import moving_average

    results = moving_average((number * 0.3 for number in range(plan["length"])), plan["window"])
    for _ in range(1000):
        next(results)
    before = sys.getallocatedblocks()
    for _ in itertools.islice(results, plan["length"] - 2000):
        pass
    return {"gained": sys.getallocatedblocks() - before}


def main() -> None:
    seen = {"means": means, "lazy": lazy, "call": call, "long": long, "memory": memory}[sys.argv[1]](json.load(sys.stdin))
    print(encode(seen), file=report, flush=True)
    os._exit(0)


main()
