"""References and mutants are given away only by a site that was asked to."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchgen import assets
from benchgen.build import build
from benchgen.catalog.solutions import mutations, reference_diff
from benchgen.catalog.tasks import Catalog, load
from benchgen.pages.listing import Site
from benchgen.render.renderer import Renderer
from benchgen.store.runs import Results

REPOSITORY = Path(__file__).resolve().parents[1]
TASK = "python_expert_workflow_scheduler"


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """The site of the committed run, which built-in models made: as it is published, and with solutions."""
    found = {}
    for solutions in (False, True):
        folder = tmp_path_factory.mktemp("site")
        site = Site(Results(REPOSITORY / "benchmark_results"), Renderer(), Catalog(assets.tasks()), solutions=solutions)
        build(site, folder)
        found[solutions] = {
            path.relative_to(folder).as_posix(): path.read_text("utf-8")
            for path in folder.rglob("*")
            if path.suffix in (".html", ".json", ".txt", ".diff")
        }
    return found


def telling_lines():
    """Lines of the reference that nobody would write by chance, and that the markup leaves as they are."""
    diff = reference_diff(load(assets.tasks() / TASK))
    lines = [line[1:].strip() for line in diff.splitlines() if line.startswith("+") and not line.startswith("+++")]
    return [line for line in lines if len(line) > 30 and not set(line) & set("<>&'\"")]


def test_no_page_holds_a_line_of_a_reference(sites):
    lines = telling_lines()
    assert len(lines) > 20
    leaks = [(path, line) for path, text in sites[False].items() for line in lines if line in text]
    assert leaks == []


def test_an_attempt_says_why_its_answer_is_withheld(sites):
    pages = [text for path, text in sites[False].items() if f"/a/{TASK}" in f"/{path}"]
    assert len(pages) == 6
    assert all("It is not published" in page and 'id="diff"' not in page for page in pages)


def test_a_site_that_is_asked_to_shows_references_mutants_and_answers(sites):
    task = next(text for path, text in sites[True].items() if path.startswith("task/") and TASK in path)
    mutant = load(assets.tasks() / TASK).mutants[0]
    assert all(line in task for line in telling_lines()[:10])
    assert mutant.name in task
    assert any('id="diff"' in text for path, text in sites[True].items() if "/a/" in path)


def test_a_mutant_is_told_by_what_it_does_otherwise_than_the_reference():
    task = load(assets.tasks() / TASK)
    found = mutations(task)
    assert sorted(found) == sorted(mutant.name for mutant in task.mutants)
    assert all(0 < diff.count("\n+") < reference_diff(task).count("\n+") for diff in found.values())
