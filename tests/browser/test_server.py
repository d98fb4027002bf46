"""The real command under a real browser: a run started from the form and watched, a server that dies and comes back."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import toys
from factories import RUN_ID, attempt, attempt_events, make_run, run_config
from playwright.sync_api import Browser, expect
from server_room import until
from test_lmstudio import studio
from watched import Watched

from benchgen.store.locks import runner_lock
from benchgen.store.log import append

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Served:
    """`benchgen serve` on one port, to be killed and started again."""

    def __init__(self, folder: Path, *words: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder, self.url, self.words = folder, f"http://127.0.0.1:{self.port}/", words
        self.start()

    def start(self) -> None:
        words = ("serve", "--port", self.port, "--tasks-dir", self.folder / "tasks", *self.words)
        self.process: subprocess.Popen[str] = toys.start(*words, cwd=self.folder)
        until(self._answers, 60)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}health").status_code == 200
        except httpx.HTTPError:
            return False

    def begin(self, asked: dict[str, object]) -> str:
        """Starts a run; its id. The first one waits until all that knows models is imported: on a busy machine long."""
        answer = httpx.post(f"{self.url}api/runs", json=asked, timeout=120)
        return str(answer.json()["run_id"])

    def kill(self) -> None:
        toys.kill(self.process)
        self.process.communicate()


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    toys.make_catalog(tmp_path / "tasks", 3)
    with studio("small/one", "big", loaded={"i": "big"}) as running:
        monkeypatch.setenv("LMSTUDIO_BASE_URL", running.url)
        server = Served(tmp_path)
        yield server
        server.kill()


def runner_of(folder: Path) -> int:
    """The process that runs a run."""
    return int(json.loads((folder / "runner.lock").read_text())["pid"])


def test_a_run_is_started_from_the_form_without_script(served: Served, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.url}new/index.html")
    page.get_by_label("Models").fill("builtin/mock?pass=1&latency=30")
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name=re.compile("Start 3")).click()
    page.wait_for_url("**/run/run_*/index.html")
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_url("**/run/run_*/index.html")
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    context.close()


def test_a_running_run_moves_its_pages_without_a_reload(served: Served, browser: Browser) -> None:
    live, own = Watched(browser.new_page()), Watched(browser.new_page())
    live.page.goto(f"{served.url}live/index.html")
    expect(live.page.locator("[data-badge]")).to_contain_text("live")
    live.page.evaluate("window.stayed = true")
    asked = {"tasks": ["all"], "model": "builtin/mock?pass=1&latency=0.5", "samples": 2, "workers": 1}
    run_id = served.begin(asked)
    own.page.goto(f"{served.url}run/{run_id}/index.html")
    own.page.evaluate("window.stayed = true")
    expect(own.page.locator("[data-panel=attempts] tbody tr")).to_have_count(6, timeout=90_000)
    expect(own.page.locator("[data-panel=run_head]")).to_contain_text("completed", timeout=20_000)
    expect(live.page.locator("[data-panel=current_job] .figure strong")).to_have_text("6", timeout=20_000)
    for watched in (live, own):
        assert watched.page.evaluate("window.stayed") is True
        assert watched.faults == []
        watched.page.close()


def test_a_page_comes_back_within_five_seconds_of_its_server(served: Served, browser: Browser) -> None:
    folder = make_run(served.folder / "benchmark_results", run_config(tasks=4), finished=False, upto=1, artifacts=False)
    page = browser.new_page()
    with runner_lock(folder):
        page.goto(f"{served.url}live/index.html")
        expect(page.locator("[data-badge]")).to_contain_text("live")
        served.kill()
        expect(page.locator("[data-badge]")).to_contain_text("offline")
        append(folder, attempt_events(attempt("task_1")))
        served.start()
        expect(page.locator("[data-panel=current_job] .figure strong")).to_have_text("2", timeout=5_000)
    page.close()


def test_a_page_is_live_again_when_a_server_that_was_away_for_long_is_back(served: Served, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{served.url}live/index.html")
    expect(page.locator("[data-badge]")).to_contain_text("live")
    served.kill()
    page.wait_for_event("requestfailed", lambda request: "/api/pages/panels" in request.url, timeout=60_000)
    served.start()
    expect(page.locator("[data-badge]")).to_contain_text("live", timeout=10_000)
    page.close()


HEAR = """run => {
  window.heard = [];
  const source = new EventSource(`/api/runs/${run}/events`);
  for (const name of ["status", "progress", "completed"])
    source.addEventListener(name, ({ lastEventId }) => { if (lastEventId) window.heard.push(Number(lastEventId)); });
}"""


def test_a_stream_of_events_goes_on_over_a_restart_without_gap_or_repeat(served: Served, browser: Browser) -> None:
    folder = make_run(served.folder / "benchmark_results", run_config(tasks=9), finished=False, upto=1, artifacts=False)
    page = browser.new_page()
    with runner_lock(folder):
        page.goto(f"{served.url}live/index.html")
        page.evaluate(HEAR, folder.name)
        until(lambda: len(page.evaluate("window.heard")) == 2)  # how the run stands
        append(folder, attempt_events(attempt("task_1")))
        until(lambda: len(page.evaluate("window.heard")) >= 5)
        served.kill()
        append(folder, attempt_events(attempt("task_2")))
        served.start()
        append(folder, attempt_events(attempt("task_3")))
        until(lambda: page.evaluate("window.heard.at(-1)") == len(toys.events(folder.parent)), 30)
    standing, *heard = page.evaluate("window.heard")[1:]  # a new listener is told twice how the run stands
    assert heard == list(range(standing + 1, standing + 1 + len(heard)))
    page.close()


def test_a_page_says_within_twenty_seconds_that_its_runner_is_gone(served: Served, browser: Browser) -> None:
    asked = {"tasks": ["all"], "model": "builtin/mock?pass=1&latency=60", "samples": 2, "workers": 1}
    run_id = served.begin(asked)
    page = browser.new_page()
    page.goto(f"{served.url}run/{run_id}/index.html")
    expect(page.locator("[data-panel=current_job]")).to_contain_text("waiting", timeout=60_000)
    os.kill(runner_of(served.folder / "benchmark_results" / run_id), signal.SIGKILL)
    expect(page.locator("[data-panel=notices]")).to_contain_text("The runner is gone", timeout=20_000)
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel")).to_be_hidden()
    page.close()


def test_a_model_of_lmstudio_is_loaded_and_chosen_in_the_form(served: Served, browser: Browser) -> None:
    watched = Watched(browser.new_page())
    page = watched.page
    page.goto(f"{served.url}new/index.html")
    page.get_by_text("Models that can be asked from here").click()
    page.get_by_label("Endpoint").select_option("lmstudio")
    row = page.locator("[data-list] li", has_text="lmstudio/small/one")
    row.get_by_role("button", name="Load").click()
    expect(page.locator("[data-state]")).to_have_text("small/one is loaded", timeout=20_000)
    expect(page.locator("[name=models]")).to_have_value("lmstudio/small/one")
    page.get_by_label("What to run").fill("toy_1")
    page.get_by_label("What to run").blur()
    expect(page.locator("[data-described]")).to_contain_text("What it is")
    assert watched.faults == []
    page.close()


def test_the_live_page_is_complete_without_script(served: Served, browser: Browser) -> None:
    make_run(served.folder / "benchmark_results", artifacts=False)
    until(lambda: RUN_ID in httpx.get(f"{served.url}live/index.html").text)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.url}live/index.html")
    expect(page.locator("[data-panel=current_job] .figure strong")).to_have_text("2")
    assert page.locator("[data-panel=recent_attempts] tbody tr").count() == 2
    context.close()


def test_a_missing_page_is_styled(served: Served, browser: Browser) -> None:
    watched = Watched(browser.new_page())
    watched.page.goto(f"{served.url}nope/nothing.html")
    assert watched.page.evaluate("getComputedStyle(document.body).margin") == "0px"
    assert [fault for fault in watched.faults if "404" not in fault] == []
    watched.page.close()
