"""The words of prlimit(1) that set what the kernel limits for each process."""

from __future__ import annotations

from benchgen.sandbox.spec import Limits


def prlimit(limits: Limits, *, processes: bool) -> list[str]:
    """The words before a command; processes are only counted where the user has a namespace of its own."""
    words = ["prlimit", f"--data={limits.memory_bytes}", f"--fsize={limits.file_bytes}", "--core=0", "--memlock=65536"]
    words += [f"--nofile={limits.open_files}", f"--cpu={limits.cpu_seconds}:{limits.cpu_seconds + 1}"]
    return [*words, *([f"--nproc={limits.processes}"] if processes else []), "--"]
