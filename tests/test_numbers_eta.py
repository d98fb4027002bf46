"""The estimate of the time to go: silent too early, zero at the end, and right about its own uncertainty."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchgen.numbers.durations import seen
from benchgen.numbers.eta import Workload, eta

seconds = st.floats(0, 1e5)


def test_before_three_finished_nothing_is_estimated():
    assert eta(Workload([5, 6], [1.0], 10, 2, 12), Random(1)) is None


def test_nothing_remaining_takes_no_time():
    result = eta(Workload([5, 6, 7], [], 0, 2, 12), Random(1))
    assert (result.seconds, result.low, result.high) == (0, 0, 0)


def test_steady_durations_give_the_plain_pace():
    result = eta(Workload([10.0] * 40, [], 40, 1, 400.0), Random(1))
    assert result.seconds == pytest.approx(400, rel=0.05)
    assert result.pace == 400


def test_workers_that_were_held_up_are_expected_to_be_held_up():
    result = eta(Workload([10.0] * 40, [], 40, 1, 800.0), Random(1))
    assert result.seconds == pytest.approx(800, rel=0.05)


def test_a_running_attempt_takes_longer_than_it_has():
    law = seen([10.0, 12.0, 9.0]).law([60.0], Random(1))
    assert all(law.above(50.0, rng) >= 50.0 for rng in map(Random, range(50)))


def test_more_workers_finish_sooner():
    durations = [Random(i).lognormvariate(3, 0.5) for i in range(40)]
    few, many = (eta(Workload(durations, [], 100, w, sum(durations) / w), Random(1)).seconds for w in (2, 8))
    assert many < few / 3


def test_the_fast_way_for_many_attempts_agrees_with_scheduling_them_all():
    durations = [Random(i).lognormvariate(3, 0.7) for i in range(100)]
    per_attempt = [
        eta(Workload(durations, [], waiting, 4, sum(durations) / 4), Random(1)).seconds / waiting
        for waiting in (200, 201)
    ]
    assert per_attempt[0] == pytest.approx(per_attempt[1], rel=0.05)


def test_attempts_older_than_any_that_ended_may_be_of_a_kind_that_takes_much_longer():
    finished, running = [20.0 + place for place in range(10)] * 2, [5.0] * 10
    young = eta(Workload(finished, [*running, *[28.0] * 6], 118, 16, 40.0), Random(1))
    overdue = eta(Workload(finished, [*running, *[40.0] * 6], 118, 16, 40.0), Random(1))
    assert overdue.high > 2 * young.high


def test_running_attempts_that_are_as_old_as_others_became_leave_the_range_as_it_was():
    assert seen([20.0, 25.0, 30.0]).unended([10.0, 30.0], Random(1)) is None
    assert seen([20.0, 25.0, 30.0]).unended([10.0, 31.0], Random(1)) is not None


def test_the_same_seed_gives_the_same_estimate():
    work = Workload([3.0, 9.0, 4.0], [2.0], 20, 2, 9.0)
    assert eta(work, Random(7)) == eta(work, Random(7))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(seconds, min_size=3, max_size=60), st.lists(seconds, max_size=8), st.integers(0, 400), st.integers(1, 8)
)
def test_any_workload_gives_an_ordered_finite_range(finished, running, waiting, workers):
    result = eta(Workload(finished, running, waiting, workers, sum(finished) / workers), Random(2))
    assert 0 <= result.low <= result.seconds <= result.high < float("inf")


@pytest.mark.parametrize("finished", [[0.0, 0.0, 600.0], [1e300] * 3, [1e200, 0.0, 0.0]])
def test_durations_that_no_run_can_have_give_a_finite_range_too(finished):
    found = eta(Workload(finished, [0.5] * 4, 100, 4, 900.0), Random(1))
    assert found.low <= found.seconds <= found.high < float("inf")
