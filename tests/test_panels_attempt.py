"""The panels of attempts: texts made fit to show, diffs, verdicts, tables, timelines."""

from __future__ import annotations

import string

import pytest
from factories import attempt, run_config, run_events, run_state, superseded_by
from hypothesis import given
from hypothesis import strategies as st

from benchgen import paths
from benchgen.fold import fold
from benchgen.numbers.describe import summarise
from benchgen.panels import attempts as table
from benchgen.panels.attempt import Around, headline
from benchgen.panels.attempt import attempt as attempt_panel
from benchgen.panels.diff import diff
from benchgen.panels.failures import failures
from benchgen.panels.latency import latency
from benchgen.panels.log_text import MOST_BYTES, RawText, clean, log_text
from benchgen.panels.run_cards import run_cards
from benchgen.panels.timeline import MOST_SPANS, timeline
from benchgen.record import replace
from benchgen.records.attempt import CaseResult


def whole(text: str) -> RawText:
    return RawText(text, "", len(text.encode("utf-8", "replace")), False)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]8;;http://evil\x07link\x1b]8;;\x07", "link"),
        ("a\u202eb\u2066c\u200fd", "abcd"),
        ("bell\x07 nul\x00 del\x7f c1\x9b", "bell nul del c1"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("tab\tstays, so does ümlaut 日本", "tab\tstays, so does ümlaut 日本"),
        ("lone \ud800 half", "lone  half"),
        ("\x1b", ""),
    ],
)
def test_controls_are_stripped_and_text_stays(raw, shown):
    assert clean(raw) == shown


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text):
    assert clean(clean(text)) == clean(text)


@given(st.text(max_size=400))
def test_no_cleaned_text_holds_a_control_or_bidi_character(text):
    assert not set(clean(text)) & set("\x00\x07\x1b\x7f\x9b\u202a\u202e\u2066\u2069\u200e\u061c")


def test_a_huge_log_shows_its_first_and_last_lines():
    text = "".join(f"line {n} {'x' * 40}\n" for n in range(1000))
    panel = log_text("stdout.log", whole(text), "run/x/files/stdout.log.txt")
    assert panel.head.startswith("line 0 ") and panel.head.count("\n") == 200
    assert panel.tail.endswith(f"line 999 {'x' * 40}\n") and panel.tail.count("\n") == 200
    assert (panel.left_out_lines, panel.href) == (600, "run/x/files/stdout.log.txt")


def test_one_endless_line_is_cut_by_bytes():
    panel = log_text("stdout.log", RawText("a" * 500_000, "b" * 500_000, 9_000_000, False), "x")
    assert len(panel.head) == len(panel.tail) == MOST_BYTES
    assert panel.left_out_lines is None
    assert panel.left_out_bytes == 9_000_000 - 2 * MOST_BYTES


def test_a_short_log_is_whole_and_needs_no_link():
    panel = log_text("stdout.log", whole("x\n" * 900), "x")
    assert (panel.head, panel.tail, panel.href, panel.is_cut) == ("x\n" * 900, "", None, False)


def test_a_binary_file_is_said_to_be_one():
    panel = log_text("stdout.log", RawText("", "", 4_000, True), "x")
    assert (panel.is_binary, panel.total_bytes, panel.href) == (True, 4_000, None)


DIFF = """diff --git a/x.py b/x.py
--- a/x.py
+++ b/x.py
@@ -1,3 +1,3 @@ def f():
 keep
--- old comment
+++ new comment
 end
"""


def test_a_diff_becomes_typed_and_numbered_lines():
    found = [(line.kind, line.text, line.old, line.new) for line in diff(whole(DIFF)).lines]
    assert found[3:] == [
        ("hunk", "@@ -1,3 +1,3 @@ def f():", None, None),
        ("ctx", "keep", 1, 1),
        ("del", "-- old comment", 2, None),
        ("add", "++ new comment", None, 2),
        ("ctx", "end", 3, 3),
    ]


def test_a_diff_counts_what_it_changes():
    panel = diff(whole(DIFF))
    assert (panel.added, panel.removed, panel.files, panel.hidden) == (1, 1, 1, 0)


@given(st.text(alphabet=string.printable + "@+- \n", max_size=300))
def test_any_text_gives_a_line_for_each_of_its_lines(text):
    assert len(diff(whole(text)).lines) == len(clean(text).split("\n")) - clean(text).endswith("\n")


def test_a_diff_whose_end_was_not_read_says_so():
    assert diff(RawText(DIFF, "rest", 10**6, False), "x").is_cut


def with_cases(passed, total, category):
    cases = [CaseResult(f"c{n}", "passed" if n < passed else "failed") for n in range(total)]
    return attempt(category=category, cases=tuple(cases))


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (with_cases(9, 12, "tests_failed"), "failed, 9 of 12 tests passed"),
        (with_cases(12, 12, None), "passed, 12 of 12 tests passed"),
        (attempt(category="no_diff", message="no diff in the answer"), "error, no diff in the answer"),
        (attempt(category="api_error", message="429\nsecond line"), "api error, 429"),
        (attempt(category="timeout", message=""), "timeout"),
    ],
)
def test_the_headline_says_how_it_ended(outcome, words):
    assert headline(outcome) == words


def panel_of(outcome, texts=None, around=Around()):  # noqa: B008 - frozen
    config = run_config()
    state = fold(config, iter(run_events(config, [outcome])))
    return attempt_panel(config, state.rows[0], outcome, texts or {}, around)


def test_an_attempt_without_files_has_no_texts():
    panel = panel_of(attempt())
    assert (panel.prompt, panel.answer, panel.diff, panel.logs) == (None, None, None, ())


