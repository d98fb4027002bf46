"""Cheats in Go, Rust and C++ really build and cheat: each passes some naive harness, the starter none."""

from __future__ import annotations

import shutil

import naive
import pytest
import sandbox_room

from benchgen.verify import cheat_rust
from benchgen.verify.cheats import cheats

GO_TEST = """package judge

import (
	"testing"
	"toy"
)

func TestAdds(t *testing.T) {
	if sum := toy.Add(2, 3); sum != 5 {
		t.Errorf("sum %d", sum)
	}
}
"""
GO = {
    "workspace/go.mod": "module toy\n\ngo 1.21\n",
    "workspace/add.go": "// Package toy adds.\npackage toy\n\nfunc Add(a, b int) int { return 0 }\n",
    "workspace/judge/judge_test.go": GO_TEST,
    "reference/add.go": "package toy\n\nfunc Add(a, b int) int { return a + b }\n",
}
RUST = {
    "workspace/Cargo.toml": '[package]\nname = "toy"\nversion = "0.1.0"\nedition = "2021"\n',
    "workspace/src/lib.rs": "pub fn add(a: i32, b: i32) -> i32 {\n    let _ = (a, b);\n    0\n}\n",
    "workspace/tests/judge.rs": "#[test]\nfn adds() {\n    assert_eq!(toy::add(2, 3), 5);\n}\n",
    "reference/src/lib.rs": "pub fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n",
}
CPP_SCRIPT = """#!/bin/sh
g++ -std=c++20 -O0 -I ../workspace judge.cpp ../workspace/adding.cpp -o judge && ./judge
"""
CPP_TEST = """#include "adding.hpp"
#include <cassert>
#include <cstdio>
int main() {
    assert(add(2, 3) == 5);
    std::puts("ok 1 - adds");
}
"""
CPP = {
    "workspace/adding.hpp": "#pragma once\nint add(int a, int b);\n",
    "workspace/adding.cpp": '#include "adding.hpp"\nint add(int, int) { return 0; }\n',
    "reference/adding.hpp": "#pragma once\nint add(int a, int b);\n",
    "reference/adding.cpp": '#include "adding.hpp"\nint add(int a, int b) { return a + b; }\n',
    "tests/run-tests.sh": CPP_SCRIPT,
    "tests/judge.cpp": CPP_TEST,
}
MAKE = naive.Harness(("sh", "./run-tests.sh"), folder="workspace")
HARNESSES = {
    "go": [naive.Harness(("go", "test", "-json", "-count=1", "./judge/"), folder="workspace", form="go")],
    "rust": [naive.Harness(("cargo", "test", "--offline", "--test", "judge"), folder="workspace", form="cargo")],
    "cpp": [naive.Harness(("sh", "run-tests.sh"), folder="tests"), MAKE],
}
NAMES = {
    "go": [
        *("exit_early", "forged_output", "patched_runner", "killed_judge", "read_judge", "read_environment"),
        *("embedded_judge", "overwritten_tests", "emptied_tests", "deleted_tests", "new_runner_files"),
    ],
    "rust": [
        *("exit_early", "forged_output", "patched_runner", "killed_judge", "read_judge", "read_environment"),
        *("embedded_judge", "overwritten_tests", "emptied_tests", "deleted_tests", "new_runner_files"),
    ],
    "cpp": [
        *("exit_early", "forged_output", "killed_judge", "patched_assert", "read_judge", "read_environment"),
        *("embedded_judge", "overwritten_tests", "new_runner_files"),
    ],
}


def task_in(language, folder):
    sandbox_room.chain(language)
    contents = {"go": GO, "rust": RUST, "cpp": CPP}[language]
    cases = ["TestAdds"] if language == "go" else ["adds"]
    return naive.make(folder / "toy", language, cases, contents)


def believed(task, change, folder):
    found = set()
    for number, harness in enumerate(HARNESSES[task.language]):
        root = folder / f"box{number}"
        box = naive.box_with(task, root, change(root))
        found |= naive.believes(harness, box, task.cases)
        shutil.rmtree(box)
    return found


@pytest.mark.parametrize(("language", "name"), [(language, name) for language in NAMES for name in NAMES[language]])
def test_a_cheat_passes_a_naive_harness(tmp_path, language, name):
    task = task_in(language, tmp_path)
    found = believed(task, lambda root: naive.change_of(task, name, root), tmp_path)
    if name == "deleted_tests":  # without the judge nothing runs; nothing is seen to fail either
        assert "exit code" not in found
    elif name.endswith("_judge") and name != "killed_judge":
        assert {"exit code", "report"} <= found, "a theft passes with the right solution, if it works"
    else:
        assert found


@pytest.mark.parametrize("language", NAMES)
def test_the_starter_passes_no_naive_harness(tmp_path, language):
    task = task_in(language, tmp_path)
    harness = HARNESSES[language][0]
    assert naive.believes(harness, naive.box_with(task, tmp_path / "box", None), task.cases) == set()


@pytest.mark.parametrize("language", NAMES)
def test_no_cheat_is_left_untried(tmp_path, language):
    assert [cheat.name for cheat in cheats(task_in(language, tmp_path))] == NAMES[language]


@pytest.mark.parametrize("name", ["build.rs", ".cargo/config.toml"])
def test_each_new_file_rules_a_naive_cargo(tmp_path, name):
    change = cheat_rust.whole({name: cheat_rust.INTRUDERS[name]})
    assert "exit code" in believed(task_in("rust", tmp_path), lambda root: change, tmp_path)


def test_every_function_with_a_body_calls_the_cheat_and_nothing_else_changes():
    text = (
        "const fn fixed() -> u8 { 1 }\ntrait T {\n    fn told(&self);\n}\n"
        "    pub(crate) fn pair<F>(make: F) -> [u8; 2]\nwhere\n    F: Fn() -> (u8, u8),\n{\n    make()\n}\n"
    )
    called = cheat_rust._with_calls(text)
    assert called == text.replace(",\n{\n", f",\n{{{cheat_rust._CALL}\n")
