"""Templates once compiled are kept, and only what this user wrote from these sources is ever run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from jinja2 import Environment

from benchgen.render.compiled import Compiled
from benchgen.render.environment import make_environment


def environment(tmp_path: Path, sources: str = "these", text: str = "Hello {{ name }}") -> Environment:
    (tmp_path / "templates").mkdir(exist_ok=True)
    (tmp_path / "templates" / "page.html").write_text(text)
    return make_environment(tmp_path / "templates", Compiled(sources, tmp_path / "kept"))


def compiles(made: Environment, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether rendering the page compiles it, and that it comes out right in any case."""
    seen = []
    compile_once = made.compile

    def noting(*words: object, **named: object) -> object:
        seen.append(words)
        return compile_once(*words, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(made, "compile", noting)
    assert made.get_template("page.html").render(name="<you>") == "Hello &lt;you&gt;"
    return bool(seen)


def test_a_template_is_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert compiles(environment(tmp_path), monkeypatch)
    assert not compiles(environment(tmp_path), monkeypatch)


def test_other_sources_compile_it_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert compiles(environment(tmp_path), monkeypatch)
    assert compiles(environment(tmp_path, "those"), monkeypatch)


@pytest.mark.parametrize("damage", [b"", b"\x80garbage", "cut"])
def test_a_damaged_file_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: bytes | str) -> None:
    assert compiles(environment(tmp_path), monkeypatch)
    (kept,) = (tmp_path / "kept").iterdir()
    kept.write_bytes(kept.read_bytes()[:-20] if isinstance(damage, str) else damage)
    assert compiles(environment(tmp_path), monkeypatch)


def test_a_file_of_somebody_else_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert compiles(environment(tmp_path), monkeypatch)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert compiles(environment(tmp_path), monkeypatch)


def test_without_a_folder_to_write_pages_are_made_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kept").write_text("a file in the way")
    assert compiles(environment(tmp_path), monkeypatch)
