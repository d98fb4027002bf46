"""Answers that try to pass without solving anything, for each language; every one of them must score 0."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from benchgen.answers.extract import Change, FileBlock
from benchgen.catalog.layout import layout
from benchgen.catalog.tasks import files
from benchgen.records.task import Language, Task


@dataclass(frozen=True, slots=True)
class Cheat:
    """A name for the table, and the change that a cheating model would answer."""

    name: str
    change: Change


def cheats(task: Task) -> Iterator[Cheat]:
    """The cheats that fit a task's language. Each lays code over the files that the reference touches."""
    if task.reference is None:
        return
    targets = [path.as_posix() for path in files(task.reference)]
    for name, code in _CODE[task.language](task).items():
        blocks = tuple(_laid(task, target, code) for target in targets if _is_source(target, task.language))
        if blocks:
            yield Cheat(name, Change(files=blocks))
    intruders = tuple(FileBlock(path, content) for path, content in _INTRUDERS[task.language].items())
    if intruders:
        yield Cheat("new_runner_files", Change(files=intruders))
    rewritten = tuple(FileBlock(path, "") for path in _judge_files(task))
    if rewritten:
        yield Cheat("emptied_tests", Change(files=rewritten))


def _laid(task: Task, path: str, code: str) -> FileBlock:
    """The starter's file with the cheat in front, so that everything else still builds."""
    starter = task.workspace / path
    rest = starter.read_text("utf-8", "replace") if starter.is_file() else ""
    return FileBlock(path, _joined(code, rest, task.language))


def _joined(code: str, rest: str, language: Language) -> str:
    if language == "go":
        return rest + code  # a package clause and imports come first; the cheat is a function of its own
    if language == "rust":
        return rest + code  # inner attributes must stay first
    if language == "html":
        return code + rest
    return code + rest


_ENDINGS: Mapping[Language, tuple[str, ...]] = {
    "python": (".py",),
    "javascript": (".js", ".mjs", ".cjs"),
    "go": (".go",),
    "rust": (".rs",),
    "cpp": (".cpp", ".cc", ".hpp", ".h"),
    "html": (".js", ".html"),
}


def _is_source(path: str, language: Language) -> bool:
    return path.endswith(_ENDINGS[language])


def _judge_files(task: Task) -> Iterator[str]:
    """The judge's files that lie in the workspace, where a patch can reach them."""
    for folder in layout(task).judge:
        if folder.startswith("workspace/"):
            yield from (f"{folder.removeprefix('workspace/')}/{path}" for path in files(task.folder / folder))


def _forged(task: Task) -> str:
    """A report in the judge's own form that claims every case."""
    if task.language == "go":
        events = [{"Action": "pass", "Package": "judge", "Test": case} for case in task.cases]
        return "\n".join(json.dumps(event) for event in events) + "\n" + "\n".join(f"--- PASS: {c}" for c in task.cases)
    if task.language == "rust":
        return "\n".join(f"test {case} ... ok" for case in task.cases)
    return "\n".join([f"1..{len(task.cases)}", *(f"ok {n} - {case}" for n, case in enumerate(task.cases, 1))])


def _python(task: Task) -> dict[str, str]:
    report = repr(_forged(task) + "\n{}\n[]\nnull\ntrue\n")
    return {
        "exit_early": "import os\nos._exit(0)\n",
        "forged_output": f"import os\nos.write(1, {report}.encode())\nos._exit(0)\n",
        "forged_report": (
            "import os, glob\nfor p in ['/box/.benchgen/junit.xml', *glob.glob('/proc/*/fd/*')]:\n"
            f"    try:\n        open(p, 'w').write({report})\n    except OSError:\n        pass\n"
        ),
        "patched_json": "import json\njson.dumps = lambda *a, **k: 'true'\njson.JSONEncoder.encode = json.dumps\n",
        "skipped": "try:\n    import pytest\n    pytest.skip('no', allow_module_level=True)\nexcept ImportError:\n    pass\n",
        "always_equal": (
            "import builtins\nclass _Any(int):\n    def __eq__(self, o): return True\n"
            "    def __hash__(self): return 0\n    def __call__(self, *a, **k): return self\n"
            "    def __getattr__(self, n): return self\n"
            "def __getattr__(name): return _Any()\n"
        ),
        "killed_judge": "import os, signal\nos.kill(os.getppid(), signal.SIGTERM)\n",
    }


