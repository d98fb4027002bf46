"""A harness of another project: writes result folders and a live file as openadapt-evals does, not atomically."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

PNG = b"\x89PNG\r\n\x1a\n"


class Harness:
    """One run of it. Every method writes what the real collector and tracker write, in their order."""

    def __init__(self, root: Path, live: Path | None = None, *, total: int = 3, name: str = "waa_eval_1") -> None:
        self.between: Callable[[], object] = lambda: None
        self.folder, self.live, self.total, self.done = root / name, live, total, 0
        self.task: dict[str, Any] | None = None
        (self.folder / "tasks").mkdir(parents=True, exist_ok=True)
        about = {"benchmark_name": "waa", "run_name": name, "model_id": "gpt-agent", "created_at": _now()}
        _write(self.folder / "metadata.json", about)
        self.say({"status": "idle"})

    def start(self, task_id: str, domain: str = "office") -> None:
        described = {"task_id": task_id, "instruction": f"Do {task_id}", "domain": domain}
        self.task, self.trace = {**described, "steps": [], "result": None}, []
        place = self.folder / "tasks" / task_id
        (place / "screenshots").mkdir(parents=True, exist_ok=True)
        _write(place / "task.json", {**described, "raw_config": {}, "time_limit_steps": 15})
        self.running()

    def step(self, number: int, kind: str = "click") -> None:
        task, name = self._task(), f"screenshots/step_{number:03d}.png"
        (self.folder / "tasks" / task["task_id"] / name).write_bytes(PNG)
        action = {"type": kind, "x": 0.5, "y": None, "text": None}
        self.trace.append(
            {
                "step_idx": number,
                "screenshot_path": name,
                "action": {**action, "modifiers": None},
                "reasoning": "I see it",
                "timestamp": datetime.now().timestamp(),
            }
        )
        task["steps"].append({"step_idx": number, "action": action, "reasoning": "I see it", "screenshot_url": None})
        self.running()

    def finish(self, *, success: bool = True, error: str | None = None, error_type: str | None = None) -> None:
        """The trace first, then the live file, whose state the next task overwrites at once."""
        task = self._task()
        result = {"success": success, "score": float(success), "num_steps": len(self.trace), "total_time_seconds": 1.5}
        ended = {"task_id": task["task_id"], "model_id": "gpt-agent", **result, "error": error, "reason": None}
        logs = [{"timestamp": 0.1, "level": "INFO", "message": "it began"}]
        whole = {**ended, "error_type": error_type, "steps": self.trace, "logs": logs}
        _write(self.folder / "tasks" / task["task_id"] / "execution.json", whole)
        if error is None:  # an exception in their runner never reaches the live file
            self.done += 1
            task["result"] = result
            self.running()

    def end(self) -> None:
        _write(self.folder / "summary.json", {"benchmark_name": "waa", "num_tasks": self.total, "tasks": []})
        self.say({"status": "complete", "total_tasks": self.total, "tasks_completed": self.done})

    def running(self) -> None:
        said = {"status": "running", "total_tasks": self.total, "tasks_completed": self.done}
        self.say({**said, "current_task": self.task})

    def say(self, state: dict[str, Any]) -> None:
        """Not atomically: who looks in between finds nothing, or half of it."""
        if self.live is None:
            return
        whole = json.dumps(state, indent=2)
        for part in ("", whole[: len(whole) // 2], whole):
            self.live.write_text(part)
            self.between()

    def _task(self) -> dict[str, Any]:
        assert self.task is not None
        return self.task


def _write(path: Path, data: dict[str, Any]) -> None:
    path.write_text(json.dumps(data, indent=2))


def _now() -> str:
    """As they write it: local, without an offset."""
    return datetime.now().isoformat()
