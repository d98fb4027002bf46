"""The page that starts runs, with the real bench: an eval and a code run at once, a third one that waits its turn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import toys
from playwright.sync_api import Browser, Page, expect
from test_openbench_real import BENCH, ROOT
from test_openbench_real import bench as bench  # skips, or fails, where it is not set up
from test_server import Served
from watched import Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LONG = 240_000


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A server whose bench lists an eval of this folder by its name, as a package that is installed beside it would."""
    toys.make_catalog(tmp_path / "tasks", 2)
    beside = tmp_path / "beside" / "sums-1.0.dist-info"
    beside.mkdir(parents=True)
    (beside / "METADATA").write_text("Metadata-Version: 2.1\nName: sums\nVersion: 1.0\n")
    (beside / "entry_points.txt").write_text("[openbench.benchmarks]\nsums = sums:__metadata__\n")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'beside'}:{ROOT / 'tests' / 'openbench_eval'}")
    monkeypatch.setenv("BENCHGEN_OPENBENCH_COMMAND", str(BENCH))
    monkeypatch.setenv("TAU2_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    server = Served(tmp_path)
    yield server
    server.kill()


def start(page: Page, served: Served, **fields: str) -> str:
    """Fills the form, reviews and starts; the id of the run whose page is open then."""
    page.goto(f"{served.url}new/index.html")
    page.locator("[name=kind]").select_option(fields.pop("kind", "code"))
    for name, text in fields.items():
        page.locator(f"[name={name}]").fill(text)
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name=re.compile("^Start")).click()
    page.wait_for_url("**/run/run_*/index.html")
    return page.url.split("/")[-2]


def test_an_eval_and_a_code_run_go_on_at_once_and_a_third_waits(served: Served, browser: Browser) -> None:
    watched = [Watched(browser.new_page()) for _ in range(3)]
    for one in watched:
        one.page.set_default_timeout(LONG)
    code, sums, third = (one.page for one in watched)
    start(code, served, tasks="toy_0", models="builtin/mock?pass=1&latency=600")
    start(sums, served, kind="openbench", tasks="sums", models="mockllm/model")
    start(third, served, tasks="toy_1", models="builtin/reference")
    expect(third.locator("[data-panel=run_head]")).to_contain_text("queued")
    expect(code.locator("[data-panel=run_head]")).to_contain_text("running", timeout=LONG)
    expect(sums.locator("[data-panel=run_head]")).to_contain_text("completed", timeout=LONG)
    expect(third.locator("[data-panel=run_head]")).to_contain_text("completed", timeout=LONG)
    sums.get_by_role("link", name="reload").click()
    expect(sums.locator("#engine")).to_contain_text("0.6667")
    code.get_by_role("button", name="Cancel").click()
    expect(code.locator("[data-panel=run_head]")).to_contain_text("canceled", timeout=LONG)
    for one in watched:
        assert one.faults == []
        one.page.close()
