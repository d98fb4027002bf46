"""The house: a module imports only from lower floors, and the write side and the read side never meet."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import benchgen

PACKAGE = Path(benchgen.__file__).parent

FLOORS: list[set[str]] = [
    {"errors", "clock", "paths", "assets", "record"},
    {"records"},
    {"codec", "numbers", "redact"},
    {
        "fold",
        "outcomes",
        "under_way",
        "workforce",
        "purse",
        "tallying",
        "row_columns",
        "digest",
        "summary",
        "summary_kinds",
        "settings",
    },
    {"store", "catalog", "formats"},
    {"providers", "sandbox", "answers", "plan", "panels", "following"},
    {"judge", "render"},
    {"runner", "verify", "pages"},
    {"tracker", "imports", "build", "publish", "export", "server"},
    {"cli"},
    {"__main__"},
]  # fmt: skip
WRITE_SIDE = {"providers", "sandbox", "answers", "judge", "runner", "verify", "tracker", "imports"}  # fmt: skip
READ_SIDE = {"panels", "render", "pages", "build", "publish", "export", "server"}
# Modules of one floor that lean on each other in one direction, beyond siblings inside a package.
WITHIN_A_FLOOR = {
    ("clock", "errors"),
    ("clock", "record"),
    ("fold", "outcomes"),
    ("fold", "purse"),
    ("fold", "under_way"),
    ("fold", "workforce"),
    ("outcomes", "row_columns"),
    ("outcomes", "tallying"),
    ("row_columns", "tallying"),
    ("summary", "digest"),
    ("summary", "summary_kinds"),
    ("summary_kinds", "digest"),
    ("publish", "build"),
    ("server", "export"),
}
# The only modules or packages that may import a library.
OWNERS = {"orjson": "codec", "msgspec": "codec record", "click": "cli", "rich": "cli", "pycurl": "providers",
          "uvloop": "runner", "nh3": "render",
          "jinja2": "render", "markdown": "render", "starlette": "server", "uvicorn": "server", "watchfiles": "server",
          "python_multipart": "server", "sqlite3": "store", "backports": "formats",
          "dotenv": "settings"}  # fmt: skip


def floor_of(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> list[str]:
    """Every module imported anywhere in a file: in functions and for types too."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            found += [node.module] if node.module != "benchgen" else [f"benchgen.{alias.name}" for alias in node.names]
    return found


MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py" and "_assets" not in path.parts
)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_lower_floors(path):
    room = room_of(path)
    for name in imports(path):
        if not name.startswith("benchgen.") or name == "benchgen.__version__":
            continue
        other = name.split(".")[1]
        if other == room or (room, other) in WITHIN_A_FLOOR:
            continue
        assert floor_of(other) < floor_of(room), (
            f"{room} stands on floor {floor_of(room)} and imports {name} of floor {floor_of(other)}: "
            "move what it needs down, or itself up"
        )
        sides = {
            side for side, rooms in (("write", WRITE_SIDE), ("read", READ_SIDE)) for r in (room, other) if r in rooms
        }
        assert room == "cli" or sides != {"write", "read"}, (
            f"{room} imports {name}: the write side and the read side share the run folder and nothing else"
        )


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_library_is_known_to_its_owner_alone(path):
    for name in imports(path):
        owners = OWNERS.get(name.split(".")[0])
        assert owners is None or room_of(path) in owners.split(), (
            f"{name} belongs to {owners}; {room_of(path)} asks there instead"
        )


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_file_names_of_results_are_spelled_in_paths_alone(path):
    if room_of(path) == "paths":
        return
    names = {value for key, value in vars(benchgen_paths()).items() if key.isupper() and isinstance(value, str)}
    names = {name for name in names if name.endswith((".json", ".jsonl", ".txt", ".diff", ".log", ".db", ".lock"))}
    # Task folders have a metadata.json too, and a checkout of Exercism a config.json.
    allowed = {"metadata.json", "config.json"} if room_of(path) == "catalog" else set()
    spelled = {
        node.value
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not (spelled & names) - allowed, f"{path.name} spells {spelled & names}: use benchgen.paths"


def benchgen_paths():
    from benchgen import paths

    return paths


def test_every_room_has_a_floor():
    rooms = {room_of(path) for path in MODULES}
    assert rooms <= set().union(*FLOORS), "a new room needs its floor here and in docs/architecture.md"
