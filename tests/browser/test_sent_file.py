"""A run as one file, as somebody opens it who was sent it: from disk, with nothing beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from checks import AXE, VALIDATOR, html_errors, need, violations
from playwright.sync_api import Browser, Page
from showroom import files_to_send

pytestmark = pytest.mark.browser
SHOWN = "[...document.querySelectorAll('.sheet')].filter((one) => one.checkVisibility()).map((one) => one.id)"


@pytest.fixture(scope="session")  # before the browser, which brings an event loop of its own
def files(tmp_path_factory) -> dict[str, Path]:
    found = files_to_send(tmp_path_factory.mktemp("results"), tmp_path_factory.mktemp("files"))
    return {name.partition(" ")[0]: path for name, path in found.items()}


def opened(browser: Browser, file: Path, **options: object) -> tuple[Page, list[str]]:
    page = browser.new_context(**options).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    return page, [url for url in asked if not url.startswith("data:")]


@pytest.mark.parametrize("has_script", [True, False])
@pytest.mark.parametrize("width", [320, 1280])
def test_one_page_of_it_is_shown_and_links_lead_to_the_others(browser, files, has_script, width):
    size = {"width": width, "height": 800}
    page, asked = opened(browser, files["code"], java_script_enabled=has_script, viewport=size)
    assert asked == [files["code"].as_uri()]
    first, attempts = page.locator(".sheet.first"), page.locator(".sheet[id^='~a~']")
    assert (first.is_visible(), attempts.first.is_visible()) == (True, False)
    page.locator("table[data-name=attempts] a").first.click()
    assert (first.is_visible(), page.locator(".sheet:visible").count()) == (False, 1)
    page.locator(".sheet:visible a[href='#content']").first.click()
    assert (first.is_visible(), page.locator(".sheet:visible").count()) == (True, 1)
    first.locator("a[href^='#~methods~']").first.click()
    assert page.locator(".sheet:visible").get_attribute("id") == "~methods"
    page.go_back()
    assert first.is_visible()


def test_a_key_leads_from_the_attempt_that_is_shown_to_the_next(browser, files):
    page, _ = opened(browser, files["code"])
    page.locator("table[data-name=attempts] a").first.click()
    wanted = page.locator(".sheet:visible a[rel=next]").get_attribute("href")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(SHOWN) == [wanted.removeprefix("#")]


def test_the_picture_of_a_step_is_shown(browser, files):
    page, _ = opened(browser, files["agent"])
    page.locator("table[data-name=attempts] a").first.click()
    picture = page.locator(".sheet:visible img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("(one) => one.complete && one.naturalWidth > 0", arg=picture.element_handle())


@pytest.mark.parametrize("kind", ["code", "agent", "dataset"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_on_each_of_its_pages(browser, files, kind, scheme):
    need(AXE)
    page, _ = opened(browser, files[kind], color_scheme=scheme)
    names = page.evaluate("[...document.querySelectorAll('.sheet')].map((one) => one.id)")
    for name in (names[0], names[1], names[-1]):
        page.evaluate("(name) => { location.hash = name || 'content'; }", name)
        assert violations(page) == []


def test_it_is_valid(files):
    need(VALIDATOR)
    assert html_errors(files.values()) == []
