"""Compiled templates, kept in the user's cache: compiling them anew took a third of the time of a short build."""

from __future__ import annotations

import marshal
import os
import sys
from contextlib import suppress
from pathlib import Path

from jinja2.bccache import Bucket, BytecodeCache
from platformdirs import user_cache_path


class Compiled(BytecodeCache):
    """One file a template. `sources` names everything that a template may have been compiled from: filters too, for
    Jinja works out constants while compiling.

    Only what this user wrote is ever run; where nothing can be kept, templates are compiled each time.
    """

    def __init__(self, sources: str, folder: Path | None = None) -> None:
        self._sources = sources
        self._folder = folder or user_cache_path("benchgen") / "templates"

    def get_source_checksum(self, source: str) -> str:
        return f"{self._sources} {sys.implementation.cache_tag} {super().get_source_checksum(source)}"

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError), self._path(bucket).open("rb") as file:
            if os.fstat(file.fileno()).st_uid != os.geteuid():
                return
            checksum, _, code = file.read().partition(b"\n")
            if checksum != bucket.checksum.encode():
                return
            try:
                bucket.code = marshal.loads(code)  # noqa: S302 - ours; Jinja reads it from the file, five times as long
            except Exception:  # noqa: BLE001 - a damaged file raises whatever its bytes happen to spell
                bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        path = self._path(bucket)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            temporary.write_bytes(bucket.checksum.encode() + b"\n" + marshal.dumps(bucket.code))
            temporary.replace(path)

    def _path(self, bucket: Bucket) -> Path:
        return self._folder / bucket.key
