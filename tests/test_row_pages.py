"""The pages of a dataset run's rows: models side by side, in the dataset's order, never too large, all escaped."""

from __future__ import annotations

import re

import pytest
from row_runs import RUN, make_run

from benchgen.clock import spell
from benchgen.pages.listing import Site
from benchgen.pages.open_run import OpenRun
from benchgen.pages.row_index import found
from benchgen.pages.row_pages import is_surely_whole
from benchgen.panels import outcomes
from benchgen.panels.rows import Place, rows
from benchgen.panels.run_cards import run_cards
from benchgen.panels.timeline import MOST_DRAWN, timeline
from benchgen.record import replace
from benchgen.records.state import Rows
from benchgen.render.renderer import Renderer
from benchgen.store.runs import Results

ROWS = [{"id": f"row-{n:03d}", "prompt": f"{n}?", "expected": str(n), "domain": "sums"} for n in range(250)]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    root = tmp_path_factory.mktemp("rows")
    long = {"id": "Long One", "prompt": "long", "expected": "x", "scorer": "includes"}
    hostile = {"id": "<b>bad</b>", "prompt": "<script>alert(1)</script>"}
    models = {
        "test/right": lambda asked: "y" * 9_000 if asked == "long" else asked.removesuffix("?"),
        "test/odd": lambda asked: None if asked == "7?" else "1",
    }
    make_run(root, [hostile, *ROWS, long], models)
    return Site(Results(root), Renderer())


def page(site, name: str) -> str:
    found = site.find(f"run/{RUN}/{name}")
    assert found is not None, name
    return found.render().decode()


def test_rows_stand_in_the_datasets_order_two_hundred_a_page(site):
    first, second = page(site, "rows-1.html"), page(site, "rows-2.html")
    ids = re.findall(r'<tr id="(row-\d+)', first + second)
    assert ids == [row["id"] for row in ROWS]
    assert first.count("<tr id=") == 200
    assert "page 2 of 2" in second


def test_an_attempt_of_the_runs_page_leads_to_its_row(site):
    shown = "".join(page(site, name) for name in ("index.html", *(f"attempts-{number}.html" for number in range(1, 6))))
    links = re.findall(r'href="(rows-\d\.html)#([^"]+)"', shown)
    assert len(links) > 500
    anchors = {name: set(re.findall(r'<tr id="([^"]+)"', page(site, name))) for name in ("rows-1.html", "rows-2.html")}
    assert all(anchor in anchors[name] for name, anchor in links)


def test_models_stand_side_by_side_with_differences_marked(site):
    rows = dict(re.findall(r'<tr id="(row-\d+)"(.*?)</tr>', page(site, "rows-1.html"), re.DOTALL))
    assert 'data-differs="agree"' in rows["row-001"] and 'data-differs="differ"' in rows["row-002"]
    assert "nobody is there" in rows["row-007"]


def test_a_long_answer_shows_its_ends_and_has_a_page_of_its_own(site):
    (href,) = re.findall(r'href="(row/long-one-[^"]+)"', page(site, "rows-2.html"))
    assert "5,000 characters left out" in page(site, "rows-2.html")
    assert "y" * 9_000 in page(site, href)


def test_the_runs_page_leads_to_its_rows(site):
    assert 'href="rows-1.html"' in page(site, "index.html")


def test_nothing_of_a_row_is_markup(site):
    text = page(site, "rows-1.html")
    assert "<script>alert" not in text and "<b>bad" not in text and "&lt;script&gt;alert" in text


def test_every_listed_page_is_found_with_the_same_key(site):
    listed = {one.path: one.key for one in site.all() if "/rows-" in one.path or "/row/" in one.path}
    assert len([path for path in listed if path.startswith("run/")]) == 3
    assert len([path for path in listed if path.startswith("dataset/")]) == 2
    assert {path: site.find(path).key for path in listed} == listed
    assert site.find(f"run/{RUN}/rows-3.html") is None
    assert site.find(f"run/{RUN}/rows-01.html") is None
    assert site.find(f"run/{RUN}/row/row-001.html") is None


def test_no_page_is_larger_than_a_megabyte_whatever_models_say(tmp_path):
    rows = [{"id": f"r{n}", "prompt": "\"'<&" * 900} for n in range(200)]
    say = lambda asked: "<\"'&" * 2_000  # noqa: E731
    make_run(tmp_path, rows, {f"test/{name}": say for name in "abcd"})
    assert len(page(Site(Results(tmp_path), Renderer()), "rows-1.html")) < 1_000_000


