"""The built site in a real browser: from disk and over HTTP, with and without script, wide and narrow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from factories import make_run, run_config
from patterns import LONG
from playwright.sync_api import Browser, Locator, Page, expect
from watched import Watched

from benchgen.build import build
from benchgen.pages.listing import Site
from benchgen.panels import attempts
from benchgen.render.renderer import Renderer
from benchgen.store.runs import Results

pytestmark = pytest.mark.browser
NARROW = {"width": 320, "height": 640}


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    page = browser.new_page()
    yield Watched(page)
    page.close()


def one_of_each(site: Path) -> list[str]:
    """The pages of the top, and one of every kind that there are many of."""
    found = ["index.html", "404.html", "patterns.html"]
    found += [f"{name}/index.html" for name in ("live", "history", "task", "compare", "methods")]
    for pattern in (
        "run/*/index.html",
        "run/*/a/*.html",
        "task/*/index.html",
        "model/*/index.html",
        "compare/*..*/*.html",
    ):
        found.append(sorted(path.relative_to(site).as_posix() for path in site.glob(pattern))[0])
    return found


def test_no_page_has_an_error_over_http(site: Path, address: str, watched: Watched) -> None:
    for name in one_of_each(site):
        watched.page.goto(address + name)
    assert watched.faults == []


def test_no_page_has_an_error_from_disk(site: Path, watched: Watched) -> None:
    for name in one_of_each(site):
        watched.page.goto((site / name).as_uri())
    assert watched.faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_scrolls_sideways_on_a_phone(site: Path, browser: Browser, scheme: str) -> None:
    page = browser.new_page(viewport=NARROW, color_scheme=scheme)  # type: ignore[arg-type]
    every = [path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html"))]
    for name in every if scheme == "light" else one_of_each(site):
        page.goto((site / name).as_uri())
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(wide), name
    page.close()


def test_a_run_takes_two_lines_on_a_phone(site: Path, browser: Browser) -> None:
    page = browser.new_page(viewport=NARROW)
    page.goto((site / "history/index.html").as_uri())
    rows = page.locator("[data-name=runs] tbody tr[data-status=completed]:not(.partial)")
    heights = rows.evaluate_all("rows => rows.map((row) => row.offsetHeight)")
    assert heights and max(heights) < 60
    page.close()


def test_everything_is_there_without_script(site: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    assert page.locator("#board-1 table.leaderboard tbody tr").count() == 3
    assert page.locator("[data-mode]:visible, [data-keys]:visible").count() == 0
    context.close()


def test_a_heading_sorts_its_table_and_the_address_keeps_it(site: Path, watched: Watched) -> None:
    watched.page.goto((site / "task/index.html").as_uri())
    watched.page.get_by_role("button", name="Difficulty").click()
    assert watched.page.locator("th[aria-sort=ascending]").inner_text().startswith("Difficulty")
    watched.page.reload()
    assert watched.page.locator("th[aria-sort=ascending]").count() == 1
    assert "sort=difficulty" in watched.page.url


def test_difficulties_are_sorted_and_offered_from_easy_to_expert(site: Path, watched: Watched) -> None:
    page = watched.page
    page.goto((site / "task/index.html").as_uri() + "?sort=difficulty")
    words = ["easy", "medium", "hard", "expert"]
    shown = page.locator("tbody tr").evaluate_all("rows => rows.map(row => row.dataset.difficulty)")
    offered = page.locator("[data-facet=difficulty] option").all_inner_texts()[1:]
    assert shown == sorted(shown, key=words.index)
    assert offered == [word for word in words if word in shown]
    assert len(offered) > 1


def test_each_table_keeps_its_own_order(site: Path, watched: Watched) -> None:
    page = watched.page
    page.goto((site / "index.html").as_uri())
    page.locator("table[data-name=leaderboard]").get_by_role("button", name="Cost").click()
    page.locator("table[data-name=leaderboard-2]").get_by_role("button", name="Model").click()
    page.reload()
    assert page.locator("table[data-name=leaderboard] th[aria-sort]").inner_text().startswith("Cost")
    assert page.locator("table[data-name=leaderboard-2] th[aria-sort]").inner_text().startswith("Model")


def test_the_address_keeps_what_several_scripts_put_there(site: Path, watched: Watched) -> None:
    page = watched.page
    page.goto((site / "index.html").as_uri())
    page.get_by_role("button", name="Failures").click()
    page.locator("table[data-name=leaderboard]").get_by_role("button", name="Cost").click()
    assert "rows=failures" in page.url and "sort=-cost" in page.url


def test_a_table_that_is_copied_has_long_names_whole(site: Path, watched: Watched) -> None:
    page = watched.page
    page.goto((site / "index.html").as_uri())
    with page.expect_download() as found:
        page.locator("[data-csv=leaderboard]").click()
    assert LONG in Path(found.value.path()).read_text()


def test_the_filter_hides_rows_and_says_how_many_are_left(site: Path, watched: Watched) -> None:
    page = watched.page
    page.goto((site / one_of_each(site)[8]).as_uri())
    page.get_by_label("Status").select_option("passed")
    shown = page.locator("table[data-name=attempts] tbody tr:visible")
    assert shown.count() == page.locator("table[data-name=attempts] .chip.passed:visible").count() > 0
    assert " of " in page.locator("[data-count]").inner_text()


def test_the_matrix_shows_failures_alone(site: Path, watched: Watched) -> None:
    page = watched.page
    page.goto((site / "index.html").as_uri())
    page.get_by_role("button", name="Failures").click()
    assert page.locator(".matrix tbody tr:visible").count() == page.locator(".matrix tbody tr[data-failure]").count()


def test_arrow_keys_lead_from_attempt_to_attempt(site: Path, watched: Watched) -> None:
    page = watched.page
    page.goto((site / one_of_each(site)[9]).as_uri())
    before = page.url
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: url != before)
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(before)


def test_a_question_mark_shows_the_keys(site: Path, watched: Watched) -> None:
    watched.page.goto((site / "index.html").as_uri())
    watched.page.keyboard.press("?")
    assert watched.page.locator("dialog[open]").is_visible()
    watched.page.keyboard.press("Escape")
    watched.page.locator("dialog").wait_for(state="detached")


def test_the_jump_box_finds_a_task_from_disk_and_leads_there(site: Path, watched: Watched) -> None:
    page = watched.page
    page.goto((site / "methods/index.html").as_uri())
    page.keyboard.press("j")
    page.get_by_label("Jump to", exact=True).fill("task_3")
    page.locator(".jump-box li a", has_text="task_3").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/task/task_3/index.html")
    assert watched.faults == []


def test_a_column_that_is_hidden_stays_hidden_by_the_address(site: Path, watched: Watched) -> None:
    page = watched.page
    page.goto((site / "index.html").as_uri())
    page.locator("#board-1 .columns summary").click()
    page.locator("#board-1 .columns").get_by_label("Cost", exact=True).uncheck()
    page.reload()
    assert "hide=cost" in page.url
    shown = page.locator("#board-1 table.leaderboard thead th:visible").all_inner_texts()
    assert "Cost" not in shown and "Per solve" in shown


def test_a_letter_after_g_leads_to_its_page(site: Path, watched: Watched) -> None:
    watched.page.goto((site / "index.html").as_uri())
    watched.page.keyboard.press("g")
    watched.page.keyboard.press("m")
    watched.page.wait_for_url("**/methods/index.html")


def test_marks_of_a_chart_are_one_stop_and_arrow_keys_move_between_them(site: Path, watched: Watched) -> None:
    page = watched.page
    page.goto((site / "index.html").as_uri())
    chart = page.locator(".scatter")
    assert chart.locator("[data-spot][tabindex='0']").count() == 1
    chart.locator("[data-spot][tabindex='0']").focus()
    before = page.locator(".tip").inner_text()
    page.keyboard.press("ArrowRight")
    assert page.locator(".tip").inner_text() != before


def test_a_theme_is_remembered_on_the_next_page(site: Path, address: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(address + "index.html")
    page.get_by_label("Theme").select_option("dark")
    page.goto(address + "methods/index.html")
    assert page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"
    page.close()


@pytest.fixture
def paged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page of a run whose attempts take three pages and two parts of their index."""
    monkeypatch.setattr(attempts, "PAGE", 8)
    monkeypatch.setattr(attempts, "OPENING", 8)
    monkeypatch.setattr(attempts, "PART", 14)
    make_run(tmp_path / "results", run_config(tasks=12, models=["acme/one", "acme/two"]), [None, "tests_failed"])
    build(Site(Results(tmp_path / "results"), Renderer()), tmp_path / "site")
    (home,) = (tmp_path / "site" / "run").glob("*/index.html")
    return home


