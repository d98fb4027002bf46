"""Who could be asked from here: each endpoint really tried, and the models that it lists."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from benchgen.errors import BenchgenError
from benchgen.providers.client import Client
from benchgen.providers.dialects import DIALECTS, Broken
from benchgen.providers.endpoints import KEYED, LMSTUDIO, Endpoint, endpoint, names
from benchgen.providers.lmstudio import Shelf
from benchgen.providers.transfer import NoAnswer
from benchgen.providers.wire import Refused, asked, said
from benchgen.record import Record
from benchgen.redact import Redactor
from benchgen.settings import Secrets, Settings

LOOK_SECONDS = 10.0


class Listed(Record):
    """One model of an endpoint, as `-m` takes it."""

    model: str
    is_loaded: bool | None = None
    size_bytes: int | None = None


class Surveyed(Record):
    """One endpoint. `state` is `ok`, `no key`, `not running`, `refused` or `misconfigured`; `why` says what to do.

    `is_needed`: somebody set it up here, so that it should work.
    """

    name: str
    base_url: str
    state: str
    why: str = ""
    key_name: str | None = None
    is_needed: bool = False
    models: tuple[Listed, ...] = ()


async def survey(settings: Settings, secrets: Secrets, only: Sequence[str] = ()) -> list[Surveyed]:
    """All endpoints side by side, or those that are named."""
    chosen = [name for name in names(settings) if not only or name in only]
    return list(await asyncio.gather(*(_one(name, settings, secrets) for name in chosen)))


async def _one(name: str, settings: Settings, secrets: Secrets) -> Surveyed:
    is_needed = name in settings.endpoints
    try:
        found = endpoint(name, settings, secrets)
    except BenchgenError as fault:
        state = "misconfigured" if fault.exit_code == 2 else "no key"
        base_url = settings.endpoints[name].base_url if is_needed else KEYED[name][0] if name in KEYED else ""
        return Surveyed(name, _shown(base_url), state, _said(fault), is_needed=is_needed)
    is_needed = is_needed or found.key is not None or _is_chosen(name, settings)
    try:
        models = await (_shelved(found) if name == LMSTUDIO else _listed(found))
    except BenchgenError as fault:
        return Surveyed(name, found.base_url, "not running", _said(fault), found.key_name, is_needed)
    except Refused as refused:
        why = f"HTTP {refused.status}: {said(refused, Redactor({'key': found.key} if found.key else {}))}"
        return Surveyed(name, found.base_url, "refused", why, found.key_name, is_needed)
    except (NoAnswer, TimeoutError, Broken) as fault:
        why = f"nobody answers there ({fault or 'no answer in time'}): start it, or correct its base_url"
        return Surveyed(name, found.base_url, "not running", why, found.key_name, is_needed)
    return Surveyed(name, found.base_url, "ok", "", found.key_name, is_needed, tuple(models))


async def _listed(found: Endpoint) -> list[Listed]:
    client = Client(found.base_url, DIALECTS[found.dialect].headers(found))
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            if found.name == "openrouter":
                await asked(client, "/key")  # it lists its models to anybody, even to a wrong key
            data = (await asked(client, "/models")).get("data")
    finally:
        await client.close()
    items = [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []
    return [Listed(f"{found.name}/{item['id']}") for item in items if isinstance(item.get("id"), str)]


async def _shelved(found: Endpoint) -> list[Listed]:
    models = await Shelf(found.base_url, found.key).models()
    return [Listed(f"{found.name}/{model.key}", bool(model.instances), model.size_bytes) for model in models]


def _shown(base_url: str) -> str:
    """An address that was refused, without the password that may be the reason."""
    return base_url.rpartition("@")[2]


def _is_chosen(name: str, settings: Settings) -> bool:
    """Whether the model of the settings is one of this endpoint."""
    return (settings.get("model") or "").startswith(f"{name}/")


def _said(fault: BenchgenError) -> str:
    return f"{fault.message}; {fault.hint}" if fault.hint else fault.message
