"""Two texts side by side: whatever they hold is on one of the sides, marked where only one has it."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from benchgen.panels.side_by_side import MOST_LINES, side_by_side


def marked(pieces):
    return "".join(f"[{piece.text}]" if piece.changed else piece.text for piece in pieces)


def test_the_words_that_changed_are_marked_on_both_sides():
    (line,) = side_by_side("diff", "return a + b", "return a - b").lines
    assert (marked(line.a), marked(line.b)) == ("return a [+] b", "return a [-] b")


def test_lines_that_have_little_in_common_are_marked_whole():
    (line,) = side_by_side("answer", "the cat sat down", "import os, sys").lines
    assert (marked(line.a), marked(line.b)) == ("[the cat sat down]", "[import os, sys]")


def test_a_line_of_one_side_alone_has_no_counterpart():
    found = side_by_side("diff", "a\nb\n", "a\nb\nc\n").lines
    assert [(line.kind, line.number_a, line.number_b) for line in found][-1] == ("only_b", None, 3)


def test_equal_stretches_are_left_out_but_for_three_lines():
    same = "\n".join(f"line {number}" for number in range(50))
    found = side_by_side("diff", f"{same}\nold", f"{same}\nnew").lines
    assert (found[0].kind, found[0].hidden, len(found)) == ("gap", 47, 5)


def test_equal_texts_say_so():
    assert side_by_side("diff", "a\n", "a\n").is_equal


def test_lines_beyond_the_most_are_counted():
    found = side_by_side("answer", "x\n" * (MOST_LINES + 5), "y\n")
    assert (found.left_out_a, found.left_out_b) == (5, 0)


def test_terminal_escapes_are_taken_out():
    (line,) = side_by_side("answer", "\x1b[31mred\x1b[0m", "red\u202e!").lines
    assert marked(line.a) == "red"
    assert marked(line.b) == "red[!]"


@given(
    st.lists(st.sampled_from(["a", "b", "a b c", " ", "  x"]), max_size=12),
    st.lists(st.sampled_from(["a", "b", "a b d", "x"]), max_size=12),
)
def test_no_line_is_lost(a, b):
    found = side_by_side("text", "\n".join(a), "\n".join(b))
    hidden = sum(line.hidden for line in found.lines)
    shown_a = sum(line.number_a is not None for line in found.lines)
    shown_b = sum(line.number_b is not None for line in found.lines)
    assert shown_a + hidden == (len(a) if "\n".join(a) else 0)
    assert shown_b + hidden == (len(b) if "\n".join(b) else 0)


def test_lines_of_the_same_two_words_again_and_again_are_compared_without_delay():
    a = "\n".join(f"{'a b' * 79}{number}" for number in range(MOST_LINES))
    b = "\n".join(f"{'b a' * 79}{number}" for number in range(1000, 1000 + MOST_LINES))
    begun = time.process_time()
    found = side_by_side("answer", a, b)
    assert time.process_time() - begun < 3
    assert len(found.lines[0].a) > 1
    assert [len(line.a) for line in found.lines[-3:]] == [1, 1, 1]
