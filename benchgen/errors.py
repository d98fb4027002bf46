"""What can go wrong, said well: errors that name what, where and what to do next."""

from __future__ import annotations

EXIT_COULD_NOT = 1
EXIT_USAGE = 2
EXIT_GATE = 3
EXIT_INCOMPLETE = 4
EXIT_INTERRUPTED = 130


class BenchgenError(Exception):
    """An error for people: the message says what is wrong, `where` the file and field, `hint` what to do."""

    exit_code = EXIT_COULD_NOT
    code = "error"

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f"\n  {self.hint}" if self.hint else ""
        return f"{place}{self.message}{advice}"


class UsageError(BenchgenError):
    """The command or request itself is wrong."""

    exit_code = EXIT_USAGE
    code = "usage"


class NotFound(BenchgenError):
    """A run, task, attempt or file that was asked for does not exist."""

    code = "not_found"


class BadFile(BenchgenError):
    """A file does not say what it should; `where` names it, with a line or a field."""

    code = "bad_file"


class NoInstant(BadFile, ValueError):
    """A text that should say when something was does not."""


class NewerFormat(BadFile):
    """A file was written by a newer benchgen than this one."""

    code = "newer_format"


class Locked(BenchgenError):
    """Another process holds what this one needs."""

    code = "locked"


class Busy(BenchgenError):
    """So much is waiting already that no more is taken."""

    code = "busy"


class DiskFull(BenchgenError):
    """Nothing more can be written; what was acknowledged before is safe."""

    code = "disk_full"
