"""Scorers: what each calls right, and what nobody can tell."""

from __future__ import annotations

import time

import pytest

from benchgen.catalog.patterns import PatternSearch
from benchgen.catalog.scorers import BadScorer, Scored, score, scorer_of


@pytest.fixture(scope="module")
def patterns():
    search = PatternSearch(0.5)
    yield search
    search.close()


RIGHT = [
    ("exact", "Paris", " Paris\n"),
    ("exact", ["Paris", "paris"], "paris"),
    ("includes", "Paris", "It is PARIS, of course"),
    ("regex", r"^\d{3}-\d{4}$", "555-1234"),
    ("numeric", 42, "6 times 7 is **42**."),
    ("numeric", "1,234.5", "that makes $1234.50"),
    ({"name": "numeric", "tolerance": 0.01}, 3.14159, "about 3.14"),
    ("choice", "B", "B"),
    ("choice", "b", "I weighed A and C. The answer is (B)."),
    ("choice", "C", "**C.** because"),
    ("json", {"a": 1, "b": [True]}, '```json\n{"b": [true], "a": 1.0}\n```'),
    (None, 4, "4"),
    (None, {"a": 1}, '{"a": 1}'),
]
WRONG = [
    ("exact", "Paris", "paris"),
    ("includes", "Paris", "Lyon"),
    ("regex", "^x", "yx"),
    ("numeric", 42, "42.1"),
    ("numeric", 42, "none"),
    ("choice", "B", "The answer is A"),
    ("choice", "A", "A good question, hard to tell"),
    ("json", {"a": 1}, '{"a": true}'),
    ("json", {"a": 1}, "no JSON"),
]


@pytest.mark.parametrize(("spec", "expected", "answer"), RIGHT)
def test_it_is_right(spec, expected, answer, patterns):
    assert score(scorer_of(spec, expected), answer, patterns) == Scored(1.0)


@pytest.mark.parametrize(("spec", "expected", "answer"), WRONG)
def test_it_is_wrong_and_says_why(spec, expected, answer, patterns):
    found = score(scorer_of(spec, expected), answer, patterns)
    assert found.value == 0.0 and found.message and not found.fault


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("exact", ""),
        ("exact", [1]),
        ("choice", "AB"),
        ("numeric", "many"),
        ({"name": "numeric", "tolerance": -1}, 1),
        ({"name": "exact", "tolerance": 1}, "x"),
        ("regex", "x" * 2000),
        ("none?", "x"),
    ],
)
def test_a_scorer_that_makes_no_sense_is_refused(spec, expected):
    with pytest.raises(BadScorer):
        scorer_of(spec, expected)


def test_a_pattern_that_is_not_found_is_told_as_it_was_written(patterns):
    assert score(scorer_of("regex", r"\b2\b"), "two", patterns).message == r"no match of '\b2\b'"


def test_none_scores_nothing(patterns):
    assert score(scorer_of("none", None), "anything", patterns) == Scored(None)


def test_a_pattern_that_runs_away_is_stopped_and_the_next_one_works(patterns):
    started = time.monotonic()
    found = score(scorer_of("regex", r"^(a+)+$"), "a" * 40 + "b", patterns)
    assert found.fault and found.value is None
    assert time.monotonic() - started < 5
    assert score(scorer_of("regex", "b"), "abc", patterns).value == 1.0


def test_an_answer_of_a_megabyte_of_blanks_stalls_nobody(patterns):
    assert score(scorer_of("json", {"a": 1}), "```json\n" + " " * 1_000_000, patterns).value == 0.0
