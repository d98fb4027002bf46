"""From a model's name to the provider that answers for it; models of one endpoint share its provider."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from benchgen.errors import UsageError
from benchgen.providers.answer import Provider
from benchgen.providers.builtin import PREFIX, Builtin
from benchgen.providers.cache import Cached
from benchgen.providers.dialects import THINKING_BUDGETS
from benchgen.providers.endpoints import ANTHROPIC, LMSTUDIO, Endpoint, endpoint, names
from benchgen.providers.pricing import Priced, price
from benchgen.providers.replay import Replay
from benchgen.record import Record
from benchgen.records.attempt import Usage
from benchgen.records.run import ModelSpec
from benchgen.redact import Redactor
from benchgen.settings import Secrets, Settings


class Resolved(Record):
    """A model as the run records it, who answers, what tokens cost. `is_networked` models wait more than they work."""

    spec: ModelSpec
    provider: Provider
    is_networked: bool
    priced: Callable[[Usage], Priced]


class Reach(Record):
    """What reaching models needs; `base_url` stands in for the endpoint's own, answers are kept in `cache` if given."""

    settings: Settings
    secrets: Secrets
    connections: int = 10
    base_url: str | None = None
    cache: Path | None = None


def replay(model_ids: Sequence[str], text: str) -> list[Resolved]:
    """Models that all answer with a stored text."""
    return [
        Resolved(ModelSpec(model_id, "replay", is_local=True), Replay(text), False, _free) for model_id in model_ids
    ]


def resolve(model_ids: Sequence[str], reach: Reach) -> list[Resolved]:
    """A provider for each model. UsageError when nobody answers for one, BenchgenError when a key is missing."""
    shared: dict[str, Provider] = {}
    return [_one(model_id, reach, shared) for model_id in model_ids]


def check_thinking(models: Sequence[Resolved], level: str | None) -> None:
    """UsageError for a level that an endpoint has no word for: it would be left out in silence."""
    for model in models if level is not None else ():
        if model.spec.provider == ANTHROPIC and level not in THINKING_BUDGETS:
            hint = f"one of {', '.join(THINKING_BUDGETS)}"
            raise UsageError(f"{ANTHROPIC} knows no thinking level {level!r}", where="--thinking-level", hint=hint)


def _one(model_id: str, reach: Reach, shared: dict[str, Provider]) -> Resolved:
    if model_id.startswith(PREFIX):
        builtin = Builtin(model_id)
        spec = ModelSpec(model_id, "builtin", is_mock=builtin.is_mock, is_local=not builtin.has_bill)
        return Resolved(spec, builtin, False, builtin.priced)
    name, slash, rest = model_id.partition("/")
    if not slash or not rest or name not in names(reach.settings):
        raise UsageError(
            f"nobody answers for the model {model_id!r}",
            where="-m",
            hint=f"a model's name begins with one of builtin/, {', '.join(f'{n}/' for n in names(reach.settings))}; "
            "[endpoints.NAME] in benchgen.toml adds another",
        )
    found = endpoint(name, reach.settings, reach.secrets, reach.base_url)
    if name not in shared:
        shared[name] = _provider(found, reach)
    spec = ModelSpec(model_id, name, is_local=found.is_local)
    return Resolved(spec, shared[name], True, partial(_priced, model_id, found, reach))


def _provider(found: Endpoint, reach: Reach) -> Provider:
    from benchgen.providers.http import HttpProvider  # a run of built-in models starts without a client for HTTP
    from benchgen.providers.lmstudio import LmStudio, Shelf

    plain = HttpProvider(found, reach.settings.prices, reach.connections)
    asked = LmStudio(plain, Shelf(found.base_url, found.key)) if found.name == LMSTUDIO else plain
    return Cached(asked, reach.cache, Redactor(reach.secrets.keys)) if reach.cache else asked


def _priced(model_id: str, found: Endpoint, reach: Reach, usage: Usage) -> Priced:
    return price(model_id, found.name, usage, None, reach.settings.prices, is_local=found.is_local)


def _free(usage: Usage) -> Priced:
    return Priced(0, "builtin")
