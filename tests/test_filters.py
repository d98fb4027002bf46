"""How numbers, times and links are written."""

from __future__ import annotations

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchgen.numbers.rates import Interval
from benchgen.panels.costs import Money
from benchgen.panels.notices import Notices
from benchgen.panels.views import PlainView
from benchgen.render import filters
from benchgen.render.renderer import Renderer

NBSP = filters.NBSP


@pytest.mark.parametrize(
    ("share", "text"), [(0.6188, f"61.9{NBSP}%"), (1.0, f"100.0{NBSP}%"), (0.0, f"0.0{NBSP}%"), (None, "–")]
)
def test_a_rate_has_one_decimal_and_none_is_never_zero(share: float | None, text: str) -> None:
    assert filters.percent(share) == text


def test_an_interval_is_in_whole_percent() -> None:
    assert filters.interval(Interval(0.2914, 0.6219, 0.95, "wilson")) == "29–62"


@pytest.mark.parametrize(("p", "text"), [(0.031, "0.031"), (0.5, "0.50"), (0.000012, "< 0.0001"), (0.0049, "0.0049")])
def test_a_p_value_has_two_significant_digits(p: float, text: str) -> None:
    assert filters.p_value(p) == text


@given(st.floats(min_value=0, max_value=1))
def test_no_p_value_is_written_as_nothing_but_zeros(p: float) -> None:
    assert filters.p_value(p).strip("0.") != ""


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(4_123_000_000), "$4.12"),
        (Money(410_000_000), "$0.410"),
        (Money(1_500_000), "$0.0015"),
        (Money(20), f"<{NBSP}$0.0001"),
        (Money(0), "$0.00"),
        (Money(12_345_678_000_000), "$12,345.68"),
        (Money(4_123_000_000, is_lower_bound=True), f"≥{NBSP}$4.12"),
        (Money(None), "unknown"),
        (Money(None, is_lower_bound=True), "unknown"),
        (Money(0, is_local=True), "local"),
        (None, "–"),
    ],
)
def test_money_says_what_is_known_of_it(money: Money | None, text: str) -> None:
    assert filters.money(money) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0123, "12 ms"),
        (0.9999, "1.0 s"),
        (9.96, "10 s"),
        (59.7, "1 min"),
        (1234, "20 min 34 s"),
        (3600, "1 h"),
        (7_380, "2 h 3 min"),
        (90_000, "1 d 1 h"),
        (None, "–"),
    ],
)
def test_a_duration_has_its_two_largest_units(seconds: float | None, text: str) -> None:
    assert filters.duration(seconds).replace(NBSP, " ") == text


@pytest.mark.parametrize(
    ("number", "text"), [(999, "999 B"), (1000, "1.0 KB"), (26_400, "26 KB"), (3_200_000, "3.2 MB")]
)
def test_bytes_are_in_their_largest_unit(number: int, text: str) -> None:
    assert filters.size(number).replace(NBSP, " ") == text


@pytest.mark.parametrize(
    ("difference", "text"), [(0.032, "+3.2"), (-0.04, "−4.0"), (0.0001, "±0.0"), (-0.0001, "±0.0")]
)
def test_a_difference_has_a_sign_and_zero_has_both(difference: float, text: str) -> None:
    assert filters.points(difference) == text


def test_an_instant_is_a_time_element() -> None:
    shown = filters.instant("2026-11-21T02:40:41.123Z", "brief")
    assert shown == '<time datetime="2026-11-21T02:40:41.123Z">11-21 02:40</time>'


def test_an_instant_that_folds_holds_what_a_narrow_screen_leaves_out() -> None:
    shown = filters.instant("2026-11-21T02:40:41.123Z", "folding").striptags()
    assert shown == "2026-11-21 02:40"


def test_a_line_never_ends_between_a_figure_and_its_unit() -> None:
    assert filters.held("≥ 22 pp, 95 % <b>") == "≥\u00a022\u00a0pp, 95\u00a0% <b>"


def test_a_work_is_done_by_100_percent_only_when_all_of_it_is() -> None:
    assert [filters.done(share) for share in (0.0, 0.5, 0.9999, 1.0)] == ["0", "50", "99", "100"]


@pytest.mark.parametrize("form", ["second", "folding"])
def test_a_hostile_instant_is_escaped(form: str) -> None:
    assert "<script>" not in filters.instant('"><script>"><script>', form)


@pytest.mark.parametrize(
    ("page", "target", "link"),
    [
        ("index.html", "run/a/index.html", "run/a/index.html"),
        ("run/a/index.html", "index.html", "../../index.html"),
        ("run/a/a/x.html", "run/a/index.html#attempts", "../index.html#attempts"),
        ("run/a/index.html", "run/a/index.html", "index.html"),
        ("run/a/index.html", "#top", "#top"),
        ("run/a/index.html", "https://example.org/", "https://example.org/"),
        ("live/index.html", "compare/index.html?ids=a,b", "../compare/index.html?ids=a,b"),
    ],
)
def test_a_link_is_relative_to_the_page_that_holds_it(page: str, target: str, link: str) -> None:
    assert _link(page, target) == link


@given(st.lists(st.sampled_from(["a", "b", "run", "x"]), max_size=4), st.lists(st.sampled_from(["a", "b"]), max_size=4))
def test_following_a_link_leads_to_its_target(page: list[str], target: list[str]) -> None:
    goal = "/".join([*target, "index.html"])
    link = _link("/".join([*page, "index.html"]), goal)
    assert posixpath.normpath(posixpath.join("/".join(page), link)) == goal


def test_a_constant_link_is_not_frozen_by_the_first_page() -> None:
    renderer = Renderer()
    links = [_masthead(renderer, path) for path in ("404.html", "methods/index.html")]
    assert links == ["index.html", "../index.html"]


def _masthead(renderer: Renderer, path: str) -> str:
    page = renderer.page("methods", PlainView("Methods", Notices()), page_path=path, live=False)
    return page.split('class="wordmark" href="')[1].split('"')[0]


def _link(page: str, target: str) -> str:
    token = filters.page_path.set(page)
    try:
        return filters.href(None, target)  # type: ignore[arg-type]  # the context is not used
    finally:
        filters.page_path.reset(token)
