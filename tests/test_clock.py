"""Instants as text, and durations that never go backwards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchgen import clock
from benchgen.clock import Clock
from benchgen.errors import NoInstant


@given(st.integers(0, 4_000_000_000_000))
def test_an_instant_is_read_back_to_the_millisecond(milliseconds):
    assert clock.read(clock.spell(milliseconds / 1000)) == pytest.approx(milliseconds / 1000, abs=1e-4)


def test_an_instant_is_utc_with_milliseconds():
    assert Clock(now=lambda: 1795228841.1234).stamp() == "2026-11-21T02:40:41.123Z"


def test_an_instant_without_an_offset_is_taken_as_utc():
    assert clock.read("2026-11-21T02:40:41") == clock.read("2026-11-21T02:40:41Z")


def test_a_wall_clock_set_back_gives_no_negative_duration():
    assert clock.between("2026-11-21T03:00:00Z", "2026-11-21T02:00:00Z") == 0.0


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01"])
def test_what_is_no_instant_says_so(text):
    with pytest.raises(ValueError):
        clock.read(text)


def test_an_instant_of_the_first_thousand_years_has_four_digits_for_its_year():
    assert clock.spell(clock.read("0099-12-31T23:59:59.500Z")) == "0099-12-31T23:59:59.500Z"


def test_what_is_no_instant_is_a_fault_that_people_are_told():
    with pytest.raises(NoInstant, match="'yesterday' is no instant"):
        clock.read("yesterday")
