"""Run folders as other harnesses of the kinds code, openbench and dataset leave them, written small."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CODE, ENGINE, BATCH = "run_20251101T101500Z_ab12cd", "3f2b8c1e-4d5f-4a6b-8c7d-1e2f3a4b5c6d", "bm_xyz789"
GEMINI, CLAUDE = "openrouter/google/gemini-pro", "openrouter/anthropic/claude-3"
ENDS: dict[str, dict[str, Any]] = {
    "python_tool_weather_cli": {"status": "passed", "return_code": 0},
    "go_expert_token_bucket": {"status": "failed", "return_code": 1},
    "rust_expert_lru_cache": {"status": "error", "error": "Patch failed dry-run validation:\nhunk failed"},
    "html_expert_form_validator": {"status": "api_error", "error": "HTTP 502", "usage": None, "cost_usd": None},
}


def write(path: Path, data: object) -> Path:
    """A file of JSON, or of text as it stands."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    return path


def attempt(task: str, model: str = GEMINI, **said: Any) -> dict[str, Any]:
    """An entry of `attempts`."""
    return {
        "task_id": task,
        "model": model,
        "provider": "Groq",
        "sample_index": 0,
        "return_code": None,
        "error": None,
        "attempt_dir": f"{task}__{model.replace('/', '_')}__sample00",
        "usage": {"prompt_tokens": 1200, "completion_tokens": 340, "total_tokens": 1540},
        "api_latency_seconds": 4.25,
        "duration_seconds": 6.5,
        "cost_usd": 0.00123,
        **said,
    }


def code_run(root: Path, attempts: list[Any] | None = None, **said: Any) -> Path:
    """A code harness's run: four tasks by one model, where nothing else is said, and the files of the first."""
    folder = root / CODE
    listed = [attempt(task, **end) for task, end in ENDS.items()] if attempts is None else attempts
    about = {
        "timestamp_utc": "2025-11-01T10:15:42.123456+00:00",
        "run_id": CODE,
        "tasks": list(ENDS),
        "models": [GEMINI],
        "samples": 1,
        "temperature": 0.2,
        "max_tokens": 4096,
    }
    write(folder / "summary.json", {**about, "attempts": listed, **said})
    place = folder / f"python_tool_weather_cli__{GEMINI.replace('/', '_')}__sample00"
    for name, text in {"prompt.txt": "Fix it", "response.txt": "a diff", "stdout.log": "3 passed in 0.1s"}.items():
        write(place / name, text)
    return folder


def engine_run(root: Path, **said: Any) -> Path:
    """What seed 002 keeps of a run of OpenBench, but for the log."""
    folder = root / ENGINE
    accuracy = {"name": "accuracy", "value": 0.82, "unit": None}
    groups = [{"key": "math", "value": 0.9, "unit": None}, {"key": "law", "value": 0.74, "unit": None}]
    summary = {
        "schema_version": 1,
        "primary_metric": accuracy,
        "metrics": [accuracy],
        "breakdowns": [{"name": "category", "items": groups}],
        "notes": [],
        "raw": {"source": "openbench.log.json", "hint": "best-effort extraction"},
    }
    write(folder / "summary.json", {**summary, **said})
    write(folder / "config.json", {"benchmark": "mmlu", "model": "openai/gpt-4o", "limit": 10, "schema_version": 1})
    write(folder / "meta.json", {"status": "completed", "started_at": "2025-11-02T08:00:00Z", "exit_code": 0})
    return folder


def answer(custom_id: str, content: str | None, **said: Any) -> dict[str, Any]:
    """A line of a batch's output."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    body = {"object": "chat.completion", "model": "olmo-2-7b", "choices": [choice], "usage": usage}
    response = {"status_code": 200, "request_id": "r", "body": body}
    return {"id": "batch_req", "custom_id": custom_id, "response": response, "error": None, **said}


def batch_run(root: Path, lines: list[Any] | None = None, *, asked: bool = True, **said: Any) -> Path:
    """The output of a batch: two answers and an error, where nothing else is said."""
    folder = root / BATCH
    fault = {"custom_id": "candidate-2", "response": None, "error": {"code": "timeout", "message": "took too long"}}
    lines = [answer("candidate-0", "fits"), answer("candidate-1", "no"), fault] if lines is None else lines
    write(folder / "results.jsonl", "".join(f"{_line(one)}\n" for one in lines))
    summary = {"dataset_name": "batch_5k.jsonl", "model_id": "allenai/OLMo-2", "started_at": "2025-10-31T17:35:00Z"}
    write(folder / "summary.json", {**summary, "total_time_seconds": 10080, **said})
    if asked:
        bodies = [{"messages": [{"role": "user", "content": f"Does {number} fit?"}]} for number in range(3)]
        asks = [{"custom_id": f"candidate-{number}", "body": body} for number, body in enumerate(bodies)]
        write(folder / "requests.jsonl", "".join(f"{json.dumps(one)}\n" for one in asks))
    return folder


def _line(one: object) -> str:
    return one if isinstance(one, str) else json.dumps(one)
