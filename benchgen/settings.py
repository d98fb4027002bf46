"""What a user has set, each value with its source: shell, `.env`, `benchgen.toml`, `pyproject.toml` or default."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from math import inf, isfinite
from pathlib import Path
from typing import Any

from benchgen import codec, paths
from benchgen.errors import BadFile, UsageError
from benchgen.record import Confidential, Record, field, field_names

TOML = "benchgen.toml"
PYPROJECT = "pyproject.toml"
ENV_FILE = ".env"
DEFAULT = "default"

# key of benchgen.toml → the environment variables that set it, the first one winning.
VARIABLES: Mapping[str, tuple[str, ...]] = {
    "results_dir": ("BENCHGEN_RESULTS_DIR",),
    "tasks_dir": ("BENCHGEN_TASKS_DIR",),
    "site_dir": ("BENCHGEN_SITE_DIR",),
    "model": ("BENCHGEN_MODEL", "DEFAULT_MODEL"),
    "temperature": ("BENCHGEN_TEMPERATURE", "DEFAULT_TEMPERATURE"),
    "sandbox": ("BENCHGEN_SANDBOX",),
    "lmstudio_base_url": ("BENCHGEN_LMSTUDIO_BASE_URL", "LMSTUDIO_BASE_URL"),
}
OPENBENCH_COMMAND = "BENCHGEN_OPENBENCH_COMMAND"
DEFAULTS: Mapping[str, str | None] = {
    "results_dir": paths.RESULTS_DIR,
    "tasks_dir": None,
    "site_dir": paths.SITE_DIR,
    "model": None,
    "temperature": None,
    "sandbox": "auto",
    "lmstudio_base_url": "http://127.0.0.1:1234/v1",
}
KEYS = ("OPENROUTER_API_KEY", "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "LM_API_TOKEN")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


class EndpointEntry(Record):
    """`[endpoints.NAME]`: an OpenAI-compatible server, and the variable that holds its key, if it wants one."""

    base_url: str
    key_env: str | None = None
    max_connections: int | None = None
    is_local: bool = False


class PriceEntry(Record):
    """`[prices."model"]`: dollars per million tokens."""

    input: float
    output: float


class MachineEntry(Record):
    """`[infra.NAME]`: something paid by the hour while a run goes on."""

    hourly_usd: float
    kind: str = "azure_vm"
    instance_type: str = ""


class SiteEntry(Record):
    """`[site]`: the site's name, its address, and Markdown files of which each becomes a page, in this order."""

    title: str = "benchgen"
    base_url: str | None = None
    about: tuple[str, ...] = ()


class OpenbenchEntry(Record):
    """`[openbench]`: how `bench` is started, and the variables that it gets beside the key of the model's provider."""

    command: str | None = None
    env: tuple[str, ...] = ()


_SECTIONS: Mapping[str, type[Record]] = {"endpoints": EndpointEntry, "prices": PriceEntry, "infra": MachineEntry}
_TABLES: Mapping[str, type[Record]] = {"site": SiteEntry, "openbench": OpenbenchEntry}


class File(Record):
    """`benchgen.toml`, or `[tool.benchgen]` of `pyproject.toml`."""

    results_dir: str | None = None
    tasks_dir: str | None = None
    site_dir: str | None = None
    model: str | None = None
    temperature: float | None = None
    sandbox: str | None = None
    lmstudio_base_url: str | None = None
    endpoints: Mapping[str, EndpointEntry] = field(default_factory=dict)
    prices: Mapping[str, PriceEntry] = field(default_factory=dict)
    infra: Mapping[str, MachineEntry] = field(default_factory=dict)
    site: SiteEntry | None = None
    openbench: OpenbenchEntry = OpenbenchEntry()


class Value(Record):
    """One setting and its origin, such as `BENCHGEN_SITE_DIR in the shell`."""

    value: str | None
    origin: str


class Settings(Record):
    """Everything that is set, but no secret."""

    values: Mapping[str, Value]
    endpoints: Mapping[str, EndpointEntry] = field(default_factory=dict)
    prices: Mapping[str, PriceEntry] = field(default_factory=dict)
    infra: Mapping[str, MachineEntry] = field(default_factory=dict)
    site: SiteEntry = SiteEntry()
    folder: Path = Path()
    openbench: OpenbenchEntry = OpenbenchEntry()

    def get(self, name: str) -> str | None:
        return self.values[name].value


class Secrets(Confidential):
    """Keys by the name of their variable, and where each comes from. Never printed, never recorded."""

    keys: Mapping[str, str] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)


class Found(Record):
    """Settings and secrets, read once."""

    settings: Settings
    secrets: Secrets


def read(environment: Mapping[str, str], folder: Path, env_file: Path | None = None) -> Found:
    """All sources, from the shell down to the defaults. UsageError or BadFile names the place of a bad value."""
    dotenv = _dotenv(env_file or folder / ENV_FILE, must_exist=env_file is not None)
    files = [(TOML, _toml(folder / TOML)), (f"[tool.benchgen] in {PYPROJECT}", _pyproject(folder / PYPROJECT))]
    values = {name: _value(name, environment, dotenv, files) for name in VARIABLES}
    _check_number("temperature", values["temperature"])
    endpoints = _first(file.endpoints for _, file in files)
    named = [entry.key_env for entry in endpoints.values() if entry.key_env]
    site = next((file.site for _, file in files if file.site), SiteEntry())
    prices, infra = _first(f.prices for _, f in files), _first(f.infra for _, f in files)
    openbench = _openbench(environment, dotenv, [file.openbench for _, file in files])
    settings = Settings(values, endpoints, prices, infra, site, folder, openbench)
    return Found(settings, _secrets([*KEYS, *named, *openbench.env], environment, dotenv))


