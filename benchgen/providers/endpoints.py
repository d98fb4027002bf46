"""Who can be asked over the network: each endpoint's address, its key, and whether its answers have a bill."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from benchgen.errors import BenchgenError, UsageError
from benchgen.record import Confidential, replace
from benchgen.settings import EndpointEntry, Secrets, Settings

Dialect = Literal["openai", "anthropic"]


class Endpoint(Confidential):
    """One server. `key_name` is the variable of its key; the key itself is never printed."""

    name: str
    base_url: str
    dialect: Dialect = "openai"
    key_name: str | None = None
    key: str | None = None
    max_connections: int | None = None
    is_local: bool = False


KEYED: Mapping[str, tuple[str, Dialect, str]] = {
    "openrouter": ("https://openrouter.ai/api/v1", "openai", "OPENROUTER_API_KEY"),
    "openai": ("https://api.openai.com/v1", "openai", "OPENAI_API_KEY"),
    "anthropic": ("https://api.anthropic.com/v1", "anthropic", "ANTHROPIC_API_KEY"),
}
LMSTUDIO = "lmstudio"
LMSTUDIO_KEY = "LM_API_TOKEN"
"""LM Studio asks for one only where its owner wants it to."""
ANTHROPIC = "anthropic"


def names(settings: Settings) -> list[str]:
    """The endpoints that a model's name may begin with."""
    return list(dict.fromkeys((*KEYED, LMSTUDIO, *settings.endpoints)))


def endpoint(name: str, settings: Settings, secrets: Secrets, base_url: str | None = None) -> Endpoint:
    """The endpoint of that name; `base_url` stands in for its own. BenchgenError when its key is missing."""
    found = _named(name, settings)
    if base_url is not None:
        # A key belongs to its address: to another one it would be given away.
        found = Endpoint(found.name, base_url, found.dialect, is_local=found.is_local and _is_loopback(base_url))
    elif name == LMSTUDIO and name not in settings.endpoints and LMSTUDIO_KEY in secrets.keys:
        found = replace(found, key_name=LMSTUDIO_KEY)
    check_url(found.base_url, name)
    return found if found.key_name is None else replace(found, key=_key(found.key_name, name, secrets))


def _key(key_name: str, name: str, secrets: Secrets) -> str:
    key = secrets.keys.get(key_name)
    if key is None:
        raise BenchgenError(
            f"{key_name} is not set, and {name} answers nobody without it",
            hint=f"put {key_name}=… into .env or the environment",
        )
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise BenchgenError(f"{key_name} holds characters that no key has", hint="is more than the key pasted there?")
    return key


def check_url(base_url: str, name: str) -> None:
    """https, or http on this machine: a key and a prompt travel over it."""
    parts = urlsplit(base_url)
    if parts.username or parts.password:
        raise UsageError("must not hold a user or password", where=f"base_url of {name}")
    if not _can_be_found(parts):
        raise UsageError(f"{base_url!r} names no host that can be found", where=f"base_url of {name}")
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and _is_loopback(base_url):
        return
    raise UsageError(f"{base_url!r} is neither https nor on this machine", where=f"base_url of {name}")


def _can_be_found(parts: SplitResult) -> bool:
    """Whether its port is a number of a port, and its host can be spelled as names are looked up."""
    try:
        return bool((parts.hostname or "").encode("idna")) and parts.port != 0
    except ValueError:
        return False


def _named(name: str, settings: Settings) -> Endpoint:
    if name in settings.endpoints:
        return _own(name, settings.endpoints[name])
    if name == LMSTUDIO:
        return Endpoint(name, settings.get("lmstudio_base_url") or "", is_local=True)
    base_url, dialect, key_name = KEYED[name]
    return Endpoint(name, base_url, dialect, key_name)


def _own(name: str, entry: EndpointEntry) -> Endpoint:
    # What asks for a key may well pass requests on to somebody who sends a bill.
    is_local = entry.is_local or (_is_loopback(entry.base_url) and entry.key_env is None)
    return Endpoint(name, entry.base_url, "openai", entry.key_env, None, entry.max_connections, is_local)


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
