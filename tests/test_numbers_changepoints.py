"""Change points are found where they are, and rarely where they are not."""

import math
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchgen.numbers.changepoints import RunCount, magnitude_segments, rate_segments

counts = st.integers(0, 40).flatmap(lambda n: st.builds(RunCount, st.integers(0, n), st.just(n)))


def exhaustive_cost(history):
    """The cheapest penalised partition, by trying all of them."""
    count, penalty = len(history), 4 * math.log(max(len(history), 10))
    best = math.inf
    for mask in range(2 ** (count - 1)):
        cuts = [0, *(i + 1 for i in range(count - 1) if mask >> i & 1), count]
        best = min(best, partition_cost(history, cuts, penalty))
    return best


def partition_cost(history, cuts, penalty):
    total = penalty * (len(cuts) - 2)
    for start, end in pairwise(cuts):
        passed, tasks = sum(r.passed for r in history[start:end]), sum(r.tasks for r in history[start:end])
        for part in (passed, tasks - passed):
            total -= 2 * part * math.log(part / tasks) if part else 0
    return total


@settings(max_examples=50)
@given(st.lists(counts, min_size=1, max_size=9))
def test_the_partition_is_the_cheapest_of_all(history):
    segments = rate_segments(history)
    cuts = [0, *(segment.end for segment in segments)]
    penalty = 4 * math.log(max(len(history), 10))
    assert partition_cost(history, cuts, penalty) == pytest.approx(exhaustive_cost(history))


@given(st.lists(counts, max_size=30))
def test_segments_cover_the_history_without_gap(history):
    segments = rate_segments(history)
    assert [s.start for s in segments] == [0, *(s.end for s in segments)][: len(segments)]
    assert not history or segments[-1].end == len(history)


def test_a_drop_is_found_at_its_run_with_both_levels():
    segments = rate_segments([RunCount(25, 31)] * 8 + [RunCount(14, 31)] * 7)
    assert [(s.start, s.end) for s in segments] == [(0, 8), (8, 15)]
    assert segments[0].level == pytest.approx(25 / 31)


def test_runs_without_tasks_have_no_level():
    assert [s.level for s in rate_segments([RunCount(0, 0)])] == [None]


def test_a_doubled_time_is_found_whatever_the_unit():
    rng = Random(8)
    times = [rng.lognormvariate(3, 0.1) * (2 if i >= 9 else 1) for i in range(18)]
    cuts = [[s.end for s in magnitude_segments([unit * t for t in times])] for unit in (1e-3, 1, 1e6)]
    assert cuts == [[9, 18]] * 3


def test_equal_times_never_change():
    assert len(magnitude_segments([2.5] * 12)) == 1
    assert magnitude_segments([]) == []


@pytest.mark.parametrize("runs", [4, 10, 30])
def test_false_alarms_stay_rare(runs):
    rng = Random(runs)
    rates = [[RunCount(sum(rng.random() < 0.6 for _ in range(31)), 31) for _ in range(runs)] for _ in range(200)]
    times = [[rng.lognormvariate(2, 0.4) for _ in range(runs)] for _ in range(200)]
    assert sum(len(rate_segments(history)) > 1 for history in rates) <= 10
    assert sum(len(magnitude_segments(history)) > 1 for history in times) <= 10
