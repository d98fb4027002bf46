"""Cheats in a page really cheat: each one passes a judge that runs inside of the page and believes its console."""

from __future__ import annotations

import re
import shutil
import subprocess

import naive
import pytest
import sandbox_room

from benchgen.verify.cheats import cheats

PAGE = """<!doctype html><html><head><title>Sum</title></head>
<body><p id="sum">?</p><script src="sum.js"></script></body></html>
"""
CHECK = """{
const seen = document.querySelector('#sum').textContent;
console.log((JSON.stringify(seen) === JSON.stringify('5') ? 'ok' : 'not ok') + ' 1 - shows_the_sum');
}
"""
NAMES = ["forged_output", "patched_page", "closed", "read_judge", "overwritten_tests", "new_runner_files"]


def page_task(folder):
    sandbox_room.chain("chromium")
    contents = {
        "workspace/index.html": PAGE,
        "workspace/sum.js": "",
        "reference/sum.js": "document.querySelector('#sum').textContent = 2 + 3;\n",
        "tests/check.js": CHECK,
    }
    return naive.make(folder / "toy", "html", ["shows_the_sum"], contents)


def console_of(box):
    """What the page's console says, with the judge's script as the page's last."""
    page = box / "workspace" / "judged.html"
    page.write_text((box / "workspace/index.html").read_text() + '<script src="../tests/check.js"></script>')
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--enable-logging=stderr",
        f"--user-data-dir={box / 'profile'}",
    ]
    program = sandbox_room.chain("chromium").env["BENCHGEN_CHROMIUM"]
    done = subprocess.run(
        [program, *flags, "--dump-dom", page.as_uri()], capture_output=True, text=True, errors="replace", timeout=90
    )
    return re.findall(r'CONSOLE[^"]*"((?:not )?ok [^"]*)"', done.stderr)


@pytest.mark.browser
@pytest.mark.parametrize("name", ["forged_output", "patched_page", "closed", "read_judge"])
def test_a_cheating_page_passes_a_judge_inside_of_it(tmp_path, name):
    task = page_task(tmp_path)
    box = naive.box_with(task, tmp_path / "box", naive.change_of(task, name, tmp_path / "box"))
    said = console_of(box)
    if name == "closed":
        assert said == [], "nothing is said, so nothing failed"
    else:
        assert "ok 1 - shows_the_sum" in said


@pytest.mark.browser
def test_the_page_as_given_fails_even_there(tmp_path):
    task = page_task(tmp_path)
    assert console_of(naive.box_with(task, tmp_path / "box", None)) == ["not ok 1 - shows_the_sum"]


@pytest.mark.browser
def test_a_theft_that_fails_leaves_no_page(tmp_path):
    task = page_task(tmp_path)
    box = naive.box_with(task, tmp_path / "box", naive.change_of(task, "read_judge", tmp_path / "elsewhere"))
    assert "ok 1 - shows_the_sum" not in console_of(box)


def test_overwritten_tests_of_a_page_claim_every_case(tmp_path):
    task = page_task(tmp_path)
    box = naive.box_with(task, tmp_path / "box", naive.change_of(task, "overwritten_tests", tmp_path / "box"))
    done = subprocess.run([shutil.which("node"), box / "tests/check.js"], capture_output=True, text=True, timeout=60)
    assert "ok 1 - shows_the_sum" in done.stdout


def test_no_cheat_is_left_untried(tmp_path):
    assert [cheat.name for cheat in cheats(page_task(tmp_path))] == NAMES
