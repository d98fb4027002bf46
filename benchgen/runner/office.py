"""The desk of attempts that run on this machine: answers are kept and paid for once, reports go to the journal."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from random import Random

from benchgen.errors import BadFile, BenchgenError, NotFound
from benchgen.providers.answer import Answer, Provider, Request, Retry
from benchgen.record import Record
from benchgen.records.attempt import Phase
from benchgen.records.events import AnswerReceived, AttemptPhase, ProviderRetry
from benchgen.records.message import Message
from benchgen.records.run import RunConfig
from benchgen.records.task import Task
from benchgen.redact import Redactor
from benchgen.runner.code import RunStopped
from benchgen.runner.desk import Assignment
from benchgen.runner.journal import Journal
from benchgen.runner.paid import seen_through
from benchgen.store.attempts import load_answer, save_answer


class Office(Record):
    """What the desks of one run share. `paid` holds the answers that an earlier start of this run already has."""

    config: RunConfig
    folder: Path
    journal: Journal
    providers: Mapping[str, Provider]
    tasks: Mapping[str, Task]
    paid: Mapping[tuple[str, int], AnswerReceived]
    requests: asyncio.Semaphore
    redactor: Redactor

    def desk(self, assignment: Assignment) -> LocalDesk:
        return LocalDesk(self, assignment)


class LocalDesk:
    """The desk of one attempt."""

    def __init__(self, office: Office, assignment: Assignment) -> None:
        self._office = office
        self._assignment = assignment
        self._planned = assignment.planned

    async def phase(self, phase: Phase) -> None:
        self._office.journal.note(AttemptPhase(attempt=self._planned.attempt, phase=phase))

    def retry(self, retry: Retry) -> None:
        event = ProviderRetry(
            attempt=self._planned.attempt,
            provider=retry.provider,
            reason=retry.reason,
            wait_seconds=retry.wait_seconds,
            number=retry.number,
            http_status=retry.http_status,
        )
        self._office.journal.note(event)

    async def answer(self, turn: int, messages: tuple[Message, ...]) -> Answer:
        """The kept answer where one was paid for; else a new one, on disk and in the log before anybody uses it."""
        paid = self._office.paid.get((self._planned.attempt, turn))
        if paid is not None:
            kept = await asyncio.to_thread(self._kept, paid)
            if kept is not None:
                return kept
        async with self._office.requests:
            answer = await self._provider().answer(self._request(turn, messages), self.retry)
        await seen_through(self._keep(turn, answer))
        return answer

    def _provider(self) -> Provider:
        return self._office.providers[self._planned.model]

    def _request(self, turn: int, messages: tuple[Message, ...]) -> Request:
        seed = f"{self._office.config.seed}:{self._planned.attempt}" + (f":{turn}" if turn else "")
        return Request(
            model=self._planned.model,
            messages=messages,
            settings=self._office.config.settings,
            chance=Random(seed),
            task=self._office.tasks.get(self._planned.task),
            occasion=self._planned.attempt.rpartition("__sample")[2],
        )

    def _kept(self, paid: AnswerReceived) -> Answer | None:
        """The answer that an earlier start paid for; None when its file is gone, and it must be asked for again."""
        try:
            kept = load_answer(self._office.folder, self._assignment.folder, paid.turn, paid.answer_sha256)
        except (NotFound, BadFile):
            return None
        return Answer(
            text=kept.text,
            response=kept.raw.encode("utf-8", "surrogateescape"),
            usage=paid.usage,
            cost_nanousd=paid.cost_nanousd,
            price=paid.price,
            latency_seconds=paid.latency_seconds,
            first_token_seconds=paid.first_token_seconds,
            from_cache=paid.from_cache,
        )

    async def _keep(self, turn: int, answer: Answer) -> None:
        office, attempt = self._office, self._planned.attempt
        try:
            sha256 = await asyncio.to_thread(
                save_answer,
                office.folder,
                self._assignment.folder,
                turn,
                answer.text,
                answer.raw,
                redactor=office.redactor,
            )
        except (BenchgenError, OSError) as fault:
            raise RunStopped(str(fault)) from fault
        spec = next(model for model in office.config.models if model.model_id == self._planned.model)
        await office.journal.record(
            AnswerReceived(
                attempt=attempt,
                turn=turn,
                answer_sha256=sha256,
                provider=spec.provider,
                model=self._planned.model,
                usage=answer.usage,
                cost_nanousd=answer.cost_nanousd,
                price=answer.price,
                latency_seconds=answer.latency_seconds,
                first_token_seconds=answer.first_token_seconds,
                from_cache=answer.from_cache,
            )
        )
