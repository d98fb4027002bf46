"""The list behind the jump box: everything with a name, and nothing that could run."""

from __future__ import annotations

import json
from pathlib import Path

from factories import make_run, run_config, run_digest

from benchgen.pages.listing import Site
from benchgen.panels import links
from benchgen.panels.jump import places
from benchgen.render.renderer import Renderer
from benchgen.store.runs import Results


def test_models_tasks_and_runs_are_places():
    run = run_digest(run_config(run_name=""))
    found = places([run], ["acme/fast"], {"task_0": "Add"})
    assert [(one.kind, one.name, one.path) for one in found] == [
        ("model", "acme/fast", links.model("acme/fast")),
        ("task", "task_0", links.task("task_0")),
        ("run", run.run_id, links.run(run.run_id)),
    ]


def test_the_script_hands_over_one_list_and_does_nothing_else(tmp_path: Path):
    make_run(tmp_path, run_config(run_name='");alert(1);("'))
    page = Site(Results(tmp_path), Renderer()).find("data/jump.js")
    assert page is not None
    text = page.render().decode().strip()
    head, tail = 'dispatchEvent(new CustomEvent("benchgen:places",{detail:', "}));"
    assert text.startswith(head) and text.endswith(tail)
    assert json.loads(text.removeprefix(head).removesuffix(tail))[-1][1] == '");alert(1);("'
