"""Finds each language's tools on this machine, once per process, and what a sandbox must show for them to run."""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from benchgen.record import replace
from benchgen.sandbox import inside
from benchgen.sandbox.go_cache import GO_CACHE, GO_ENVIRONMENT, warm_cache
from benchgen.sandbox.spec import Missing, Seed, Toolchain

_VERSION_SECONDS = 20
_SHOWN_ANYWAY = tuple(Path("/", name) for name in ("usr", "bin", "sbin", "lib", "lib64"))
_ENVIRONMENT = ("bin", "lib", "lib64", "pyvenv.cfg")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_BROWSER_FOLDERS = ".cache/ms-playwright/chromium-*/chrome-linux*/chrome"

_INSTALL = {
    "python": "Python 3.11 or newer, with pytest in the environment of benchgen: pip install pytest",
    "node": "Node.js 18 or newer: apt install nodejs, or nodejs.org",
    "go": "Go 1.21 or newer: apt install golang-go, or go.dev/dl",
    "rust": "Rust 1.74 or newer, with a linker: rustup.rs and apt install gcc",
    "cpp": "g++ 10 or newer: apt install g++",
    "chromium": "Chromium: apt install chromium, or playwright install chromium (a snap does not run in a sandbox)",
}
_NEEDS = {
    "python": ("python",),
    "javascript": ("node",),
    "go": ("go",),
    "rust": ("rust",),
    "cpp": ("cpp", "python"),
    "html": ("node", "chromium"),
}


class _Absent(Exception):
    """A tool is not there, is too old, or lies where it cannot be shown without showing too much."""


def for_language(language: str) -> tuple[Toolchain, ...] | Missing:
    """The toolchains of a language, or the first one missing. Blocks; warming the cache for Go may take a minute."""
    chains: list[Toolchain] = []
    for name in _NEEDS[language]:
        chain = _warm_go() if name == "go" else find()[name]
        if isinstance(chain, Missing):
            return chain
        chains.append(chain)
    return tuple(chains)


@cache
def find() -> Mapping[str, Toolchain | Missing]:
    """All toolchains by name, looked for side by side."""
    finders = {"python": _python, "node": _node, "go": _go, "rust": _rust, "cpp": _cpp, "chromium": _chromium}
    with ThreadPoolExecutor(len(finders)) as pool:
        results = pool.map(lambda item: _settled(*item), finders.items())
        return {chain.name: chain for chain in results}


def _settled(name: str, finder: Callable[[], Toolchain]) -> Toolchain | Missing:
    try:
        chain = finder()
        home = Path.home()
        if any(home.is_relative_to(bind) for bind in chain.binds):
            raise _Absent
    except (_Absent, OSError, subprocess.SubprocessError):
        return Missing(name, _INSTALL[name])
    return chain


@cache
def _warm_go() -> Toolchain | Missing:
    go = find()["go"]
    if isinstance(go, Missing):
        return go
    folder = warm_cache(go)
    return replace(go, seeds=(Seed(folder, GO_CACHE),)) if folder else go


def _python() -> Toolchain:
    if sys.version_info < (3, 11) or importlib.util.find_spec("pytest") is None:
        raise _Absent
    program = Path(sys.executable)
    folders = [Path(sys.prefix), Path(sys.base_prefix), Path(sys.base_prefix).resolve()]
    folders += [hop.parent.parent for hop in _hops(program)]
    named = (program.parent / "python").exists()
    return Toolchain(
        name="python",
        version=platform.python_version(),
        binds=_binds(*(part for folder in folders for part in _parts(folder))),
        path_entries=(program.parent,),
        env={"PYTHONDONTWRITEBYTECODE": "1", "PYTHONNOUSERSITE": "1"},
        links={} if named else {"python": program},
    )


def _parts(folder: Path) -> Iterator[Path]:
    """What Python needs of a folder: of a virtual environment its own parts alone, for a project may lie there too."""
    if not (folder / "pyvenv.cfg").is_file():
        yield folder
        return
    yield from (part for name in _ENVIRONMENT if (part := folder / name).exists())