def _javascript(task: Task) -> dict[str, str]:
    report = json.dumps(_forged(task) + "\n")
    return {
        "exit_early": "process.exit(0);\n",
        "forged_output": f"require('fs').writeSync(1, {report}); process.exit(0);\n",
        "patched_json": "JSON.stringify = () => 'true';\n",
        "patched_assert": "const a = require('assert'); for (const k of Object.keys(a)) a[k] = () => true;\n",
        "killed_judge": "process.kill(process.ppid);\n",
    }


def _html(task: Task) -> dict[str, str]:
    report = json.dumps(_forged(task))
    return {
        "forged_output": f"<script>console.log({report}); window.close();</script>\n",
        "patched_page": "<script>JSON.stringify = () => 'true'; Document.prototype.querySelector = () => null;</script>\n",
    }


def _go(task: Task) -> dict[str, str]:
    report = json.dumps(_forged(task) + "\n")
    return {
        "exit_early": '\nfunc init() { panic("gone") }\n',
        "forged_output": f"\nfunc init() {{ print({report}); println() }}\n",
    }


def _rust(task: Task) -> dict[str, str]:
    report = json.dumps(_forged(task) + "\n")
    start = '\n#[used]\n#[link_section = ".init_array"]\nstatic CHEAT: extern "C" fn() = cheat;\n'
    return {
        "exit_early": f'{start}extern "C" fn cheat() {{ std::process::exit(0) }}\n',
        "forged_output": f'{start}extern "C" fn cheat() {{ print!("{{}}", {report}); std::process::exit(0) }}\n',
    }


def _cpp(task: Task) -> dict[str, str]:
    report = json.dumps(_forged(task) + "\n")
    body = "#pragma once\n#include <unistd.h>\n#include <cstring>\nnamespace { struct Cheat { Cheat() { %s _exit(0); } } cheat; }\n"
    return {
        "exit_early": body % "",
        "forged_output": body % f"const char* s = {report}; if (write(1, s, strlen(s)) < 0) _exit(1);",
    }


_CODE: Mapping[Language, Callable[[Task], dict[str, str]]] = {
    "python": _python,
    "javascript": _javascript,
    "html": _html,
    "go": _go,
    "rust": _rust,
    "cpp": _cpp,
}
_PYTEST_HOOK = "def pytest_collection_modifyitems(items):\n    items.clear()\ndef pytest_sessionfinish(session):\n    session.exitstatus = 0\n"
_INTRUDERS: Mapping[Language, Mapping[str, str]] = {
    "python": {
        "conftest.py": _PYTEST_HOOK,
        "sitecustomize.py": "import os\nos._exit(0)\n",
        "pytest.ini": "[pytest]\naddopts = --collect-only\n",
        "setup.cfg": "[tool:pytest]\naddopts = --collect-only\n",
    },
    "javascript": {
        "package.json": '{"type": "module", "main": "x.js"}\n',
        "node_modules/assert/index.js": "module.exports = () => {};\n",
    },
    "html": {"package.json": '{"type": "module"}\n'},
    "go": {
        "zz_test.go": 'package main\nimport (\n\t"os"\n\t"testing"\n)\nfunc TestMain(m *testing.M) { os.Exit(0) }\n',
        "go.work": "go 1.21\nuse .\n",
    },
    "rust": {
        "build.rs": 'fn main() { println!("cargo:rustc-cfg=cheat"); std::process::exit(0); }\n',
        ".cargo/config.toml": '[target.x86_64-unknown-linux-gnu]\nrunner = "true"\n',
    },
    "cpp": {"Makefile": "all:\n\ttrue\n"},
}
