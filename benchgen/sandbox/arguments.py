"""The bubblewrap command line of a job: what it sees, what it may change, and the limits the kernel keeps for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from benchgen.sandbox import candidate, inside, seccomp
from benchgen.sandbox.fds import LaunchFds
from benchgen.sandbox.masked import masked_folders
from benchgen.sandbox.rlimits import prlimit
from benchgen.sandbox.spec import MIB, Job, Limits, Seed

_UID = "1000"
_ETC = ("alternatives", "chromium.d", "fonts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d")
_SYSTEM_FOLDERS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
_MADE_FILES = {
    "/etc/passwd": f"sandbox:x:{_UID}:{_UID}::{inside.HOME}:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n",
    "/etc/group": f"sandbox:x:{_UID}:\nnogroup:x:65534:\n",
    "/etc/hosts": "127.0.0.1 localhost\n::1 localhost\n",
    "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}


def bound_folders(job: Job) -> tuple[Path, ...]:
    """Every host folder, beside the system's own, that the job must see."""
    folders = [bind for chain in job.toolchains for bind in chain.binds]
    folders += [seed.source for seed in all_seeds(job)]
    return tuple(dict.fromkeys(folders))


def all_seeds(job: Job) -> list[Seed]:
    """The read-only folders that are linked into writable ones."""
    return [seed for chain in job.toolchains for seed in chain.seeds]


def sandbox_arguments(job: Job, program: str, fds: LaunchFds, status_fd: str) -> list[str]:
    """Everything that stands after the word bwrap."""
    words = ["--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]
    words += [] if job.nested else ["--disable-userns"]
    words += ["--uid", _UID, "--gid", _UID, "--hostname", "sandbox", "--json-status-fd", status_fd]
    words += _system(fds) + _scratch(job.limits)
    words += _toolchains(job) + _box(job)
    if job.nested:
        words += _candidate(job, program, fds)
    words += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", inside.in_box(job.cwd)]
    for name, value in environment(job).items():
        words += ["--setenv", name, value]
    rules = seccomp.program(may_nest=job.nested)
    words += ["--seccomp", fds.text(rules)] if rules else []
    return [*words, "--", *limited(job)]


def environment(job: Job) -> Mapping[str, str]:
    """All variables that the command sees; nothing of ours is among them."""
    folders = [str(entry) for chain in job.toolchains for entry in chain.path_entries]
    path = ":".join(dict.fromkeys([inside.PROGRAMS, *folders, "/usr/local/bin", "/usr/bin", "/bin"]))
    made = {"PATH": path, "HOME": inside.HOME, "TMPDIR": inside.TMP, "LANG": "C.UTF-8", "TZ": "UTC"}
    for chain in job.toolchains:
        made.update(chain.env)
    made.update(job.env)
    if job.nested:
        made["BENCHGEN_CANDIDATE"] = inside.CANDIDATE
    return made


def limited(job: Job, *, processes: bool = True) -> list[str]:
    """The command behind prlimit, and behind the linking of seeds when there are any."""
    words = prlimit(job.limits, processes=processes)
    seeds = all_seeds(job)
    if seeds:
        links = " && ".join(f"cp -rs {inside.SEEDS}-{n}/. {seed.destination}/" for n, seed in enumerate(seeds))
        words += ["/bin/sh", "-c", f'{links} && exec "$@"', "sh"]
    return [*words, *job.argv]


def _system(fds: LaunchFds) -> list[str]:
    words = ["--ro-bind", "/usr", "/usr"]
    for name in _SYSTEM_FOLDERS:
        folder = Path("/", name)
        if folder.is_symlink():
            words += ["--symlink", str(folder.readlink()), str(folder)]
        elif folder.is_dir():
            words += ["--ro-bind", str(folder), str(folder)]
    for name in _ETC:
        words += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    for path, text in _MADE_FILES.items():
        words += ["--perms", "0444", "--file", fds.text(text.encode()), path]
    return words


def _scratch(limits: Limits) -> list[str]:
    words = ["--proc", "/proc", "--dev", "/dev", "--size", str(64 * MIB), "--tmpfs", inside.SHM]
    return [*words, "--perms", "1777", "--size", str(limits.tmp_bytes), "--tmpfs", inside.TMP, "--dir", inside.HOME]


def _toolchains(job: Job) -> list[str]:
    words: list[str] = []
    for chain in job.toolchains:
        for folder in chain.binds:
            words += ["--ro-bind", str(folder), str(folder)]
        for name, program in chain.links.items():
            words += ["--symlink", str(program), f"{inside.PROGRAMS}/{name}"]
        for seed in chain.seeds:
            words += ["--dir", seed.destination]
    for number, seed in enumerate(all_seeds(job)):
        words += ["--ro-bind", str(seed.source), f"{inside.SEEDS}-{number}"]
    for place in masked_folders(job, bound_folders(job)):
        words += ["--size", str(MIB), "--tmpfs", str(place), "--remount-ro", str(place)]
    return words


def _box(job: Job) -> list[str]:
    words = ["--bind", str(job.box), inside.BOX]
    for path in job.read_only:
        words += ["--ro-bind", str(job.box / path), inside.in_box(path)]
    return words


def _candidate(job: Job, program: str, fds: LaunchFds) -> list[str]:
    rules = seccomp.program(may_nest=False)
    script = candidate.script(job, program, filtered=rules is not None)
    words = ["--perms", "0555", "--file", fds.text(script.encode()), inside.CANDIDATE]
    words += ["--perms", "0444", "--file", fds.text(b""), inside.EMPTY_FILE]
    return words + (["--perms", "0444", "--file", fds.text(rules), inside.CANDIDATE_FILTER] if rules else [])
