"""What the instructions of a task must say: its title, no blanks, files that exist, every name that its driver uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping

from benchgen.catalog.layout import layout, shown_files
from benchgen.catalog.tasks import files
from benchgen.records.task import Language, Task

BLANK = "TO FILL"
_BLANKS = re.compile(rf"{BLANK}[^\n]*|\b(?:TODO|FIXME|TBD|XXX)\b[^\n]*|[Ll]orem ipsum")
_SOURCES = "py|js|mjs|cjs|go|rs|cpp|cc|hpp|html|css"
_NAMED_FILE = re.compile(rf"`((?:[\w-]+/)*[\w-]+\.(?:{_SOURCES}))`")
_CLAIM: Mapping[Language, re.Pattern[str]] = {
    "python": re.compile(r"test_[a-z0-9]+(?:_[a-z0-9]+)+(?:\[[^\]]+\])?"),
    "go": re.compile(r"Test[A-Z][A-Za-z0-9]*(?:/\S+)?"),
}
_SNAKE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


def is_claim(case: str, language: Language) -> bool:
    """Whether a case is named as its language names tests."""
    return _CLAIM.get(language, _SNAKE).fullmatch(case) is not None


def heading(task: Task) -> Iterator[tuple[str, str]]:
    """The first line is the title."""
    first = task.instructions.lstrip().partition("\n")[0].strip()
    if first != f"# {task.title}":
        yield "instructions.md", f"the heading is {first!r}, must be '# {task.title}'"


def blanks(task: Task) -> Iterator[tuple[str, str]]:
    """Nothing is left to be filled in, wherever it stands."""
    for path in files(task.folder):
        text = (task.folder / path).read_bytes().decode("utf-8", "replace")
        for number, line in enumerate(text.splitlines(), 1):
            found = re.search(BLANK + ".*", line) if path.parts[0] != "instructions.md" else _BLANKS.search(line)
            if found:
                yield f"{path.as_posix()}:{number}", f"a blank: {found[0].strip()}"


def files_named(task: Task) -> Iterator[tuple[str, str]]:
    """Files that the instructions name are there, or the reference makes them."""
    there = {path.as_posix() for path in files(task.workspace)}
    there |= {path.as_posix() for path in files(task.reference)} if task.reference is not None else set()
    for name in sorted({name.removeprefix("workspace/") for name in _NAMED_FILE.findall(task.instructions)}):
        if not any(path == name or path.endswith(f"/{name}") for path in there):
            yield "instructions.md", f"names {name}, which neither the workspace nor the reference has"


def names_told(task: Task) -> Iterator[tuple[str, str]]:
    """Every public name that the driver takes from the model's code is told: in the instructions or the starter."""
    told = task.instructions + "".join(
        (task.workspace / path).read_text("utf-8", "replace") for path in shown_files(task)
    )
    finder = _NAMES.get(task.language)
    if finder is None:
        return
    for folder in layout(task).driver:
        for path in files(task.folder / folder):
            if path.suffix not in (".py", ".js", ".mjs", ".go", ".rs"):
                continue
            text = (task.folder / folder / path).read_text("utf-8", "replace")
            for name in sorted(set(finder(text, task))):
                if not re.search(rf"\b{re.escape(name)}\b", told):
                    yield "instructions.md", f"never names {name}, which {folder}/{path.as_posix()} uses"


def _python_names(text: str, task: Task) -> Iterator[str]:
    own = {path.parts[0].removesuffix(".py") for path in files(task.workspace)}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] in own:
            yield from (alias.name for alias in node.names if alias.name != "*")


def _javascript_names(text: str, task: Task) -> Iterator[str]:
    patterns = (
        r"\{([^{}]*)\}\s*=\s*require\([^)]*workspace[^)]*\)",
        r"import\s*\{([^{}]*)\}\s*from\s*'[^']*workspace[^']*'",
    )
    for pattern in patterns:
        for names in re.findall(pattern, text):
            yield from (part.split(":")[0].split(" as ")[0].strip() for part in names.split(",") if part.strip())


def _go_names(text: str, task: Task) -> Iterator[str]:
    module = re.search(r"^module (\S+)", (task.workspace / "go.mod").read_text("utf-8"), re.M)
    for path in re.findall(rf'^\s*(?:import )?"({re.escape(module[1])}(?:/\w+)*)"', text, re.M) if module else ():
        yield from re.findall(rf"\b{path.rpartition('/')[2]}\.([A-Z]\w*)", text)


def _rust_names(text: str, task: Task) -> Iterator[str]:
    package = re.search(r'^name = "([\w-]+)"', (task.workspace / "Cargo.toml").read_text("utf-8"), re.M)
    crate = package[1].replace("-", "_") if package else ""
    for used in re.findall(rf"^use {crate}::([^;]+);", text, re.M):
        yield from (name for name in re.findall(r"\w+", used.replace("self", "")) if name != "as")


_NAMES: Mapping[Language, Callable[[str, Task], Iterator[str]]] = {
    "python": _python_names,
    "javascript": _javascript_names,
    "go": _go_names,
    "rust": _rust_names,
}
