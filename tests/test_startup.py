"""How the command starts: no command imports what it does not need, and every command that help names exists."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from benchgen.cli.main import COMMANDS, benchgen

SITE = ("starlette", "uvicorn", "watchfiles", "jinja2", "markdown", "nh3")
OTHERS = ("pycurl", "uvloop", "rich", "genai_prices", "sqlite3", "importlib.metadata")
HEAVY = (*SITE, *OTHERS, "msgspec", "orjson", "asyncio")
DRY_RUN = ("run", "lang:html", "-m", "builtin/noop", "--dry-run")
NEEDLESS = {
    ("--help",): HEAVY,
    DRY_RUN: (*SITE, *OTHERS, "benchgen.following", "benchgen.runner.openbench_run", "benchgen.runner.dataset_run"),
    ("list", "tasks", "--json"): (*SITE, *OTHERS, "benchgen.following", "benchgen.runner"),
    ("leaderboard", "--json"): (*SITE, "pycurl", "rich", "genai_prices", "benchgen.runner"),
    ("serve", "--help"): (
        "pycurl",
        "rich",
        "genai_prices",
        "benchgen.runner",
        "websockets",
        "webbrowser",
        "dotenv",
        "xml",
    ),
    ("build", "--json"): ("starlette", "uvicorn", "watchfiles", "pycurl", "rich", "genai_prices", "benchgen.runner"),
}


@pytest.mark.parametrize("words", NEEDLESS, ids=" ".join)
def test_a_command_imports_nothing_heavy_that_it_does_not_need(words, tmp_path):
    code = (
        f"import sys; sys.argv = ['benchgen', *{words!r}]\n"
        "from benchgen.cli.main import main\n"
        "try: main()\nexcept SystemExit as end: assert not end.code, end.code\n"
        f"print([name for name in {NEEDLESS[words]!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.stdout, done.stderr
    assert done.stderr.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_that_help_names_has_help_of_its_own(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(benchgen, [name, "--help"])
    assert done.exit_code == 0, done.output
