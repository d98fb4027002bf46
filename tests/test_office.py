"""Answers of a code run's attempts: what is paid for is on record, whatever comes between."""

from __future__ import annotations

import asyncio
import threading

import pytest
from factories import model_spec, run_config

from benchgen.providers.answer import Answer
from benchgen.records.events import AnswerReceived
from benchgen.records.run import Planned
from benchgen.redact import Redactor
from benchgen.runner import office
from benchgen.runner.desk import Assignment
from benchgen.runner.office import LocalDesk, Office


class Paying:
    async def answer(self, request, on_retry):
        return Answer("text", b"{}", cost_nanousd=7)


class Journal:
    def __init__(self):
        self.events = []

    async def record(self, event):
        self.events.append(event)


def test_an_attempt_that_is_ended_while_its_answer_is_kept_has_paid_for_it(tmp_path, monkeypatch):
    is_keeping, may_go_on = threading.Event(), threading.Event()

    def slowly(*words, **more):
        is_keeping.set()
        assert may_go_on.wait(20)
        return "0" * 64

    monkeypatch.setattr(office, "save_answer", slowly)
    config = run_config(models=(model_spec("a/m"),))
    journal = Journal()

    async def main():
        desk = LocalDesk(
            Office(config, tmp_path, journal, {"a/m": Paying()}, {}, {}, asyncio.Semaphore(1), Redactor()),
            Assignment(Planned("t__a-m__sample00", "t", "a/m", 0), "t", "w0", None),
        )
        asking = asyncio.create_task(desk.answer(0, ()))
        await asyncio.to_thread(is_keeping.wait, 20)
        asking.cancel()
        await asyncio.sleep(0)
        may_go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await asking

    asyncio.run(main())
    assert [(type(event), event.cost_nanousd) for event in journal.events] == [(AnswerReceived, 7)]
