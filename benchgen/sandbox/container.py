"""The podman and docker backends: one container a job, which shows the system's own folders; no image is fetched."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from benchgen.sandbox import inside
from benchgen.sandbox.arguments import all_seeds, bound_folders, environment, limited
from benchgen.sandbox.files import check_job, hand_over
from benchgen.sandbox.launcher import Launcher, Owner
from benchgen.sandbox.marked import bounded, marked_outcome, new_mark, preparation
from benchgen.sandbox.masked import masked_folders
from benchgen.sandbox.process import Command, run_command
from benchgen.sandbox.spec import MIB, Job, Limits, Outcome, SandboxUnavailable, refuse_candidate

_IMAGE = "localhost/benchgen-empty:1"
_EMPTY_TAR = bytes(10240)
_SYSTEM_FOLDERS = ("usr", "bin", "sbin", "lib", "lib64")
_CLIENT_VARIABLES = ("PATH", "HOME", "XDG_RUNTIME_DIR", "DOCKER_HOST", "DOCKER_CONTEXT", "CONTAINERS_CONF")
_PROCESSES_OF_ALL = 8192
_TOOL_SECONDS = 30


class Container:
    """Runs jobs in containers of podman or docker."""

    keeps_candidates = False

    def __init__(self, name: Literal["podman", "docker"], program: Path, owner: Owner) -> None:
        self.name = name
        self._program = str(program)
        self._owner = owner

    @classmethod
    def find(cls, name: Literal["podman", "docker"], launcher: Launcher) -> Container:
        """The tool on PATH, with an empty image made in it."""
        program = shutil.which(name)
        if program is None:
            raise SandboxUnavailable(f"{name} is not installed")
        found = cls(name, Path(program), launcher.owner)
        if found._tool("image", "inspect", _IMAGE).returncode:
            made = found._tool("import", "-", _IMAGE, stdin=_EMPTY_TAR)
            if made.returncode:
                raise SandboxUnavailable(made.stderr.decode("utf-8", "replace").strip())
        return found

    async def run(self, job: Job) -> Outcome:
        """Run one job in a container of its own."""
        check_job(job)
        refuse_candidate(job, self.name)
        hand_over(job.box, self._owner)
        name, mark = f"benchgen-{secrets.token_hex(8)}", new_mark(job.box)
        argv = (self._program, *self._arguments(job, name, mark))
        command = Command(argv, kill=lambda _: self._kill(name), env=_client_environment(), new_session=True)
        return marked_outcome(await run_command(command, job), mark)

    def describe(self) -> str:
        """What this backend keeps, and what it does not."""
        return (
            f"{self.name}: code runs in a container without network and capabilities, with a read-only system; memory,"
            " processes, files, output and time are limited. A candidate cannot be kept apart from its judge, and a"
            " container outlives a killed benchgen by up to its time limit."
        )

    def _arguments(self, job: Job, name: str, mark: Path) -> Iterator[str]:
        yield from ("run", "--rm", "--name", name, "--network", "none", "--hostname", "sandbox", "--read-only")
        yield from ("--cap-drop", "ALL", "--security-opt", "no-new-privileges", *self._user())
        yield from _limit_arguments(job.limits)
        for source, place in _mounts(job):
            yield from ("--volume", f"{source}:{place}:ro")
        for folder in masked_folders(job, bound_folders(job)):
            yield from ("--tmpfs", f"{folder}:ro,size={MIB}")
        yield from ("--volume", f"{job.box}:{inside.BOX}:rw")
        for path in job.read_only:
            yield from ("--volume", f"{job.box / path}:{inside.in_box(path)}:ro")
        for key, value in environment(job).items():
            yield from ("--env", f"{key}={value}")
        yield from ("--workdir", inside.in_box(job.cwd), _IMAGE, *bounded(job.limits))
        code = f'{preparation(job)} && exec "$@"'
        yield from ("/bin/sh", "-c", code, inside.in_box(mark.name), *limited(job, processes=False))

    def _user(self) -> tuple[str, ...]:
        user = ("--user", f"{self._owner.uid}:{self._owner.gid}")
        if self.name == "docker":
            return user
        keep = ("--userns", "keep-id") if os.geteuid() else ()
        return (*user, *keep, "--read-only-tmpfs=false")

    def _kill(self, name: str) -> None:
        self._tool("kill", "--signal", "KILL", name)

    def _tool(self, *words: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                [self._program, *words],
                input=stdin,
                capture_output=True,
                check=False,
                timeout=_TOOL_SECONDS,
                env=_client_environment(),
            )
        except subprocess.TimeoutExpired as error:
            raise SandboxUnavailable(f"{self.name} {words[0]} does not answer") from error


def _limit_arguments(limits: Limits) -> Iterator[str]:
    yield from ("--memory", str(limits.memory_bytes), "--memory-swap", str(limits.memory_bytes))
    yield from ("--pids-limit", str(limits.processes), "--shm-size", str(64 * MIB))
    # The tool's own defaults may lie above what the machine lets it set. Processes of other containers count here.
    yield from ("--ulimit", f"nproc={_PROCESSES_OF_ALL}", "--ulimit", f"nofile={limits.open_files}")
    yield from ("--tmpfs", f"{inside.TMP}:rw,exec,mode=1777,size={limits.tmp_bytes}")
    yield from ("--tmpfs", f"{inside.OWN}:rw,mode=1777,size={MIB}")


def _mounts(job: Job) -> Iterator[tuple[Path, str]]:
    for name in _SYSTEM_FOLDERS:
        if Path("/", name).is_dir():
            yield Path("/", name).resolve(), f"/{name}"
    for chain in job.toolchains:
        for folder in chain.binds:
            yield folder, str(folder)
    for number, seed in enumerate(all_seeds(job)):
        yield seed.source, f"{inside.SEEDS}-{number}"


def _client_environment() -> Mapping[str, str]:
    return {name: os.environ[name] for name in _CLIENT_VARIABLES if name in os.environ}
