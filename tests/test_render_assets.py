"""The static files: a style sheet loses what says nothing, and nothing else."""

from __future__ import annotations

import pytest

from benchgen import assets
from benchgen.render.assets import collect, slim


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
