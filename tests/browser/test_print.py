"""A page on paper: headings of tables stay, controls go."""

from __future__ import annotations

from pathlib import Path

import pytest
from watched import Watched

pytestmark = pytest.mark.browser


@pytest.fixture
def watched(browser):
    page = browser.new_page(viewport={"width": 900, "height": 1000})
    yield Watched(page)
    page.close()


@pytest.mark.parametrize("theme", ["dark", "neon"])
def test_paper_is_light_in_every_theme_and_cuts_no_table(site: Path, watched: Watched, theme: str) -> None:
    page = watched.page
    run = max(site.glob("run/*/index.html"), key=lambda path: path.read_text("utf-8").count('data-status="'))
    page.goto(run.as_uri())
    page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
    page.emulate_media(media="print")
    style = page.evaluate("(({color, background}) => [color, background])(getComputedStyle(document.body))")
    assert style[0] == "rgb(26, 27, 30)" and style[1].startswith("rgba(0, 0, 0, 0) none")
    cut = "all.filter(one => one.scrollHeight > one.clientHeight && getComputedStyle(one).overflowY !== 'visible')"
    assert page.locator(".scroll, pre, td.says").evaluate_all(f"all => {cut}.map(one => one.className)") == []


def test_a_printed_table_has_its_headings_and_no_controls(site: Path, watched: Watched) -> None:
    page = watched.page
    page.goto((site / "index.html").as_uri())
    page.emulate_media(media="print")
    assert page.locator("#board-1 th button.sort", has_text="Model").first.is_visible()
    assert page.locator("[data-copy-table]:visible, .columns:visible, [data-matrix-modes]:visible").count() == 0
