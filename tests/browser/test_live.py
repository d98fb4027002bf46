"""The live page against a real server: panels move by stream, and by polling where none gets through."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from factories import attempt, attempt_events, make_run, run_config
from patterns import MIXED
from playwright.sync_api import Browser, expect
from server_room import until
from watched import Watched

from benchgen.catalog.tasks import Catalog
from benchgen.records.events import RunFinished
from benchgen.server.app import make_app
from benchgen.server.serving import address, listen
from benchgen.store.locks import runner_lock
from benchgen.store.log import append

pytestmark = pytest.mark.browser
CONFIG = run_config(tasks=6)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Path]:
    """A run that is going on: two of six attempts have finished, and its runner lives."""
    folder = make_run(tmp_path / "results", CONFIG, MIXED, finished=False, upto=2)
    with runner_lock(folder):
        yield folder


@pytest.fixture
def live(run: Path) -> Iterator[str]:
    """The address of a server over the run's results."""
    listener = listen("127.0.0.1", 0, exact=True)
    app = make_app(run.parent, Catalog(run.parent / "no-tasks"))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield address(listener) + "live/index.html"
    app.state.broadcast.hub.close()
    server.should_exit = True
    thread.join()


def finish_another(run: Path) -> None:
    append(run, attempt_events(attempt("task_2")))


def test_a_finished_attempt_reaches_the_page(run: Path, live: str, browser: Browser) -> None:
    watched = Watched(browser.new_page())
    watched.page.goto(live)
    expect(watched.page.locator("[data-badge]")).to_contain_text("live, no change yet")
    expect(watched.page.locator(".figure strong")).to_have_text("2")
    finish_another(run)
    expect(watched.page.locator(".figure strong")).to_have_text("3")
    expect(watched.page).to_have_title("3/6 a small run · benchgen")
    expect(watched.page.locator("[data-badge]")).to_contain_text("live, last change")
    assert watched.faults == []
    watched.page.close()


HIDE = """isAway => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => isAway });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def streams(live: str) -> int:
    return int(httpx.get(live.replace("live/index.html", "health")).json()["streams"])


def test_a_hidden_tab_closes_its_stream_and_catches_up_when_it_is_seen_again(
    run: Path, live: str, browser: Browser
) -> None:
    page = browser.new_page()
    page.goto(live)
    expect(page.locator("[data-badge]")).to_contain_text("live")
    page.evaluate(HIDE, True)
    until(lambda: streams(live) == 0)
    finish_another(run)
    page.evaluate(HIDE, False)
    expect(page.locator(".figure strong")).to_have_text("3")
    assert streams(live) == 1
    page.close()


def test_without_a_stream_the_page_polls(run: Path, live: str, browser: Browser) -> None:
    page = browser.new_page()
    page.route(re.compile("/api/pages/stream"), lambda route: route.fulfill(status=503))
    page.goto(live)
    expect(page.locator("[data-badge]")).to_contain_text("polling")
    finish_another(run)
    expect(page.locator(".figure strong")).to_have_text("3", timeout=15_000)
    page.close()


def test_what_the_reader_opened_stays_open(run: Path, live: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(live)
    page.get_by_text("waiting", exact=False).first.click()
    finish_another(run)
    expect(page.locator(".figure strong")).to_have_text("3")
    assert page.locator("[data-panel=current_job] details").get_attribute("open") is not None
    page.close()


def test_another_page_says_that_it_is_out_of_date(run: Path, live: str, browser: Browser) -> None:
    page = browser.new_page()
    with page.expect_response(re.compile("/api/pages/stream")):
        page.goto(live.replace("live/", ""))
    finish_another(run)
    expect(page.get_by_text("Updated since you opened it")).to_be_visible()
    page.close()


def page_of(run: Path, live: str) -> str:
    return live.replace("live/", f"run/{run.name}/")


def test_the_log_grows_at_its_end_and_stays_where_the_reader_is(run: Path, live: str, browser: Browser) -> None:
    log = run / "stderr.log"
    log.write_text("".join(f"line {number}\n" for number in range(300)))
    watched = Watched(browser.new_page())
    page = watched.page
    page.goto(page_of(run, live))
    expect(page.locator("[data-badge]")).to_contain_text("live")
    text = page.locator("[data-part=stderr] pre")
    expect(text).to_contain_text("line 299")
    assert "line 99\n" not in text.inner_text()
    with log.open("a") as file:
        file.write("<b>a new line</b>\n")
    expect(text).to_contain_text("<b>a new line</b>")
    at_end = "one => one.scrollHeight - one.scrollTop - one.clientHeight < 4"
    assert text.evaluate(at_end)
    page.get_by_label("follow the end").uncheck()
    text.evaluate("one => one.scrollTo(0, 0)")
    with log.open("a") as file:
        file.write("another\n")
    expect(text).to_contain_text("another")
    assert text.evaluate("one => one.scrollTop") == 0
    page.get_by_role("button", name="Earlier lines").first.click()
    expect(text).to_contain_text("line 0\n")
    assert watched.faults == []
    page.close()


def test_the_page_of_a_run_shows_its_progress_in_the_tab_and_tells_of_its_end(
    run: Path, live: str, browser: Browser
) -> None:
    page = browser.new_page()
    page.add_init_script(
        "window.told = []; window.Notification = class { constructor(text) { window.told.push(text); } "
        "static permission = 'granted'; static async requestPermission() { return 'granted'; } };"
    )
    page.goto(page_of(run, live))
    expect(page).to_have_title("2/6 a small run · benchgen")
    finish_another(run)
    expect(page).to_have_title("3/6 a small run · benchgen")
    page.get_by_role("button", name="Tell me at the end").click()
    append(run, [RunFinished(status="completed", exit_code=0)])
    expect(page.get_by_role("button", name="Tell me at the end")).to_be_hidden()
    assert page.evaluate("window.told") == ["a small run: completed"]
    expect(page.get_by_text("The run has ended; its whole report")).to_be_visible()
    page.close()
