"""How the sandbox is started: as ourselves or, from root, as an unprivileged user in a private mount namespace."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import subprocess
import sys
import weakref
from pathlib import Path

from benchgen.record import Record
from benchgen.sandbox.spec import SandboxUnavailable

NOBODY = 65534
_NAMESPACE_SCRIPT = Path(__file__).with_name("namespace.py")
_GUARD_SCRIPT = Path(__file__).with_name("guard.py")


class Owner(Record):
    """The host user that untrusted code runs as and that must own the box."""

    uid: int
    gid: int

    def may_enter(self, folder: Path) -> bool:
        """Whether every folder down to this one lets the user through; a file, at the end, must let itself be read."""
        return all(self._may_pass(step) for step in (folder, *folder.parents))

    def _may_pass(self, folder: Path) -> bool:
        try:
            status = folder.stat()
        except FileNotFoundError:  # for the sandbox to complain about
            return True
        wanted = 0o4 if stat.S_ISREG(status.st_mode) else 0o1
        if status.st_uid == self.uid:
            return bool(status.st_mode & wanted << 6)
        if status.st_gid == self.gid:
            return bool(status.st_mode & wanted << 3)
        return bool(status.st_mode & wanted)


class Launcher:
    """Starts nothing itself; says which words go before a sandbox command so that it never runs as root."""

    def __init__(self, uid: int = NOBODY) -> None:
        self._root = os.geteuid() == 0
        self.owner = Owner(uid, uid) if self._root else Owner(os.geteuid(), os.getegid())
        self._namespaces: dict[tuple[Path, ...], int] = {}
        self._guard: subprocess.Popen[bytes] | None = None
        self.token = f"benchgen-{secrets.token_hex(12)}"
        """To stand among the words of every sandbox, so that the guard knows it."""

    def guard(self) -> None:
        """See to it that sandboxes end when this process is killed, at whatever moment."""
        if self._guard is None:
            argv = [sys.executable, "-I", "-S", str(_GUARD_SCRIPT), self.token]
            self._guard = subprocess.Popen(
                argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                start_new_session=True,
            )
            weakref.finalize(self, _dismiss, self._guard)

    def prefix(self, folders: tuple[Path, ...]) -> tuple[str, ...]:
        """The words before the command, when these host folders must be within its reach."""
        if not self._root:
            return ()
        ids = (str(self.owner.uid), str(self.owner.gid))
        closed = tuple(sorted(folder for folder in folders if not self.owner.may_enter(folder)))
        if not closed:
            return (_tool("setpriv"), "--reuid", ids[0], "--regid", ids[1], "--clear-groups", "--")
        # By our own process id, not by an inherited descriptor: the sandbox must not get hold of it.
        namespace = f"--mount=/proc/{os.getpid()}/fd/{self._namespace(closed)}"
        return (_tool("nsenter"), namespace, "--setuid", ids[0], "--setgid", ids[1], "--")

    def check_reachable(self, box: Path) -> None:
        """Refuse a box that the sandbox's user could not get at."""
        hidden = [step for step in box.parents if not self.owner.may_enter(step)]
        if hidden:
            hint = "Make the box with make_box, or in another folder; untrusted code never runs as root."
            raise SandboxUnavailable(f"user {self.owner.uid} may not enter {hidden[-1]}", where=str(box), hint=hint)

    def _namespace(self, closed: tuple[Path, ...]) -> int:
        if closed not in self._namespaces:
            self._namespaces[closed] = _open_namespace(closed, self.owner)
        return self._namespaces[closed]


def _dismiss(guard: subprocess.Popen[bytes]) -> None:
    guard.communicate(b"done\n")


def _open_namespace(closed: tuple[Path, ...], owner: Owner) -> int:
    """A mount namespace where these folders, but nothing else of the closed ones around them, can be reached."""
    pairs = [f"{_first_closed(folder, owner)}\0{folder}" for folder in closed]
    argv = [sys.executable, "-I", "-S", str(_NAMESPACE_SCRIPT), *(part for pair in pairs for part in pair.split("\0"))]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as helper:
        if helper.stdout is None or helper.stdout.readline() != b"ready\n":
            reason = helper.communicate()[1].decode("utf-8", "replace").strip().splitlines()
            raise SandboxUnavailable(
                f"root may not mount here, so {closed[0]} stays out of reach of an unprivileged user ({reason[-1:]})",
                hint="Run benchgen as an ordinary user, or keep toolchains where all users can read them.",
            )
        descriptor = os.open(f"/proc/{helper.pid}/ns/mnt", os.O_RDONLY | os.O_CLOEXEC)
        helper.communicate()
    return descriptor


def _first_closed(folder: Path, owner: Owner) -> Path:
    for step in (*reversed(folder.parents), folder):
        if not owner.may_enter(step):
            return step
    raise AssertionError(f"{folder} is open")


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise SandboxUnavailable(f"{name} is not installed", hint="apt install util-linux")
    return found
