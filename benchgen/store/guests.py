"""Runs of other harnesses: a log of our own about them, below `.followed`, so that nothing is written in their folders.

Each is derived from what their files showed. Who makes it anew loses what those files no longer say.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchgen import codec, paths
from benchgen.errors import BadFile, NotFound
from benchgen.record import Record
from benchgen.records.run import RunConfig
from benchgen.redact import Redactor
from benchgen.store import files

_PLAIN = Redactor()


class Origin(Record):
    """`origin.json`: where a followed run's files come from, and until when it counts as going on.

    `folder` and `live_file` are relative to the results' folder where they lie below it; `created` is the run's own
    word for when it began, so that a folder used again is noticed; `seen` is how its files looked when it had ended.
    `is_copied`: the run was taken in whole, and all that is shown of it lies beside its log.
    """

    folder: str = ""
    live_file: str = ""
    created: str = ""
    alive_until: str = ""
    seen: str = ""
    is_copied: bool = False


def run_id_of(name: str) -> str:
    """A folder's name as a run's id, where it can be one; else made safe, with six hex digits."""
    return name if paths.is_run_id(name) else paths.taken_id(name, name)


def imported_id(name: str) -> str:
    """The id of the run that an import makes of a folder among our results, wherever these are moved to."""
    return paths.taken_id(name, f"./{name}")


def is_imported(root: Path, folder: Path) -> bool:
    """Whether somebody imported a folder that lies among our results: then that run stands for it."""
    return (root / imported_id(folder.name)).exists()


def home_of(root: Path, run_id: str) -> Path:
    """Where a followed run's log lies."""
    return root / paths.FOLLOWED / run_id


def list_guests(root: Path) -> list[str]:
    """The ids of all followed runs whose files are still there."""
    try:
        found = sorted(entry.name for entry in os.scandir(root / paths.FOLLOWED) if entry.is_dir(follow_symlinks=False))
    except FileNotFoundError:
        return []
    return [run_id for run_id in found if paths.is_run_id(run_id) and is_guest(root, run_id)]


def is_guest(root: Path, run_id: str) -> bool:
    """Whether there is a log of such a run, and its own folder where it had one."""
    home = home_of(root, run_id)
    return (home / paths.CONFIG).is_file() and files_of(root, run_id) is not None


def files_of(root: Path, run_id: str) -> Path | None:
    """The folder with the files that are shown of a followed run: its own, or its log's where it has none or they were
    copied; None where its own is gone, or was imported.

    Results come from anywhere, and `origin.json` with them: what it names is a folder among them, or looks like a run.
    """
    home = home_of(root, run_id)
    try:
        origin = read_origin(home)
    except (NotFound, BadFile):
        return None
    named = origin.folder
    if not named:
        return home
    folder = Path(named)
    is_ours = folder.name == named and not named.startswith(".")
    looks_like_a_run = (folder / paths.METADATA).is_file() and (folder / paths.EPISODES).is_dir()
    if not is_ours and not (folder.is_absolute() and looks_like_a_run):
        return None
    folder = root / folder
    if not folder.is_dir() or folder.is_symlink() or (is_ours and is_imported(root, folder)):
        return None
    return home if origin.is_copied and is_ours else folder


def is_copied(home: Path) -> bool:
    """Whether a log is about a run whose own folder lies among the results still, all of it copied beside the log."""
    return home.parent.name == paths.FOLLOWED and read_origin(home).is_copied


def is_episode_file(parts: tuple[str, ...]) -> bool:
    """Whether a path below a run folder is one that an episode has: of a folder elsewhere nothing else is shown."""
    if parts[:1] != (paths.EPISODES,) or len(parts) not in (3, 4):
        return False
    if len(parts) == 3:
        return parts[2] in (paths.TASK, paths.EXECUTION)
    return parts[2] == paths.SCREENSHOTS and parts[3].lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".webp"))


def read_origin(home: Path) -> Origin:
    """`origin.json` of a followed run."""
    path = home / paths.ORIGIN
    return codec.read(files.read_bytes(path), Origin, where=str(path))


def write_origin(home: Path, origin: Origin) -> None:
    """Replaces it. Not synced: what it says is seen again at the next look."""
    files.replace_file(home / paths.ORIGIN, codec.file(origin), durable=False)


def begin(
    root: Path, config: RunConfig, origin: Origin, redactor: Redactor = _PLAIN, *, kept: Iterable[str] = ()
) -> Path:
    """An empty log about a run; one that was there of the same name is made anew, but for the files that are `kept`."""
    home = home_of(root, config.run_id)
    files.make_folder(home.parent)
    contents = {paths.CONFIG: codec.file(config), paths.ORIGIN: codec.file(origin), paths.EVENTS: b""}
    contents |= {name: (home / name).read_bytes() for name in kept if (home / name).is_file()}
    files.replace_folder(home, {name: redactor.bytes(data) for name, data in contents.items()})
    return home


def forget(root: Path, run_id: str) -> None:
    """Removes the log about a run; the run's own files stay."""
    files.remove_tree(home_of(root, run_id))


@contextmanager
def looking(root: Path) -> Iterator[bool]:
    """Held for one look at other harnesses' runs; False where another process is looking."""
    files.make_folder(root / paths.FOLLOWED)
    fd = os.open(root / paths.FOLLOWED / paths.FOLLOWED_LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(fd)
