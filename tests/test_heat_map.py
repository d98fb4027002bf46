"""The heat map: rates of models by a facet of the tasks, and its places."""

from __future__ import annotations

from factories import run_config, run_digest, task_card

from benchgen.panels.heat_map import HeatMap, heat_map
from benchgen.record import replace
from benchgen.records.digest import ModelDigest, RunDigest
from benchgen.render.heat import ROOM, WIDEST, heat_cells

MODELS = ("acme/a", "acme/b")


def parts(domains: tuple[str, ...], outcomes=None) -> list[tuple[RunDigest, ModelDigest]]:
    cards = {f"task_{n}": task_card(domain=domain, language="python") for n, domain in enumerate(domains)}
    digest = run_digest(run_config(tasks=cards, models=MODELS), outcomes)
    return [(digest, model) for model in digest.models]


def mapped(*arguments) -> HeatMap:
    found = heat_map(parts(*arguments))
    assert found is not None
    return found


def test_each_domain_is_a_column_with_its_own_rate():
    found = mapped(("text", "graphs", "text"), {"task_0": "tests_failed"})
    assert found.columns == ("text", "graphs")
    assert [[rate and rate.value for rate in row.rates] for row in found.rows] == [[0.5, 1.0], [0.5, 1.0]]


def test_tasks_that_do_not_differ_give_no_map():
    assert heat_map(parts(("text", "text"))) is None


def test_one_model_alone_gives_no_map():
    assert heat_map(parts(("text", "graphs"))[:1]) is None


def test_a_group_that_a_model_did_not_try_is_no_rate_at_all():
    (run, model), other = parts(("text", "graphs"))
    found = heat_map([(run, replace(model, tasks={"task_0": model.tasks["task_0"]})), other])
    assert found is not None and found.rows[0].rates[1] is None
    cell = heat_cells(found).rows[0].cells[1]
    assert (cell.step, cell.label) == (None, "–")


def test_cells_stand_side_by_side_and_darken_with_the_rate():
    cells = heat_cells(mapped(("text", "graphs"), {"task_0": "tests_failed"})).rows[0].cells
    assert [cell.x for cell in cells] == [0, WIDEST]
    assert [cell.step for cell in cells] == [0, 5]


def test_the_cells_of_six_groups_fit_beside_the_names_in_half_a_page():
    cells = heat_cells(mapped(tuple("abcdef")))
    assert cells.width <= ROOM < 6 * WIDEST and cells.width == 6 * cells.step


def test_a_cell_says_whose_rate_of_what_it_is():
    assert heat_cells(mapped(("text", "graphs"))).rows[0].cells[1].title.startswith("acme/a, graphs: ")
