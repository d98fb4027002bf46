"""Neither an installed benchgen, which brings its catalog along, nor the catalog at hand is to be seen in a sandbox."""

from __future__ import annotations

import sysconfig
from pathlib import Path

import pytest
from sandbox_room import LIMITS, chain, lines, make_room, run

from benchgen.record import replace
from benchgen.sandbox import masked
from benchgen.sandbox.files import make_box, remove_tree
from benchgen.sandbox.spec import Job


@pytest.fixture
def folder():
    box = make_box({})
    make_room(box)
    yield box
    remove_tree(box)


def test_copies_of_the_package_and_secrets_are_masked_where_a_toolchain_shows_them(tmp_path, monkeypatch):
    package, catalog = tmp_path / "site" / "benchgen", tmp_path / "tasks"
    for place in (package / "_assets", catalog / "one"):
        place.mkdir(parents=True)
    monkeypatch.setattr(masked, "own_folders", lambda: (package,))
    job = Job(("true",), tmp_path, LIMITS, secret=(catalog / "one", catalog))
    assert masked.masked_folders(job, (tmp_path,)) == [package, catalog]
    assert masked.masked_folders(job, (tmp_path / "elsewhere",)) == []


def test_what_holds_a_toolchain_is_never_masked(tmp_path):
    (tmp_path / "tools").mkdir()
    job = Job(("true",), tmp_path, LIMITS, secret=(tmp_path, tmp_path / "tools"))
    assert masked.masked_folders(job, (tmp_path / "tools",)) == []


@pytest.mark.parametrize("nested", [False, True], ids=["alone", "as a candidate"])
def test_code_in_the_sandbox_finds_a_masked_folder_empty(folder, nested):
    site = Path(sysconfig.get_path("purelib"))
    code = f"import os; print(os.listdir({str(site / 'pytest')!r}), len(os.listdir({str(site)!r})) > 1)"
    argv = ("sh", "-c", 'exec $BENCHGEN_CANDIDATE python -c "$0"', code)
    job = Job(argv, folder, LIMITS, secret=(site / "pytest",), nested=nested, toolchains=(chain("python"),))
    assert lines(run(job)) == ["[] True"]
    assert lines(run(replace(job, secret=()))) != ["[] True"]
