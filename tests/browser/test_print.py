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


def test_a_printed_table_has_its_headings_and_no_controls(site: Path, watched: Watched) -> None:
    page = watched.page
    page.goto((site / "index.html").as_uri())
    page.emulate_media(media="print")
    assert page.locator("#board-1 th button.sort", has_text="Model").first.is_visible()
    assert page.locator("[data-copy-table]:visible, .columns:visible, [data-matrix-modes]:visible").count() == 0
