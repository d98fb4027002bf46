"""What pages weigh and how long a browser takes to show them: a run of many attempts, and the site of a small one.

    python scripts/bench/page_weight.py [ATTEMPTS]

Content is visible when the first contentful paint is; the main thread's time sums its tasks up to the load event.
"""

from __future__ import annotations

import gzip
import shutil
import sys
import tempfile
from pathlib import Path

from build_site import make_run
from playwright.sync_api import Page, sync_playwright

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
FILTERED = """words => {
  const field = document.querySelector('#attempts input[type=search], #attempts [data-filter] input');
  if (!field) return null;
  const begun = performance.now();
  field.value = words;
  field.dispatchEvent(new Event('input', {bubbles: true}));
  return performance.now() - begun;
}"""
LOOKS = 5


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
        _in_a_browser(page, bare)


def _small_site(site: Path) -> None:
    sizes = {path.relative_to(site).as_posix(): path.stat().st_size for path in site.rglob("*") if path.is_file()}
    whole = sum(size for path, size in sizes.items() if path != MANIFEST)
    own = sum(size for path, size in sizes.items() if path.startswith(("run/", "data/runs/")))
    print(
        f"the site of a run of two attempts: {whole / 1e3:.0f} KB,"
        f" {(whole - own) / 1e3:.0f} KB besides the pages and data of the run itself (aim 150)"
    )


def _in_a_browser(page: Path, bare: Path) -> None:
    """The page of many attempts, and in turn with it that of two as a reference: the machine may be busy."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        both = [[_look(browser.new_page(), one.as_uri()) for one in (page, bare)] for _ in range(LOOKS)]
        browser.close()
    looks = [many for many, _ in both]
    for name, some in (("in Chromium, from disk", looks), ("the page of two attempts", [few for _, few in both])):
        paint, busy = min(look[0] for look in some), min(look[1] for look in some)
        print(f"{name}: first paint {paint:.0f} ms (aim 150), main thread {1000 * busy:.0f} ms (aim 200)")
    filters = [look[2] for look in looks if look[2] is not None]
    print(f"filter of its attempts: {min(filters):.1f} ms (aim 20)" if filters else "no filter on this page")


def _look(page: Page, url: str) -> tuple[float, float, float | None]:
    """Milliseconds to the first paint, seconds of the main thread's tasks, milliseconds of a filter."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.goto(url, wait_until="load")
    paint = page.evaluate(FIRST_PAINT)
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    found = paint, metrics["TaskDuration"], page.evaluate(FILTERED, "task_0007")
    page.close()
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
