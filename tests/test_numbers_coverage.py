"""A small, seeded part of scripts/bench/coverage.py: the intervals hold the truth about as often as they say."""

import runpy
from pathlib import Path
from random import Random

import pytest

BENCH = runpy.run_path(str(Path(__file__).parents[1] / "scripts" / "bench" / "coverage.py"))


@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_rates_are_covered_where_the_t_interval_over_task_means_is_not(samples, share):
    ours, _ = BENCH["rate_coverage"](Random(1), 400, 31, samples, share)
    assert 0.915 <= ours <= 0.985


@pytest.mark.parametrize("samples", [1, 3])
def test_benchmarks_of_any_size_and_rate_are_covered(samples):
    rng = Random(20 + samples)
    held = sum(BENCH["any_benchmark"](rng, samples) for _ in range(1_000))
    assert 930 <= held <= 970


def test_one_sample_a_task_is_covered_on_the_average_over_rates_and_never_far_from_it():
    held = [BENCH["exact_coverage"](31, 0.05 + 0.01 * step) for step in range(91)]
    assert 0.945 <= sum(held) / len(held) <= 0.96
    assert 0.91 <= min(held) <= max(held) <= 0.985


def test_the_t_interval_over_task_means_misses_rare_successes():
    ours, plain = BENCH["rate_coverage"](Random(2), 600, 31, 3, 0.1)
    assert plain < 0.92 < ours


@pytest.mark.parametrize(("discordant", "for_b"), [(0.2, 0.5), (0.2, 0.9), (0.4, 0.7)])
def test_differences_are_covered(discordant, for_b):
    ours, _, _ = BENCH["paired_coverage"](Random(3), 400, 31, discordant, for_b)
    assert ours >= 0.925


def test_equal_models_are_seldom_told_apart():
    assert BENCH["paired_coverage"](Random(4), 600, 31, 0.2, 0.5)[2] <= 0.05


def test_the_range_of_the_time_to_go_holds_it():
    held, point, _ = BENCH["eta_coverage"](Random(5), 60, (31, 4, 15), BENCH["LAWS"]["lognormal 0.5"])
    assert 0.65 <= held <= 0.95
    assert 0.9 <= point <= 1.1


def test_the_time_to_go_of_many_attempts_is_held_by_the_fast_way():
    held, point, _ = BENCH["eta_coverage"](Random(6), 25, (600, 16, 200), BENCH["LAWS"]["lognormal 0.5"])
    assert held >= 0.6
    assert 0.95 <= point <= 1.05
