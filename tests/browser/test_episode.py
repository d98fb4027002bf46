"""An episode on the built site: arrow keys lead through it, levels filter its log, and it is whole without script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from watched import Watched

pytestmark = pytest.mark.browser


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    page = browser.new_page()
    yield Watched(page)
    page.close()


def episode_of(site: Path, task: str) -> str:
    (found,) = site.glob(f"run/run_20261121T07*/a/{task}_*.html")
    return found.as_uri()


def test_arrow_keys_lead_through_steps_and_levels_filter_the_log(site: Path, watched: Watched) -> None:
    page = watched.page
    page.goto(episode_of(site, "task_0"))
    place = page.locator("[data-place]")
    assert place.inner_text() == "1 of 2"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert place.inner_text() == "2 of 2"
    page.locator("[data-single]").check()
    assert page.locator("[data-step]:visible").count() == 1
    page.locator("[data-level-filter]").select_option("ERROR")
    assert page.locator(".log-lines li:visible").all_inner_texts()[0].endswith("no menu")
    assert page.locator(".log-lines li:visible").count() == 1
    assert watched.faults == []


def test_all_of_an_episode_is_there_without_script(site: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(episode_of(site, "task_0"))
    assert page.locator("[data-step]:visible").count() == 2
    assert page.locator("[data-step] img").count() == 2
    assert page.locator(".log-lines li:visible").count() == 2
    assert page.locator("[data-replay]:visible, [data-levels]:visible").count() == 0
    page.goto(episode_of(site, "task_1"))
    assert page.locator("[data-step]:visible").count() == 1
    context.close()
