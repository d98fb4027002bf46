"""Several texts of one folder, read step by step so that no link leads out of the run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from factories import make_run

from benchgen.store.runs import Results


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return make_run(tmp_path, artifacts={"extra.log": b"text\n", "bytes.log": b"a\0b"})


def texts(run: Path, names, folder=None, limit=100):
    folder = folder or next(path.name for path in run.iterdir() if path.is_dir())
    return Results(run.parent).texts(run.name, folder, names, limit)


def test_files_that_are_there_are_read_and_others_left_out(run):
    found = texts(run, ["extra.log", "none.log", "bytes.log"])
    assert {name: (one.head, one.is_binary) for name, one in found.items()} == {
        "extra.log": ("text\n", False),
        "bytes.log": ("", True),
    }


@pytest.mark.parametrize("name", ["../config.json", "/etc/hostname", "."])
def test_a_name_that_leads_out_is_left_out(run, name):
    assert texts(run, [name]) == {}


@pytest.mark.parametrize("folder", ["..", "/etc", "none", "a/../.."])
def test_a_folder_that_leads_out_has_no_texts(run, folder):
    assert texts(run, ["config.json", "hostname"], folder=folder) == {}


def test_links_and_pipes_are_left_out(run, tmp_path):
    folder = next(path for path in run.iterdir() if path.is_dir())
    (folder / "link.log").symlink_to(run / "config.json")
    os.mkfifo(folder / "pipe.log")
    (run / "linked").symlink_to(folder)
    assert texts(run, ["link.log", "pipe.log"], folder=folder.name) == {}
    assert texts(run, ["extra.log"], folder="linked") == {}


def test_a_long_text_has_its_two_ends(run):
    folder = next(path for path in run.iterdir() if path.is_dir())
    (folder / "long.log").write_text("a" * 9_000 + "z" * 9_000)
    found = texts(run, ["long.log"], limit=200)["long.log"]
    assert (found.head, found.tail, found.total_bytes) == ("a" * 100, "z" * 100, 18_000)
