"""A new run folder: planned and on record before anything runs."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from pathlib import Path

from benchgen import codec, paths
from benchgen.clock import Clock
from benchgen.errors import BenchgenError, UsageError
from benchgen.record import Record
from benchgen.records.events import RunQueued
from benchgen.records.run import RunConfig
from benchgen.redact import Redactor
from benchgen.store import files, log

_ENV_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Metadata(Record):
    """`metadata.json`, as seed 004's tools read it; `model_id` is None when there are several."""

    benchmark_name: str
    run_name: str
    model_id: str | None
    created_at: str


def new_run_id(clock: Clock, token: str) -> str:
    """`run_20261121T024041Z_a2ca88`: when, and six hex digits of chance."""
    return f"run_{clock.stamp()[:19].replace('-', '').replace(':', '')}Z_{token[:6]}"


def queue_run(
    root: Path,
    config: RunConfig,
    env_keys: Iterable[str],
    *,
    clock: Clock = Clock(),
    redactor: Redactor = Redactor(),
    requests: Iterable[bytes] = (),
) -> Path:
    """The folder of a run that has not started. It appears whole or not at all; `env_keys` are names, never values.

    `requests` are the lines of a dataset run's `requests.jsonl`: it goes on without the file that they came from.
    """
    if not paths.is_run_id(config.run_id):
        raise UsageError("a run id has 1 to 128 of the characters A-Z a-z 0-9 . _ -", where=repr(config.run_id))
    folder = root / config.run_id
    if folder.exists():
        raise BenchgenError("there is a run of this id already", where=str(folder))
    files.make_folder(root)
    temporary = root / f".{config.run_id}.new"
    files.remove_tree(temporary)
    with files.disk_full_named(root):
        try:
            files.write_folder(temporary, _first_files(config, env_keys, redactor))
            if config.kind == "dataset":
                files.write_lines(temporary / paths.REQUESTS, (redactor.bytes(line) for line in requests))
            log.append(temporary, [RunQueued(run_id=config.run_id, format=config.format)], clock=clock)
            files.sync_folder(temporary)
            temporary.rename(folder)
        except BaseException:
            files.remove_tree(temporary)
            raise
        files.sync_folder(root)
    return folder


def _first_files(config: RunConfig, env_keys: Iterable[str], redactor: Redactor) -> dict[str, bytes]:
    only = config.models[0].model_id if len(config.models) == 1 else None
    metadata = Metadata(config.benchmark_name, config.run_name, only, config.created_at)
    contents = {
        paths.CONFIG: codec.file(config),
        paths.COMMAND: f"{shlex.join(config.command)}\n".encode("utf-8", "replace"),
        paths.ENV_KEYS: codec.file(sorted(_checked(env_keys))),
        paths.METADATA: codec.file(metadata),
    }
    return {name: redactor.bytes(data) for name, data in contents.items()}


def _checked(env_keys: Iterable[str]) -> set[str]:
    keys = set(env_keys)
    for key in keys:
        if not _ENV_KEY.fullmatch(key):
            raise UsageError("the name of an environment variable was expected", where=paths.ENV_KEYS)
    return keys
