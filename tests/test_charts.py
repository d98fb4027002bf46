"""The geometry of charts: everything lies within its box, and nothing is drawn where nothing is known."""

from __future__ import annotations

import pytest
from factories import run_config, run_digest, run_state
from hypothesis import given
from hypothesis import strategies as st
from patterns import MIXED, digests, state_of

from benchgen.numbers.describe import log_histogram, summarise
from benchgen.panels.costs import Money
from benchgen.panels.history import trends
from benchgen.panels.latency import LatencyHistogram
from benchgen.panels.leaderboard import Leaderboard, leaderboards
from benchgen.panels.performance import performance
from benchgen.panels.timeline import timeline
from benchgen.record import replace
from benchgen.render import charts, marks
from benchgen.render.scale import Scale, time_ticks


def _board(*nanousd: int | None) -> Leaderboard:
    config = run_config(tasks=4, models=[f"m/{number}" for number in range(len(nanousd))])
    board = leaderboards([run_digest(config, MIXED)])[0]
    rows = tuple(replace(row, money=Money(cost)) for row, cost in zip(board.rows, nanousd, strict=True))
    return replace(board, rows=rows)


@given(st.floats(-1e9, 1e9), st.floats(0.001, 1e9), st.floats(0, 1))
def test_a_value_between_the_ends_has_a_place_between_them(low: float, width: float, share: float) -> None:
    assert -0.01 <= Scale(low, low + width, 0.0, 100.0).at(low + share * width) <= 100.01


def test_one_value_alone_stands_at_the_start() -> None:
    assert Scale(3.0, 3.0, 4.0, 96.0).at(3.0) == 4.0


@given(st.floats(0.5, 1e7))
def test_the_time_axis_has_few_ticks_within_it(seconds: float) -> None:
    ticks = time_ticks(seconds)
    assert 1 <= len(ticks) <= 8
    assert all(0 <= tick.at <= 100 for tick in ticks)


def test_success_over_time_is_not_drawn_of_nothing() -> None:
    assert charts.success(performance(state_of("api_error"))) is None


def test_the_band_goes_there_and_back() -> None:
    panel = performance(state_of())
    chart = charts.success(panel)
    assert chart is not None
    assert len(chart.band.split()) == 2 * len(chart.points.split()) == 2 * len(panel.points)


@given(st.lists(st.floats(0.001, 1e5), min_size=1, max_size=50))
def test_columns_fill_the_width_and_hold_every_value(values: list[float]) -> None:
    chart = charts.columns(LatencyHistogram("attempt", log_histogram(values), summarise(values)))
    assert chart is not None
    assert sum(bar.count for bar in chart.bars) == len(values)
    assert chart.bars[-1].x + chart.bars[-1].width == pytest.approx(100, abs=1)
    assert chart.median is not None and -0.1 <= chart.median <= 100.1


def test_the_scatter_leaves_out_what_has_no_bill() -> None:
    chart = marks.cost_scatter(_board(1_000_000_000, None, 20_000_000))
    assert chart is not None
    assert len(chart.marks) == 2


def test_the_scatter_needs_two_bills() -> None:
    assert marks.cost_scatter(_board(1_000_000_000, None)) is None


def test_names_of_models_lie_on_no_other_name() -> None:
    board = _board(*range(20_000_000, 20_000_010))
    alike = tuple(replace(row, rate=board.rows[0].rate) for row in board.rows)
    chart = marks.cost_scatter(replace(board, rows=alike))
    assert chart is not None
    assert len(chart.marks) == 10
    assert [mark.before for mark in chart.marks if mark.name] == [False, True]
    apart = marks.cost_scatter(_board(10_000_000, 9_000_000_000))
    assert apart is not None
    assert all(mark.name for mark in apart.marks)


def test_a_dearer_model_stands_further_right() -> None:
    chart = marks.cost_scatter(_board(20_000_000, 3_000_000_000))
    assert chart is not None
    places = {mark.label: mark.x for mark in chart.marks}
    assert places["m/0"] < places["m/1"]
    assert [tick.label for tick in chart.x_ticks] == ["$0.01", "$0.10", "$1", "$10"]


def test_stretches_lie_within_the_run() -> None:
    chart = charts.lanes(timeline(state_of()))
    assert chart is not None
    for _, _, stretches in chart.lanes:
        assert all(one.x >= 0 and one.x + one.width <= 100.2 for one in stretches)


def test_a_run_without_attempts_has_no_lanes() -> None:
    assert charts.lanes(timeline(run_state(run_config(tasks=0)))) is None


def test_levels_of_a_trend_cover_its_runs() -> None:
    runs = digests()
    for panel in trends(runs):
        chart = marks.trend(panel)
        assert sum(level.width for level in chart.levels) == pytest.approx(100, abs=0.1)
        assert len(chart.marks) == len(panel.runs)


def test_a_trend_draws_the_interval_of_each_run() -> None:
    chart = marks.trend(trends(digests())[0])
    assert chart.whiskers == "".join(f"M{one.x:g} {one.low:g}V{one.high:g}" for one in chart.marks)
    assert all(one.high <= one.y <= one.low for one in chart.marks)


@pytest.mark.parametrize(("value", "width"), [(None, 0.0), (0.5, 50.0), (1.7, 100.0), (-1.0, 0.0)])
def test_a_bar_never_leaves_its_track(value: float | None, width: float) -> None:
    assert charts.share(value) == width


def test_the_line_of_steps_stays_in_its_box_and_is_of_episodes_alone() -> None:
    panel = performance(state_of(samples=2))
    assert charts.steps_line(panel) is None
    line = charts.steps_line(replace(panel, kind="agent"))
    assert line is not None and line.most >= 1
    places = [float(number) for point in line.points.split() for number in point.split(",")]
    assert all(0 <= place <= 100 for place in places)
