"""Chooses the sandbox of this machine: each kind is tried by really running something in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Literal

from benchgen.sandbox.benchexec import BenchExec
from benchgen.sandbox.bwrap import Bwrap
from benchgen.sandbox.container import Container
from benchgen.sandbox.files import make_box, remove_tree
from benchgen.sandbox.launcher import NOBODY, Launcher
from benchgen.sandbox.plain import Plain
from benchgen.sandbox.spec import Job, Limits, Sandbox, SandboxUnavailable

Preference = Literal["auto", "bwrap", "benchexec", "podman", "docker", "none"]

_LADDER: Mapping[str, Callable[[Launcher], Sandbox]] = {
    "bwrap": Bwrap.find,
    "benchexec": BenchExec.find,
    "podman": partial(Container.find, "podman"),
    "docker": partial(Container.find, "docker"),
}
# $0 is a file of the host; the network may have no interface but the loopback one.
_PROBE = 'test -w . && test -e tests/probe && test ! -e "$0" && test "$(grep -c : /proc/net/dev)" = 1'
_CANDIDATE_PROBE = ' && $BENCHGEN_CANDIDATE /bin/sh -c "test -d /box && test ! -w /box && test ! -e /box/tests/probe"'
_ADVICE = (
    "Install bubblewrap 0.8 or newer: apt install bubblewrap. Where the system forbids it user namespaces"
    " (Ubuntu 24.04 does): sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
)


async def choose(preference: Preference = "auto", *, candidates: bool = True, uid: int = NOBODY) -> Sandbox:
    """The sandbox to use; only when `none` is asked for by name is it none.

    `candidates` says whether `auto` must find one that keeps a candidate apart from its judge.
    """
    if preference == "none":
        return Plain()
    launcher = Launcher(uid)
    tried: list[str] = []
    for name in _LADDER if preference == "auto" else [preference]:
        try:
            sandbox = await _proven(_LADDER[name](launcher))
        except SandboxUnavailable as reason:
            tried.append(f"{name}: {reason.message}")
            continue
        if sandbox.keeps_candidates or not candidates or preference != "auto":
            return sandbox
        tried.append(f"{name}: works, but cannot keep a candidate apart from its judge")
    raise SandboxUnavailable("no sandbox works here:\n  " + "\n  ".join(tried), hint=_ADVICE)


async def _proven(sandbox: Sandbox) -> Sandbox:
    box, outside = make_box({}), make_box({})
    try:
        for folder in (box / "tests", outside):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)
            (folder / "probe").touch()
        nested = sandbox.keeps_candidates
        code = _PROBE + (_CANDIDATE_PROBE if nested else "") + " && echo works"
        argv = ("/bin/sh", "-c", code, str(outside / "probe"))
        job = Job(argv=argv, box=box, limits=Limits(wall_seconds=30), hidden=("tests",), nested=nested)
        outcome = await sandbox.run(job)
    finally:
        remove_tree(box)
        remove_tree(outside)
    if outcome.stdout.text() != "works\n":
        reason = outcome.stderr.text().strip() or outcome.detail or "it runs things, but isolates nothing"
        raise SandboxUnavailable(reason)
    return sandbox
