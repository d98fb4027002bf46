"""How long a change in the results takes to reach an open page: from the write to the new number in Chromium.

    python scripts/bench/live_latency.py [CHANGES] [ATTEMPTS] [RUNS]

CHANGES outcomes are written a second apart to a run that has ATTEMPTS already, beside RUNS complete ones; the page
notes when its panel changes. The aim is 150 ms to the page and 100 ms to the stream, at the 95th percentile.
Beside it, in the same run: the time that a write takes to reach the stream, without a browser, and the reference, the
time that it takes to reach a bare watcher of the same folder.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import httpx
from history import make_history
from playwright.sync_api import sync_playwright
from watchfiles import watch

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from factories import attempt_events, make_run, outcomes_of, run_config

from benchgen.store.locks import runner_lock
from benchgen.store.log import append

OBSERVE = """() => {
  window.seen = [];
  const panel = document.querySelector('[data-panel="current_job"]');
  new MutationObserver(() => window.seen.push(Date.now())).observe(panel, {childList: true, subtree: true});
  window.addEventListener('beforeunload', () => { window.reloaded = true; });
}"""


def main(changes: int, attempts: int, runs: int) -> None:
    """Prints the percentiles and their ratio to the bare watcher."""
    root = Path(tempfile.mkdtemp(prefix="benchgen-latency-"))
    make_history(root, runs)
    config = run_config(
        tasks=50,
        samples=(attempts + changes) // 50 + 1,
        run_id="run_20280101T000000Z_be0c4a",
        created_at="2028-01-01T00:00:00.000Z",
    )
    folder = make_run(root, config, artifacts=False, finished=False, upto=attempts)
    bare: list[float] = []
    threading.Thread(target=_watch_barely, args=(folder, bare), daemon=True).start()
    streamed: list[float] = []
    with runner_lock(folder), serving(root) as url, sync_playwright() as driver:
        threading.Thread(target=_listen, args=(url, streamed), daemon=True).start()
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.goto(f"{url}live/index.html")
        page.wait_for_selector("[data-badge].live")
        page.evaluate(OBSERVE)
        written = []
        page.wait_for_timeout(1500)
        for outcome in outcomes_of(config)[attempts : attempts + changes]:
            append(folder, attempt_events(outcome))
            written.append(time.time())
            page.wait_for_timeout(1000)
        seen = [instant / 1000 for instant in page.evaluate("window.seen")]
        browser.close()
    shutil.rmtree(root)
    delays = [_first_after(seen, instant) for instant in written]
    reference = [_first_after(bare, instant) for instant in written]
    _print("page", delays)
    _print("stream", [_first_after(streamed, instant) for instant in written])
    _print("bare watcher", reference)
    print(f"ratio of the medians {statistics.median(delays) / statistics.median(reference):.1f}")
    print(f"console errors: {problems or 'none'}")


def _first_after(instants: list[float], written: float) -> float:
    """Milliseconds from a write to the first change after it; a write may be seen before `append` has returned."""
    return min((1000 * (instant - written) for instant in instants if instant > written - 0.2), default=float("inf"))


def _watch_barely(folder: Path, seen: list[float]) -> None:
    for _ in watch(folder, debounce=60, step=10, recursive=False, watch_filter=None, raise_interrupt=False):
        seen.append(time.time())


def _listen(url: str, seen: list[float]) -> None:
    """The server may stop in the middle of a line."""
    with suppress(httpx.HTTPError), httpx.stream("GET", f"{url}api/pages/stream", timeout=None) as answer:
        for line in answer.iter_lines():
            if '"id":"current_job"' in line:
                seen.append(time.time())


class serving:
    """The real command on a free port."""

    def __init__(self, root: Path) -> None:
        command = [sys.executable, "-m", "benchgen", "serve", "--results-dir", str(root), "--port", "0"]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    def __enter__(self) -> str:
        assert self._process.stderr is not None
        return self._process.stderr.readline().split(" at ")[1].strip()

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(10)


def _print(name: str, delays: list[float]) -> None:
    ordered = sorted(delays)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    print(f"{name:>14}: median {statistics.median(ordered):6.1f} ms, p95 {p95:6.1f} ms, slowest {ordered[-1]:6.1f} ms")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:4]) if len(sys.argv) > 3 else (50, 10_000, 1_000))
