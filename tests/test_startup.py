"""How the command starts: help imports nothing heavy, and every command named there exists."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from benchgen.cli.main import COMMANDS, benchgen

HEAVY = ("starlette", "uvicorn", "aiohttp", "rich", "jinja2", "genai_prices", "msgspec", "orjson", "asyncio", "sqlite3")


def test_help_imports_nothing_heavy():
    code = (
        "import sys; sys.argv = ['benchgen', '--help']\n"
        "from benchgen.cli.main import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Commands:" in done.stdout
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_that_help_names_has_help_of_its_own(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(benchgen, [name, "--help"])
    assert done.exit_code == 0, done.output
