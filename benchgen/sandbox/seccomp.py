"""The system call filter, as raw BPF: calls that no test needs and that would get round a limit or the judge."""

from __future__ import annotations

import errno
import platform
import struct
from collections.abc import Iterator
from functools import cache

# name: (x86_64, aarch64); None where the machine has no such call
_SYSCALLS: dict[str, tuple[int, int | None]] = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "adjtimex": (159, 171),
    "bpf": (321, 280),
    "chroot": (161, 51),
    "clock_adjtime": (305, 266),
    "clock_settime": (227, 112),
    "delete_module": (176, 106),
    "fanotify_init": (300, 262),
    "finit_module": (313, 273),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "init_module": (175, 105),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "ioperm": (173, None),
    "iopl": (172, None),
    "kcmp": (312, 272),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "lookup_dcookie": (212, 18),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "mq_getsetattr": (245, 185),
    "mq_notify": (244, 184),
    "mq_open": (240, 180),
    "mq_timedreceive": (243, 183),
    "mq_timedsend": (242, 182),
    "mq_unlink": (241, 181),
    "msgctl": (71, 187),
    "msgget": (68, 186),
    "msgrcv": (70, 188),
    "msgsnd": (69, 189),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "reboot": (169, 142),
    "request_key": (249, 218),
    "semctl": (66, 191),
    "semget": (64, 190),
    "semop": (65, 193),
    "semtimedop": (220, 192),
    "setns": (308, 268),
    "settimeofday": (164, 170),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "shmdt": (67, 197),
    "shmget": (29, 194),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
    "vhangup": (153, 58),
}
# The judge's process must still be able to make the candidate's sandbox.
_MAKES_SANDBOXES = frozenset(
    {"chroot", "fsconfig", "fsmount", "fsopen", "fspick", "mount", "mount_setattr", "move_mount", "open_tree"}
    | {"pivot_root", "setns", "umount2", "unshare"}
)
# Programs try these and go on without them when the kernel seems too old, but take EPERM for a fault.
_SEEMS_OLD = frozenset(
    ["io_uring_enter", "io_uring_register", "io_uring_setup", "memfd_create", "memfd_secret", "userfaultfd"]
)

# Unix, IPv4, IPv6, netlink. Others, such as vsock, reach past the network namespace or into rarely tested code.
_SOCKET = (41, 198)
_FAMILIES = (1, 2, 10, 16)

_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_X32_BIT = 0x40000000

_LOAD_WORD, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_OFFSET, _ARCH_OFFSET, _FIRST_ARGUMENT_OFFSET = 0, 4, 16
_ALLOW, _KILL_PROCESS, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


@cache
def program(*, may_nest: bool, machine: str = "") -> bytes | None:
    """The filter for bubblewrap's --seccomp, or None on a machine whose call numbers are not known here."""
    column, arch = _MACHINES.get(machine or platform.machine(), (0, 0))
    if not arch:
        return None
    steps = [_step(_LOAD_WORD, _ARCH_OFFSET), _step(_JUMP_EQUAL, arch, 1, 0), _step(_RETURN, _KILL_PROCESS)]
    steps.append(_step(_LOAD_WORD, _NUMBER_OFFSET))
    if column == 0:
        steps += [_step(_JUMP_GREATER_EQUAL, _X32_BIT, 0, 1), _step(_RETURN, _ERRNO | errno.ENOSYS)]
    for name, numbers in _SYSCALLS.items():
        number = numbers[column]
        if number is not None and not (may_nest and name in _MAKES_SANDBOXES):
            refusal = errno.ENOSYS if name in _SEEMS_OLD else errno.EPERM
            steps += [_step(_JUMP_EQUAL, number, 0, 1), _step(_RETURN, _ERRNO | refusal)]
    return b"".join([*steps, *_only_known_sockets(_SOCKET[column]), _step(_RETURN, _ALLOW)])


def _only_known_sockets(number: int) -> Iterator[bytes]:
    """Must stand last but one: it leaves the family where the call's number was."""
    known = len(_FAMILIES)
    yield _step(_JUMP_EQUAL, number, 0, known + 2)
    yield _step(_LOAD_WORD, _FIRST_ARGUMENT_OFFSET)
    for place, family in enumerate(_FAMILIES):
        yield _step(_JUMP_EQUAL, family, known - place, 0)
    yield _step(_RETURN, _ERRNO | errno.EAFNOSUPPORT)
