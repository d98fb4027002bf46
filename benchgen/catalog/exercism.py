"""Practice exercises of Exercism: a folder of a track's checkout becomes a task in one of five languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from benchgen import assets, codec
from benchgen.catalog.foreign import Foreign, NotImportable, sha256_of
from benchgen.record import Record
from benchgen.records.task import Difficulty, Language, Source

CONFIG = ".meta/config.json"
_DOCS = ("introduction.md", "instructions.md", "instructions.append.md")
_LANGUAGES: Mapping[str, Language] = {
    ".py": "python", ".js": "javascript", ".go": "go", ".rs": "rust", ".cpp": "cpp", ".h": "cpp", ".hpp": "cpp"
}  # fmt: skip
_PYTHON_PATH = (
    'import pathlib, sys\nsys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "workspace"))\n'
)
_JEST = re.compile(r"from '@jest/globals'")


class _Files(Record):
    solution: tuple[str, ...]
    test: tuple[str, ...]
    example: tuple[str, ...]
    editor: tuple[str, ...] = ()


class _Config(Record):
    files: _Files


class _Exercise(Record):
    """An exercise as it lies there. `extra` are files that its build needs and its config does not name."""

    folder: Path
    slug: str
    language: Language
    files: _Files
    extra: tuple[str, ...]

    def text(self, path: str) -> bytes:
        return (self.folder / path).read_bytes()


def folders(path: Path) -> list[Path]:
    """The exercises at a path: it is one, or holds them, or is a track's checkout."""
    if (path / CONFIG).is_file():
        return [path]
    practice = path / "exercises" / "practice"
    return [entry.parent.parent for entry in sorted((practice if practice.is_dir() else path).glob(f"*/{CONFIG}"))]


def read(folder: Path) -> Foreign:
    """The exercise in a folder. NotImportable says why it cannot be judged here."""
    exercise = _exercise(folder)
    contents = {**_workspace(exercise), **_reference(exercise), **_tests(exercise)}
    contents["instructions.md"] = _instructions(exercise).encode()
    command, working_dir = _command(exercise)
    return Foreign(
        task_id=f"{exercise.language}_exercism_{exercise.slug.replace('-', '_')}",
        language=exercise.language,
        title=_title(exercise.slug),
        contents=contents,
        command=command,
        source=_source(exercise),
        tags=("exercism",),
        working_dir=working_dir,
        difficulty=_difficulty(exercise),
        timeout_seconds=120 if exercise.language in ("cpp", "rust") else 60,
        protected=("tests/**", *(f"workspace/{path}" for path in exercise.files.test)),
    )


def _exercise(folder: Path) -> _Exercise:
    place = folder / CONFIG
    files = codec.read(place.read_bytes(), _Config, where=str(place)).files
    named = (*files.solution, *files.test, *files.example, *files.editor)
    for path in named:
        if ".." in PurePosixPath(path).parts or (folder / path).is_symlink() or not (folder / path).is_file():
            raise NotImportable(f"names {path}, which is no file of the exercise", where=str(place))
    language = next(
        (_LANGUAGES[end] for path in files.solution if (end := PurePosixPath(path).suffix) in _LANGUAGES), None
    )
    if language is None or not files.test or not files.example:
        raise NotImportable(
            "is not in Python, JavaScript, Go, Rust or C++, or has no tests or no example", where=str(folder)
        )
    extra = tuple(
        name for name in ("go.mod", "go.sum", "Cargo.toml") if (folder / name).is_file() and name not in named
    )
    return _Exercise(folder, folder.name, language, files, extra)


def _workspace(exercise: _Exercise) -> dict[str, bytes]:
    """The stub, and what the language's tools want beside it."""
    paths = [*exercise.files.solution, *exercise.files.editor, *exercise.extra]
    found = {f"workspace/{path}": exercise.text(path) for path in paths if not _is_setting(path)}
    if exercise.language in ("go", "rust"):
        found |= {f"workspace/{path}": exercise.text(path) for path in exercise.files.test}
    if exercise.language == "javascript":
        found["workspace/package.json"] = b'{"type": "module"}\n'
    return found


def _is_setting(path: str) -> bool:
    return PurePosixPath(path).name in (
        "package.json",
        ".npmrc",
        "babel.config.js",
        "eslint.config.mjs",
        "jest.config.js",
    )