def test_an_attempt_shows_its_texts_and_what_it_took():
    panel = panel_of(attempt(), {paths.PATCH: whole(DIFF), paths.STDERR: whole("\x1b[1mboom\n")})
    assert panel.diff.added == 1
    assert [(log.name, log.head) for log in panel.logs] == [("stderr.log", "boom\n")]
    assert (panel.money.nanousd, panel.usage.input, panel.command) == (1_500_000, 120, "pytest -q")
    assert panel.task_href == "task/task_0/index.html"


def test_neighbours_are_links_where_there_are_any():
    panel = panel_of(attempt(), around=Around(next="task_1__m__sample00"))
    assert panel.previous is None
    assert panel.next.href.endswith("a/task_1__m__sample00.html")


def test_attempts_come_in_pages_of_a_hundred():
    state = run_state(run_config(tasks=101))
    first, second = table.attempts(state, 1), table.attempts(state, 2)
    assert (len(first.lines), len(second.lines), table.pages(state)) == (100, 1, 2)
    assert (first.previous, first.next) == (None, f"run/{first.run_id}/attempts-2.html")
    assert (second.previous, second.next) == (f"run/{first.run_id}/attempts-1.html", None)


def test_a_run_shows_all_of_a_hundred_attempts_and_the_first_of_more():
    whole, opening = (table.attempts(run_state(run_config(tasks=n))) for n in (100, 101))
    assert (len(whole.lines), whole.total, whole.next) == (100, 100, None)
    assert (len(opening.lines), opening.total) == (25, 101)
    assert opening.next == f"run/{opening.run_id}/attempts-1.html"


def test_a_later_page_does_not_depend_on_what_comes_after_it():
    fewer, more = (run_state(run_config(tasks=n)) for n in (1001, 1002))
    assert table.attempts(fewer, 2) == table.attempts(more, 2)


def test_attempts_in_plan_order_have_their_retries_behind_them():
    config = run_config(tasks=2)
    first, other, again = attempt("task_0", category="api_error"), attempt("task_1"), attempt("task_0", again=1)
    events = [*run_events(config, [first, other, again]), superseded_by(first, again)]
    state = fold(config, iter(events))
    assert [row.attempt for row in table.in_plan_order(state)] == [first.attempt, again.attempt, other.attempt]
    assert table.attempts(state).lines[0].replaced_by == again.attempt


def test_failures_say_which_count_in_the_rate():
    panel = failures(run_state(run_config(tasks=4), ["tests_failed", "api_error", "tests_failed", None]))
    assert [(line.category, line.count, line.counts, line.share) for line in panel.lines] == [
        ("tests_failed", 2, True, 0.5),
        ("api_error", 1, False, 0.25),
    ]
    assert panel.lines[0].examples[0].message == "it ended as tests_failed"


def test_a_timeline_has_a_lane_for_each_worker():
    panel = timeline(run_state(run_config(tasks=3)))
    assert [lane.worker for lane in panel.lanes] == ["local-1"]
    assert [span.start for span in panel.lanes[0].spans] == [0.0, 3.0, 6.0]


def test_a_long_timeline_draws_close_spans_as_one():
    config = run_config(tasks=MOST_SPANS + 200)
    done = [attempt(f"task_{n}", started=float(n), seconds=0.9) for n in range(MOST_SPANS + 200)]
    panel = timeline(fold(config, iter(run_events(config, done))))
    assert len(panel.lanes[0].spans) < 10
    assert sum(span.attempts for span in panel.lanes[0].spans) == MOST_SPANS + 200


def test_a_run_without_finished_attempts_has_no_histogram_and_no_lane():
    state = fold(run_config(), iter(run_events(run_config(), [], finished=False)))
    assert latency(state).histograms == ()
    assert timeline(state).lanes == ()


def test_latency_leaves_out_what_a_retry_replaced():
    config = run_config(tasks=1)
    first, again = attempt(seconds=100.0), replace(attempt(again=1), duration_seconds=2.0)
    state = fold(config, iter([*run_events(config, [first, again]), superseded_by(first, again)]))
    assert latency(state).histograms[0].summary.median == 2.0


def test_durations_leave_out_what_no_model_did_as_the_median_of_the_figures_does():
    config = run_config(tasks=2)
    done = [attempt(seconds=2.0), attempt("task_1", category="api_error", seconds=100.0)]
    state = fold(config, iter(run_events(config, done)))
    (times, _) = latency(state).histograms
    assert times.summary == run_cards(state).whole.seconds == summarise([2.0])


def test_a_later_turn_is_shown_apart_from_the_first():
    outcome = attempt(category="tests_failed", turns=2, passed_at_turn=2)
    texts = {paths.RESPONSE: whole("first"), paths.of_turn(paths.RESPONSE, 2): whole("second")}
    config = run_config()
    (row,) = fold(config, iter(run_events(config, [outcome]))).rows
    panel = attempt_panel(config, row, outcome, texts, Around())
    assert panel.status == "failed"
    assert panel.passed_at_turn == 2
    assert panel.answer.head == "first"
    assert [(turn.number, turn.passed, turn.answer.head) for turn in panel.later_turns] == [(2, True, "second")]


def test_a_pass_at_the_first_turn_has_no_later_one():
    outcome = attempt(turns=1, passed_at_turn=1)
    config = run_config()
    (row,) = fold(config, iter(run_events(config, [outcome]))).rows
    panel = attempt_panel(config, row, outcome, {}, Around())
    assert (panel.passed_at_turn, panel.later_turns) == (None, ())
