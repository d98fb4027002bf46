"""Calls a function of the module under test with one question after the other and prints its results as plain lists."""

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
    if function == "free":
        return {"result": plain(intervals.free(made, intervals.Interval(*day)))}
    return {"result": plain(intervals.merge(made)), "given": plain(made)}


def plain(intervals: Any) -> list[list[int]]:
    return [[interval.start, interval.end] for interval in intervals]


def main() -> None:
    seen = []
    for question in json.load(sys.stdin)["questions"]:
        try:
            seen.append(play(sys.argv[1], question["given"], question.get("day")))
        except ValueError:
            seen.append({"result": "ValueError"})
    print(encode(seen), file=report, flush=True)
    os._exit(0)


main()
