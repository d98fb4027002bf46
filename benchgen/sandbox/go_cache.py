"""A build cache of Go's standard library, made once per user by trusted tools, read-only to sandboxes."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from platformdirs import user_cache_path

from benchgen.sandbox import inside
from benchgen.sandbox.spec import Toolchain

GO_CACHE = f"{inside.TMP}/gocache"
GO_ENVIRONMENT = {
    "GOCACHE": GO_CACHE,
    "GOPATH": f"{inside.TMP}/gopath",
    "GOPROXY": "off",
    "GOTOOLCHAIN": "local",
    "GOFLAGS": "-mod=mod",
    "CGO_ENABLED": "0",
}
_BUILD_SECONDS = 600
# fmt: off
_PACKAGES = (
    "bufio", "bytes", "cmp", "container/heap", "container/list", "container/ring", "context", "crypto/sha256",
    "encoding/binary", "encoding/csv", "encoding/hex", "encoding/json", "errors", "flag", "fmt", "hash/fnv",
    "html/template", "io", "io/fs", "iter", "log", "log/slog", "maps", "math", "math/big", "math/bits",
    "math/rand", "math/rand/v2", "net", "net/http", "net/http/httptest", "net/url", "os", "os/exec",
    "os/signal", "path", "path/filepath", "reflect", "regexp", "runtime", "runtime/debug", "slices", "sort",
    "strconv", "strings", "sync", "sync/atomic", "syscall", "testing", "testing/fstest", "testing/iotest",
    "testing/quick", "text/tabwriter", "text/template", "time", "unicode", "unicode/utf8",
)
# fmt: on


def warm_cache(go: Toolchain) -> Path | None:
    """The folder with the cache for this Go, made if need be; None where none can be kept."""
    program = go.path_entries[0] / "go"
    key = hashlib.sha256(f"{program}\0{go.version}\0{' '.join(_PACKAGES)}".encode()).hexdigest()[:12]
    parent = user_cache_path("benchgen") / "go"
    folder = parent / f"{go.version}-{key}"
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with (parent / f"{key}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.is_dir():
                _build(program, parent, folder)
    except (OSError, subprocess.SubprocessError):  # each attempt then compiles what it needs, only slower
        return None
    return folder


def _build(program: Path, parent: Path, folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=parent, prefix="building-") as name:
        work = Path(name)
        module, cache = work / "module", work / "cache"
        places = {"GOCACHE": str(cache), "GOPATH": str(work / "path"), "GOTMPDIR": name, "HOME": name}
        env = {**GO_ENVIRONMENT, **places, "PATH": os.defpath}
        _write_module(module, _available(program, env))
        argv = [str(program), "test", "./..."]
        subprocess.run(argv, cwd=module, env=env, check=True, capture_output=True, timeout=_BUILD_SECONDS)
        _open_to_all(cache)
        cache.rename(folder)


def _available(program: Path, env: dict[str, str]) -> list[str]:
    run = subprocess.run([str(program), "list", "std"], env=env, check=True, capture_output=True, text=True, cwd="/")
    return sorted(set(run.stdout.split()) & set(_PACKAGES))


def _write_module(module: Path, packages: list[str]) -> None:
    """A library, a program and a test, since each of them is compiled and checked in its own way."""
    imports = "\n".join(f'import _ "{package}"' for package in packages if package != "testing")
    (module / "judge").mkdir(parents=True)
    (module / "driver").mkdir()
    (module / "go.mod").write_text("module warm\n\ngo 1.21\n")
    (module / "warm.go").write_text(f"package warm\n\n{imports}\n")
    (module / "driver" / "main.go").write_text(f"package main\n\n{imports}\n\nfunc main() {{}}\n")
    test = f'package judge\n\nimport "testing"\nimport _ "warm"\n{imports}\n\nfunc TestNothing(t *testing.T) {{}}\n'
    (module / "judge" / "judge_test.go").write_text(test)


def _open_to_all(cache: Path) -> None:
    for parent, _, names in os.walk(cache):
        Path(parent).chmod(0o755)
        for name in names:
            Path(parent, name).chmod(0o644)
    shutil.rmtree(cache / "fuzz", ignore_errors=True)
