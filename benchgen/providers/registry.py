"""From a model's name to the provider that answers for it."""

from __future__ import annotations

from dataclasses import dataclass

from benchgen.errors import UsageError
from benchgen.providers.answer import Provider
from benchgen.providers.builtin import PREFIX, Builtin
from benchgen.providers.replay import Replay
from benchgen.records.run import ModelSpec


@dataclass(frozen=True, slots=True)
class Resolved:
    """A model as the run records it, and who answers. `is_networked` models wait more than they work."""

    spec: ModelSpec
    provider: Provider
    is_networked: bool


def resolve(model_id: str, *, replayed: str | None = None) -> Resolved:
    """The provider of a model. UsageError when nobody answers for it. `replayed` is a stored answer to play again."""
    if replayed is not None:
        return Resolved(ModelSpec(model_id, "replay"), Replay(replayed), False)
    if model_id.startswith(PREFIX):
        builtin = Builtin(model_id)
        return Resolved(ModelSpec(model_id, "builtin", is_mock=builtin.is_mock, is_local=True), builtin, False)
    raise UsageError(
        f"nobody answers for the model {model_id!r}",
        where="-m",
        hint="this version knows builtin/reference, builtin/noop, builtin/mock, and --response-file",
    )
