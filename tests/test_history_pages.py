"""A history of any length stays on pages of a bearable size, and what is old stays where it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import at, make_runs, run_config, run_digest
from fake_renderer import FakeRenderer

from benchgen.pages.listing import Site
from benchgen.panels import history, links, model_page, run_line
from benchgen.panels.run_line import RunLine
from benchgen.records.digest import RunDigest
from benchgen.store.runs import Results


def digests(number: int) -> list[RunDigest]:
    """So many runs of one model, newest first."""
    return [run_digest(run_config(run_id=f"run-{n:04d}", created_at=at(3600.0 * n))) for n in reversed(range(number))]


def all_pages(lines: tuple[RunLine, ...]) -> list[history.History]:
    older = [history.older_page(lines, number) for number in range(history.pages(lines), 0, -1)]
    return [history.newest_page(lines, ()), *older]


@pytest.mark.parametrize("number", [0, 1, 4, 5, 6, 9, 10, 11])
def test_every_line_is_on_one_page_and_none_is_too_long(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(history, "PAGE", 2)
    lines = run_line.lines(digests(number))
    pages = all_pages(lines)
    assert [line for page in pages for line in page.lines] == list(lines)
    assert all(len(page.lines) <= 4 for page in pages)


def test_pages_lead_from_one_to_the_next_and_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "PAGE", 2)
    newest, second, last = all_pages(run_line.lines(digests(8)))
    assert (newest.newer, newest.older, second.newer) == (None, links.history(2), links.HISTORY)
    assert (second.older, last.newer, last.older) == (links.history(1), links.history(2), None)


def test_a_new_run_changes_no_line_of_an_older_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "PAGE", 2)
    before, after = (run_line.lines(digests(number)) for number in (9, 10))
    assert history.older_page(before, 1).lines == history.older_page(after, 1).lines


def test_the_site_finds_the_older_pages_that_it_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "PAGE", 2)
    list(make_runs(tmp_path, 7, artifacts=False))
    site = Site(Results(tmp_path), FakeRenderer())
    older = [page for page in site.shared() if page.path.startswith("history/runs-")]
    assert [page.path for page in older] == [links.history(1), links.history(2)]
    assert all((found := site.find(page.path)) and found.key == page.key for page in older)
    assert site.find(links.history(3)) is site.find(links.history(0)) is site.find("history/runs-01.html") is None


def test_a_trend_holds_the_newest_runs_and_counts_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST", 3)
    runs = digests(5)
    (trend,) = history.trends(runs)
    assert ([line.run_id for line in trend.runs], trend.older) == (["run-0002", "run-0003", "run-0004"], 2)


def test_the_page_of_all_runs_shows_the_trends_of_the_newest() -> None:
    old = [run_digest(run_config(models=["acme/old"], run_id=f"old-{n}", created_at=at(float(n)))) for n in (1, 0)]
    runs = [*digests(4)[:2], *old]
    assert len(history.trends(runs)) == 2
    assert [trend.model for trend in history.trends(runs, most=1)] == ["acme/fast"]
    assert [trend.model for trend in history.trends(runs, model="acme/old")] == ["acme/old"]


def test_a_page_of_a_long_history_makes_only_the_lines_that_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    make = run_line._line
    monkeypatch.setattr(run_line, "_line", lambda digest, *rest: made.append(digest.run_id) or make(digest, *rest))
    lines = run_line.Lines(digests(9))
    assert [line.run_id for line in lines[:2]] == made == ["run-0008", "run-0007"]
    assert (len(lines), lines[-1].run_id, lines[0].delta and lines[0].delta.run_id) == (9, "run-0000", "run-0007")


def test_a_model_names_its_newest_runs_and_counts_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_page, "MOST_LINES", 2)
    runs = digests(5)
    page = model_page.model_page("acme/fast", runs, run_line.lines(runs))
    assert ([line.run_id for line in page.lines], page.complete) == (["run-0004", "run-0003"], 5)
