"""What the samples of an Inspect log are among our attempts: their ids, and what each one came to."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

from benchgen import paths
from benchgen.formats.inspect_header import Header
from benchgen.formats.inspect_sample import Sample, SampleScore
from benchgen.record import Record
from benchgen.records.status import Category

LONGEST_ID = 200
LONGEST_WANTED = 80
"""Characters of an answer and a target that fit beside each other in a line."""
# How the exceptions of providers' libraries are called, and where Inspect asks a provider: what is raised there is not
# the model's fault, nor the sample's.
_PROVIDER = re.compile(
    r"\b(?:API\w*|RateLimit|InternalServer|ServiceUnavailable|Authentication|PermissionDenied|Connect|Connection|"
    r"ReadTimeout|ConnectTimeout|PoolTimeout|Overloaded)Error\b|model[/\\]_providers[/\\]"
)


class Judging(Record):
    """Which scorer says whether a sample passed; none where no scorer says right or wrong of every sample."""

    scorer: str | None


def judging(header: Header, scores: Iterable[Sequence[SampleScore]]) -> Judging:
    """The first scorer, in the log's order, all of whose values are letters of Inspect's, true or false, 0 or 1."""
    plain: dict[str, bool] = dict.fromkeys(header.scorers, True)
    seen: set[str] = set()
    for of_sample in scores:
        for score in of_sample:
            seen.add(score.name)
            plain[score.name] = plain.get(score.name, True) and (score.is_plain or score.value in ("P", "N"))
    return Judging(next((name for name, is_plain in plain.items() if is_plain and name in seen), None))


def set_of(header: Header) -> str:
    """Twelve hex digits that two runs share when they had the same samples of the same benchmark."""
    said = "\n".join((header.dataset, *sorted(header.sample_ids))) if header.sample_ids else ""
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:12] if said else ""


def task_of(header: Header, sample_id: str, *, is_group: bool) -> str:
    """A sample's id as a task's: with its benchmark where a run has several, shortened where nobody could read it."""
    plain = sample_id if sample_id.isprintable() and sample_id.strip() else f"sample {paths.six(sample_id)}"
    if len(plain) > LONGEST_ID:
        plain = f"{plain[:LONGEST_ID]} {paths.six(sample_id)}"
    return f"{header.task}/{plain}" if is_group else plain


def category_of(sample: Sample, judging: Judging) -> Category | None:
    """Why a sample did not pass; None also where nobody says whether it did."""
    if sample.error.startswith("CancelledError"):
        return "canceled"
    if sample.error:
        return "api_error" if _PROVIDER.search(sample.error) or _PROVIDER.search(sample.traceback) else "harness"
    score = judged(sample, judging)
    if score is None:
        return _limited(sample) if not sample.scores else None
    if score.value == "N":
        return "no_answer"
    return None if score.worth == 1 else "tests_failed"


def is_scored(sample: Sample, judging: Judging) -> bool:
    """Whether a sample belongs to a rate: somebody said right or wrong, or it never got so far."""
    return judged(sample, judging) is not None or category_of(sample, judging) is not None


def judged(sample: Sample, judging: Judging) -> SampleScore | None:
    """The score that decides about a sample."""
    return next((score for score in sample.scores if score.name == judging.scorer), None)


def score_of(sample: Sample, judging: Judging) -> float | None:
    """The deciding score, else the first one, as a number from 0 to 1."""
    score = judged(sample, judging) or next(iter(sample.scores), None)
    return score.worth if score is not None and score.worth is not None and 0 <= score.worth <= 1 else None


def message_of(sample: Sample, judging: Judging) -> str:
    """In a line, why a sample is not right."""
    if sample.error:
        return sample.error
    if category_of(sample, judging) is None:
        return ""
    score = judged(sample, judging)
    said = f"scored {score.value}" if score else "not scored"
    said += f", stopped by its {sample.limit} limit" if sample.limit else ""
    why = _instead(score, sample.target) or score.explanation if score else ""
    return f"{said}: {why}" if why else said


def is_brief(text: str) -> bool:
    """Whether a text stands well in a line with others."""
    return 0 < len(text) <= LONGEST_WANTED and "\n" not in text


def _instead(score: SampleScore, target: str) -> str:
    """What was taken for the answer and what was wanted, where both are brief: scorers explain at length, or repeat."""
    answer = score.answer.strip()
    return f"{answer} instead of {target}" if is_brief(answer) and is_brief(target) and answer != target else ""


def _limited(sample: Sample) -> Category | None:
    if not sample.limit:
        return None
    return "timeout" if sample.limit in ("time", "working") else "no_answer"
