"""How long a browser takes to show the pages across a long history, those of a large dataset, and the live page.

    python scripts/bench/page_paint.py [RUNS] [ROWS] [ATTEMPTS]

RUNS complete runs (1,000) beside one of a dataset of ROWS rows (100,000) and one that goes on, with ATTEMPTS outcomes
(10,000). Only the pages that are looked at are made; what the figures mean stands in `page_weight.py`, and the words of
the leaderboard alone are looked at in the same turns.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from dataset_site import make
from history import make_history
from live_latency import serving
from page_weight import bare_words, in_a_browser

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from factories import make_run, run_config

from benchgen.pages.listing import Site
from benchgen.panels import links
from benchgen.panels.dataset_runs import dataset_key
from benchgen.render.renderer import Renderer
from benchgen.store.locks import runner_lock
from benchgen.store.runs import Results

MODEL = "acme/model-0"


def main(runs: int, rows: int, attempts: int) -> None:
    """Prints a line for each page, the live page from a server, the others from disk."""
    with tempfile.TemporaryDirectory(prefix="benchgen-paint-") as name:
        root, out = Path(name) / "results", Path(name) / "site"
        make_history(root, runs)
        asyncio.run(make(root, rows, 1))
        pages = written(Site(Results(root), Renderer()), out)
        newest = {"run_id": "run_20280101T000000Z_be0c4a", "created_at": "2028-01-01T00:00:00.000Z"}
        config = run_config(tasks=50, samples=attempts // 50 + 1, **newest)
        folder = make_run(root, config, artifacts=False, finished=False, upto=attempts)
        with runner_lock(folder), serving(root) as url:
            words = bare_words(pages["leaderboard"], out / "words.html")
            in_a_browser({**pages, "live page": f"{url}{links.LIVE}", "bare words": words})


def written(site: Site, out: Path) -> dict[str, Path]:
    """The pages to look at, by what they are, with their static files."""
    (dataset,) = (digest for digest in site.across().digests if digest.kind == "dataset")
    wanted = {
        "leaderboard": links.INDEX,
        "history": links.HISTORY,
        "comparisons": links.COMPARE,
        "a model": links.model(MODEL),
        "a dataset": links.dataset(dataset_key(dataset)),
        "its rows": links.rows(dataset.run_id, 1),
    }
    for page in [*filter(None, map(site.find, wanted.values())), *site.assets()]:
        (out / page.path).parent.mkdir(parents=True, exist_ok=True)
        (out / page.path).write_bytes(page.render())
    return {name: out / path for name, path in wanted.items()}


if __name__ == "__main__":
    main(*([int(word) for word in sys.argv[1:]] + [1_000, 100_000, 10_000][len(sys.argv) - 1 :]))
