"""Run as a program by root: makes a mount namespace where chosen folders below closed ones can be reached, and waits.

Arguments are pairs: a folder that only root may enter, and a folder below it that shall be reached. Over each closed
folder lies an empty one that all may enter, with nothing in it but the wanted folders, at their own paths.
"""

import ctypes
import os
import sys
from pathlib import Path

_NEW_MOUNT_NAMESPACE = 0x20000
_READ_ONLY, _REMOUNT, _BIND, _RECURSIVE, _PRIVATE = 1, 32, 4096, 16384, 1 << 18
_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)


def _mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    words = [os.fsencode(word) for word in (source, target, kind)]
    _check(_libc.mount(*words, ctypes.c_ulong(flags), os.fsencode(options)), target)


def _make_place(place: Path, is_folder: bool) -> None:
    (place if is_folder else place.parent).mkdir(parents=True, exist_ok=True)
    if not is_folder:
        place.touch()


def make(pairs: list[tuple[str, str]]) -> None:
    """Leave the namespace of our parent and rearrange our own."""
    _check(_libc.unshare(_NEW_MOUNT_NAMESPACE), "unshare")
    _mount("none", "/", "none", _RECURSIVE | _PRIVATE)
    wanted = {folder: os.open(folder, os.O_PATH) for _, folder in pairs}
    closed = {folder for folder, _ in pairs}
    for folder in closed:
        _mount("tmpfs", folder, "tmpfs", 0, "mode=755,size=1m")
    for folder, descriptor in wanted.items():
        _make_place(Path(folder), Path(f"/proc/self/fd/{descriptor}").is_dir())
        _mount(f"/proc/self/fd/{descriptor}", folder, "none", _BIND | _RECURSIVE)
    for folder in closed:
        _mount("tmpfs", folder, "tmpfs", _REMOUNT | _READ_ONLY, "mode=755,size=1m")


if __name__ == "__main__":
    _words = sys.argv[1:]
    make(list(zip(_words[::2], _words[1::2], strict=True)))
    print("ready", flush=True)
    sys.stdin.read()