def rows_of(page: Page) -> Locator:
    return page.locator("table[data-name=attempts] tbody tr")


def test_the_rate_of_a_language_leads_to_its_attempts(paged: Path, watched: Watched) -> None:
    page = watched.page
    page.goto(paged.as_uri())
    page.get_by_title("Its attempts").filter(has_text="/8").first.click()
    expect(page.locator("#attempts [data-count]")).to_have_text("8 of 24")
    assert page.url.endswith("?language=python#attempts")


def test_a_filter_covers_the_attempts_of_all_pages_from_disk(paged: Path, watched: Watched) -> None:
    page = watched.page
    page.goto(paged.as_uri())
    before = rows_of(page).all_inner_texts()
    page.get_by_label("Find", exact=True).fill("failed two")
    expect(page.locator("#attempts [data-count]")).to_have_text("12 of 24")
    page.locator("#attempts [data-facet=model]").select_option("acme/one")
    expect(page.locator("#attempts [data-count]")).to_have_text("0 of 24")
    page.get_by_label("Find", exact=True).fill("")
    expect(page.locator("#attempts [data-count]")).to_have_text("12 of 24")
    page.locator("#attempts [data-facet=model]").select_option("")
    expect(page.locator("#attempts [data-count]")).to_have_text("")
    assert rows_of(page).all_inner_texts() == before
    assert watched.faults == []


