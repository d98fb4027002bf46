"""What `bench` can run, asked of its own Python: `bench list` cuts names and has no JSON. Kept for ten minutes."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from benchgen import codec
from benchgen.clock import Clock
from benchgen.errors import BadFile, BenchgenError
from benchgen.record import Record

FRESH_SECONDS = 600
ASK_SECONDS = 180
INSTALL = (
    "install it into an environment of its own: python3 -m venv ~/.openbench && "
    '~/.openbench/bin/pip install openbench "mcp<2"'
    ', then write its path into benchgen.toml: [openbench] command = "~/.openbench/bin/bench"'
)
# Runs in bench's Python. Importing openbench would clone a repository of tasks if it were not told where one is.
_SCRIPT = """
import json, os, sys, tempfile
os.environ.setdefault("TAU2_DATA_DIR", tempfile.gettempdir())
said, sys.stdout = sys.stdout, sys.stderr
from openbench.config import BENCHMARKS, EVAL_GROUPS
json.dump({
    "evals": [{"name": name, "title": one.name, "category": one.category, "description": one.description,
               "tags": list(one.tags), "is_alpha": bool(getattr(one, "is_alpha", False)),
               "is_subtask": bool(getattr(one, "subtask", False))} for name, one in BENCHMARKS.items()],
    "groups": [{"name": name, "title": one.name, "description": one.description,
                "evals": list(one.benchmarks)} for name, one in EVAL_GROUPS.items()],
}, said)
"""
_SHEBANG = re.compile(rb"^#!\s*(\S*python[0-9.]*)\s*$|^'''exec' \"?([^\"\n]*?python[0-9.]*)\"? ", re.M)


class Eval(Record):
    """A benchmark of openbench. A subtask belongs to a group and is not listed by default."""

    name: str
    title: str
    category: str
    description: str = ""
    tags: tuple[str, ...] = ()
    is_alpha: bool = False
    is_subtask: bool = False


class Group(Record):
    """Benchmarks that run together under one name."""

    name: str
    title: str
    description: str = ""
    evals: tuple[str, ...] = ()


class Evals(Record):
    """Everything that `bench` can run by name."""

    evals: tuple[Eval, ...]
    groups: tuple[Group, ...]

    def find(self, name: str) -> Eval | Group | None:
        """The benchmark or group of that name; `-` and `_` are one."""
        wanted = name.replace("-", "_")
        every: list[Eval | Group] = [*self.evals, *self.groups]
        return next((one for one in every if one.name.replace("-", "_") == wanted), None)


class NoBench(BenchgenError):
    """There is no `bench`, or it does not work."""

    code = "no_bench"


def bench_command(command: str | None) -> tuple[str, ...]:
    """The words that start `bench`: those of the setting, else what is on PATH. NoBench says what to install."""
    words = shlex.split(command) if command else ["bench"]
    if not words:
        raise NoBench("the command of openbench is empty", where="[openbench] command", hint=INSTALL)
    # Made absolute, for a `Path` forgets the `./` that says to look here and not on PATH.
    found = shutil.which(Path(words[0]).expanduser().absolute() if "/" in words[0] else words[0])
    if found is None:
        raise NoBench(f"openbench is not there: no command {words[0]!r}", where="openbench", hint=INSTALL)
    return (str(Path(found).absolute()), *words[1:])


def try_bench(bench: tuple[str, ...]) -> str:
    """What `bench --help` says in its first line of words; NoBench when it breaks, as it does beside mcp 2."""
    done = _ask((*bench, "--help"))
    words = [line.strip() for line in done.splitlines() if line.strip()]
    if not any("eval" in line for line in words):
        raise NoBench("it does not answer like openbench", where=bench[0], hint=INSTALL)
    return words[0]


def evals_of(command: str | None, cache: Path, clock: Clock = Clock()) -> Evals:
    """What `bench` can run; `cache` is a file that keeps the answer. NoBench says what to install."""
    bench = bench_command(command)
    kept = _kept(cache, bench, clock)
    if kept is not None:
        return kept
    evals = codec.read(_ask((str(python_of(bench)), "-c", _SCRIPT)).encode(), Evals, where="openbench.config")
    _keep(cache, bench, evals)
    return evals


def python_of(bench: tuple[str, ...]) -> Path:
    """The Python that runs `bench`: beside it, or named in its first lines."""
    script = Path(bench[0])
    beside = script.resolve().with_name("python")
    if beside.is_file():
        return beside
    with script.open("rb") as file:
        found = _SHEBANG.search(file.read(4096))
    if found is None:
        raise NoBench("cannot tell which Python runs it", where=str(script), hint="name the script that pip made")
    return Path(os.fsdecode(found[1] or found[2]))


class _Kept(Record):
    """The file of the cache: whose answer it is, and the answer."""

    bench: tuple[str, ...]
    made_ns: int
    evals: Evals


def _kept(cache: Path, bench: tuple[str, ...], clock: Clock) -> Evals | None:
    try:
        age = clock.now() - cache.stat().st_mtime
        kept = codec.read(cache.read_bytes(), _Kept, where=str(cache))
    except (OSError, BadFile):
        return None
    is_same = kept.bench == bench and kept.made_ns == Path(bench[0]).stat().st_mtime_ns
    return kept.evals if is_same and 0 <= age < FRESH_SECONDS else None


def _keep(cache: Path, bench: tuple[str, ...], evals: Evals) -> None:
    cache.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=cache.parent, delete=False) as file:
        file.write(codec.file(_Kept(bench, Path(bench[0]).stat().st_mtime_ns, evals)))
    Path(file.name).replace(cache)


def _ask(words: tuple[str, ...]) -> str:
    """What a command of openbench's environment prints; NoBench with its last words when it breaks."""
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=ASK_SECONDS
        )
    except subprocess.TimeoutExpired as fault:
        raise NoBench(f"no answer in {ASK_SECONDS} s", where=words[0], hint=INSTALL) from fault
    except OSError as fault:
        raise NoBench(f"cannot be started: {fault.strerror}", where=words[0], hint=INSTALL) from fault
    if done.returncode != 0:
        last = next((line.strip() for line in reversed(done.stderr.splitlines()) if line.strip()), "")
        raise NoBench(
            f"openbench is broken: {last[:300] or f'exit code {done.returncode}'}", where=words[0], hint=INSTALL
        )
    return done.stdout