def _openbench(
    environment: Mapping[str, str], dotenv: Mapping[str, str], entries: list[OpenbenchEntry]
) -> OpenbenchEntry:
    """What is set about `bench`; the command may stand in a variable, too."""
    named = environment.get(OPENBENCH_COMMAND) or dotenv.get(OPENBENCH_COMMAND)
    command = named or next((entry.command for entry in entries if entry.command), None)
    return OpenbenchEntry(command, next((entry.env for entry in entries if entry.env), ()))


def _value(
    name: str, environment: Mapping[str, str], dotenv: Mapping[str, str], files: list[tuple[str, File]]
) -> Value:
    for variable in VARIABLES[name]:
        if environment.get(variable):
            return Value(environment[variable], f"{variable} in the shell")
    for variable in VARIABLES[name]:
        if dotenv.get(variable):
            return Value(dotenv[variable], f"{variable} in {ENV_FILE}")
    for origin, file in files:
        found = getattr(file, name)
        if found is not None:
            return Value(str(found), origin)
    return Value(DEFAULTS[name], DEFAULT)


def _secrets(names: Iterable[str], environment: Mapping[str, str], dotenv: Mapping[str, str]) -> Secrets:
    keys: dict[str, str] = {}
    origins: dict[str, str] = {}
    for name in dict.fromkeys(names):
        for origin, source in (("the shell", environment), (ENV_FILE, dotenv)):
            key = source.get(name, "").strip()
            if key:
                keys[name], origins[name] = key, origin
                break
    return Secrets(keys, origins)


def _dotenv(path: Path, *, must_exist: bool) -> dict[str, str]:
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as fault:
        if must_exist:
            raise UsageError("there is no such file", where=f"--env-file {path}") from fault
        return {}
    except (OSError, UnicodeDecodeError) as fault:
        raise BadFile(f"cannot be read: {fault}", where=str(path)) from fault
    from dotenv import dotenv_values  # few folders have such a file, and every command would wait for it

    return {name: value for name, value in dotenv_values(stream=StringIO(text)).items() if value}


def _toml(path: Path) -> File:
    return _file(_parsed(path), str(path))


def _pyproject(path: Path) -> File:
    tool = _parsed(path).get("tool", {})
    section = tool.get("benchgen", {}) if isinstance(tool, dict) else {}
    return _file(section, f"{path} [tool.benchgen]")


def _parsed(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as fault:
        raise BadFile(f"not valid TOML: {fault}", where=str(path)) from fault
    import tomllib

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise BadFile(f"not valid TOML: {fault}", where=str(path)) from fault


def _file(data: object, where: str) -> File:
    unknown = sorted(set(data) - set(field_names(File))) if isinstance(data, dict) else []
    if unknown:
        raise BadFile(f"unknown setting {unknown[0]!r}", where=where, hint=f"known: {', '.join(_fields())}")
    file = codec.convert(data, File, where=where)
    for name, kind, table in _tables(data) if isinstance(data, dict) else ():
        _check_table(table, kind, f"{where} [{name}]")
    for name, entry in file.endpoints.items():
        _check_key_env(entry.key_env, f"{where} [endpoints.{name}]")
    return file


def _tables(data: Mapping[str, Any]) -> Iterator[tuple[str, type[Record], Mapping[str, object]]]:
    """The tables of a file that is sound as far as types tell."""
    for section, kind in _SECTIONS.items():
        yield from ((f"{section}.{name}", kind, table) for name, table in data.get(section, {}).items())
    yield from ((name, kind, data[name]) for name, kind in _TABLES.items() if name in data)


def _check_table(table: Mapping[str, object], kind: type[Record], where: str) -> None:
    """What a table may hold. A value is not repeated: it may be a key that somebody put here."""
    unknown = sorted(set(table) - set(field_names(kind)))
    if unknown:
        hint = f"known: {', '.join(field_names(kind))}"
        if kind is EndpointEntry:
            hint += "; a key belongs into .env or the environment, key_env names its variable"
        raise BadFile(f"unknown setting {unknown[0]!r}", where=where, hint=hint)
    for name, value in table.items():
        if isinstance(value, int | float) and not 0 <= value < inf:
            raise BadFile(f"{name} is no amount", where=where, hint="a number that is not below zero")


def _check_key_env(key_env: str | None, where: str) -> None:
    """A key may have been put where the name of its variable belongs: it is not repeated."""
    if key_env is not None and not _VARIABLE.fullmatch(key_env):
        hint = 'for example key_env = "HOUSE_KEY", and HOUSE_KEY=… in .env or the environment'
        raise BadFile("key_env is no name of a variable", where=where, hint=hint)


def _fields() -> list[str]:
    return sorted(field_names(File))


def _first(tables: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """All tables as one; where two say something of one name, the earlier source wins."""
    merged: dict[str, Any] = {}
    for table in tables:
        merged = {**table, **merged}
    return merged


def _check_number(name: str, found: Value) -> None:
    if found.value is None:
        return
    try:
        is_number = isfinite(float(found.value))
    except ValueError:
        is_number = False
    if not is_number:
        raise UsageError(f"{found.value!r} is no number", where=f"{name} from {found.origin}")