def test_a_heading_sorts_the_attempts_of_all_pages_and_the_address_keeps_it(paged: Path, watched: Watched) -> None:
    page = watched.page
    page.goto(paged.as_uri())
    page.locator("#attempts").get_by_role("button", name="Task").click()
    page.locator("#attempts").get_by_role("button", name="Task").click()
    expect(rows_of(page).first).to_contain_text("task_11")
    page.reload()
    expect(rows_of(page).first).to_contain_text("task_11")
    assert rows_of(page).count() == 24
    rows_of(page).first.get_by_role("link").click()
    page.wait_for_url(re.compile(r"/a/task_11"))
    assert watched.faults == []


def test_a_line_that_the_script_fills_is_the_line_that_the_page_has(paged: Path, watched: Watched) -> None:
    page = watched.page
    page.goto(paged.as_uri())
    of_page = rows_of(page).evaluate_all("all => all.map(one => one.innerHTML.replace(/ data-value=.[^ >]*/g, ''))")
    page.get_by_label("Find", exact=True).fill("task")
    expect(rows_of(page)).to_have_count(24)
    filled = rows_of(page).evaluate_all("all => all.map(one => one.innerHTML)")
    assert filled[: len(of_page)] == of_page


def test_a_table_that_a_live_page_puts_in_place_shows_what_was_chosen(paged: Path, watched: Watched) -> None:
    page = watched.page
    page.goto(f"{paged.as_uri()}?q=failed")
    replaced = """(html) => {
      const panel = document.querySelector("[data-panel=attempts]");
      const made = new DOMParser().parseFromString(html, "text/html");
      panel.innerHTML = made.querySelector("[data-panel=attempts]").innerHTML;
      document.dispatchEvent(new CustomEvent("benchgen:panel", { detail: panel }));
    }"""
    for _ in range(3):
        page.evaluate(replaced, paged.read_text())
    expect(page.locator("#attempts [data-count]")).to_have_text("12 of 24")
    expect(rows_of(page)).to_have_count(12)
    assert watched.faults == []