def _reference(exercise: _Exercise) -> dict[str, bytes]:
    """The example solution, in the stub's places: by the ending of its name where there are several."""
    found: dict[str, bytes] = {}
    left = [path for path in exercise.files.solution if not path.endswith(".toml")]
    for example in exercise.files.example:
        if example.endswith(".toml"):
            raise NotImportable("its example needs libraries of others", where=exercise.slug)
        same = [path for path in left if PurePosixPath(path).suffix == PurePosixPath(example).suffix]
        if not same:
            raise NotImportable(f"nothing tells what {example} stands for", where=exercise.slug)
        left.remove(same[0])
        found[f"reference/{same[0]}"] = exercise.text(example)
    return found


def _tests(exercise: _Exercise) -> dict[str, bytes]:
    tests = {PurePosixPath(path).as_posix(): exercise.text(path) for path in exercise.files.test}
    if exercise.language == "python":
        return {f"tests/{path}": _python_test(path, text) for path, text in tests.items()}
    if exercise.language == "javascript":
        if not all(_JEST.search(text.decode("utf-8", "replace")) for text in tests.values()):
            raise NotImportable("its tests are not written for Jest", where=exercise.slug)
        named = {f"tests/{path.removesuffix('.js')}.mjs": text for path, text in tests.items()}
        return {
            **named,
            "tests/run-tests.js": _template("javascript/run-tests.js"),
            **_support("javascript", "jest.mjs", "hooks.mjs"),
        }
    if exercise.language == "cpp":
        catch = {path.relative_to(exercise.folder).as_posix(): path.read_bytes() for path in _catch(exercise.folder)}
        named = {f"tests/{path}": text for path, text in {**catch, **tests}.items()}
        return {**named, "tests/run-tests.sh": _template("cpp/run-tests.sh"), **_support("cpp", "tap.py")}
    return {}


def _python_test(path: str, text: bytes) -> bytes:
    """Tests find the solution in the workspace; what they bring along stays as it is."""
    return _PYTHON_PATH.encode() + text if path.endswith("_test.py") else text


def _catch(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in (folder / "test").glob("*") if path.is_file())


def _support(language: str, *names: str) -> dict[str, bytes]:
    return {f"tests/support/{name}": _template(f"{language}/{name}") for name in names}


def _template(name: str) -> bytes:
    return (assets.templates() / "imports" / f"{name}.tmpl").read_bytes()


def _command(exercise: _Exercise) -> tuple[tuple[str, ...], str]:
    """The command that judges, and where it runs."""
    if exercise.language == "go":
        return ("go", "test", "."), "workspace"
    if exercise.language == "rust":
        names = [PurePosixPath(path).stem for path in exercise.files.test if PurePosixPath(path).parent.name == "tests"]
        chosen = [word for name in names for word in ("--test", name)]
        return ("cargo", "test", "--offline", *chosen, "--", "--include-ignored"), "workspace"
    scripts = {
        "python": ("python", "-m", "pytest", "-q", "tests"),
        "javascript": ("node", "tests/run-tests.js"),
        "cpp": ("tests/run-tests.sh",),
    }
    return scripts[exercise.language], "."


def _instructions(exercise: _Exercise) -> str:
    docs = [exercise.folder / ".docs" / name for name in _DOCS]
    said = [path.read_text("utf-8").strip() for path in docs if path.is_file()]
    named = ", ".join(f"`{path}`" for path in exercise.files.solution if not _is_setting(path))
    return "\n\n".join([f"# {_title(exercise.slug)}", f"Complete {named}.", *said]) + "\n"


def _title(slug: str) -> str:
    return " ".join(slug.split("-")).capitalize()


def _source(exercise: _Exercise) -> Source:
    paths = (*exercise.files.solution, *exercise.files.test, *exercise.files.example)
    url = f"https://github.com/exercism/{exercise.language}/tree/main/exercises/practice/{exercise.slug}"
    return Source(url, "MIT", sha256_of({path: exercise.text(path) for path in paths}))


def _difficulty(exercise: _Exercise) -> Difficulty:
    """From the track's own scale of 1 to 10, where the checkout is whole."""
    track = exercise.folder.parents[2] / "config.json" if len(exercise.folder.parents) > 2 else None
    if track is None or not track.is_file():
        return "medium"
    exercises = codec.parse(track.read_bytes(), where=str(track)).get("exercises", {}).get("practice", [])
    rank = next((entry.get("difficulty", 5) for entry in exercises if entry.get("slug") == exercise.slug), 5)
    return "easy" if rank <= 3 else "medium" if rank <= 6 else "expert"
