"""Bounded capture: any bytes in any pieces keep their two ends and a count of the rest, and no sign is missed."""

import re

from hypothesis import given
from hypothesis import strategies as st

from benchgen.sandbox.output import CHUNK, Capture, Sign
from benchgen.sandbox.spec import Captured


@given(st.lists(st.binary(max_size=50)), st.integers(2, 40))
def test_ends_and_count_always_add_up(pieces, kept):
    capture = Capture(kept)
    for piece in pieces:
        capture.feed(piece)
    whole, got = b"".join(pieces), capture.captured()
    assert whole.startswith(got.head) and whole.endswith(got.tail)
    assert len(got.head) + len(got.tail) + got.dropped == len(whole) == capture.total
    assert len(got.head) <= kept // 2 and len(got.tail) <= kept // 2
    assert got.dropped == 0 or len(got.head) == len(got.tail) == kept // 2


def test_a_gap_is_named_in_the_text():
    assert Captured(b"start", b"end", 7).text() == "start\n[7 bytes left out]\nend"


def test_a_character_across_head_and_tail_stays_whole():
    head, tail = "ä".encode()[:1], "ä".encode()[1:]
    assert Captured(head, tail).text() == "ä"


def test_bytes_that_are_no_text_do_not_break_it():
    assert Captured(b"\xff\xfeok").text() == "��ok"


@given(st.integers(0, 12), st.integers(0, 12))
def test_a_sign_is_seen_however_its_line_is_cut(first, second):
    text, sign = b"ok\nnot ok\nok\n", Sign(re.compile(rb"^not ok\n", re.M))
    for piece in (text[:first], text[first : first + second], text[first + second :]):
        sign.feed(piece)
    assert sign.seen


def test_the_rest_of_a_line_that_is_too_long_is_no_line():
    sign = Sign(re.compile(rb"^not ok\n", re.M))
    sign.feed(b"x" * CHUNK)
    sign.feed(b"x" * (CHUNK // 2 - 6) + b"not ok")
    sign.feed(b"\n")
    assert not sign.seen
