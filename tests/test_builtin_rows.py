"""The built-in models answer the rows of a dataset: with what a row expects, by seeded chance, or not at all."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from benchgen.catalog.patterns import PatternSearch
from benchgen.catalog.scorers import Scorer, score
from benchgen.providers.answer import ApiError, Request
from benchgen.providers.builtin import Builtin
from benchgen.records.message import Message
from benchgen.records.run import Settings

SCORERS = (
    Scorer("exact", ["one", "two"]),
    Scorer("includes", "one"),
    Scorer("numeric", 1.5),
    Scorer("numeric", "1,200"),
    Scorer("choice", "B"),
    Scorer("json", {"a": [1, None]}),
    Scorer("json", "text"),
)


def reply(model: str, scorer: Scorer, prompt: str = "say it", occasion: str = "00") -> str:
    request = Request(model, (Message("user", prompt),), Settings(), Random(0), occasion=occasion, scorer=scorer)
    return asyncio.run(Builtin(model).answer(request, lambda retry: None)).text


def worth(scorer: Scorer, answer: str) -> float | None:
    return score(scorer, answer, PatternSearch()).value


@pytest.mark.parametrize("scorer", SCORERS, ids=lambda scorer: f"{scorer.name} {scorer.expected}")
def test_the_reference_is_right_and_noop_is_wrong_by_every_scorer_that_tells_its_answer(scorer):
    assert worth(scorer, reply("builtin/reference", scorer)) == 1
    assert worth(scorer, reply("builtin/noop", scorer)) == 0


def test_a_pattern_tells_no_answer_so_the_reference_gives_none():
    with pytest.raises(ApiError, match="scored by regex"):
        reply("builtin/reference", Scorer("regex", "a+"))


def test_a_mock_is_right_as_often_as_it_was_told_and_says_the_same_again():
    scorer = Scorer("exact", "yes")
    model = "builtin/mock?pass=0.7&seed=3&latency=0"
    said = [reply(model, scorer, f"question {number}") for number in range(400)]
    assert said == [reply(model, scorer, f"question {number}") for number in range(400)]
    assert 0.62 < sum(text == "yes" for text in said) / 400 < 0.78
    assert said != [reply(model, scorer, f"question {number}", "01") for number in range(400)]


def test_rows_without_a_scorer_are_answered_too():
    assert reply("builtin/reference", Scorer("none"))
