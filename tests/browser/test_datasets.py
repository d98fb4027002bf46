"""The datasets' pages under a real browser: a file is uploaded, run, watched, canceled, resumed, read and exported."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import row_server
import scripted_server
import toys
from playwright.sync_api import Browser, expect
from row_runs import make_run as make_run_here
from test_server import Served
from watched import Watched

from benchgen.build import build
from benchgen.pages.listing import Site
from benchgen.render.renderer import Renderer
from benchgen.store.runs import Results

pytestmark = [pytest.mark.browser, pytest.mark.slow]
COUNT = 450


def make_run(*arguments: object) -> None:
    """A finished run, made in a thread of its own: the browser's event loop occupies this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(make_run_here, *arguments).result()


@pytest.fixture
def endpoint() -> Iterator[scripted_server.ScriptedServer]:
    with scripted_server.scripted(row_server.adder(0.25)) as one:
        yield one


@pytest.fixture
def served(tmp_path: Path, endpoint: scripted_server.ScriptedServer) -> Iterator[Served]:
    toys.make_catalog(tmp_path / "tasks", 1)
    row_server.settle(tmp_path, endpoint)
    server = Served(tmp_path)
    yield server
    server.kill()


def test_a_dataset_is_uploaded_run_canceled_resumed_read_and_exported(
    served: Served, browser: Browser, tmp_path: Path, endpoint: scripted_server.ScriptedServer
) -> None:
    watched = Watched(browser.new_page())
    page = watched.page
    page.goto(f"{served.url}dataset/index.html")
    page.get_by_label("A JSONL file").set_input_files(row_server.sums(tmp_path / "sums.jsonl", COUNT))
    page.get_by_role("button", name="Add dataset").click()
    page.wait_for_url("**/dataset/ds_*/index.html")
    page.get_by_label("Model", exact=False).first.fill(row_server.MODEL)
    page.get_by_label("Rows asked at once").fill("4")
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_url("**/run/run_*/index.html")
    run_id = page.url.split("/")[-2]
    watching = Watched(browser.new_page())
    watching.page.goto(f"{served.url}dataset/index.html")
    expect(watching.page.locator("[data-panel=dataset_runs]")).to_contain_text("tokens/s", timeout=60_000)
    expect(watching.page.locator("[data-panel=dataset_runs]")).to_contain_text("ends in", timeout=60_000)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible(timeout=30_000)
    half = len(endpoint.asked)
    assert 0 < half < COUNT
    page.get_by_role("button", name="Resume").click()
    expect(page.locator("[data-panel=run_head]")).to_contain_text("completed", timeout=90_000)
    expect(watching.page.locator("[data-panel=dataset_runs]")).to_contain_text("View results", timeout=20_000)
    watching.page.get_by_role("link", name="View results").click()
    expect(watching.page.locator("[data-rows] tbody tr")).to_have_count(200)
    with page.expect_download() as download:
        page.evaluate("address => { location.href = address; }", f"{served.url}api/runs/{run_id}/export?format=jsonl")
    lines = [json.loads(line) for line in Path(download.value.path()).read_text().splitlines()]
    assert [line["custom_id"] for line in lines] == [f"row-{n}" for n in range(COUNT)]
    for one in (watched, watching):
        assert one.faults == []
        one.page.close()


def test_a_bad_file_dropped_on_the_page_is_refused_line_by_line(served: Served, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{served.url}dataset/index.html")
    dropped = """() => {
      const data = new DataTransfer();
      data.items.add(new File(['{"id": "a", "prompt": "x"}\\n{no}\\n'], "bad.jsonl"));
      document.querySelector("[data-upload]").dispatchEvent(
        new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    page.evaluate(dropped)
    expect(page.locator("[data-upload-problems] li")).to_contain_text("line 2 not valid JSON")
    assert not list((served.folder / "benchmark_results" / "datasets").glob("ds_*"))
    page.close()


def test_an_answer_is_marked_without_script(served: Served, browser: Browser) -> None:
    make_run(served.folder / "benchmark_results", [{"id": "a", "prompt": "x"}], {"test/a": lambda asked: "y"})
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.url}dataset/index.html")
    page.get_by_role("link", name="rows.jsonl").first.click()
    page.get_by_role("button", name="★").click()
    expect(page.locator("button.mark")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("link", name="JSONL")).to_be_visible()
    context.close()


def test_the_filter_finds_rows_of_all_pages_from_disk(tmp_path: Path, browser: Browser) -> None:
    rows = [
        {"id": f"row-{n}", "prompt": f"How far is <b>{n}</b>?", "domain": ("even", "odd")[n % 2]} for n in range(650)
    ]
    models = {f"test/{name}": (lambda asked, name=name: f"{name} says {len(asked)}") for name in "abc"}
    make_run(tmp_path / "results", rows, models)
    build(Site(Results(tmp_path / "results"), Renderer()), tmp_path / "site")
    (home,) = (tmp_path / "site" / "dataset").glob("rows_*/index.html")
    watched = Watched(browser.new_page())
    page = watched.page
    page.goto(f"file://{home}")
    page.get_by_label("Find in all rows").fill("row-64")
    expect(page.locator("[data-find-count]")).to_contain_text("11 found")
    page.get_by_label("Find in all rows").fill("<b>444</b>")
    expect(page.locator("[data-found] li")).to_have_count(1)
    page.get_by_label("Find in all rows").fill("")
    page.locator("[data-facet=differs]").select_option("agree")
    expect(page.locator("[data-find-count]")).to_contain_text("0 found")
    page.locator("[data-facet=differs]").select_option("differ")
    expect(page.locator("[data-find-count]")).to_contain_text("650 found")
    page.locator("[data-facet=domain]").select_option("odd")
    expect(page.locator("[data-find-count]")).to_contain_text("325 found")
    page.reload()
    expect(page.locator("[data-find-count]")).to_contain_text("325 found")
    page.locator("[data-facet=domain]").select_option("")
    page.get_by_label("Find in all rows").fill("<b>444</b>")
    expect(page.locator("[data-found] li")).to_have_count(1)
    page.locator("[data-found] a").click()
    page.wait_for_url(re.compile(r"rows-3\.html.*#row-444"))
    expect(page.locator("tr:target th")).to_contain_text("row-444")
    assert page.locator("tr:target").get_attribute("data-differs") == "differ"
    for name in ("test/b", "test/c"):
        page.get_by_label(name).uncheck()
    expect(page.locator("tr:target")).to_have_attribute("data-differs", "agree")
    expect(page.locator("tr:target td[data-column='1']")).to_be_hidden()
    assert watched.faults == []
    page.close()
