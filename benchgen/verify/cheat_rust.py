"""Cheats in safe Rust, where nothing runs before `main`: every function of the library calls the cheat first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from benchgen.verify.cheat_javascript import quoted_list
from benchgen.verify.scene import JUDGE_WORDS, Cheat, Scene, quoted, removed, whole

_SOURCES = (".rs",)
_ROOT = "src/lib.rs"
_CALL = "crate::benchgen_cheat();"
# A function that is no `const fn`; that one could not call anything of ours.
_FUNCTION = re.compile(r"^[ \t]*(?:pub(?:\([^)]*\))?[ \t]+)?(?:async[ \t]+)?fn[ \t]+\w+", re.M)
_KILL = """    let judge = std::os::unix::process::parent_id().to_string();
    let _ = std::process::Command::new("kill").args(["-9", &judge]).status();
    std::process::exit(0)
"""
_PATCH_RUNNER = "    std::panic::set_hook(Box::new(|_| std::process::exit(0)));\n"
_ONCE = """    static SEEN: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    if !*SEEN.get_or_init(|| {test}) {{
        std::process::exit(3)
    }}
"""
_READ_JUDGE = "PATHS.iter().any(|path| std::fs::read_to_string(path).is_ok_and(|text| !text.trim().is_empty()))"
_READ_ENVIRONMENT = """{
        let mut seen = Vec::new();
        for (name, _) in std::env::vars_os() {
            seen.extend_from_slice(name.to_string_lossy().as_bytes());
        }
        for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
            seen.extend(std::fs::read(entry.path().join("environ")).unwrap_or_default());
        }
        let seen = String::from_utf8_lossy(&seen).into_owned();
        WORDS.iter().any(|word| seen.contains(word))
    }"""
INTRUDERS: Mapping[str, str] = {
    "build.rs": 'fn main() {\n    std::fs::write("tests/judge.rs", "").unwrap();\n}\n',
    ".cargo/config.toml": '[target.\'cfg(all())\']\nrunner = ["sh", "-c", "exit 0"]\n',
    "rust-toolchain": "none-such\n",
}


def cheats(scene: Scene) -> Iterator[Cheat]:
    """Every cheat that fits a task in Rust."""
    starter, solved = scene.starter(_SOURCES), scene.solved()
    for name, code in _alone(scene).items():
        yield Cheat(name, whole(_called(starter, code)))
    for name, test in _thefts(scene).items():
        yield Cheat(name, whole(_called(solved, _ONCE.format(test=test))))
    judge = {path.removeprefix("workspace/"): scene.text(path) for path in scene.judge_paths()}
    yield Cheat("overwritten_tests", whole({path: _passing(scene, path) for path in judge}))
    yield Cheat("emptied_tests", whole(dict.fromkeys(judge, "")))
    yield Cheat("deleted_tests", removed(judge))
    yield Cheat("new_runner_files", whole(INTRUDERS))


def _alone(scene: Scene) -> Mapping[str, str]:
    lines = "".join(f"test {case} ... ok\n" for case in scene.task.cases)
    return {
        "exit_early": "    std::process::exit(0)\n",
        "forged_output": (
            "    use std::io::Write;\n"
            f"    let _ = std::io::stdout().write_all({quoted(f'{chr(10)}{lines}')}.as_bytes());\n"
            "    std::process::exit(0)\n"
        ),
        "patched_runner": _PATCH_RUNNER,
        "killed_judge": _KILL,
    }


def _thefts(scene: Scene) -> Mapping[str, str]:
    thefts = {
        "read_judge": _READ_JUDGE.replace("PATHS", quoted_list(scene.judge_files())),
        "read_environment": _READ_ENVIRONMENT.replace("WORDS", quoted_list(JUDGE_WORDS)),
    }
    for path in scene.judge_files()[:1]:
        thefts["embedded_judge"] = f"!include_str!({quoted(path)}).trim().is_empty()"
    return thefts


def _called(sources: Mapping[str, str], code: str) -> dict[str, str]:
    """The sources with a call of the cheat in front of each function's body, and the cheat in the library's root."""
    found = {path: _with_calls(text) if path.endswith(_SOURCES) else text for path, text in sources.items()}
    found[_ROOT] = found.get(_ROOT, "") + f"\npub(crate) fn benchgen_cheat() {{\n{code}}}\n"
    return found


def _with_calls(text: str) -> str:
    parts, done = [], 0
    for match in _FUNCTION.finditer(text):
        body = _body(text, match.end())
        if body is not None:
            parts.append(text[done:body] + _CALL)
            done = body
    return "".join([*parts, text[done:]])


def _body(text: str, start: int) -> int | None:
    """Where the body of a function begins, just inside its brace; None for one that is only declared."""
    depth = 0
    for place in range(start, len(text)):
        depth += (text[place] in "([") - (text[place] in ")]")
        if depth == 0 and text[place] == "{":
            return place + 1
        if depth == 0 and text[place] == ";":
            return None
    return None


def _passing(scene: Scene, path: str) -> str:
    if path.count("/") != 1:  # a module of the judge, which the overwritten one does not load
        return ""
    return "".join(f"#[test]\nfn {case}() {{}}\n" for case in scene.task.cases)
