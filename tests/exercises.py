"""Exercises in the layout of a track's checkout, written for the tests: doubling a number, in five languages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

_CATCH = """#pragma once
#include <iostream>
#include <fstream>
#include <functional>
#include <map>
#include <string>
// As much of Catch as the exercise needs: cases that register themselves, and its report in XML.
struct Failed {};
using Cases = std::map<std::string, std::function<void()>>;
inline Cases& cases() { static Cases all; return all; }
struct Told { Told(const char* name, void (*run)()) { cases()[name] = run; } };
#define TEST_CASE(name) static void the_case(); static Told told(name, the_case); static void the_case()
#define REQUIRE(what) do { if (!(what)) throw Failed(); } while (0)
#ifdef CATCH_CONFIG_MAIN
int main(int, char** words) {
    std::ofstream report(words[4]);
    int failed = 0;
    report << "<Catch><Group>";
    for (const auto& [name, run] : cases()) {
        bool fine = true;
        try { run(); } catch (const Failed&) { fine = false; ++failed; }
        report << "<TestCase name='" << name << "'>";
        report << "<OverallResult success='" << (fine ? "true" : "false") << "'/></TestCase>";
    }
    report << "</Group></Catch>";
    return failed;
}
#endif
"""
_PYTHON_TEST = """import unittest

from double import double


class DoubleTest(unittest.TestCase):
    def test_doubles(self):
        self.assertEqual(double(2), 4)
"""
_JAVASCRIPT_TEST = """import { describe, expect, test, xtest } from '@jest/globals';
import { double, Odd } from './double';

describe('Double', () => {
  test('doubles #2', () => {
    expect(double(2)).toEqual(4);
  });

  xtest('refuses words', () => {
    expect(() => double('x')).toThrow(new Odd('no number'));
    expect(double(3)).not.toBe(5);
  });
});
"""
_JAVASCRIPT = """export class Odd extends Error {}

export const double = (value) => {
  if (typeof value !== 'number') throw new Odd('no number');
  return 2 * value;
};
"""
EXERCISES: Mapping[str, Mapping[str, str]] = {
    "python": {
        "double.py": "def double(value):\n    pass\n",
        "double_test.py": _PYTHON_TEST,
        ".meta/example.py": "def double(value):\n    return 2 * value\n",
    },
    "javascript": {
        "double.js": "export const double = () => {\n  throw 1;\n};\n\nexport class Odd extends Error {}\n",
        "double.spec.js": _JAVASCRIPT_TEST,
        ".meta/proof.ci.js": _JAVASCRIPT,
        "package.json": '{"scripts": {"test": "jest"}}\n',
    },
    "go": {
        "double.go": "package double\n\nfunc Double(value int) int {\n\tpanic(1)\n}\n",
        "double_test.go": (
            'package double\n\nimport "testing"\n\n'
            'func TestDouble(t *testing.T) {\n\tt.Run("of two", func(t *testing.T) {\n'
            "\t\tif Double(2) != 4 {\n\t\t\tt.Fatal()\n\t\t}\n\t})\n}\n"
        ),
        ".meta/example.go": "package double\n\nfunc Double(value int) int {\n\treturn 2 * value\n}\n",
        "go.mod": "module double\n\ngo 1.21\n",
    },
    "rust": {
        "src/lib.rs": 'pub fn double(value: i32) -> i32 {\n    todo!("{value}")\n}\n',
        "Cargo.toml": '[package]\nname = "double"\nversion = "0.1.0"\nedition = "2021"\n',
        "tests/double.rs": (
            "#[test]\nfn doubles() {\n    assert_eq!(double::double(2), 4);\n}\n\n"
            "#[test]\n#[ignore]\nfn doubles_zero() {\n    assert_eq!(double::double(0), 0);\n}\n"
        ),
        ".meta/example.rs": "pub fn double(value: i32) -> i32 {\n    2 * value\n}\n",
    },
    "cpp": {
        "double.h": "#pragma once\nnamespace twice { int twice(int value); }\n",
        "double.cpp": '#include "double.h"\n',
        "double_test.cpp": (
            '#include "double.h"\n#include "test/catch.hpp"\n#if defined(EXERCISM_RUN_ALL_TESTS)\n'
            'TEST_CASE("doubles") { REQUIRE(twice::twice(2) == 4); }\n#endif\n'
        ),
        "test/catch.hpp": _CATCH,
        "test/tests-main.cpp": '#define CATCH_CONFIG_MAIN\n#include "catch.hpp"\n',
        ".meta/example.cpp": '#include "double.h"\nint twice::twice(int value) { return 2 * value; }\n',
    },
}
CASES: Mapping[str, list[str]] = {
    "python": ["test_doubles"],
    "javascript": ["Double > doubles 2", "Double > refuses words"],
    "go": ["TestDouble", "TestDouble/of_two"],
    "rust": ["doubles", "doubles_zero"],
    "cpp": ["doubles"],
}


def make(track: Path, language: str, **changed: str) -> Path:
    """One exercise in a track's folder; `changed` files, by the language's own names, stand in for its own."""
    folder = track / "exercises" / "practice" / "double"
    contents = {**EXERCISES[language], **changed}
    named = [name for name in contents if not name.startswith((".meta", "test/", "go.mod", "package.json"))]
    tests = [name for name in named if "test" in name or "spec" in name]
    files = {
        "solution": [name for name in named if name not in tests],
        "test": tests,
        "example": [name for name in contents if name.startswith(".meta")],
    }
    contents = {
        **contents,
        ".meta/config.json": json.dumps({"authors": [], "files": files, "blurb": "Double a number."}),
        ".docs/instructions.md": "# Instructions\n\nDouble a number.\n",
    }
    for name, content in contents.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content)
    (track / "config.json").write_text(json.dumps({"exercises": {"practice": [{"slug": "double", "difficulty": 2}]}}))
    return folder
