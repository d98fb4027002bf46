"""The static files: a style sheet loses what says nothing, and nothing else."""

from __future__ import annotations

import pytest

from benchgen import assets
from benchgen.render.assets import collect, slim, slim_script


@pytest.mark.parametrize(
    ("css", "slimmer"),
    [
        ("a { b: c; }\n\n  /* why */\n  d > e , f :hover { g: 1px  2px; }\n", "a{b:c;}d > e,f :hover{g:1px 2px;}"),
        ("a/* x */b { c: calc(1px + 2px) }", "a b{c:calc(1px + 2px)}"),
        ('a::after { content: " ;  { /* x */ "; }', 'a::after{content:" ;  { /* x */ ";}'),
        ("@media (max-width: 40rem) { a { b: c } }", "@media (max-width:40rem){a{b:c}}"),
    ],
)
def test_blanks_and_comments_go_where_they_say_nothing(css: str, slimmer: str) -> None:
    assert slim(css.encode()).decode() == slimmer


def test_a_slim_sheet_stays_as_it_is() -> None:
    sheet = collect(assets.static())
    assert slim(sheet.files[sheet.style]) == sheet.files[sheet.style]


def test_a_script_loses_its_indentation_and_lines_of_comment() -> None:
    script = b'// What it is.\n(() => {\n  const a = "// no comment"; // one\n\n  // Why.\n  a();\n})();\n'
    assert slim_script(script) == b'(() => {\nconst a = "// no comment"; // one\na();\n})();\n'


def test_no_text_in_a_script_runs_over_several_lines() -> None:
    scripts = sorted((assets.static() / "js").glob("*.js"))
    lines = [line for path in scripts for line in path.read_text("utf-8").splitlines()]
    assert not [line for line in lines if line.count("`") % 2 or "/*" in line]


def test_all_scripts_of_a_page_but_the_one_that_must_not_wait_are_one() -> None:
    found = collect(assets.static())
    assert sorted(path.rpartition("/")[2].partition(".")[0] for path in found.files if path.endswith(".js")) == [
        "site",
        "theme",
    ]
