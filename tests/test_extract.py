"""From a model's text to the change it proposes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchgen.answers.extract import Change, NoChange, extract

DIFF = "--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-a\n+b\n"


def category_of(text: str, edit_format: str = "diff", **flags: bool) -> str:
    with pytest.raises(NoChange) as caught:
        extract(text, edit_format, **flags)
    return caught.value.category


def test_the_first_diff_fence_is_taken():
    text = f"Sure!\n```python\nprint()\n```\n```diff\n{DIFF}```\nor\n```diff\n--- a/y\n+++ b/y\n```\n"
    assert extract(text, "diff") == Change(diff=DIFF)


def test_a_fence_without_a_word_that_holds_a_diff_is_taken():
    assert extract(f"```\n{DIFF}```", "diff").diff == DIFF


def test_a_diff_without_any_fence_is_taken():
    assert extract(f"Here it is.\n{DIFF}", "diff").diff == DIFF


def test_line_endings_of_windows_are_made_plain():
    assert extract(f"```diff\n{DIFF}```".replace("\n", "\r\n"), "diff").diff == DIFF


def test_a_fence_inside_the_diff_does_not_end_it():
    body = "--- a/r.md\n+++ b/r.md\n@@ -1,2 +1,3 @@\n ```\n+```\n x\n"
    assert extract(f"```diff\n{body}```\n", "diff").diff == body


def test_an_empty_answer_is_no_answer():
    assert category_of(" \n\t") == "no_answer"


def test_prose_alone_is_no_diff():
    assert category_of("I would change the loop.") == "no_diff"


def test_a_diff_that_breaks_off_is_taken_only_when_allowed():
    cut = f"```diff\n{DIFF}"
    assert category_of(cut) == "no_diff"
    assert extract(cut, "diff", allow_incomplete=True).diff == DIFF


def test_whole_files_stand_under_their_file_lines():
    text = "File: src/a.py\n```python\nx = 1\n```\n\n**File: `b.txt`**\n\n```\nhello\n```\n"
    found = extract(text, "whole").files
    assert [(block.path, block.content) for block in found] == [("src/a.py", "x = 1\n"), ("b.txt", "hello\n")]


def test_whole_files_stand_in_for_a_missing_diff_only_when_allowed():
    text = "File: a.py\n```\nx\n```"
    assert category_of(text) == "no_diff"
    assert extract(text, "diff", allow_rewrite=True).files[0].path == "a.py"


def test_search_replace_blocks_carry_their_file():
    text = "File: a.py\n<<<<<<< SEARCH\nold\n=======\nnew\n>>>>>>> REPLACE\n"
    (block,) = extract(text, "search_replace").replacements
    assert (block.path, block.old, block.new) == ("a.py", "old\n", "new\n")


@given(st.text(), st.sampled_from(["diff", "whole", "search_replace"]))
def test_any_text_gives_a_change_or_says_why_not(text, edit_format):
    try:
        change = extract(text, edit_format)
    except NoChange as nothing:
        assert nothing.category in ("no_answer", "no_diff")
    else:
        assert change.diff or change.files or change.replacements


@pytest.mark.parametrize(
    ("piece", "edit_format"),
    [
        ("```diff\n", "diff"),
        ("File: a\n```py\n", "whole"),
        ("<<<<<<< SEARCH\n=======\n", "search_replace"),
        ("File: a\n<<<<<<< SEARCH\nx\n=======\n", "search_replace"),
        (f"File: a{' ' * 1000}`b\n", "whole"),
    ],
)
def test_a_model_that_repeats_itself_for_a_megabyte_stalls_nobody(piece, edit_format):
    with pytest.raises(NoChange):  # looked for with a pattern, this took hours
        extract(piece * (1_000_000 // len(piece)), edit_format)
