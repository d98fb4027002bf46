"""The system call filter as a program: a small interpreter of BPF says what it answers."""

import errno
import struct

import pytest

from benchgen.sandbox.seccomp import program

ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
X86, ARM = 0xC000003E, 0xC00000B7


def answer(rules: bytes, arch: int, number: int, argument: int = 0) -> int:
    steps = list(struct.iter_unpack("=HBBI", rules))
    position, word = 0, 0
    while True:
        code, if_true, if_false, value = steps[position]
        position += 1
        if code == 0x20:
            word = {0: number, 4: arch, 16: argument}[value]
        elif code == 0x15:
            position += if_true if word == value else if_false
        elif code == 0x35:
            position += if_true if word >= value else if_false
        else:
            assert code == 0x06
            return value


@pytest.mark.parametrize(
    ("machine", "arch", "ptrace", "mount", "memfd"),
    [("x86_64", X86, 101, 165, 319), ("aarch64", ARM, 117, 40, 279)],
)
def test_dangerous_calls_are_refused_on_both_processors(machine, arch, ptrace, mount, memfd):
    rules = program(may_nest=False, machine=machine)
    assert answer(rules, arch, ptrace) == ERRNO | errno.EPERM
    assert answer(rules, arch, mount) == ERRNO | errno.EPERM
    assert answer(rules, arch, memfd) == ERRNO | errno.ENOSYS


def test_a_judge_may_still_make_a_sandbox():
    rules = program(may_nest=True, machine="x86_64")
    assert answer(rules, X86, 165) == answer(rules, X86, 272) == ALLOW
    assert answer(rules, X86, 101) == ERRNO | errno.EPERM


def test_ordinary_calls_pass():
    rules = program(may_nest=False, machine="x86_64")
    assert {answer(rules, X86, number) for number in (0, 1, 2, 9, 42, 56, 57, 59, 202, 435)} == {ALLOW}


def test_calls_of_another_architecture_are_no_way_round():
    rules = program(may_nest=False, machine="x86_64")
    assert answer(rules, 0x40000003, 26) == KILL
    assert answer(rules, X86, 0x40000000 | 101) == ERRNO | errno.ENOSYS


@pytest.mark.parametrize(("machine", "arch", "socket"), [("x86_64", X86, 41), ("aarch64", ARM, 198)])
def test_only_ordinary_kinds_of_sockets_can_be_made(machine, arch, socket):
    rules = program(may_nest=False, machine=machine)
    passed = {family for family in range(64) if answer(rules, arch, socket, family) == ALLOW}
    assert passed == {1, 2, 10, 16}
    assert answer(rules, arch, socket, 40) == ERRNO | errno.EAFNOSUPPORT


def test_an_unknown_processor_has_no_filter():
    assert program(may_nest=False, machine="riscv64") is None
