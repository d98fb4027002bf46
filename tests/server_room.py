"""A real server over a results folder, and a reader of its streams."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from benchgen.catalog.tasks import Catalog
from benchgen.server.app import ALONE, make_app
from benchgen.server.serving import address, configured, listen
from benchgen.server.terms import Terms


class Server:
    """Where it listens, the application, and a client that knows the address."""

    def __init__(self, url: str, app: Any) -> None:
        self.url, self.app = url, app
        self.client = httpx.Client(base_url=url, timeout=20)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.client.get(path, **options)

    def json(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()


@contextmanager
def serving(root: Path, tasks: Path | None = None, terms: Terms = ALONE) -> Iterator[Server]:
    """A server in a thread, on a free port; its streams are closed before it ends."""
    listener = listen("127.0.0.1", 0, exact=True)
    app = make_app(root, Catalog(tasks or root / "no-tasks"), terms)
    server = uvicorn.Server(configured(app))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    until(lambda: server.started)
    room = Server(address(listener), app)
    try:
        yield room
    finally:
        room.client.close()
        app.state.broadcast.hub.close()
        server.should_exit = True
        thread.join()


def until(holds: Callable[[], object], seconds: float = 20.0) -> None:
    """Waits for a condition; fails when it does not come to hold."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.01)


@contextmanager
def listening(server: Server, path: str, **headers: str) -> Iterator[Iterator[tuple[str, Any, str | None]]]:
    """The events of a stream: name, parsed data, id."""
    with server.client.stream("GET", path, headers=headers) as answer:
        assert answer.status_code == 200
        yield _events(answer)


def _events(answer: httpx.Response) -> Iterator[tuple[str, Any, str | None]]:
    fields: dict[str, str] = {}
    for line in answer.iter_lines():
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif fields:
            if "data" in fields:
                yield fields.get("event", "message"), json.loads(fields["data"]), fields.get("id")
            fields = {}
