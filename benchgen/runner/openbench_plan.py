"""From a benchmark of openbench and a model to a run that could start."""

from __future__ import annotations

import hashlib
from pathlib import Path

from benchgen import codec
from benchgen.catalog.openbench import Eval, Evals, Group
from benchgen.errors import NotFound, UsageError
from benchgen.formats.inspect_header import model_spec
from benchgen.plan import OPENBENCH, RunRequest, Surroundings
from benchgen.records.run import RunConfig
from benchgen.runner.openbench_command import Choices, limit_of


def is_path(name: str) -> bool:
    """Whether a name means a folder of somebody's own: it looks like a path, or there is one."""
    return "/" in name or name.startswith((".", "~")) or Path(name).exists()


def own_folder(name: str) -> Path:
    """The folder of a benchmark of one's own. NotFound, or UsageError where it cannot be one."""
    folder = Path(name).expanduser().absolute()
    if not folder.exists():
        raise NotFound("no such file or folder", where=f"{OPENBENCH}{name}")
    init = folder / "__init__.py" if folder.is_dir() else folder
    if not init.is_file() or "__metadata__" not in init.read_text("utf-8", "replace"):
        hint = "bench looks for __metadata__ in the folder's __init__.py: docs/openbench.md shows one"
        raise UsageError("no benchmark that bench can load", where=str(init), hint=hint)
    return folder


def known(evals: Evals, name: str) -> Eval | Group:
    """The benchmark or group of that name; NotFound names some that are close."""
    found = evals.find(name)
    if found is None:
        close = [one.name for one in evals.evals if name.lower()[:4] in one.name.lower()][:5]
        hint = f"there are {', '.join(close)}" if close else "benchgen list evals shows them"
        raise NotFound(f"openbench has no benchmark {name!r}", where=f"{OPENBENCH}{name}", hint=hint)
    return found


def plan_openbench(request: RunRequest, choices: Choices, model_id: str, around: Surroundings) -> RunConfig:
    """The run of one benchmark, or one group, by one model. UsageError."""
    limit_of(choices.limit)
    budget = request.budget
    if budget.max_cost_nanousd is not None or budget.max_tokens_total is not None:
        hint = "--max-time stops it"
        raise UsageError("bench cannot be stopped at a cost or a number of tokens", where="--max-cost", hint=hint)
    said = codec.plain(choices)
    met = {name: said[name] for name in ("target", "limit", "task_args", "extra")}
    return RunConfig(
        run_id=around.run_id,
        run_name=request.run_name or around.run_id,
        benchmark_name=request.benchmark_name,
        kind="openbench",
        created_at=around.created_at,
        tasks={},
        models=(model_spec(model_id),),
        samples=choices.epochs or 1,
        workers=1,
        max_connections=request.max_connections,
        settings=request.settings,
        command=around.command,
        seed=request.seed,
        budget=budget,
        machines=request.machines,
        request={**{k: v for k, v in request.raw.items() if k != "command"}, "bench": said},
        versions=around.versions,
        host=around.host,
        git=around.git,
        note=request.note,
        task_set=hashlib.sha256(codec.compact({**met, "name": request.benchmark_name})).hexdigest()[:12],
    )
