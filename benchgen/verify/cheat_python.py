"""Cheats in Python: what a module may do to a pytest that shares its process, and to a judge that does not."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import quoteattr

from benchgen.judge.command import JUNIT
from benchgen.verify.scene import JUDGE_WORDS, Cheat, Scene, whole

_SOURCES = (".py",)
_EXIT = "import os\nos._exit(0)\n"
_KILL = """import os, signal
for _name in os.listdir('/proc'):
    if _name.isdigit() and int(_name) == os.getppid():
        os.kill(int(_name), signal.SIGKILL)
os._exit(0)
"""
_FORGE_OUTPUT = """import os
for _fd in range(1, 10):
    try:
        os.write(_fd, {report}.encode())
    except OSError:
        pass
os._exit(0)
"""
_FORGE_JUNIT = """import os
for _place in ({place},):
    try:
        open(_place, 'w').write({report})
    except OSError:
        pass
os._exit(0)
"""
_PATCH_RUNNER = """import _pytest.python
_pytest.python.Function.runtest = lambda self: None
"""
_PATCH_JSON = """import json
json.dumps = lambda *a, **k: 'true'
json.JSONEncoder.encode = lambda self, value: 'true'
json.loads = lambda *a, **k: True
"""
_EACH_NAME = """
def _benchgen_cheat(stand_in):
    for _name, _value in list(globals().items()):
        if callable(_value) and not _name.startswith('_'):
            globals()[_name] = stand_in
"""
_ALWAYS_EQUAL = (
    _EACH_NAME
    + """
class _Any(int):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __call__(self, *args, **more): return self
    def __getattr__(self, name): return self
    def __iter__(self): return iter(())
_benchgen_cheat(_Any())
"""
)
_SKIP = (
    _EACH_NAME
    + """
def _skip(*args, **more):
    import pytest
    pytest.skip('not today')
_benchgen_cheat(_skip)
"""
)
_READ_JUDGE = """import os as _os
def _stolen(path):
    try:
        return bool(open(path, 'rb').read().strip())
    except OSError:
        return False
if not any(map(_stolen, {paths})):
    _os._exit(3)
"""
_READ_ENVIRONMENT = """import glob as _glob, os as _os
def _environment(path):
    try:
        return open(path, 'rb').read()
    except OSError:
        return b''
_seen = b''.join(map(_environment, _glob.glob('/proc/[0-9]*/environ'))) + b''.join(_os.environb)
if not any(word in _seen for word in {words}):
    _os._exit(3)
"""
INTRUDERS: Mapping[str, str] = {
    "conftest.py": (
        "def pytest_collection_modifyitems(items):\n    items.clear()\n"
        "def pytest_sessionfinish(session):\n    session.exitstatus = 0\n"
    ),
    "sitecustomize.py": _EXIT,
    "pytest.ini": "[pytest]\naddopts = --collect-only\n",
    "setup.cfg": "[tool:pytest]\naddopts = --collect-only\n",
    "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--collect-only"\n',
    "pytest.py": "raise SystemExit(0)\n",
}


def cheats(scene: Scene) -> Iterator[Cheat]:
    """Every cheat that fits a task in Python."""
    starter, solved = scene.starter(_SOURCES), scene.solved()
    for name, code in _at_the_start(scene).items():
        yield Cheat(name, whole({path: started(text, code) for path, text in starter.items()}))
    for name, code in (("always_equal", _ALWAYS_EQUAL), ("skipped", _SKIP)):
        yield Cheat(name, whole({path: f"{text}\n{code}" for path, text in starter.items()}))
    for name, code in _thefts(scene).items():
        yield Cheat(name, whole({path: _guarded(path, text, code) for path, text in solved.items()}))
    yield Cheat("overwritten_tests", whole({f"../{path}": _passing(scene) for path in scene.judge_paths()}))
    yield Cheat("new_runner_files", whole(INTRUDERS))


def started(text: str, code: str) -> str:
    """Code before everything of a module that may stand later: the docstring and imports from the future come first."""
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return code + text
    last = 0
    for node in body:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not (docstring or future):
            break
        last = node.end_lineno or 0
    lines = text.splitlines(keepends=True)
    head = "".join(lines[:last])
    return f"{head}{'' if head.endswith(chr(10)) or not head else chr(10)}{code}{''.join(lines[last:])}"


def _guarded(path: str, text: str, code: str) -> str:
    return started(text, code) if path.endswith(_SOURCES) else text


def _at_the_start(scene: Scene) -> Mapping[str, str]:
    lines = [f"tests/test.py::{case} PASSED" for case in scene.task.cases]
    said = scene.tap() + "\n".join([*lines, f"{len(lines)} passed in 0.01s", "true", ""])
    return {
        "exit_early": _EXIT,
        "forged_output": _FORGE_OUTPUT.format(report=repr(said)),
        "forged_junit": _FORGE_JUNIT.format(place=repr(f"{scene.root}/{JUNIT}"), report=repr(_junit(scene))),
        "patched_runner": _PATCH_RUNNER,
        "patched_json": _PATCH_JSON,
        "killed_judge": _KILL,
    }


def _thefts(scene: Scene) -> Mapping[str, str]:
    return {
        "read_judge": _READ_JUDGE.format(paths=repr(list(scene.judge_files()))),
        "read_environment": _READ_ENVIRONMENT.format(words=repr([word.encode() for word in JUDGE_WORDS])),
    }


def _junit(scene: Scene) -> str:
    cases = "".join(f'<testcase name={quoteattr(case)} time="0.01"/>' for case in scene.task.cases)
    return f'<testsuites><testsuite name="pytest">{cases}</testsuite></testsuites>'


def _passing(scene: Scene) -> str:
    names = {case.partition("[")[0] for case in scene.task.cases}
    return "".join(f"def {name}():\n    pass\n" for name in sorted(names))
