"""What people press on the page of a run, and how they come there: both with the real command under a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import row_server
import scripted_server
import toys
from playwright.sync_api import Browser, Page, expect
from test_server import Served
from watched import Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LONG = 120_000


@pytest.fixture
def endpoint() -> Iterator[scripted_server.ScriptedServer]:
    """Refuses the first request that it gets, and answers all others."""
    with scripted_server.scripted(scripted_server.refused(400, "not now"), row_server.adder()) as one:
        yield one


@pytest.fixture
def served(tmp_path: Path, endpoint: scripted_server.ScriptedServer) -> Iterator[Served]:
    toys.make_catalog(tmp_path / "tasks", 2)
    row_server.settle(tmp_path, endpoint)
    server = Served(tmp_path, "--max-runs", "1")
    yield server
    server.kill()


def start(page: Page, served: Served, kind: str, tasks: str, models: str) -> None:
    """Fills the form, reviews and starts; then the page of the run is open."""
    page.goto(f"{served.url}new/index.html")
    page.locator("[name=kind]").select_option(kind)
    page.locator("[name=tasks]").fill(tasks)
    page.locator("[name=models]").fill(models)
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name=re.compile("^Start")).click()
    page.wait_for_url("**/run/run_*/index.html", timeout=LONG)  # the first run imports all that knows models


def test_a_dataset_is_run_from_the_form_and_what_the_provider_failed_is_repeated(
    served: Served, browser: Browser, tmp_path: Path
) -> None:
    watched = Watched(browser.new_page())
    page = watched.page
    page.goto(f"{served.url}dataset/index.html")
    page.get_by_label("A JSONL file").set_input_files(row_server.sums(tmp_path / "sums.jsonl", 3))
    page.get_by_role("button", name="Add dataset").click()
    page.wait_for_url("**/dataset/ds_*/index.html")
    start(page, served, "dataset", page.url.split("/")[-2], row_server.MODEL)
    head = page.locator("[data-panel=run_head]")
    expect(head).to_contain_text("completed", timeout=LONG)
    expect(page.locator("[data-panel=failures]")).to_contain_text("not now")
    page.get_by_role("button", name="Repeat API errors").click()
    expect(page.locator("[data-panel=failures]")).not_to_contain_text("not now", timeout=LONG)
    expect(head).to_contain_text("completed", timeout=LONG)
    expect(page.get_by_role("button", name="Repeat API errors")).to_have_count(0)
    assert watched.faults == []
    page.close()


def test_a_run_waits_for_its_turn_and_is_removed_once_that_is_ticked(served: Served, browser: Browser) -> None:
    first, second = Watched(browser.new_page()), Watched(browser.new_page())
    start(first.page, served, "code", "toy_0", "builtin/mock?pass=1&latency=600")
    expect(first.page.locator("[data-panel=run_head]")).to_contain_text("running", timeout=LONG)
    page = second.page
    start(page, served, "code", "toy_1", "builtin/reference")
    expect(page.locator("[data-panel=run_head]")).to_contain_text("queued")
    first.page.get_by_role("button", name="Cancel").click()
    expect(page.locator("[data-panel=run_head]")).to_contain_text("completed", timeout=LONG)
    folder = served.folder / "benchmark_results" / page.url.split("/")[-2]
    page.get_by_text("Remove…").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    assert page.locator("[name=confirm]:invalid").count() == 1  # the browser says that it must be ticked
    page.get_by_label("with all its files").check()
    page.get_by_role("button", name="Remove", exact=True).click()
    page.wait_for_url("**/history/index.html")
    assert not folder.exists()
    for one in (first, second):
        assert one.faults == []
        one.page.close()
