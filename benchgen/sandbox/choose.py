"""Chooses the sandbox of this machine: each kind is tried by really running something in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from benchgen.sandbox.bwrap import Bwrap
from benchgen.sandbox.files import make_box, remove_tree
from benchgen.sandbox.launcher import NOBODY, Launcher
from benchgen.sandbox.plain import Plain
from benchgen.sandbox.spec import Job, Limits, Sandbox, SandboxUnavailable

Preference = Literal["auto", "bwrap", "benchexec", "podman", "docker", "none"]

_LADDER: dict[str, Callable[[Launcher], Sandbox]] = {"bwrap": Bwrap.find}
_PROBE = ("/bin/sh", "-c", '$BENCHGEN_CANDIDATE /bin/sh -c "test ! -e /box/tests/probe" && echo works')


async def choose(preference: Preference = "auto", *, uid: int = NOBODY) -> Sandbox:
    """The sandbox to use; only when `none` is asked for by name is it none."""
    if preference == "none":
        return Plain()
    launcher = Launcher(uid)
    tried: list[str] = []
    for name in _LADDER if preference == "auto" else [preference]:
        try:
            return await _proven(_LADDER[name](launcher))
        except SandboxUnavailable as reason:
            tried.append(f"{name}: {reason}")
    raise SandboxUnavailable("no sandbox works here:\n  " + "\n  ".join(tried), hint="apt install bubblewrap")


async def _proven(sandbox: Sandbox) -> Sandbox:
    box = make_box({})
    try:
        (box / "tests").mkdir()
        (box / "tests" / "probe").touch()
        job = Job(argv=_PROBE, box=box, limits=Limits(wall_seconds=20), hidden=("tests",), nested=True)
        outcome = await sandbox.run(job)
    finally:
        remove_tree(box)
    if outcome.stdout.text() != "works\n":
        reason = outcome.detail or outcome.stderr.text().strip() or f"its probe {outcome.ended}"
        raise SandboxUnavailable(reason)
    return sandbox
