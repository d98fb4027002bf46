"""Problems of HumanEval: one JSON line each, gzipped or not, become tasks in Python with one case."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from benchgen import codec
from benchgen.catalog.foreign import Foreign, sha256_of
from benchgen.errors import BadFile
from benchgen.record import Record
from benchgen.records.task import Source

_URL = "https://github.com/openai/human-eval"
_NUMBER = re.compile(r"HumanEval/(\d{1,6})")
_TEST = """import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "workspace"))

from solution import *
from solution import {entry_point}

{test}


def test_check():
    check({entry_point})
"""


class _Problem(Record):
    task_id: str
    prompt: str
    entry_point: str
    canonical_solution: str
    test: str


def read(path: Path) -> Iterator[Foreign]:
    """Every problem of a file. BadFile names the line."""
    for number, line in enumerate(_lines(path), 1):
        if line.strip():
            where = f"{path}:{number}"
            yield _task(codec.read(line, _Problem, where=where), line, where)


def _lines(path: Path) -> list[bytes]:
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data).splitlines()
    except (OSError, EOFError, zlib.error) as fault:
        raise BadFile(f"cannot be read: {fault}", where=str(path)) from fault


def _task(problem: _Problem, line: bytes, where: str) -> Foreign:
    found = _NUMBER.fullmatch(problem.task_id)
    if found is None or not problem.entry_point.isidentifier():
        raise BadFile("`task_id` must be HumanEval/<number>, `entry_point` a name", where=where)
    title = f"HumanEval {found[1]}: {problem.entry_point}"
    instructions = (
        f"# {title}\n\nComplete `{problem.entry_point}` in `solution.py`, which says what it does:\n\n"
        f"````python\n{problem.prompt.strip()}\n````\n"
    )
    contents = {
        "instructions.md": instructions,
        "workspace/solution.py": f"{problem.prompt.rstrip()}\n",
        "reference/solution.py": f"{problem.prompt.rstrip()}\n{problem.canonical_solution.rstrip()}\n",
        "tests/test_solution.py": _TEST.format(entry_point=problem.entry_point, test=problem.test.strip()),
    }
    return Foreign(
        task_id=f"python_humaneval_{int(found[1]):03d}",
        language="python",
        title=title,
        contents={path: text.encode("utf-8", "surrogatepass") for path, text in contents.items()},
        command=("python", "-m", "pytest", "-q", "tests"),
        source=Source(f"{_URL}#{problem.task_id}", "MIT", sha256_of({problem.task_id: line})),
        tags=("humaneval",),
        difficulty="easy",
    )
