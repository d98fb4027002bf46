"""Whether the site grows in line with its history: pages across runs at a half and at all of so many runs.

python scripts/bench/many_runs.py [RUNS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from history import make_history

from benchgen.pages.listing import Site
from benchgen.render.renderer import Renderer
from benchgen.store.runs import Results


@dataclass(frozen=True)
class Measured:
    """Seconds computed for all pages across runs, and the bytes of the largest by its kind."""

    cpu: float
    largest: dict[str, int]


def main(runs: int) -> None:
    """Prints the figures with their aims."""
    with tempfile.TemporaryDirectory(prefix="benchgen-runs-") as name:
        root = Path(name)
        make_history(root, runs // 2)
        half = measure(root)
        make_history(root, runs - runs // 2, first=runs // 2)
        whole = measure(root)
    growth = whole.cpu / half.cpu
    print(f"pages across {runs:,} runs: {whole.cpu:.1f} s computed, {growth:.1f} times those of half as many (aim 2)")
    for kind, size in sorted(whole.largest.items(), key=lambda pair: -pair[1]):
        aim = 300 if kind == "index.html" else 1000
        print(f"{kind:>12}: the largest page {size / 1e3:6.0f} KB (aim {aim})")


def measure(root: Path) -> Measured:
    """Makes every HTML page across runs once."""
    begun = time.process_time()
    largest: dict[str, int] = {}
    for page in Site(Results(root), Renderer()).shared():
        kind = page.path.partition("/")[0]
        if page.path.endswith(".html"):
            largest[kind] = max(largest.get(kind, 0), len(page.render()))
    return Measured(time.process_time() - begun, largest)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
