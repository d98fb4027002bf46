"""Text of an enemy in every field, opened from disk: nothing runs, and no request leaves for anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import row_runs
from factories import make_run, model_spec, run_config, task_card
from playwright.sync_api import Browser, Page
from showroom import build_site

from benchgen import paths
from benchgen.record import replace
from benchgen.store.annotations import annotate

pytestmark = pytest.mark.browser

# What runs says so by a mark on the window; what is fetched is seen as a request.
RUN = "window.hit=1"
EVIL = (
    f"</script><script>{RUN}</script><img src=http://evil.example/a.png onerror={RUN}>"
    f"<svg onload={RUN}></svg><a href=javascript:{RUN}>x</a>\"'><iframe src=http://evil.example/b></iframe>"
    "<style>@import 'http://evil.example/c.css'</style><link rel=stylesheet href=http://evil.example/d.css>"
    "<base href=http://evil.example/><meta http-equiv=refresh content='0;url=http://evil.example/'>"
    "{{ 7*7 }}{% raw %}</title></textarea>\u202eexe.\x1b]8;;http://evil.example\x07"
)
MARKDOWN = (
    f"# x\n[a](javascript:{RUN}) ![b](http://evil.example/e.png) <details ontoggle={RUN} open>\n\n{EVIL}\n\n"
    f"```html\n{EVIL}\n```\n\n<http://evil.example/f>\n[c]: http://evil.example/g\n| a |\n|---|\n| {EVIL} |"
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs of a task, an episode and rows, all of whose words were chosen to do harm."""
    root, out = tmp_path_factory.mktemp("evil"), tmp_path_factory.mktemp("evil-site")
    words = dict.fromkeys(("language", "type", "difficulty", "domain"), EVIL)
    card = task_card(EVIL, **words, tags=(EVIL,), cases=(EVIL,))
    files = {
        name: EVIL.encode() for name in (paths.PROMPT, paths.RESPONSE, paths.PATCH, paths.STDOUT, paths.STDERR)
    } | {"page.html": EVIL.encode(), "picture.svg": f"<svg onload='{RUN}'></svg>".encode()}
    for number, kind in enumerate(("code", "agent")):
        config = run_config(
            tasks={"task_<b>": card},
            models=[model_spec(f"acme/{EVIL[:60]}"), model_spec('acme/"><img src=x>')],
            run_id=f"run_20261121T0{number}0000Z_00000{number}",
            kind=kind,
            run_name=EVIL,
            note=EVIL,
            benchmark_name=EVIL,
            command=("benchgen", EVIL),
        )
        config = replace(config, versions={EVIL: EVIL})
        run = make_run(root, config, ["tests_failed", None], artifacts=files)
        annotate(root, run.name, note=MARKDOWN, tags=["<img src=x>"])
    row = {"id": EVIL[:90], "prompt": EVIL, "expected": EVIL, "domain": EVIL[:90]}
    row_runs.make_run(root, [row, {"id": "long", "prompt": EVIL * 40}], {"local/x": lambda text: EVIL + text})
    return build_site(root, out)


@pytest.fixture
def visitor(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: dialog.dismiss())
    yield page, asked
    page.close()


def test_nothing_runs_and_nothing_is_fetched_from_outside(hostile: Path, visitor: tuple[Page, list[str]]) -> None:
    page, asked = visitor
    pages = sorted(hostile.rglob("*.html"))
    ran = []
    for path in pages:
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        if page.evaluate("window.hit") or page.url != path.as_uri():
            ran.append(path.relative_to(hostile).as_posix())
    assert len(pages) > 20
    assert ran == []
    assert [url for url in asked if not url.startswith((hostile.as_uri(), "data:"))] == []


def test_nothing_breaks_out_of_a_narrow_page(hostile: Path, visitor: tuple[Page, list[str]]) -> None:
    page, _ = visitor
    page.set_viewport_size({"width": 320, "height": 640})
    wide = []
    for path in sorted(hostile.rglob("*.html")):
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(path.relative_to(hostile).as_posix())
    assert wide == []


def test_no_element_that_could_do_harm_is_made_of_text(hostile: Path, visitor: tuple[Page, list[str]]) -> None:
    page, _ = visitor
    harm = "iframe, object, embed, base, meta[http-equiv=refresh], [onerror], [onload], [ontoggle], [src^=http]"
    found = []
    for path in sorted(hostile.rglob("*.html")):
        page.goto(path.as_uri())
        if page.locator(harm).count() or page.locator("a[href^='javascript:'], script:not([src])").count():
            found.append(path.relative_to(hostile).as_posix())
    assert found == []


def test_the_jump_box_shows_hostile_names_as_text(hostile: Path, visitor: tuple[Page, list[str]]) -> None:
    page, _ = visitor
    page.goto((hostile / "index.html").as_uri())
    page.keyboard.press("j")
    page.locator(".jump-box li a", has_text="</script>").first.wait_for()
    assert page.evaluate("window.hit") is None


def test_files_of_a_run_that_could_run_are_published_as_text(hostile: Path) -> None:
    endings = {path.suffix for path in hostile.rglob("run/*/files/**/*") if path.is_file()}
    assert endings <= {".txt", ".png", ".jpg", ".jpeg", ".gif", ".webp"}
