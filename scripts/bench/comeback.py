"""How soon an open page is whole again after its server was killed, and how soon it says that its runner is gone.

    python scripts/bench/comeback.py [TIMES] [AWAY]

TIMES times the server is killed under the page of a run in Chromium, an outcome is written AWAY seconds later, and
the server started again: the time counts from its first answer of `/health` to the page that is live and shows the
outcome. Then the run's process, one that lives for nothing else, is killed.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from factories import attempt_events, make_run, outcomes_of, run_config

from benchgen.store.log import append

UNTHROTTLED = ("background-timer-throttling", "renderer-backgrounding", "backgrounding-occluded-windows")
IS_BACK = """finished => document.querySelector("[data-badge].live")
  && document.querySelector("[data-panel=current_job] .figure strong")?.textContent === String(finished)"""
IS_TOLD = "() => document.querySelector('[data-panel=notices]')?.textContent.includes('The runner is gone')"
RUNNER = """
import sys, time
from pathlib import Path
from benchgen.store.locks import runner_lock
with runner_lock(Path(sys.argv[1])):
    print("runs", flush=True)
    time.sleep(3600)
"""


def main(times: int, away: float) -> None:
    """Prints the figures with their aims."""
    root = Path(tempfile.mkdtemp(prefix="benchgen-comeback-"))
    config = run_config(tasks=10, samples=times)
    folder = make_run(root, config, artifacts=False, finished=False, upto=1)
    runner = subprocess.Popen([sys.executable, "-c", RUNNER, str(folder)], stdout=subprocess.PIPE)
    assert runner.stdout is not None
    runner.stdout.readline()
    server = Server(root)
    with sync_playwright() as driver:
        flags = ["--no-sandbox", *(f"--disable-{name}" for name in UNTHROTTLED)]
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        page = browser.new_page()
        page.goto(f"{server.url}run/{folder.name}/index.html")
        page.wait_for_selector("[data-badge].live")
        taken = []
        for number, outcome in enumerate(outcomes_of(config)[1 : times + 1], 2):
            server.kill()
            time.sleep(away)
            append(folder, attempt_events(outcome))
            server.start()
            taken.append(_until(page, IS_BACK, number))
        runner.kill()
        gone = _until(page, IS_TOLD, None)
        browser.close()
    server.kill()
    runner.wait()
    shutil.rmtree(root)
    print(f"back after {', '.join(f'{one:.2f}' for one in taken)} s: median {statistics.median(taken):.2f} (aim 5)")
    print(f"told of a runner that is gone after {gone:.2f} s (aim 20)")


class Server:
    """`benchgen serve` on one port, to be killed and started again."""

    def __init__(self, root: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._root, self.url = root, f"http://127.0.0.1:{self._port}/"
        self.start()

    def start(self) -> None:
        """Returns with its first answer."""
        words = ["serve", "--results-dir", str(self._root), "--port", str(self._port)]
        self._process = subprocess.Popen([sys.executable, "-m", "benchgen", *words], stderr=subprocess.DEVNULL)
        while not self._answers():
            time.sleep(0.01)

    def kill(self) -> None:
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}health", timeout=60) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def _until(page: Page, holds: str, argument: int | None) -> float:
    begun = time.monotonic()
    page.wait_for_function(holds, arg=argument, timeout=120_000, polling=20)
    return time.monotonic() - begun


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2])) if len(sys.argv) > 2 else main(5, 3.0)
