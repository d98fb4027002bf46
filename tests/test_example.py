"""The example that the README links to: whole, small enough, and told stale when anything of it differs."""

from __future__ import annotations

import runpy
import shutil
from pathlib import Path
from typing import Any

import pytest
from site_links import broken_links

SCRIPT: dict[str, Any] = runpy.run_path(str(Path(__file__).parents[1] / "scripts" / "example.py"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example")
    SCRIPT["make"](folder)
    return folder


def test_an_example_that_was_just_built_is_fresh(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert SCRIPT["check"](built) == 0
    assert capsys.readouterr().out == "the example is fresh\n"


def test_what_differs_is_missing_or_too_much_is_stale_and_the_command_is_named(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(built, tmp_path / "example")
    (folder / "404.html").unlink()
    (folder / "more.html").write_text("", "utf-8")
    (folder / "index.html").write_text("", "utf-8")
    assert SCRIPT["stale"](folder) == ["404.html", "index.html", "more.html"]
    assert SCRIPT["check"](folder) == 1
    assert "python scripts/example.py" in capsys.readouterr().out


def test_the_example_in_the_repository_has_no_broken_link() -> None:
    assert (SCRIPT["FOLDER"] / "index.html").is_file()
    assert broken_links(SCRIPT["FOLDER"]) == []
