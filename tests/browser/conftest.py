"""A built site and a browser: Chromium where the system has one, else Playwright's own."""

from __future__ import annotations

import functools
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from factories import make_run, run_config
from patterns import MIXED, MODELS, patterns
from playwright.sync_api import Browser, sync_playwright

from benchgen.build import build
from benchgen.pages.listing import Site
from benchgen.render.renderer import Renderer
from benchgen.store.runs import Results


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """A test's output is no place for an access log."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs of three models, built, with the patterns page beside them."""
    root, out = tmp_path_factory.mktemp("results"), tmp_path_factory.mktemp("site")
    for number, models in enumerate((MODELS, MODELS[:2])):
        created = f"2026-11-21T0{number}:00:00.000Z"
        config = run_config(
            tasks=8,
            models=models,
            run_id=f"run_20261121T0{number}0000Z_00000{number}",
            benchmark_name=f"catalog:{'python_a_task_with_a_long_name,' * 6}",
        )
        make_run(root, replace(config, created_at=created), MIXED)
    renderer = Renderer()
    build(Site(Results(root), renderer), out)
    text = renderer.page("patterns", patterns(), page_path="patterns.html", live=False)
    (out / "patterns.html").write_text(text, "utf-8")
    return out


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The site over HTTP, below a path as on a project's page."""
    (site.parent / "below").mkdir(exist_ok=True)
    handler = functools.partial(_Quiet, directory=str(site.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/{site.name}/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()
