"""Importing: the results of another harness show the numbers that its own tools show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import toys

from benchgen import paths
from benchgen.errors import BadFile, UsageError
from benchgen.imports.folder import import_folder
from benchgen.imports.place import Place
from benchgen.store.runs import Results

PNG = b"\x89PNG\r\n\x1a\n"
# What openadapt-evals writes for a task, by its collector's code.
EXECUTION = {
    "model_id": "anthropic-api",
    "score": 0.0,
    "num_steps": 2,
    "total_time_seconds": 12.5,
    "error": None,
    "reason": None,
    "error_type": None,
    "logs": [{"timestamp": 0.1, "level": "INFO", "message": "hello"}],
}
STEP = {
    "action": {"type": "click", "x": 0.5, "y": 0.25, "target_node_id": None, "text": None, "raw_action": {"a": 1}},
    "reasoning": "the menu",
    "timestamp": 1768653296.5,
    "agent_logs": {"tokens": 5},
}


def make_folder(root: Path, name: str = "waa_eval_20260117_123456") -> Path:
    folder = root / name
    about = {
        "benchmark_name": "waa",
        "run_name": name,
        "model_id": "anthropic-api",
        "created_at": "2026-01-17T12:34:56.1",
    }
    _write(folder / "metadata.json", about)
    ends = {
        "notepad_1": {"success": True, "score": 1.0},
        "browser_1": {"success": False, "reason": "wrong page"},
        "office_1": {"success": False, "error": "VM gone", "error_type": "infrastructure"},
    }
    for task, end in ends.items():
        place = folder / "tasks" / task
        described = {"task_id": task, "instruction": f"Use {task}", "domain": task[:-2], "time_limit_steps": 15}
        _write(place / "task.json", {**described, "raw_config": {}, "evaluation_spec": None})
        steps = [{**STEP, "step_idx": n, "screenshot_path": f"screenshots/step_{n:03d}.png"} for n in range(2)]
        _write(place / "execution.json", {"task_id": task, **EXECUTION, **end, "steps": steps})
        (place / "screenshots").mkdir()
        (place / "screenshots" / "step_000.png").write_bytes(PNG)
    _write(folder / "tasks" / "lost_1" / "task.json", {"task_id": "lost_1", "instruction": "x", "domain": "lost"})
    return folder


def _write(path: Path, data: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data))


def test_a_folder_shows_the_numbers_of_its_own_summary(tmp_path):
    folder = import_folder(make_folder(tmp_path / "theirs"), Place(tmp_path / "ours"))
    summary = json.loads((folder / paths.SUMMARY).read_text())
    assert folder.name == "waa_eval_20260117_123456"
    found = {name: summary[name] for name in ("num_tasks", "num_success", "success_rate", "avg_steps")}
    assert found == {"num_tasks": 4, "num_success": 1, "success_rate": 0.5, "avg_steps": 2.0}
    assert {task["task_id"]: task["error"] for task in summary["tasks"]}["lost_1"] == "no result seen"
    domains = next(one["items"] for one in summary["breakdowns"] if one["name"] == "domain")
    assert {item["key"]: item["value"] for item in domains}["notepad"] == 1.0


def test_steps_and_screenshots_come_with_it_and_the_source_stays(tmp_path):
    source = make_folder(tmp_path / "theirs")
    before = {path: path.read_bytes() for path in source.rglob("*") if path.is_file()}
    folder = import_folder(source, Place(tmp_path / "ours"))
    events = toys.read_events(folder / paths.EVENTS)
    steps = [event for event in events if event["type"] == "step_recorded"]
    assert len(steps) == 6 and steps[0]["action"]["x"] == 0.5
    shots = [step["screenshot"] for step in steps if step["screenshot"]]
    assert len(shots) == 3 and all((folder / shot).read_bytes() == PNG for shot in shots)
    assert {path: path.read_bytes() for path in source.rglob("*") if path.is_file()} == before


def test_a_folder_beside_our_runs_gets_a_name_of_its_own(tmp_path):
    folder = import_folder(make_folder(tmp_path), Place(tmp_path))
    assert folder.name.startswith("waa_eval_20260117_123456-")
    assert Results(tmp_path).list() == [folder.name]


def test_a_picture_outside_of_the_episode_is_left_where_it_is(tmp_path):
    source = make_folder(tmp_path / "theirs")
    path = source / "tasks" / "notepad_1" / "execution.json"
    (tmp_path / "secret.png").write_bytes(b"secret")
    path.write_text(path.read_text().replace("screenshots/step_000.png", "../../../../secret.png"))
    folder = import_folder(source, Place(tmp_path / "ours"))
    assert b"secret" not in b"".join(one.read_bytes() for one in folder.rglob("*.png"))


def test_a_damaged_file_is_named_and_nothing_is_written(tmp_path):
    source = make_folder(tmp_path / "theirs")
    (source / "tasks" / "notepad_1" / "execution.json").write_text('{"task_id": ')
    with pytest.raises(BadFile, match=r"notepad_1/execution\.json"):
        import_folder(source, Place(tmp_path / "ours"))
    assert not (tmp_path / "ours").exists()


def test_a_folder_of_something_else_is_refused(tmp_path):
    with pytest.raises(UsageError, match="no results that benchgen can read"):
        import_folder(tmp_path, Place(tmp_path / "ours"))


def test_the_command_prints_the_runs_id(tmp_path):
    source = make_folder(tmp_path / "theirs")
    done = toys.run("import", source, cwd=tmp_path)
    assert (done.returncode, done.stdout.strip()) == (0, "waa_eval_20260117_123456"), done.stderr
    assert "waa" in toys.run("list", "runs", cwd=tmp_path).stdout
