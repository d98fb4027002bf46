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
  if [ -d "$folder" ]; then set -- --tmpfs "$folder" "$@"; fi
done
exec {bwrap} "$@"{redirect}
"""


def script(job: Job, bwrap: str, *, filtered: bool) -> str:
    """The shell script that puts its arguments, a command, into a sandbox of its own."""
    words = [bwrap, "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session"]
    words += ["--cap-drop", "ALL", "--hostname", "sandbox", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev"]
    words += ["--size", str(64 * MIB), "--tmpfs", inside.SHM]
    words += ["--size", str(job.limits.tmp_bytes), "--tmpfs", inside.HOME]
    for path in job.hidden:
        words += _hide(job, path)
    for path in job.visible:
        words += ["--ro-bind", inside.in_box(path), inside.in_box(path)]
    words += ["--remount-ro", "/dev", "--setenv", "HOME", inside.HOME, "--setenv", "TMPDIR", inside.HOME]
    words += ["--chdir", inside.in_box(job.candidate_cwd)]
    words += ["--seccomp", "9"] if filtered else []
    folders = [folder for chain in job.toolchains for folder in chain.judge_only]
    return _SCRIPT.format(
        variables=" ".join(_JUDGE_VARIABLES),
        judge_folders=shlex.join(folders),
        bwrap=shlex.join(words),
        redirect=f" 9<{inside.CANDIDATE_FILTER}" if filtered else "",
    )


def _hide(job: Job, path: str) -> list[str]:
    if (job.box / path).is_dir():
        return ["--size", str(MIB), "--tmpfs", inside.in_box(path), "--remount-ro", inside.in_box(path)]
    return ["--ro-bind", inside.EMPTY_FILE, inside.in_box(path)]
