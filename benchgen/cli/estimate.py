"""What a run will cost, as far as anybody can tell before it: the tokens of its prompts times known prices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchgen.answers.prompt import build
from benchgen.catalog.rows import Row
from benchgen.numbers.money import dollars
from benchgen.providers.registry import Resolved
from benchgen.record import Record
from benchgen.records.attempt import Usage
from benchgen.records.run import RunConfig
from benchgen.records.task import Task

CHARACTERS_A_TOKEN = 4
ASSUMED_ANSWER = 1_000


class Estimate(Record):
    """Nano-dollars of the models with a known price, and the names of the others; local ones cost nothing."""

    prompt_tokens: int
    prompts_nanousd: int
    with_answers_nanousd: int
    unknown: tuple[str, ...]

    def sentences(self) -> list[str]:
        """The estimate in words for the terminal."""
        said = [
            f"estimate {self.prompt_tokens:,} prompt tokens for {dollars(self.prompts_nanousd)}; "
            f"{dollars(self.with_answers_nanousd)} if answers take {ASSUMED_ANSWER:,} tokens each"
        ]
        if self.unknown:
            said.append(f"         the price of {', '.join(self.unknown)} is unknown and not in it: benchgen prices")
        return said


def estimate_rows(rows: Iterable[Row], models: Sequence[Resolved]) -> Estimate | None:
    """The estimate of a dataset's rows, priced at their mean length; None where no model sends a bill."""
    billed = _billed(models)
    if not billed:
        return None
    lengths = [sum(len(message.content) for message in row.messages) // CHARACTERS_A_TOKEN for row in rows]
    count, tokens = len(lengths), sum(lengths)
    mean, alone, whole, unknown = round(tokens / max(1, count)), 0, 0, []
    for model in billed:
        plain = model.priced(Usage(input=mean)).nanousd
        full = model.priced(Usage(input=mean, output=ASSUMED_ANSWER)).nanousd
        if plain is None or full is None:
            unknown.append(model.spec.model_id)
        else:
            alone, whole = alone + plain * count, whole + full * count
    return Estimate(tokens * len(billed), alone, whole, tuple(unknown))


def _billed(models: Sequence[Resolved]) -> list[Resolved]:
    return [model for model in models if not model.spec.is_local and model.spec.provider != "replay"]


def estimate(config: RunConfig, tasks: Sequence[Task], models: Sequence[Resolved]) -> Estimate | None:
    """The estimate of a whole run, first turns only; None where no model sends a bill."""
    billed = _billed(models)
    if not billed:
        return None
    prompts = [len(build(task, config.settings).text()) // CHARACTERS_A_TOKEN for task in tasks]
    alone, whole, unknown = 0, 0, []
    for model in billed:
        for tokens in prompts:
            plain = model.priced(Usage(input=tokens)).nanousd
            full = model.priced(Usage(input=tokens, output=ASSUMED_ANSWER)).nanousd
            if plain is None or full is None:
                unknown.append(model.spec.model_id)
                break
            alone += plain * config.samples
            whole += full * config.samples
    return Estimate(sum(prompts) * config.samples * len(billed), alone, whole, tuple(unknown))
