"""Takes scripted steps on a batched iterator and prints what each brought and what it cost the source."""

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


class Source:
    """An iterator over scripted items that counts how often it is asked and closed; "end" and "fail" are events."""

    def __init__(self, script: list[Any]) -> None:
        self.script = iter(script)
        self.asked = 0
        self.closed = 0

    def __iter__(self) -> "Source":
        return self

    def __next__(self) -> Any:
        self.asked += 1
        item = next(self.script)
        if item == "end":
            raise StopIteration
        if item == "fail":
            raise RuntimeError("the source fails")
        return item

    def close(self) -> None:
        self.closed += 1


class Scale:
    """Weighs a number as itself and keeps the book; anything else breaks it."""

    def __init__(self) -> None:
        self.weighed: list[Any] = []

    def __call__(self, item: Any) -> float:
        self.weighed.append(item)
        if isinstance(item, str):
            raise KeyError("the scale fails")
        return float(item)


def step(batches: Any, word: str) -> Any:
    try:
        if word == "close":
            return batches.close()
        if word == "with":
            with batches as entered:
                return entered is batches
        if word == "with error":
            with batches:
                raise LookupError("from the block")
        batch = next(batches)
        return [type(batch).__name__, *batch]
    except Exception as error:
        return f"{type(error).__name__}: {error}" if error.args else type(error).__name__


def main() -> None:
    from batching import batched

    plan = json.load(sys.stdin)
    scale = Scale()
    options = dict(plan["options"])
    if options.pop("weigh", "max_weight" in options):
        options["weigh"] = scale
    source = Source(plan["source"])
    try:
        batches = batched(list(plan["source"]) if plan["as_list"] else source, plan["size"], **options)
    except ValueError:
        print(encode({"refused": True}), file=report, flush=True)
        os._exit(0)
    seen = []
    for word in plan["steps"]:
        brought = step(batches, word)
        seen.append([brought, source.asked, source.closed])
    own = iter(batches) is batches
    print(encode({"refused": False, "seen": seen, "weighed": scale.weighed, "own": own}), file=report, flush=True)
    os._exit(0)


main()
