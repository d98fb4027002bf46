"""What somebody asks for over HTTP: the bodies of the seeds that start runs, and the one request they all become."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping

from benchgen.errors import UsageError
from benchgen.record import Record, replace
from benchgen.store.datasets import DATASET_ID

MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+?=&%,-]{0,199}")
TARGET = re.compile(r"[A-Za-z0-9*?\[][A-Za-z0-9._*?:/\[\]!-]{0,127}")
MOST_MODELS, MOST_TARGETS, MOST_SAMPLES, MOST_AT_ONCE = 16, 200, 100, 64
MOST_TURNS = 10
LONGEST_TEXT = 2000
KINDS = ("code", "dataset", "openbench")
EDIT_FORMATS = ("diff", "whole", "search_replace")
OPENBENCH = "openbench:"
EVAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class LaunchBody(Record):
    """A run to start. `benchmark` and `model` are seed 002's, `models` and `tasks` seed 001's; both may be given."""

    benchmark: str | None = None
    model: str | None = None
    models: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    target: str | None = None
    kind: str = "code"
    limit: int | str | None = None
    samples: int | None = None
    epochs: int | None = None
    workers: int | None = None
    max_connections: int = 10
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    timeout: float | None = None
    seed: int | None = None
    turns: int = 1
    edit_format: str = EDIT_FORMATS[0]
    thinking_level: str | None = None
    include_tests: bool = False
    install_deps: bool = False
    allow_incomplete_diffs: bool = False
    allow_diff_rewrite_fallback: bool = False
    max_cost: float | None = None
    max_time: float | None = None
    name: str = ""
    note: str = ""


class Launch(Record):
    """A checked request: what `benchgen run` would be given."""

    targets: tuple[str, ...]
    models: tuple[str, ...]
    samples: int
    asked: LaunchBody
    benchmark_id: str | None = None

    def words(self) -> tuple[str, ...]:
        """The command line that starts the same run by hand."""
        options = {
            "--samples": self.samples if self.samples != 1 else None,
            "--limit": self.asked.limit,
            "--workers": self.asked.workers,
            "--max-connections": self.asked.max_connections if self.asked.max_connections != 10 else None,
            "--temperature": self.asked.temperature,
            "--top-p": self.asked.top_p,
            "--max-tokens": self.asked.max_tokens,
            "--timeout": self.asked.timeout,
            "--seed": self.asked.seed,
            "--turns": self.asked.turns if self.asked.turns != 1 else None,
            "--edit-format": self.asked.edit_format if self.asked.edit_format != EDIT_FORMATS[0] else None,
            "--thinking-level": self.asked.thinking_level,
            "--max-cost": self.asked.max_cost,
            "--max-time": self.asked.max_time,
            "--name": self.asked.name or None,
            "--note": self.asked.note or None,
        }
        flags = {
            "--include-tests": self.asked.include_tests,
            "--install-deps": self.asked.install_deps,
            "--allow-incomplete-diffs": self.asked.allow_incomplete_diffs,
            "--allow-diff-rewrite-fallback": self.asked.allow_diff_rewrite_fallback,
        }
        given = [word for name, value in options.items() if value is not None for word in (name, f"{value}")]
        models = [word for model in self.models for word in ("-m", model)]
        return ("benchgen", "run", *self.targets, *models, *given, *(name for name, on in flags.items() if on))

    def command(self) -> str:
        return shlex.join(self.words())


def launch(asked: LaunchBody) -> Launch:
    """The request, checked. UsageError names what cannot be."""
    if asked.kind not in KINDS:
        raise UsageError(
            f"runs of the kind {asked.kind!r} are not started over HTTP", hint=f"one of {', '.join(KINDS)}"
        )
    if asked.edit_format not in EDIT_FORMATS:
        raise UsageError(f"there is no edit format {asked.edit_format!r}", hint=f"one of {', '.join(EDIT_FORMATS)}")
    targets = tuple(dict.fromkeys(one for one in (asked.benchmark, asked.target, *asked.tasks) if one))
    models = tuple(dict.fromkeys(one for one in (asked.model, *asked.models) if one))
    _some("target", targets, TARGET, MOST_TARGETS)
    _some("model", models, MODEL, MOST_MODELS)
    if asked.kind == "openbench" or any(one.startswith(OPENBENCH) for one in targets):
        asked, targets = replace(asked, kind="openbench"), _eval(asked, targets, models)
    is_dataset = len(targets) == 1 and bool(DATASET_ID.fullmatch(targets[0]))
    if asked.kind == "dataset" and not is_dataset:
        raise UsageError("a dataset that was added is needed", hint="/admin/datasets lists them")
    if is_dataset:
        asked = replace(asked, kind="dataset")
    samples = asked.samples if asked.samples is not None else asked.epochs if asked.epochs is not None else 1
    _within("samples", samples, 1, MOST_SAMPLES)
    _within("max_connections", asked.max_connections, 1, MOST_AT_ONCE)
    numbers: Mapping[str, tuple[float | None, float, float]] = {
        "workers": (asked.workers, 1, MOST_AT_ONCE),
        "temperature": (asked.temperature, 0, 2),
        "top_p": (asked.top_p, 0, 1),
        "max_tokens": (asked.max_tokens, 1, 10_000_000),
        "timeout": (asked.timeout, 1, 86_400),
        "seed": (asked.seed, 0, 2**63 - 1),
        "turns": (asked.turns, 1, MOST_TURNS),
        "max_cost": (asked.max_cost, 0, 1_000_000),
        "max_time": (asked.max_time, 1, 30 * 86_400),
    }
    for name, (value, least, most) in numbers.items():
        if value is not None:
            _within(name, value, least, most)
    for name in ("name", "note", "thinking_level"):
        _plain(name, getattr(asked, name) or "")
    return Launch(targets, models, samples, asked)


def _eval(asked: LaunchBody, targets: tuple[str, ...], models: tuple[str, ...]) -> tuple[str, ...]:
    """The one eval that is asked for, by its name alone: over HTTP no path names one."""
    names = [one.removeprefix(OPENBENCH) for one in targets]
    if len(names) != 1 or len(models) != 1:
        raise UsageError("an eval of OpenBench runs alone, by one model", hint="start several runs")
    if not EVAL.fullmatch(names[0]):
        raise UsageError(f"{names[0][:80]!r} is no eval of OpenBench", hint="/api/benchmarks lists them")
    ours = ("include_tests", "install_deps", "allow_incomplete_diffs", "allow_diff_rewrite_fallback")
    if any(getattr(asked, name) for name in ours) or asked.turns != 1 or asked.edit_format != EDIT_FORMATS[0]:
        raise UsageError("OpenBench knows no diffs, tests or turns of ours", hint="leave those settings out")
    return (f"{OPENBENCH}{names[0]}",)


def _some(what: str, values: tuple[str, ...], pattern: re.Pattern[str], most: int) -> None:
    if not values:
        raise UsageError(f"no {what} is named")
    if len(values) > most:
        raise UsageError(f"more than {most} {what}s")
    for value in values:
        if not pattern.fullmatch(value):
            raise UsageError(f"{value[:80]!r} is no {what}")


def _plain(name: str, text: str) -> None:
    """A text for people: no sign of it steers a terminal or turns what stands beside it around."""
    if len(text) > LONGEST_TEXT:
        raise UsageError(f"a text has at most {LONGEST_TEXT} characters", where=name)
    allowed = "\u200d\n" if name == "note" else "\u200d"  # what joins emoji
    if any(not sign.isprintable() and sign not in allowed for sign in text):
        raise UsageError("a text has signs that are not shown", where=name)


def _within(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise UsageError(f"{name} must be between {least:g} and {most:g}")
