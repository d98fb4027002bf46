"""Attacks on what code in the sandbox may see and change; each must fail, alone and as a judge's candidate."""

import ast
import os
import socket
import threading
from pathlib import Path

import pytest
from sandbox_room import Room, chain, lines, make_room

from benchgen.sandbox.files import make_box, remove_tree

TRY = """
import sys
def attempt(action, *words):
    try:
        return action(*words)
    except (OSError, ValueError) as error:
        return f"refused: {type(error).__name__}"
"""


@pytest.fixture
def room():
    box = make_box({})
    yield make_room(box)
    remove_tree(box)


@pytest.fixture(params=["alone", "candidate"])
def attack(request, room):
    """Runs code in the room, once without and once with a judge around it."""
    run = getattr(room, request.param)
    return lambda code, *words, **more: lines(run(TRY + code, *words, **more))


def test_host_files_cannot_be_read(attack, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("canary")
    code = "for path in sys.argv[1:]: print(attempt(lambda: open(path).read()))"
    seen = attack(code, str(secret), "/etc/shadow", "/proc/1/root/etc/shadow", str(Path.home() / ".bashrc"))
    assert all(line.startswith("refused") for line in seen), seen


def test_home_holds_nothing_but_what_the_toolchain_needs(attack):
    code = "import os; print(attempt(os.listdir, sys.argv[1]))"
    home = Path.home()
    (seen,) = attack(code, str(home))
    needed = {bind.relative_to(home).parts[0] for bind in chain("python").binds if bind.is_relative_to(home)}
    assert seen.startswith("refused") or set(ast.literal_eval(seen)) <= needed


def test_the_environment_of_benchgen_is_nowhere(attack, monkeypatch):
    monkeypatch.setenv("BENCHGEN_CANARY", "sk-canary")
    code = """
import glob, os
for path in glob.glob("/proc/[0-9]*/environ"):
    data = attempt(lambda: open(path, "rb").read())
    print(isinstance(data, bytes) and b"canary" in data.lower())
print("canary" in str(os.environ).lower())
"""
    assert set(attack(code)) == {"False"}


def test_a_server_on_the_host_cannot_be_reached(attack):
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = "import socket; print(attempt(socket.create_connection, ('127.0.0.1', int(sys.argv[1])), 2))"
        assert attack(code, str(server.getsockname()[1])) == ["refused: ConnectionRefusedError"]


def test_an_abstract_socket_of_the_host_cannot_be_reached(attack):
    with socket.socket(socket.AF_UNIX) as server:
        name = f"benchgen-{os.getpid()}-{threading.get_ident()}"
        server.bind("\0" + name)
        server.listen()
        code = "import socket; s = socket.socket(socket.AF_UNIX); print(attempt(s.connect, chr(0) + sys.argv[1]))"
        assert attack(code, name) == ["refused: ConnectionRefusedError"]


def test_the_internet_and_its_names_are_out_of_reach(attack):
    code = """
import socket
print(attempt(socket.create_connection, ("192.0.2.1", 80), 2))
print(attempt(socket.getaddrinfo, "example.com", 80))
"""
    assert attack(code) == ["refused: OSError", "refused: gaierror"]


def test_the_machine_around_a_virtual_one_is_out_of_reach(attack):
    code = """
import socket
for family in (socket.AF_VSOCK, socket.AF_ALG, socket.AF_PACKET):
    print(attempt(socket.socket, family, socket.SOCK_STREAM))
"""
    assert attack(code) == ["refused: OSError"] * 3


def test_only_the_folders_meant_for_it_can_be_written(attack):
    code = """
import os
for folder in ["/", "/usr", "/usr/bin", "/etc", "/dev", "/run", "/run/benchgen", "/sys", "/proc", "/proc/sys/kernel"]:
    print(attempt(lambda: open(folder + "/canary", "w")))
for file in ["/etc/passwd", "/usr/bin/env", "/proc/sys/kernel/hostname", "/proc/sysrq-trigger", "/dev/mem"]:
    print(attempt(lambda: open(file, "w")))
"""
    seen = attack(code)
    assert len(seen) == 15
    assert all(line.startswith("refused") for line in seen), seen


def test_devices_cannot_be_made(attack):
    code = "import os, stat; print(attempt(os.mknod, '/tmp/home/disk', stat.S_IFBLK | 0o666, os.makedev(8, 0)))"
    assert attack(code) == ["refused: PermissionError"]


def test_nothing_can_be_mounted_and_no_namespace_made(attack):
    code = """
import ctypes, os, subprocess
libc = ctypes.CDLL(None, use_errno=True)
print(libc.mount(b"none", b"/tmp/home", b"tmpfs", 0, None), libc.umount2(b"/box", 2))
print(libc.unshare(0x10000000), libc.unshare(0x00020000))
for command in (["unshare", "-Ur", "true"], ["bwrap", "--unshare-user", "--ro-bind", "/", "/", "true"]):
    print(subprocess.run(command, capture_output=True).returncode != 0)
"""
    assert attack(code) == ["-1 -1", "-1 -1", "True", "True"]


def test_calls_that_get_round_limits_or_into_other_processes_are_refused(attack):
    code = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *words):
    result = getattr(libc, name)(*words)
    print(name, result, ctypes.get_errno() if result == -1 else 0)
