"""Calls one function of the module under test and prints its result as plain lists."""

import json
import os
import sys
from pathlib import Path
from typing import Any

# The real stdout is moved aside before the code under test is loaded: whatever that prints goes to stderr.
report = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
encode = json.JSONEncoder().encode
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "workspace"))


def play(function: str, given: list[list[int]], day: list[int] | None) -> dict[str, Any]:
    import intervals

    made = [intervals.Interval(start, end) for start, end in given]
    if function == "overlaps":
        return {"result": intervals.overlaps(*made)}
    if function == "conflicts":
        return {"result": [[first, second] for first, second in intervals.conflicts(made)]}
    if function == "merge":
        result = intervals.merge(made)
    else:
        result = intervals.free(made, intervals.Interval(*day))
    return {"result": plain(result), "given": plain(made)}


def plain(intervals: Any) -> list[list[int]]:
    return [[interval.start, interval.end] for interval in intervals]


def main() -> None:
    question = json.load(sys.stdin)
    try:
        seen = play(sys.argv[1], question["given"], question.get("day"))
    except ValueError:
        seen = {"result": "ValueError"}
    print(encode(seen), file=report, flush=True)
    os._exit(0)


main()
