"""Makes the pictures of the README from real pages: `python scripts/pictures.py [DEMO_RESULTS]`, or `--check`.

Without a folder of results, scripts/demo.py makes one first. `--check` says whether the look has changed since, and
ends with 1 when it has.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchgen.build import build
from benchgen.catalog.tasks import Catalog
from benchgen.pages.listing import Site
from benchgen.render.renderer import Renderer
from benchgen.store.runs import Results

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "img"
MADE_FROM = FOLDER / "made-from.txt"
MOST_BYTES = 150_000
SIZE = (1120, 630)
# What is shown: a name, the page by a pattern, and which of the pages that fit.
SHOWN = (
    ("leaderboard", "index.html", 0),
    ("run", "run/*/index.html", -1),
    ("attempt", "run/*/a/python_bugfix*mock*.html", -1),
)
LOOK = ("templates/pages", "templates/components", "templates/base.html", "static")


def fingerprint() -> str:
    """A name for everything that decides how the pages look."""
    total = hashlib.sha256()
    for name in LOOK:
        path = ROOT / name
        for file in sorted(path.rglob("*.*")) if path.is_dir() else [path]:
            total.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return total.hexdigest()[:16]


def check() -> int:
    """Whether the pictures show today's pages."""
    made_from = MADE_FROM.read_text().strip() if MADE_FROM.is_file() else "nothing"
    if made_from == fingerprint():
        print("the pictures are fresh")
        return 0
    print("the look has changed since the pictures were made: python scripts/pictures.py")
    return 1


def main(results: Path) -> int:
    """Builds the site and writes each picture in both themes."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder)
        build(Site(Results(results), Renderer(), Catalog(ROOT / "tasks")), site)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        too_large = [name for name, pattern, which in SHOWN for name in _both(browser, site, name, pattern, which)]
        browser.close()
    MADE_FROM.write_text(f"{fingerprint()}\n")
    for name in too_large:
        print(f"{name} is larger than {MOST_BYTES:,} bytes")
    return 1 if too_large else 0


def _both(browser: Browser, site: Path, name: str, pattern: str, which: int) -> list[str]:
    """One page in both themes; the files that came out too large."""
    page_file = sorted(site.glob(pattern), key=lambda path: (path.stat().st_size, path))[which]
    large = []
    for theme in ("light", "dark"):
        page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]}, color_scheme=theme)  # type: ignore[arg-type]
        page.goto(page_file.as_uri())
        target = FOLDER / f"{name}-{theme}.png"
        page.screenshot(path=target)
        page.close()
        if target.stat().st_size > MOST_BYTES:
            large.append(target.name)
    return large


def _made() -> Path:
    """A folder of results, freshly made; it stays for another look."""
    folder = Path(tempfile.mkdtemp(prefix="benchgen-demo-"))
    sys.path.insert(0, str(ROOT / "scripts"))
    from demo import main as make

    make(folder, unreadable=False)
    print(f"the results are in {folder}")
    return folder


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        raise SystemExit(check())
    raise SystemExit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else _made()))
