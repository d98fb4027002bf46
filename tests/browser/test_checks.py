"""Every page in every state is accessible and valid HTML, by other people's judgement; every link leads somewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from checks import AXE, VALIDATOR, html_errors, need, violations
from playwright.sync_api import Browser, Page
from showroom import PATTERNS, build_site, links_that_fail

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of nobody who has run anything yet."""
    return build_site(tmp_path_factory.mktemp("none"), tmp_path_factory.mktemp("empty"))


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[[str], Page]]:
    made: list[Page] = []

    def opened(scheme: str) -> Page:
        made.append(browser.new_page(color_scheme=scheme))  # type: ignore[arg-type]
        return made[-1]

    yield opened
    for page in made:
        page.close()


def found_on(page: Page, site: Path, pages: list[Path], rules: list[str] | None = None) -> list[str]:
    found = []
    for path in pages:
        page.goto(path.as_uri())
        found += [f"{path.relative_to(site)}: {one}" for one in violations(page, rules)]
    # A macro that stands twice on the patterns page brings its landmark twice.
    return [one for one in found if not one.startswith(f"{PATTERNS}: landmark-unique")]


def test_axe_finds_nothing_on_any_page(site: Path, open_page: Callable[[str], Page]) -> None:
    need(AXE)
    assert found_on(open_page("light"), site, sorted(site.rglob("*.html"))) == []


def test_axe_finds_nothing_on_the_site_without_runs(empty: Path, open_page: Callable[[str], Page]) -> None:
    need(AXE)
    pages = [path for path in sorted(empty.rglob("*.html")) if path.name != PATTERNS]
    assert found_on(open_page("light"), empty, pages) == []


@pytest.mark.parametrize("theme", ["dark", "neon"])
def test_every_text_can_be_read_in_every_theme(site: Path, open_page: Callable[[str], Page], theme: str) -> None:
    need(AXE)
    page = open_page("dark")
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")  # a text that fades in is faint for a moment
    if theme == "neon":
        page.add_init_script("localStorage.setItem('benchgen-theme', 'neon')")
    pages = [site / PATTERNS, site / "index.html", *sorted(site.glob("run/*/index.html"))[:3]]
    assert found_on(page, site, pages, ["color-contrast"]) == []


def test_every_page_is_valid_html(site: Path, empty: Path) -> None:
    need(VALIDATOR)
    pages = [path for folder in (site, empty) for path in sorted(folder.rglob("*.html")) if path.name != PATTERNS]
    assert html_errors(pages) == []


def test_the_patterns_are_valid_html_but_for_macros_that_stand_there_twice(site: Path) -> None:
    need(VALIDATOR)
    assert html_errors([site / PATTERNS], "no-dup-id") == []


def test_every_link_leads_somewhere(site: Path, empty: Path) -> None:
    assert links_that_fail(site) + links_that_fail(empty) == []
