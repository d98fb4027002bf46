"""Builds the example that the README links to: `python scripts/example.py`, or `--check`.

It is the site of the run that comes with a clone. `--check` says whether it is what would be built now, byte for byte,
and ends with 1 when it is not.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from benchgen.build import MANIFEST, build
from benchgen.pages.listing import Site
from benchgen.render.renderer import Renderer
from benchgen.store.runs import Results

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "example"
RUN = "run_20261129T142023Z_ea9982"


def make(folder: Path) -> None:
    """Builds the site of that run alone: neither other runs of this machine nor the catalog are part of it."""
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as results:
        shutil.copytree(ROOT / "benchmark_results" / RUN, Path(results) / RUN)
        build(Site(Results(Path(results)), Renderer()), folder)
    (folder / MANIFEST).unlink()


def stale(folder: Path) -> list[str]:
    """Names of files that would be made anew, that are missing, or that nothing makes."""
    with tempfile.TemporaryDirectory() as fresh:
        make(Path(fresh))
        wanted, found = _files(Path(fresh)), _files(folder)
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def check(folder: Path = FOLDER) -> int:
    """Whether the example shows today's pages."""
    names = stale(folder)
    if not names:
        print("the example is fresh")
        return 0
    print(f"the example is stale in {len(names)} files, such as {names[0]}: python scripts/example.py")
    return 1


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        raise SystemExit(check())
    make(FOLDER)
