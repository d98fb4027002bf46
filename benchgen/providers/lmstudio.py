"""LM Studio: which models it has, and one of them in memory at a time; what a run loaded is unloaded after it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from urllib.parse import urlsplit

from benchgen import codec
from benchgen.errors import BadFile, BenchgenError
from benchgen.providers.answer import Answer, ApiError, OnRetry, Request
from benchgen.providers.client import Client
from benchgen.providers.dialects import Broken, Json
from benchgen.providers.endpoints import LMSTUDIO_KEY
from benchgen.providers.http import HttpProvider
from benchgen.providers.transfer import NoAnswer
from benchgen.providers.wire import Refused, asked, said
from benchgen.record import Record
from benchgen.redact import Redactor

LOOK_SECONDS = 5.0
LOAD_SECONDS = 600.0
_HINT_KEY = f"where it asks for a token, put {LMSTUDIO_KEY}=… into .env or the environment"


class NotRunning(BenchgenError):
    """LM Studio does not answer."""

    code = "lmstudio_not_running"


class LocalModel(Record):
    """A model on LM Studio's disk, and its instances in memory."""

    key: str
    instances: tuple[str, ...] = ()
    size_bytes: int | None = None


class Shelf:
    """LM Studio's models: its REST interface since 0.4, else its command `lms` where that is on PATH."""

    def __init__(self, base_url: str, key: str | None = None) -> None:
        parts = urlsplit(base_url)
        self.base_url = base_url
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._redactor = Redactor({LMSTUDIO_KEY: key} if key else {})
        self._root = f"{parts.scheme}://{parts.netloc}/api/v1/models"

    async def models(self) -> list[LocalModel]:
        """All models. NotRunning when nobody answers."""
        try:
            found = await self._call("", None, LOOK_SECONDS)
        except (NoAnswer, TimeoutError, Broken) as fault:
            raise self._not_running() from fault
        except Refused as refused:
            if refused.status != 404:
                why = said(refused, self._redactor)
                raise NotRunning(f"LM Studio refuses: {why}", where=self.base_url, hint=_HINT_KEY) from refused
            return await self._models_by_command()
        items = found.get("models")
        return [_model(item) for item in items if isinstance(item, dict)] if isinstance(items, list) else []

    async def only(self, key: str) -> None:
        """Leaves just this model in memory. Loading a loaded model would make a second instance, so look first."""
        models = await self.models()
        for model in models:
            for instance in model.instances if model.key != key else ():
                await self.unload(instance)
        if not any(model.key == key and model.instances for model in models):
            await self.load(key)

    async def load(self, key: str) -> None:
        """Loads a model that is not loaded."""
        await self._change("/load", {"model": key}, ("load", key, "-y"))

    async def unload(self, instance: str) -> None:
        await self._change("/unload", {"instance_id": instance}, ("unload", instance))

    async def _change(self, path: str, body: Json, words: Sequence[str]) -> None:
        try:
            await self._call(path, body, LOAD_SECONDS)
        except Refused as refused:
            if refused.status != 404 or shutil.which("lms") is None:
                why = said(refused, self._redactor)
                raise ApiError(f"LM Studio refuses to {words[0]} {words[1]}: {why}") from refused
            await _lms(*words)
        except (NoAnswer, TimeoutError, Broken) as fault:
            raise self._not_running() from fault

    async def _call(self, path: str, body: Json | None, seconds: float) -> Json:
        client = Client(self._root, self._headers)
        try:
            async with asyncio.timeout(seconds):
                return await asked(client, path, None if body is None else codec.compact(body))
        finally:
            await client.close()

    async def _models_by_command(self) -> list[LocalModel]:
        if shutil.which("lms") is None:
            hint = "update LM Studio to 0.4 or newer, or put its command lms on PATH"
            raise NotRunning("this LM Studio cannot list its models over HTTP", where=self.base_url, hint=hint)
        loaded = [(item.get("modelKey"), item.get("identifier")) for item in await _lms_json("ps")]
        return [
            LocalModel(str(item["modelKey"]), tuple(str(name) for key, name in loaded if key == item["modelKey"]))
            for item in await _lms_json("ls")
            if "modelKey" in item
        ]

    def _not_running(self) -> NotRunning:
        hint = "start its server (lms server start), or set LMSTUDIO_BASE_URL"
        return NotRunning("LM Studio is not running here", where=self.base_url, hint=hint)


class LmStudio:
    """The models of a run at LM Studio: requests for another model than the loaded one wait until it may change."""

    def __init__(self, asked: HttpProvider, shelf: Shelf) -> None:
        self._asked = asked
        self._shelf = shelf
        self._loaded: str | None = None
        self._begun: str | None = None
        self._under_way = 0
        self._turn = asyncio.Condition()

    async def answer(self, request: Request, on_retry: OnRetry) -> Answer:
        key = request.model.partition("/")[2]
        async with self._turn:
            await self._turn.wait_for(lambda: self._loaded == key or not self._under_way)
            if self._loaded != key:
                await self._switch(key)
            self._under_way += 1
        try:
            return await self._asked.answer(request, on_retry)
        finally:
            async with self._turn:
                self._under_way -= 1
                self._turn.notify_all()

    def spelled(self, request: Request) -> tuple[str, Json]:
        """The address and the body of a request."""
        return self._asked.spelled(request)

    async def close(self) -> None:
        """Frees the memory that the last model took, or takes where its loading was broken off."""
        try:
            for model in await self._shelf.models() if self._begun is not None else ():
                for instance in model.instances if model.key == self._begun else ():
                    await self._shelf.unload(instance)
        except (NotRunning, ApiError):
            return  # it was closed before us: nothing is left to free
        finally:
            await self._asked.close()

    async def _switch(self, key: str) -> None:
        self._loaded, self._begun = None, key
        try:
            await self._shelf.only(key)
        except NotRunning as fault:
            raise ApiError(fault.message, where=fault.where, hint=fault.hint) from fault
        self._loaded = key


def _model(item: Json) -> LocalModel:
    instances = [found for found in item.get("loaded_instances") or () if isinstance(found, dict)]
    size = item.get("size_bytes")
    names = tuple(str(found.get("id")) for found in instances)
    return LocalModel(str(item.get("key")), names, size if isinstance(size, int) else None)


async def _lms(*words: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        "lms",
        *words,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, complaint = await process.communicate()
    if process.returncode != 0:
        said = complaint.decode("utf-8", "replace").strip()[:200]
        raise ApiError(f"lms {words[0]} failed: {said}")
    return out


async def _lms_json(word: str) -> list[Json]:
    try:
        found = codec.parse(await _lms(word, "--json"), where=f"lms {word}")
    except BadFile as fault:
        raise ApiError(f"lms {word} printed no JSON") from fault
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