call("memfd_create", b"x", 0)
call("shmget", 0, 4096, 0o1600)
call("msgget", 0, 0o1600)
call("semget", 0, 1, 0o1600)
call("ptrace", 0, 0, 0, 0)
call("process_vm_readv", os.getppid(), None, 0, None, 0, 0)
call("add_key", b"user", b"x", b"y", 1, -3) if hasattr(libc, "add_key") else print("add_key -1 1")
call("setns", 0, 0)
call("settimeofday", ctypes.byref((ctypes.c_long * 2)(0, 0)), None)
call("clock_settime", 0, ctypes.byref((ctypes.c_long * 2)(0, 0)))
call("personality", 0xffffffff)
"""
    seen = {line.split()[0]: line.split()[1:] for line in attack(code)}
    assert seen.pop("personality") == ["0", "0"]
    assert seen.pop("memfd_create") == ["-1", "38"]
    assert set(map(tuple, seen.values())) == {("-1", "1")}


def test_privileges_cannot_be_gained(attack):
    code = """
import os
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(status["NoNewPrivs"].strip(), status["CapEff"].strip(), status["CapBnd"].strip(), status["Seccomp"].strip())
print(os.getuid() != 0, attempt(os.setuid, 0))
"""
    assert attack(code) == [f"1 {'0' * 16} {'0' * 16} 2", "True refused: OSError"]


def test_there_is_no_terminal_to_type_into(attack):
    code = "import os; print(attempt(os.open, '/dev/tty', os.O_RDWR)); print(os.isatty(0), os.getsid(0) > 0)"
    assert attack(code) == ["refused: OSError", "False True"]


def test_no_descriptor_is_inherited_beside_the_three(attack):
    code = "import os; print(sorted(map(int, os.listdir('/proc/self/fd'))))"
    assert attack(code) == ["[0, 1, 2, 3]"]  # the fourth is the one that lists


def test_no_process_of_the_host_is_visible(attack):
    code = "import os; print(max(int(name) for name in os.listdir('/proc') if name.isdigit()) < 64)"
    assert attack(code) == ["True"]


def test_the_first_process_hands_out_no_descriptor(attack):
    code = """
import os
for fd in attempt(os.listdir, "/proc/1/fd"):
    if fd.isdigit() and int(fd) > 2:
        print(attempt(os.readlink, f"/proc/1/fd/{fd}"), attempt(os.open, f"/proc/1/fd/{fd}", os.O_WRONLY))
"""
    assert [line for line in attack(code) if "refused" not in line] == []


def test_the_clock_and_the_host_name_stay(attack):
    code = """
import socket, time
print(attempt(time.clock_settime, time.CLOCK_REALTIME, 0.0))
print(attempt(socket.sethostname, "canary"), socket.gethostname())
"""
    assert attack(code) == ["refused: PermissionError", "refused: PermissionError sandbox"]


def test_read_only_paths_cannot_be_changed_even_without_a_judge(room: Room):
    code = """
import os
print(attempt(lambda: open("/box/tests/expected.txt", "w")))
print(attempt(os.rename, "/box/tests", "/box/elsewhere"))
print(attempt(os.remove, "/box/tests/expected.txt"))
print(open("/box/workspace/new.txt", "w").write("fine"))
"""
    seen = lines(room.alone(TRY + code, read_only=("tests",)))
    assert seen == ["refused: OSError", "refused: OSError", "refused: OSError", "4"]
    assert (room.box / "tests" / "expected.txt").read_text() == "the answer is 42"
