"""The site of a dataset run: how long its build takes, how much memory, and how large its largest page is.

    python scripts/bench/dataset_site.py [ROWS] [MODELS]

The run is made by the real runner with models that answer at once; run and build each have a process of their own.
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchgen.build import build
from benchgen.clock import Clock
from benchgen.pages.listing import Site
from benchgen.plan import RunRequest, Surroundings
from benchgen.providers.answer import Answer, OnRetry, Request
from benchgen.records.attempt import Usage
from benchgen.records.run import ModelSpec
from benchgen.render.renderer import Renderer
from benchgen.runner.dataset_plan import Source, plan_rows, requests
from benchgen.runner.dataset_run import RowMeans, execute_rows
from benchgen.runner.lanes import Stop
from benchgen.runner.session import Wish
from benchgen.store.create import queue_run
from benchgen.store.runs import Results


class Rows:
    """The lines of a dataset, made as they are read."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __iter__(self) -> Iterator[bytes]:
        for n in range(self._count):
            row = {
                "id": f"row-{n}",
                "prompt": f"What is {n} + {n}? " * 12,
                "expected": str(2 * n),
                "scorer": "includes",
            }
            yield json.dumps(row).encode()


class Saying:
    """Answers at once; one row in seven is wrong."""

    async def answer(self, request: Request, on_retry: OnRetry) -> Answer:
        number = int(request.messages[-1].content.split()[2])
        said = f"The sum of the two is {2 * number + (number % 7 == 0)}. " * 8
        return Answer(said, b"{}", Usage(10, 5), 0, "local", 0.01, 0.005, finish="stop")

    async def close(self) -> None:
        """Nothing is held."""


async def make(root: Path, count: int, models: int) -> None:
    specs = tuple(ModelSpec(f"local/m{number}", "local", is_local=True) for number in range(models))
    source = Source("rows.jsonl", Rows(count))
    config = plan_rows(
        RunRequest("dataset", "rows.jsonl", {}, specs, max_connections=32),
        source,
        Surroundings("run_bench", Clock().stamp(), ("benchgen",)),
    )
    folder = queue_run(root, config, (), requests=requests(source))
    means = RowMeans({spec.model_id: Saying() for spec in specs}, 32)
    await execute_rows(folder, config, Wish(), means, Stop(), lambda event: None)


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(words: list[str]) -> None:
    began = time.perf_counter()
    if words[0] == "make":
        asyncio.run(make(Path(words[1]), int(words[2]), int(words[3])))
        print(f"run    {_seconds(began)}, peak {peak():.0f} MB")
        return
    report = build(Site(Results(Path(words[1])), Renderer()), Path(words[2]))
    print(f"build  {_seconds(began)}, peak {peak():.0f} MB, {report.written:,} files written")


def _seconds(began: float) -> str:
    both = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    used = sum(one.ru_utime + one.ru_stime for one in map(resource.getrusage, both))
    return f"{used:.1f} s computed, {time.perf_counter() - began:.1f} s passed"


def main(count: int, models: int) -> None:
    with tempfile.TemporaryDirectory(prefix="benchgen-rows-") as name:
        root, site = Path(name) / "results", Path(name) / "site"
        root.mkdir()
        for words in (["make", root, count, models], ["build", root, site], ["build", root, site]):
            subprocess.run([sys.executable, __file__, *map(str, words)], check=True)
        pages = [(path.stat().st_size, path.relative_to(site)) for path in site.rglob("*") if path.is_file()]
        html = max(one for one in pages if one[1].suffix == ".html")
        script = max(one for one in pages if one[1].suffix == ".js")
        for size, path in (html, script, max(pages)):
            print(f"largest {path}: {size / 1e6:.2f} MB")
        print(f"all of it: {sum(size for size, _ in pages) / 1e6:.0f} MB in {len(pages):,} files")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make" | "build", *_] as words:
            child(words)
        case words:
            main(*([int(word) for word in words] + [100_000, 1][len(words) :]))
