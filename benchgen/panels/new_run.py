"""The form that starts a run: its fields with what was typed, what would come of it, and what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from benchgen.clock import between
from benchgen.panels import links
from benchgen.panels.notices import Notices
from benchgen.record import Record
from benchgen.records.digest import RunDigest
from benchgen.records.status import Kind

FieldKind = Literal["words", "text", "number", "flag", "choice"]


class Field(Record):
    """One control. `words` are several values with blanks or commas between them; `known` are offered for them.

    Of a `choice` the known ones are all that there are.
    """

    name: str
    label: str
    kind: FieldKind
    value: str
    hint: str = ""
    known: tuple[tuple[str, str], ...] = ()
    required: bool = False


class Cost(Record):
    """What a run may cost, in nano-dollars: its prompts, and all of it if answers take `answer_tokens` each.

    `prompt_tokens` is None where nobody can tell before the run. Models of an unknown price are in no sum.
    """

    prompt_tokens: int | None
    prompts_nanousd: int
    with_answers_nanousd: int
    answer_tokens: int
    unknown: tuple[str, ...]


class Before(Record):
    """The newest run of the same benchmark that came to its end: what it took, in seconds and nano-dollars."""

    run_id: str
    href: str
    models: tuple[str, ...]
    attempts: int
    seconds: float | None
    nanousd: int | None
    is_lower_bound: bool


class Preview(Record):
    """What would run, and the command that does the same; `cost` is None where no model sends a bill.

    `target` is what runs where its tasks are not known before: an eval of OpenBench.
    """

    command: str
    attempts: int
    tasks: int
    models: int
    samples: int
    described: tuple[tuple[str, str], ...]
    cost: Cost | None = None
    target: str = ""
    before: Before | None = None


def before(digests: Iterable[RunDigest], kind: Kind, benchmark: str, tasks: Collection[str]) -> Before | None:
    """Of digests, newest first, the first complete run of that benchmark; two sets of tasks may have one name."""
    for digest in digests:
        is_same = (digest.kind, digest.benchmark_name, digest.status) == (kind, benchmark, "completed")
        if is_same and (kind != "code" or set(tasks) == set(digest.tasks)):
            known = [model.cost_nanousd for model in digest.models if model.cost_nanousd is not None]
            return Before(
                run_id=digest.run_id,
                href=links.run(digest.run_id),
                models=tuple(model.model_id for model in digest.models),
                attempts=digest.finished,
                seconds=_seconds(digest),
                nanousd=sum(known) if known else None,
                is_lower_bound=len(known) < len(digest.models) or any(one.cost_is_lower_bound for one in digest.models),
            )
    return None


def _seconds(digest: RunDigest) -> float | None:
    return between(digest.started_at, digest.finished_at) if digest.started_at and digest.finished_at else None


class NewRun(Record):
    """The form."""

    first: tuple[Field, ...]
    advanced: tuple[Field, ...]
    preview: Preview | None
    error: str
    hint: str


class NewRunView(Record):
    """`new/index.html`, which only a server has."""

    title: str
    notices: Notices
    new_run: NewRun


_FIRST: tuple[tuple[str, str, FieldKind, str], ...] = (
    ("kind", "Kind", "choice", ""),
    ("tasks", "What to run", "words", "all, task ids, globs, tag:x, lang:go; one dataset; openbench:NAME"),
    ("models", "Models", "words", "such as openrouter/vendor/model or builtin/reference"),
    ("samples", "Samples", "number", "attempts of each task by each model"),
    ("limit", "Limit", "text", "only the first N tasks, or a-b"),
    ("name", "Name", "text", ""),
)
_ADVANCED: tuple[tuple[str, str, FieldKind, str], ...] = (
    ("temperature", "Temperature", "number", "0 to 2; empty: the provider's own"),
    ("top_p", "Top-p", "number", "0 to 1"),
    ("max_tokens", "Tokens of an answer", "number", "at most"),
    ("seed", "Seed", "number", "sent to the model"),
    ("thinking_level", "Thinking level", "text", "as the provider spells it"),
    ("timeout", "Seconds for an answer", "number", "tries included"),
    ("workers", "Attempts at once", "number", "empty: the cores"),
    ("max_connections", "Requests at once", "number", ""),
    ("edit_format", "How changes are asked for", "choice", ""),
    ("turns", "Answers a task may get", "number", "the later ones are told what failed"),
    ("max_cost", "Most dollars", "number", "the run stops there"),
    ("max_time", "Most seconds", "number", "the run stops there"),
    ("note", "Note", "text", "shown on the run's page"),
    ("include_tests", "Show the tests to the model", "flag", ""),
    ("install_deps", "Install a task's requirements, as wheels", "flag", ""),
    ("allow_incomplete_diffs", "Take a diff whose fence never closes", "flag", ""),
    ("allow_diff_rewrite_fallback", "Take whole files where no diff came", "flag", ""),
)
_NEEDED = frozenset(("tasks", "models"))
KINDS: Mapping[str, FieldKind] = {name: kind for name, _, kind, _ in (*_FIRST, *_ADVANCED)}
DEFAULTS: Mapping[str, str] = {
    "kind": "code",
    "tasks": "all",
    "samples": "1",
    "max_connections": "10",
    "edit_format": "diff",
}
Known = Mapping[str, Sequence[tuple[str, str]]]


def new_run(typed: Mapping[str, str], known: Known, preview: Preview | None, error: str = "", hint: str = "") -> NewRun:
    """The form as somebody left it."""
    return NewRun(
        first=tuple(_field(*one, typed, known) for one in _FIRST),
        advanced=tuple(_field(*one, typed, known) for one in _ADVANCED),
        preview=preview,
        error=error,
        hint=hint,
    )


def _field(name: str, label: str, kind: FieldKind, hint: str, typed: Mapping[str, str], known: Known) -> Field:
    value = typed.get(name, DEFAULTS.get(name, "") if not typed else "")
    return Field(name, label, kind, value, hint, tuple(known.get(name, ())), name in _NEEDED)