def _node() -> Toolchain:
    program = _program("node")
    version = _version((program, "--version"), (18,))
    return Toolchain("node", version, _binds(program), links=_link("node", program))


def _go() -> Toolchain:
    program = _program("go")
    version = _version((program, "env", "GOVERSION"), (1, 21))
    root = Path(_output((program, "env", "GOROOT")))
    return Toolchain(
        name="go",
        version=version,
        binds=_binds(root, root.resolve()),
        path_entries=(root / "bin",),
        env=GO_ENVIRONMENT,
        judge_only=(GO_CACHE, f"{inside.TMP}/go-build*"),
    )


def _rust() -> Toolchain:
    # The cargo on PATH may be rustup's shim, which needs a writable home; the folder behind it does not.
    root = Path(_output((_program("rustc"), "--print", "sysroot")))
    version = _version((root / "bin" / "rustc", "--version"), (1, 74))
    _program("cc")
    if not (root / "bin" / "cargo").exists():
        raise _Absent
    target = f"{inside.TMP}/target"
    return Toolchain(
        name="rust",
        version=version,
        binds=_binds(root),
        path_entries=(root / "bin",),
        env={
            "CARGO_HOME": f"{inside.TMP}/cargo",
            "CARGO_TARGET_DIR": target,
            "CARGO_NET_OFFLINE": "true",
            "CARGO_INCREMENTAL": "0",
        },
        judge_only=tuple(f"{target}/debug/{name}" for name in ("deps", "build", "incremental", ".fingerprint")),
    )


def _cpp() -> Toolchain:
    program = _program("g++")
    version = _version((program, "-dumpfullversion", "-dumpversion"), (10,))
    if not _shown_anyway(program):
        raise _Absent
    return Toolchain("cpp", version)


def _chromium() -> Toolchain:
    for program in _browsers():
        try:
            version = _version((program, "--version"), (100,))
        except (_Absent, OSError, subprocess.SubprocessError):
            continue
        env, links = {"BENCHGEN_CHROMIUM": str(program)}, _link("chromium", program)
        return Toolchain("chromium", version, _binds(program.parent), env=env, links=links)
    raise _Absent


def _browsers() -> Iterator[Path]:
    for name in _BROWSERS:
        found = shutil.which(name)
        if found and b"/snap/" not in Path(found).resolve().read_bytes()[:4096]:
            yield Path(found).resolve()
    yield from sorted(Path.home().glob(_BROWSER_FOLDERS), reverse=True)


def _program(name: str) -> Path:
    found = shutil.which(name)
    if found is None:
        raise _Absent
    return Path(found) if name in ("rustc", "cc") else Path(found).resolve()


def _link(name: str, program: Path) -> Mapping[str, Path]:
    return {} if program == Path("/usr/bin", name) else {name: program}


def _hops(program: Path) -> Iterator[Path]:
    """The program and all that it links to, step by step."""
    yield program
    while program.is_symlink():
        program = Path(os.path.normpath(program.parent / program.readlink()))
        yield program


def _binds(*places: Path) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(place for place in places if not _shown_anyway(place)))


def _shown_anyway(place: Path) -> bool:
    return any(place.is_relative_to(folder) for folder in _SHOWN_ANYWAY)


def _output(argv: tuple[str | Path, ...]) -> str:
    env = {**os.environ, "GOTOOLCHAIN": "local"}
    run = subprocess.run(argv, capture_output=True, text=True, timeout=_VERSION_SECONDS, check=True, env=env, cwd="/")
    return run.stdout.strip()


def _version(argv: tuple[str | Path, ...], least: tuple[int, ...]) -> str:
    found = re.search(r"\d+(\.\d+)*", _output(argv))
    if found is None or tuple(int(part) for part in found[0].split(".")) < least:
        raise _Absent
    return found[0]
