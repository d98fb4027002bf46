"""Numbers beside the rate: pass@k by model, flaky tasks, reasons of failures, warnings, and where each is explained."""

from __future__ import annotations

import re
from pathlib import Path

from factories import at, run_config, run_digest, run_state

from benchgen.panels import costs
from benchgen.panels.flaky import flaky
from benchgen.panels.leaderboard import leaderboards
from benchgen.panels.model_page import model_page
from benchgen.panels.reasons import reasons
from benchgen.panels.run_cards import run_cards
from benchgen.panels.run_line import lines

TEMPLATES = Path(__file__).parent.parent / "templates"
SECOND_FAILS = {"task_0__a/a__sample01": "tests_failed"}


def config(**changes):
    return run_config(tasks=2, models=("a/a", "b/b"), samples=2, created_at=at(0), **changes)


def test_each_model_has_its_pass_at_k():
    cards = run_cards(run_state(config(), SECOND_FAILS))
    assert [(one.pass_at_k.value, one.pass_hat_k.value) for one in cards.models] == [(1.0, 0.5), (1.0, 1.0)]


def test_a_single_sample_has_no_pass_at_k():
    assert run_cards(run_state(run_config())).models[0].pass_at_k is None


def test_a_task_whose_samples_disagree_is_flaky():
    found = flaky(run_state(config(), SECOND_FAILS))
    assert (found.count, found.shown[0].task, found.shown[0].model) == (1, "task_0", "a/a")


def test_samples_that_are_left_out_do_not_disagree():
    assert flaky(run_state(config(), {"task_0__a/a__sample01": "api_error"})).count == 0


def test_a_leaderboard_counts_flaky_tasks_and_names_reasons():
    (board,) = leaderboards([run_digest(config(), SECOND_FAILS | {"task_1__b/b__sample00": "api_error"})])
    assert {row.model: (row.flaky, row.pass_hat_k.value) for row in board.rows} == {"a/a": (1, 0.5), "b/b": (0, 1.0)}
    assert board.reasons.categories == ("tests_failed", "api_error")
    assert board.reasons.left_out == 1


def test_reasons_count_every_category_that_occurs():
    digest = run_digest(run_config(tasks=4), {"task_0": "timeout", "task_1": "harness", "task_2": "timeout"})
    found = reasons([("one", "run/x/index.html", digest.models[0])])
    assert dict(zip(found.categories, found.lines[0].counts, strict=True)) == {"timeout": 2, "harness": 1}


def test_a_models_page_marks_flaky_tasks_and_says_why_attempts_failed():
    digest = run_digest(config(), SECOND_FAILS)
    page = model_page("a/a", [digest], lines([digest]))
    assert [(one.task, one.is_flaky) for one in page.tasks] == [("task_0", True), ("task_1", False)]
    assert page.reasons.categories == ("tests_failed",)


def test_a_rate_warns_when_more_than_a_twentieth_is_left_out():
    many = run_config(tasks=20)
    assert run_cards(run_state(many, {"task_0": "api_error"})).whole.rate.warns is False
    assert run_cards(run_state(many, {"task_0": "api_error", "task_1": "api_error"})).whole.rate.warns is True


def test_the_cards_say_why_attempts_did_not_pass_the_most_frequent_first():
    cards = run_cards(run_state(run_config(tasks=4), {"task_0": "api_error", "task_1": "timeout", "task_2": "timeout"}))
    assert [(one.category, one.count, one.counts) for one in cards.reasons] == [
        ("timeout", 2, True),
        ("api_error", 1, False),
    ]


def test_a_harness_that_says_nothing_of_costs_has_cost_nobody_knows_what():
    state = run_state(run_config(kind="agent"), cost_nanousd=None)
    assert run_cards(state).whole.money.nanousd == costs.costs(state).total.nanousd


def test_every_number_that_links_to_its_method_finds_it():
    text = "\n".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
    how = re.search(r"set methods = \{(.*?)\}", text).group(1)
    linked = {*re.findall(r"methods/index\.html#(\w+)", text), *re.findall(r"'(\w+)':", how)}
    explained = set(re.findall(r'<section id="(\w+)"', (TEMPLATES / "pages/methods.html").read_text("utf-8")))
    assert linked <= explained
    assert explained - linked == {"limits"}
