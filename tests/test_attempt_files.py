"""Which outcomes are read for files to publish, without reading them all."""

from __future__ import annotations

import pytest
from factories import attempt

from benchgen import codec
from benchgen.pages.attempt_files import may_publish
from benchgen.panels.attempt import is_published
from benchgen.panels.log_text import ALWAYS_WHOLE
from benchgen.record import replace
from benchgen.records.attempt import Artifact
from benchgen.records.events import AttemptFinished

FILES = [
    Artifact("screen.png", "0" * 64, 12),
    Artifact("SCREEN.JPEG", "0" * 64, 12),
    Artifact("é.webp", "0" * 64, 12),
    Artifact("stdout.log", "0" * 64, ALWAYS_WHOLE + 1),
    Artifact("stdout.log", "0" * 64, 123_456_789),
]


def line_of(*artifacts: Artifact) -> bytes:
    outcome = replace(attempt(), artifacts=artifacts)
    return codec.event_line(AttemptFinished(seq=1, at="", attempt=outcome.attempt, outcome=outcome))


@pytest.mark.parametrize("artifact", FILES)
def test_no_published_file_is_overlooked(artifact: Artifact) -> None:
    assert is_published(artifact)
    assert may_publish(line_of(artifact))


def test_other_spellings_of_the_same_json_are_not_overlooked() -> None:
    line = line_of(Artifact("screen.png", "0" * 64, 12))
    assert may_publish(line.replace(b"screen.png", b"screen.\\u0070ng"))
    assert may_publish(line_of(FILES[-1]).replace(b'"bytes":', b'"bytes" : '))


def test_an_outcome_that_publishes_nothing_is_left_unread() -> None:
    assert not may_publish(line_of(Artifact("stdout.log", "0" * 64, 500)))
