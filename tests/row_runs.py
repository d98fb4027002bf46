"""Dataset runs made in this process, by the real runner and providers that answer from a function."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from benchgen.plan import RunRequest, Surroundings
from benchgen.providers.answer import Answer, ApiError, OnRetry, Request
from benchgen.records.attempt import Usage
from benchgen.records.run import ModelSpec
from benchgen.runner.dataset_plan import Source, plan_rows, requests
from benchgen.runner.dataset_run import RowMeans, execute_rows
from benchgen.runner.lanes import Stop
from benchgen.runner.session import Wish
from benchgen.store.create import queue_run

RUN = "run_20261121T024041Z_a2ca88"


class Saying:
    """A provider that answers by a function of the last message; None is no answer."""

    def __init__(self, say: Callable[[str], str | None]) -> None:
        self._say = say

    async def answer(self, request: Request, on_retry: OnRetry) -> Answer:
        said = self._say(request.messages[-1].content)
        if said is None:
            raise ApiError("nobody is there")
        return Answer(said, b"{}", Usage(10, 5), 0, "local", 0.01, 0.005)

    async def close(self) -> None:
        """Nothing is held."""


def make_run(
    root: Path,
    rows: list[dict],
    models: Mapping[str, Callable[[str], str | None]],
    run_id: str = RUN,
    stop: Stop | None = None,
) -> Path:
    """A run of these rows that has ended, as the `stop` says; its folder."""
    source = Source("rows.jsonl", [json.dumps(row).encode() for row in rows])
    specs = tuple(ModelSpec(model, "test", is_local=True) for model in models)
    around = Surroundings(run_id, "2026-11-21T02:40:41.000Z", ("benchgen", "run", "rows.jsonl"))
    config = plan_rows(RunRequest("dataset", "rows.jsonl", {}, specs, max_connections=4), source, around)
    folder = queue_run(root, config, (), requests=requests(source))
    means = RowMeans({model: Saying(say) for model, say in models.items()}, 4)
    asyncio.run(execute_rows(folder, config, Wish(), means, stop or Stop(), lambda event: None))
    return folder
