"""`--install-deps`: what a task requires is installed outside, as wheels, and shown to the sandbox read-only."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path

import pytest
import toys

from benchgen.catalog.tasks import Catalog
from benchgen.runner import dependencies
from benchgen.runner.dependencies import requirements_of
from benchgen.sandbox.spec import Missing, Toolchain

NEEDY = """import pathlib, socket
import tiny

def add(a, b):
    for attack in (write, call):
        try:
            attack()
        except OSError:
            continue
        raise RuntimeError("reached outside")
    return a + b * tiny.SIZE

def write():
    pathlib.Path(tiny.__file__).write_text("SIZE = 2")

def call():
    socket.create_connection(("192.0.2.1", 80), timeout=2)
"""


@pytest.fixture
def wheels(tmp_path, monkeypatch):
    """A folder with one wheel and one source package, and a pip that knows nothing else."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    info = "tiny-1.0.dist-info"
    with zipfile.ZipFile(folder / "tiny-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny.py", "SIZE = 1\n")
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", f"tiny.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    (folder / "source-1.0.tar.gz").write_bytes(b"not even a package")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def needs(tmp_path, text: str | None):
    folder = toys.make_task(tmp_path / "tasks", "toy")
    if text is not None:
        (folder / "requirements.txt").write_text(text)
    return requirements_of(Catalog(tmp_path / "tasks").task("toy"), tmp_path / "cache")


def test_a_task_without_requirements_needs_nothing(tmp_path):
    assert needs(tmp_path, None) is None


def test_requirements_become_a_folder_on_the_python_path_with_their_versions(tmp_path, wheels):
    found = needs(tmp_path, "tiny>=1.0  # comment\n")
    assert (found.name, found.version) == ("requirements", "tiny==1.0")
    (folder,) = found.binds
    assert (folder / "tiny.py").is_file()
    assert found.env == {"PYTHONPATH": str(folder)}


@pytest.mark.slow
def test_a_task_meets_its_requirements_inside_the_sandbox_read_only_and_without_a_network(tmp_path, wheels):
    folder = toys.make_task(tmp_path / "tasks", "toy")
    (folder / "requirements.txt").write_text("tiny==1.0\n")
    (folder / "reference" / "adding.py").write_text(NEEDY)
    words = ("run", "toy", "-m", "builtin/reference", "--tasks-dir", tmp_path / "tasks")
    without = toys.run(*words, cwd=tmp_path, XDG_CACHE_HOME=str(tmp_path / "cache"))
    done = toys.run(*words, "--install-deps", "--json", cwd=tmp_path, XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert "failed" in without.stderr
    (outcome,) = (
        event["outcome"] for event in map(json.loads, done.stdout.splitlines()) if event["type"] == "attempt_finished"
    )
    assert outcome["category"] is None, outcome
    assert "tiny==1.0" in next(tmp_path.glob("benchmark_results/*/toy__*/dependencies.txt")).read_text()


def test_a_source_package_is_never_built(tmp_path, wheels):
    assert isinstance(needs(tmp_path, "source\n"), Missing)


@pytest.mark.parametrize("line", ["-e .", "--index-url http://x", "git+https://x/y", "tiny @ file:///x", "./here.whl"])
def test_only_names_and_versions_are_taken(tmp_path, line):
    found = needs(tmp_path, line)
    assert isinstance(found, Missing)
    assert line in found.install


def test_a_file_of_comments_needs_nothing(tmp_path):
    assert needs(tmp_path, "# nothing yet\n\n") is None


def test_two_runs_that_install_the_same_at_once_both_have_it(tmp_path, monkeypatch):
    cache = tmp_path / "cache"

    really = subprocess.run

    def pip(words, **given: object):
        """Installs, while another run has just finished doing the same."""
        if "--target" not in words:
            return really(words, **given)
        made = Path(words[words.index("--target") + 1])
        for folder in (made, cache / made.name.split(".")[1]):
            (folder / "shared").mkdir(parents=True)
        return subprocess.CompletedProcess(words, 0, "", "")

    monkeypatch.setattr(dependencies.subprocess, "run", pip)
    found = needs(tmp_path, "shared==1.0\n")
    assert isinstance(found, Toolchain)
    assert [path.name for path in cache.iterdir()] == [found.binds[0].name]
