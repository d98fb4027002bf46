"""Watches what a running job uses: memory and processor time of its processes, growth of its box."""

from __future__ import annotations

import os
import time
from itertools import islice
from pathlib import Path
from typing import Literal

from benchgen.record import Record
from benchgen.sandbox.spec import MIB, Limits

_FLOOR_BYTES = 256 * MIB
_WALK_EVERY_SECONDS = 1.0


class Breach(Record):
    """A limit that a job has passed."""

    kind: Literal["memory", "disk"]
    detail: str


def tree(root: int) -> list[int]:
    """The process and all its descendants, as far as they can be seen now."""
    found, queue = [], [root]
    while queue:
        pid = queue.pop()
        found.append(pid)
        try:
            threads = list(Path(f"/proc/{pid}/task").iterdir())
        except OSError:
            continue
        for thread in threads:
            queue += [int(child) for child in _read(thread / "children").split()]
    return found


def resident_bytes(pids: list[int]) -> int:
    """Anonymous and shared memory of these processes; pages shared after a fork count once per process."""
    return sum(_kilobytes(_read(f"/proc/{pid}/status"), ("RssAnon:", "RssShmem:")) for pid in pids) * 1024


def proportional_bytes(pids: list[int]) -> int | None:
    """As `resident_bytes`, shared pages counted once over all; slow, and None where the kernel does not tell us."""
    total = 0
    for pid in pids:
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        except PermissionError:
            return None
        except OSError:  # gone meanwhile
            continue
        total += _kilobytes(rollup, ("Pss_Anon:", "Pss_Shmem:"))
    return total * 1024


def available_bytes() -> int:
    """Memory that the machine can still give out."""
    return _kilobytes(_read("/proc/meminfo"), ("MemAvailable:",)) * 1024


class Space(Record):
    """Room taken, or left, on a disk."""

    size: int
    files: int

    def less(self, other: Space) -> Space:
        """What was added since `other`."""
        return Space(self.size - other.size, self.files - other.files)

    def within(self, size: int, files: int) -> bool:
        """Whether neither bound is passed."""
        return self.size <= size and self.files <= files


def space_taken(folder: Path, most_files: int) -> Space:
    """Space taken by a hostile folder, as far as a walk over so many files sees; links are not followed."""
    size, files, queue = 0, 0, [os.fspath(folder)]
    while queue and files < most_files:
        try:
            entries = os.scandir(queue.pop())
        except OSError:
            continue
        with entries:
            for entry in islice(entries, most_files - files):
                files += 1
                try:
                    size += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        queue.append(entry.path)
                except OSError:
                    continue
    return Space(size, files)


def _space_left(folder: Path) -> Space:
    volume = os.statvfs(folder)
    return Space(volume.f_bfree * volume.f_frsize, volume.f_ffree)


def cpu_seconds(pids: list[int]) -> float:
    """Processor time of these processes and of the children they have waited for."""
    ticks = 0
    for pid in pids:
        # The second field is a name in brackets, which may hold anything.
        fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
        ticks += sum(int(field) for field in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


class Watch:
    """Looks at one job again and again; remembers the most it saw."""

    def __init__(self, box: Path, limits: Limits) -> None:
        self._box = box
        self._limits = limits
        self._most_files = 2 * limits.disk_files
        self._taken = space_taken(box, self._most_files)
        self._left = _space_left(box)
        self._walk_after = 0.0
        self.peak_bytes = 0
        self.cpu_seconds = 0.0

    def look(self, pid: int) -> Breach | None:
        """The limit that the tree below `pid` has passed, if any."""
        pids = tree(pid)
        self.cpu_seconds = max(self.cpu_seconds, cpu_seconds(pids))
        return self._memory(pids) or self._disk()

    def _memory(self, pids: list[int]) -> Breach | None:
        used = resident_bytes(pids)
        if used > self._limits.memory_bytes:
            shared_once = proportional_bytes(pids)
            used = used if shared_once is None else shared_once
        self.peak_bytes = max(self.peak_bytes, used)
        if used > self._limits.memory_bytes:
            return Breach("memory", f"used {used // MIB} MiB of {self._limits.memory_bytes // MIB} MiB allowed")
        if used > self._limits.memory_bytes // 4 and available_bytes() < _FLOOR_BYTES:
            return Breach("memory", f"the machine ran out of memory while the job used {used // MIB} MiB")
        return None

    def _disk(self) -> Breach | None:
        # Asking the file system how much is left is cheap; only a fall that could be this job's is looked into.
        size, files = self._limits.disk_bytes, self._limits.disk_files
        fallen = self._left.less(_space_left(self._box))
        if fallen.within(size // 2, files // 2) or time.monotonic() < self._walk_after:
            return None
        grown = space_taken(self._box, self._most_files).less(self._taken)
        self._walk_after = time.monotonic() + _WALK_EVERY_SECONDS
        if grown.within(size, files):
            return None
        allowed = f"{size // MIB} MiB allowed and {files} files"
        return Breach("disk", f"wrote {grown.size // MIB} MiB in {grown.files} files, with {allowed}")


def _read(path: str | Path) -> str:
    try:
        return Path(path).read_text(encoding="ascii", errors="replace")
    except OSError:  # the process is gone, or not ours to read
        return ""


def _kilobytes(text: str, names: tuple[str, ...]) -> int:
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith(names))
