"""What is installed from the wheel runs and makes a site, far from any checkout."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
def test_the_built_wheel_runs_and_makes_a_site_elsewhere(tmp_path):
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    # The libraries come from this environment; benchgen itself must not.
    venv.create(tmp_path / "venv", with_pip=True, symlinks=True)
    python = tmp_path / "venv" / "bin" / "python"
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    install = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    (site_packages,) = (tmp_path / "venv" / "lib").glob("python*/site-packages")
    (site_packages / "libraries.pth").write_text("\n".join(libraries))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    where = [python, "-c", "import benchgen; print(benchgen.__file__)"]
    found = subprocess.run(where, cwd=elsewhere, check=True, capture_output=True, text=True).stdout
    assert str(tmp_path) in found
    for words in (["list", "tasks"], ["build"]):
        done = subprocess.run([python, "-m", "benchgen", *words], cwd=elsewhere, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert (
        "python_expert_workflow_scheduler"
        in subprocess.run(
            [python, "-m", "benchgen", "list", "tasks", "--json"], cwd=elsewhere, capture_output=True, text=True
        ).stdout
    )
    assert (elsewhere / "site" / "index.html").is_file()
    assert list((elsewhere / "site" / "assets").glob("*.css"))
