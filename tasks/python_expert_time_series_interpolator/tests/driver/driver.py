"""Asks the interpolator one question and prints its answer."""

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


def play(question: dict[str, Any], once: bool) -> dict[str, Any]:
    from series.errors import OutsideError, QueryError, ReadingError
    from series.interpolate import interpolate

    readings = [(time, value) for time, value in question["readings"]]
    at = question["at"]
    try:
        values = interpolate(iter(readings) if once else readings, iter(at) if once else at, **question["options"])
    except (ReadingError, QueryError) as error:
        return {"raised": [type(error).__name__, error.index]}
    except OutsideError as error:
        return {"raised": ["OutsideError", error.time]}
    return {"values": list(values), "readings": [list(reading) for reading in readings], "at": at}


def main() -> None:
    seen = play(json.load(sys.stdin), once=sys.argv[1] == "iterators")
    print(encode(seen), file=report, flush=True)
    os._exit(0)


main()
