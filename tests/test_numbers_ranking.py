"""Ranks are ranges, held together by Holm's adjustment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from benchgen.numbers.ranking import MOST_MODELS, holm, rank
from benchgen.numbers.rates import TaskOutcome
from benchgen.numbers.sentences import ranking_sentence


def model(passed, tasks=31):
    return {f"t{i}": TaskOutcome(int(i < passed), 1) for i in range(tasks)}


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_holm_agrees_with_statsmodels(p_values):
    assert holm(p_values) == pytest.approx(list(multipletests(p_values, method="holm")[1]), abs=1e-9)


def test_rank_ranges_open_where_the_tests_say_nothing():
    ranking = rank({"low": model(3), "high": model(28), "near": model(27)})
    ranges = {row.model: (row.place, row.best_rank, row.worst_rank) for row in ranking.models}
    assert ranges == {"high": (1, 1, 2), "near": (2, 1, 2), "low": (3, 3, 3)}


def test_a_model_without_outcomes_comes_last_and_has_no_rank():
    ranking = rank({"none": {"t0": TaskOutcome(0, 0, 1)}, "some": model(0)})
    assert [(row.model, row.place, row.best_rank) for row in ranking.models] == [("some", 1, 1), ("none", None, None)]


def test_beyond_fifty_models_the_rest_keep_their_place_but_are_not_tested():
    ranking = rank({f"m{i:02d}": model(i, 60) for i in range(55)})
    assert ranking.tested == MOST_MODELS
    assert len(ranking.pairs) == MOST_MODELS * (MOST_MODELS - 1) // 2
    assert [(row.place, row.best_rank) for row in ranking.models[50:]] == [(p, None) for p in range(51, 56)]


def test_pairs_use_common_tasks_only():
    a, b = model(10), {f"t{i}": TaskOutcome(1, 1) for i in range(20, 40)}
    (pair,) = rank({"a": a, "b": b}).pairs
    assert (pair.better, pair.worse, pair.tasks, pair.difference) == ("b", "a", 11, 1.0)


def test_pairs_without_common_tasks_are_not_separable():
    (pair,) = rank({"a": {"x": TaskOutcome(1, 1)}, "b": {"y": TaskOutcome(0, 1)}}).pairs
    assert (pair.p, pair.p_holm, pair.separable) == (None, None, False)


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 31).map(model), min_size=1))
def test_every_range_holds_the_place(models):
    for row in rank(models).models:
        assert 1 <= row.best_rank <= row.place <= row.worst_rank <= len(models)


def test_the_sentence_says_how_sure_the_first_place_is():
    three = rank({"low": model(3), "high": model(28), "near": model(27)})
    assert ranking_sentence(three).endswith("; the tests tell it from 1 of the 2 others")
    clear = rank({"low": model(3), "high": model(30), "lower": model(2)})
    assert ranking_sentence(clear).endswith("; the tests tell it from both others")
    assert ranking_sentence(three).startswith("solves most: 90.3 % (28 of 31), 95 % ")
    assert ranking_sentence(rank({"a": model(31), "b": model(31)})) == (
        "and 1 other solve most: ≥ 89 % (31 of 31); the tests do not tell it from the other"
    )
    assert ranking_sentence(rank({"a": model(31), "b": model(0)})).endswith("; the tests tell it from the other")
    assert ranking_sentence(rank({"a": model(0)})) == "was tested alone: ≤ 11 % (0 of 31)"
    assert ranking_sentence(rank({"none": {"t0": TaskOutcome(0, 0, 1)}})) == ""
