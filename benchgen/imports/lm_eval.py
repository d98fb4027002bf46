"""Results of lm-evaluation-harness as run folders of ours: each results file a run, each question a sample of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchgen import __version__, paths
from benchgen.formats.foreign import LONGEST_NAME
from benchgen.formats.inspect_header import mapping, model_spec, number, text, told, whole
from benchgen.formats.lm_eval import Evaluation, is_lm_eval, read_evaluation
from benchgen.formats.lm_eval_report import report_of
from benchgen.formats.lm_eval_samples import TaskLog
from benchgen.imports.place import Place
from benchgen.record import replace
from benchgen.records.events import Event
from benchgen.records.run import ModelSpec, RunConfig, Settings
from benchgen.runner.inspect_record import Answering, Logs

_SECRET = re.compile(r"(?:key|token|secret|password)$", re.IGNORECASE)


def results_in(source: Path) -> list[Path]:
    """The results files that a path is, or that lie below it."""
    if source.is_file():
        return [source] if is_lm_eval(source) else []
    return sorted(path for path in source.rglob("*.json") if is_lm_eval(path))


def import_results(path: Path, place: Place) -> Path:
    """The run's folder. BadFile names what is wrong with the results, and then nothing is written."""
    evaluation = read_evaluation(path)
    read = [TaskLog(evaluation, task) for task in evaluation.tasks]
    with Logs.of(read) as logs:
        config = _config(evaluation, read)
        folder = place.begin(config)
        if any(log.path for log in read):
            logs.save(folder, place.redactor)
        return place.record(folder, config, _events(evaluation, read, logs, config))


def _events(evaluation: Evaluation, read: Sequence[TaskLog], logs: Logs, config: RunConfig) -> Iterator[Event]:
    if any(log.path for log in read):
        yield from logs.events(Answering(config.models[0], config.created_at))
        yield logs.progress()
    deciding = {log.header.task: logs.judged_by.get(log.header.task) for log in read if log.path}
    yield replace(logs.end(), at=evaluation.finished_at, report=report_of(evaluation, read, deciding))


def _config(evaluation: Evaluation, read: Sequence[TaskLog]) -> RunConfig:
    stamp = evaluation.created_at[:19].replace("-", "").replace(":", "")
    names = sorted(task.name for task in evaluation.tasks)
    run_id = f"run_{stamp}Z_{paths.six(chr(0).join((evaluation.model, evaluation.finished_at, *names)))}"
    planned = [log.header.planned_samples for log in read]
    return RunConfig(
        run_id=run_id,
        run_name=run_id,
        benchmark_name=_benchmark(evaluation),
        kind="openbench",
        created_at=evaluation.created_at,
        tasks={},
        models=(_model(evaluation),),
        samples=1,
        workers=1,
        settings=_settings(evaluation.said),
        command=("benchgen", "import", evaluation.path.name),
        request={"imported": evaluation.path.name, **_request(mapping(evaluation.said.get("config")))},
        versions={"benchgen": __version__, **_versions(evaluation.said)},
        task_set=_set_of(evaluation, read),
        total=sum(one or 0 for one in planned) if None not in planned else None,
    )


def _benchmark(evaluation: Evaluation) -> str:
    """What was asked for by its names; of very many as many as a name holds, and six digits for all of them."""
    name = ", ".join(sorted(one.name for one in evaluation.asked))
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]} {paths.six(name)}"


def _model(evaluation: Evaluation) -> ModelSpec:
    """The model, answered for by what the harness calls its source; its `dummy` guesses."""
    known = model_spec(f"{evaluation.source}/{evaluation.model}")
    return replace(known, model_id=evaluation.model, provider=evaluation.source, is_mock=evaluation.source == "dummy")


def _set_of(evaluation: Evaluation, read: Sequence[TaskLog]) -> str:
    """Twelve hex digits that two runs share when they were asked the same questions after as many examples; empty
    where the results do not say how many were asked."""
    said = []
    for task, log in zip(evaluation.tasks, read, strict=True):
        if task.planned is None:
            return ""
        first = {str(number) for number in range(task.planned)}
        others = sorted(log.ids) if log.path and not first.issuperset(log.ids) else ()
        said.append("\n".join((task.name, task.version, str(task.shots), str(task.planned), *others)))
    return hashlib.sha256("\n\n".join(sorted(said)).encode("utf-8", "replace")).hexdigest()[:12]


def _versions(said: Mapping[str, Any]) -> Mapping[str, str]:
    """Of the harness and what it ran with, as far as it says."""
    names = {"lm_eval": "lm_eval_version", "lm_eval commit": "git_hash", "transformers": "transformers_version"}
    return {name: found for name, key in names.items() if (found := text(said.get(key))) not in ("", "N/A")}


def _request(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was asked for beside the settings, secrets left out."""
    seeds = {name: config[name] for name in config if name.endswith("_seed")}
    arguments = _pairs(config.get("model_args"))
    public = {name: value for name, value in arguments.items() if not _SECRET.search(name)}
    return {"limit": config.get("limit"), "batch_size": config.get("batch_size"), "arguments": public, **seeds}


def _settings(said: Mapping[str, Any]) -> Settings:
    """How answers were asked for: what all tasks that have answers written agree in, and what was typed beside it."""
    configs = [mapping(one) for one in mapping(said.get("configs")).values()]
    asked = [mapping(one.get("generation_kwargs")) for one in configs if one.get("output_type") == "generate_until"]
    first = asked[0] if asked else {}
    agreed = {name: value for name, value in first.items() if all(one.get(name) == value for one in asked)}
    typed = _pairs(mapping(said.get("config")).get("gen_kwargs")) if asked else {}
    return told(_as_named({**agreed, **typed}), _SETTINGS)


def _as_named(generation: Mapping[str, Any]) -> Mapping[str, Any]:
    """The most tokens of an answer have several names."""
    names = {"max_new_tokens": "max_tokens", "max_gen_toks": "max_tokens"}
    return {names.get(name, name): value for name, value in generation.items()}


def _pairs(said: object) -> Mapping[str, Any]:
    """Arguments as an object, or as older releases wrote them: `name=value,name=value`."""
    if not isinstance(said, str):
        return mapping(said)
    return dict(one.strip().split("=", 1) for one in said.split(",") if "=" in one)


def _float(said: object) -> float | None:
    try:
        return number(float(said)) if isinstance(said, str) else number(said)
    except ValueError:
        return None


def _count(said: object) -> int | None:
    return whole(_float(said))


_SETTINGS: Mapping[str, tuple[str, Callable[[object], object]]] = {
    "temperature": ("temperature", _float),
    "top_p": ("top_p", _float),
    "max_tokens": ("max_tokens", _count),
    "seed": ("seed", _count),
}