def test_of_several_models_each_answer_names_its_own_for_where_there_is_no_room_for_columns(tmp_path):
    make_run(tmp_path, [{"id": "a", "prompt": "x"}], {"test/a": lambda _: "1", "test/b": lambda _: "2"})
    text = page(Site(Results(tmp_path), Renderer()), "rows-1.html")
    assert re.findall(r'data-of="([^"]+)"', text) == ["test/a", "test/b"]


def test_the_run_of_rows_shows_no_setting_that_only_tasks_have(tmp_path):
    make_run(tmp_path, [{"id": "a", "prompt": "x"}], {"test/a": lambda _: "1"})
    text = page(Site(Results(tmp_path), Renderer()), "index.html")
    assert "<dt>temperature</dt>" in text
    assert "<dt>edit format</dt>" not in text and "<dt>turns</dt>" not in text


def test_rows_that_nobody_scored_are_neither_passed_nor_failed(tmp_path):
    make_run(tmp_path, [{"id": "a", "prompt": "x"}], {"test/a": lambda asked: "said"})
    text = page(Site(Results(tmp_path), Renderer()), "rows-1.html")
    assert 'data-says="answered"' in text and 'class="chip' not in text.split("<table")[1]


def test_rows_that_nobody_scored_are_not_among_those_that_are_left_out_and_warn_of_nothing(tmp_path):
    asked = [{"id": f"r{n}", "prompt": "x", **({"expected": "said"} if n > 4 else {})} for n in range(10)]
    folder = make_run(tmp_path, asked, {"test/a": lambda _: "said"})
    results = Results(tmp_path)
    cards, digest = run_cards(results.load(folder.name)), results.digest(folder.name)
    assert (cards.whole.evaluated, cards.whole.left_out, cards.whole.rate.note) == (5, 0, "")
    assert outcomes.rate_of(outcomes.of_run(digest)) == cards.whole.rate
    assert "5 scored by nobody" in Site(results, Renderer()).find(f"run/{RUN}/index.html").render().decode()


@pytest.mark.parametrize("size", [10, 60, 3_000, 4_100, 9_000])
def test_a_page_that_is_said_to_be_whole_has_no_cut_row(tmp_path, size):
    make_run(
        tmp_path, [{"id": f"r{n}", "prompt": '"' * size} for n in range(200)], {"test/a": lambda asked: "'<&" * size}
    )
    table = OpenRun(Results(tmp_path), RUN).rows()
    raw = table.raw(0, 200)
    shown = rows(Place("run/r", "run/r/rows-1.html"), table.models, 1, 200, [found(one) for one in raw])
    cut = [line for line in shown.lines if line.href]
    assert not (is_surely_whole(raw) and cut)
    assert is_surely_whole(raw) or size > 10


def test_a_dataset_shows_each_model_by_its_newest_run(tmp_path):
    asked = [{"id": "a", "prompt": "x"}, {"id": "b", "prompt": "y"}]
    for hour, models in (
        ("02", {"test/a": lambda asked: "stale", "test/b": lambda asked: "other"}),
        ("03", {"test/a": lambda asked: "new"}),
    ):
        make_run(tmp_path, asked, models, f"run_20261121T{hour}0000Z_a2ca88")
    site = Site(Results(tmp_path), Renderer())
    (home,) = {one.path for one in site.all() if re.fullmatch(r"dataset/rows_\w+/index\.html", one.path)}
    text = site.find(home).render().decode()
    assert "new" in text and "stale" not in text and "other" in text
    assert text.count("<tr id=") == 2 + 3  # rows, and a line for each model of each run


def test_the_page_of_a_run_stays_small_however_many_lanes_it_had(tmp_path):
    rows = [{"id": f"r{n}", "prompt": "x"} for n in range(1_500)]
    make_run(tmp_path, rows, {"test/a": lambda asked: "y"})
    state = Results(tmp_path).load(RUN)
    outlines = [replace(row.outline, worker=f"w{n % 64}", duration_seconds=1e-6) for n, row in enumerate(state.rows)]
    spread = [
        replace(row, outline=replace(one, started_at=spell(60.0 * n)))
        for n, (row, one) in enumerate(zip(state.rows, outlines, strict=True))
    ]
    drawn = timeline(replace(state, rows=Rows(spread))).lanes
    assert len(drawn) == 64 and sum(len(lane.spans) for lane in drawn) <= MOST_DRAWN + len(drawn)
