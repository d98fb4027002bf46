"""What checks a page from outside: axe-core and html-validate; scripts/test installs them beside this file."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page

HERE = Path(__file__).resolve().parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
VALIDATOR = HERE / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
_RUN = """async (rules) => {
  const options = rules ? { runOnly: { type: "rule", values: rules } } : {};
  const found = await axe.run(document, { resultTypes: ["violations"], ...options });
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 200)}`));
}"""


def need(tool: Path) -> None:
    """Skips where the checks are not installed; in continuous integration that is a failure."""
    if tool.is_file():
        return
    why = f"{tool.name} is not there: npm ci in tests/browser, or scripts/test"
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


@cache
def _axe() -> str:
    return AXE.read_text("utf-8")


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe-core finds on the page that is open, by all its rules or by some."""
    page.evaluate(_axe())
    return page.evaluate(_RUN, rules)


def html_errors(pages: Iterable[Path], *off: str) -> list[str]:
    """What the validator finds in files, but for rules that are switched off."""
    rules = [word for name in off for word in ("--rule", f"{name}:off")]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"  # a pipe would be cut when the validator leaves
        options = ["--config", str(HERE / "htmlvalidate.json"), "--formatter", f"json={report}", *rules]
        done = subprocess.run(["node", str(VALIDATOR), *options, *map(str, pages)], capture_output=True, text=True)
        if not report.is_file():
            raise RuntimeError(done.stderr)
        files = json.loads(report.read_text("utf-8"))
    return [
        f"{file['filePath']}:{one['line']}: {one['ruleId']}: {one['message']}"
        for file in files
        for one in file["messages"]
    ]
