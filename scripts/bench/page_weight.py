"""What pages weigh and how long a browser takes to show them: a run of many attempts, and the site of a small one.

    python scripts/bench/page_weight.py [ATTEMPTS]

Content is visible when the first contentful paint is, from the start of the navigation and in a process that has shown
no page yet; the main thread's time sums its tasks up to the load event, as they passed and as computed. A bare page
with the words of the page of two attempts shows what any takes. For each look Chromium opens a window, whose own
furniture computes for half a second and more: the page is asked for once that is over, or it would be measured too.
"""

from __future__ import annotations

import gzip
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from build_site import make_run
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from factories import make_run as make_small_run

from benchgen.build import MANIFEST, build
from benchgen.pages.listing import Site
from benchgen.render.renderer import Renderer
from benchgen.store.runs import Results

# Once it is there: the page forbids what would ask for it again and again.
FIRST_PAINT = """() => new Promise((done) => new PerformanceObserver((list) => {
  const [paint] = list.getEntriesByName('first-contentful-paint');
  if (paint) done(paint.startTime);
}).observe({type: 'paint', buffered: true}))"""
# The index of all attempts is read at the first word; what is typed then is timed, and a heading's second click.
CHOSEN = """async (words) => {
  const [field, count] = ['[data-query]', '[data-count]'].map((one) => document.querySelector(`#attempts ${one}`));
  if (!document.querySelector('#attempts [data-index]')) return null;
  const timed = (act) => { const begun = performance.now(); act(); return performance.now() - begun; };
  const type = (text) => { field.value = text; field.dispatchEvent(new Event('input', {bubbles: true})); };
  const begun = performance.now();
  type('task');
  while (!count.textContent.includes(' of ')) await new Promise((done) => setTimeout(done));
  const read = performance.now() - begun;
  const heading = document.querySelector('#attempts th.n button');
  heading.click();
  heading.click();
  return [read, timed(() => type(words)), timed(() => heading.click())];
}"""
LOOKS = 7
SETTLING = 50


def main(attempts: int) -> None:
    """Prints the figures with their aims."""
    with tempfile.TemporaryDirectory(prefix="benchgen-weight-") as name:
        root = Path(name)
        next(make_run(root / "results", attempts))
        build(Site(Results(root / "results"), Renderer()), root / "site")
        make_small_run(root / "small")
        build(Site(Results(root / "small"), Renderer()), root / "small-site")
        _small_site(root / "small-site")
        (page,) = (root / "site" / "run").glob("*/index.html")
        data = page.read_bytes()
        packed = len(gzip.compress(data, 6))
        print(
            f"page of a run of {attempts:,} attempts: {len(data) / 1e3:.0f} KB, {packed / 1e3:.0f} KB gzipped (aim 100)"
        )
        (bare,) = (root / "small-site" / "run").glob("*/index.html")
        words = bare_words(bare, root / "words.html")
        in_a_browser({"the run's page from disk": page, "that of two attempts": bare, "bare words": words})


def bare_words(page: Path, words: Path) -> Path:
    """A page of the words of another and nothing else, what any page is to be held against."""
    words.write_text(f"<!doctype html><title>words</title><pre>{re.sub('<[^>]*>', ' ', page.read_text())}</pre>")
    return words


def _small_site(site: Path) -> None:
    sizes = {path.relative_to(site).as_posix(): path.stat().st_size for path in site.rglob("*") if path.is_file()}
    whole = sum(size for path, size in sizes.items() if path != MANIFEST)
    own = sum(size for path, size in sizes.items() if path.startswith(("run/", "data/runs/")))
    print(
        f"the site of a run of two attempts: {whole / 1e3:.0f} KB,"
        f" {(whole - own) / 1e3:.0f} KB besides the pages and data of the run itself (aim 150)"
    )


def in_a_browser(pages: Mapping[str, Path | str]) -> None:
    """All of them in turn, for the machine may be busy: the least of each figure, of the first paint the median, too.

    A page is a file or an address.
    """
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        looks: dict[str, list[Look]] = {name: [] for name in pages}
        for _ in range(LOOKS):
            for name, path in pages.items():
                looks[name].append(_look(browser, path.as_uri() if isinstance(path, Path) else path))
        browser.close()
    for name, some in looks.items():
        paint, busy, computed = (min(getattr(one, key) for one in some) for key in ("paint", "busy", "computed"))
        usual = statistics.median(one.paint for one in some)
        print(
            f"{name}: paint {paint:.0f} ms, median {usual:.0f} (aim 150),"
            f" main thread {busy:.0f} ms (aim 200, computed {computed:.0f})"
        )
    chosen = [one.chosen for some in looks.values() for one in some if one.chosen]
    if not chosen:
        return
    read, filtered, ordered = (min(times) for times in zip(*chosen, strict=True))
    print(f"all attempts read: {read:.0f} ms; a filter of them {filtered:.1f} ms (aim 20), an order {ordered:.1f} ms")


@dataclass(frozen=True)
class Look:
    """Milliseconds: to the first paint, of the main thread's tasks as they passed and as computed, of choices."""

    paint: float
    busy: float
    computed: float
    chosen: list[float] | None


def _look(browser: Browser, url: str) -> Look:
    busy, page = _opened(browser, url, "timeTicks")
    paint, chosen = page.evaluate(FIRST_PAINT), page.evaluate(CHOSEN, "task_0007")
    page.close()
    computed, page = _opened(browser, url, "threadTicks")
    page.close()
    return Look(paint, busy, computed, chosen)


def _opened(browser: Browser, url: str, clock: str) -> tuple[float, Page]:
    """The milliseconds of a page's main thread by a clock, and the page."""
    page = browser.new_page()
    _settle(browser)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": clock})
    page.goto(url, wait_until="load")
    page.evaluate(FIRST_PAINT)
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return 1000 * metrics["TaskDuration"], page


def _settle(browser: Browser) -> None:
    """Waits until all processes of the browser together compute next to nothing."""
    session, spent = browser.new_browser_cdp_session(), 0.0
    for _ in range(SETTLING):
        time.sleep(0.2)
        before, spent = spent, sum(one["cpuTime"] for one in session.send("SystemInfo.getProcessInfo")["processInfo"])
        if spent - before <= 0.01:
            break
    session.detach()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
