"""The second sandbox inside the first: the script behind BENCHGEN_CANDIDATE, which starts the model's code."""

from __future__ import annotations

import shlex

from benchgen.sandbox import inside
from benchgen.sandbox.spec import MIB, Job

# The name of the case under judgement would tell the candidate which of several answers to give.
_JUDGE_VARIABLES = ("BENCHGEN_CANDIDATE", "PYTEST_CURRENT_TEST", "PYTEST_VERSION", "CARGO_PRIMARY_PACKAGE")

_SCRIPT = """\
#!/bin/sh
unset {variables}
set -- -- "$@"
for folder in {judge_folders}; do
  if [ -d "$folder" ]; then set -- --size {size} --tmpfs "$folder" --remount-ro "$folder" "$@"; fi
done
exec {bwrap} "$@"{redirect}
"""


def script(job: Job, bwrap: str, *, filtered: bool) -> str:
    """The shell script that puts its arguments, a command, into a sandbox of its own."""
    words = [bwrap, "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session"]
    words += ["--cap-drop", "ALL", "--hostname", "sandbox", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev"]
    words += ["--size", str(64 * MIB), "--tmpfs", inside.SHM]
    words += ["--size", str(job.limits.tmp_bytes), "--tmpfs", inside.HOME]
    words += _hiding(job)
    words += ["--remount-ro", "/dev", "--setenv", "HOME", inside.HOME, "--setenv", "TMPDIR", inside.HOME]
    words += ["--chdir", inside.in_box(job.candidate_cwd)]
    words += ["--seccomp", "9"] if filtered else []
    # Unquoted, for the shell to fill in each star: they are our own words, not a task's.
    folders = [folder for chain in job.toolchains for folder in chain.judge_only]
    return _SCRIPT.format(
        variables=" ".join(_JUDGE_VARIABLES),
        judge_folders=" ".join(folders),
        size=MIB,
        bwrap=shlex.join(words),
        redirect=f" 9<{inside.CANDIDATE_FILTER}" if filtered else "",
    )


def _hiding(job: Job) -> list[str]:
    """Empty folders and files over what is hidden; the folders are closed once the visible parts stand in them."""
    words: list[str] = []
    folders = [path for path in job.hidden if (job.box / path).is_dir()]
    for path in folders:
        words += ["--size", str(MIB), "--tmpfs", inside.in_box(path)]
    for path in set(job.hidden) - set(folders):
        words += ["--ro-bind", inside.EMPTY_FILE, inside.in_box(path)]
    for path in job.visible:
        words += ["--ro-bind", inside.in_box(path), inside.in_box(path)]
    for path in folders:
        words += ["--remount-ro", inside.in_box(path)]
    return words
