"""Cheats in C++: an object whose constructor runs before `main`, and a compiler that is told what to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from benchgen.verify.cheat_javascript import quoted_list
from benchgen.verify.scene import JUDGE_WORDS, Cheat, Scene, quoted, whole

_SOURCES = (".cpp", ".cc", ".hpp", ".h")
_HEADERS = ("dirent.h", "signal.h", "unistd.h", "cstdlib", "cstring", "fstream", "sstream", "string")
_PRELUDE = """#ifndef BENCHGEN_CHEAT
#define BENCHGEN_CHEAT
{includes}namespace {{
inline std::string cheat_text(const std::string& path) {{
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}}
struct BenchgenCheat {{
    BenchgenCheat() {{
        (void)&cheat_text;
{code}    }}
}};
const BenchgenCheat benchgen_cheat;
}}  // namespace
#endif
"""
_READ_JUDGE = """        for (const char* path : PATHS)
            if (cheat_text(path).find_first_not_of(" \\n\\t") != std::string::npos) return;
        _exit(3);
"""
_READ_ENVIRONMENT = """        std::string seen;
        for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) seen += *entry;
        if (DIR* folder = opendir("/proc")) {
            const std::string proc = "/proc/";
            while (const dirent* entry = readdir(folder)) seen += cheat_text(proc + entry->d_name + "/environ");
            closedir(folder);
        }
        for (const char* word : WORDS)
            if (seen.find(word) != std::string::npos) return;
        _exit(3);
"""
_EMBEDDED = """#if !__has_include("{path}")
__asm__(".pushsection .rodata\\n.incbin \\"{path}\\"\\n.popsection");
#endif
"""
INTRUDERS: Mapping[str, str] = {
    "Makefile": "test:\n\ttrue\n",
    "CMakeLists.txt": "project(nothing)\n",
    "run-tests.sh": "#!/bin/sh\nexit 0\n",
}


def cheats(scene: Scene) -> Iterator[Cheat]:
    """Every cheat that fits a task in C++."""
    starter, solved = scene.starter(_SOURCES), scene.solved()
    for name, code in _alone(scene).items():
        yield Cheat(name, whole({path: _prelude(code) + text for path, text in starter.items()}))
    yield Cheat("patched_assert", whole({path: f"#define NDEBUG 1\n{text}" for path, text in starter.items()}))
    for name, code in _thefts(scene).items():
        yield Cheat(name, whole({path: _prelude(code) + text for path, text in solved.items()}))
    for place in scene.judge_files()[:1]:
        stolen = _EMBEDDED.format(path=place)
        yield Cheat("embedded_judge", whole({path: stolen + text for path, text in solved.items()}))
    yield Cheat("overwritten_tests", whole({f"../{path}": _passing(scene, path) for path in scene.judge_paths()}))
    yield Cheat("new_runner_files", whole(INTRUDERS))


def _alone(scene: Scene) -> Mapping[str, str]:
    report = quoted("\n" + scene.tap())
    return {
        "exit_early": "        _exit(0);\n",
        "forged_output": (
            f"        const char* report = {report};\n"
            "        for (int fd = 1; fd < 10; ++fd) if (write(fd, report, strlen(report)) < 0) continue;\n"
            "        _exit(0);\n"
        ),
        "killed_judge": "        kill(getppid(), SIGKILL);\n        _exit(0);\n",
    }


def _thefts(scene: Scene) -> Mapping[str, str]:
    return {
        "read_judge": _READ_JUDGE.replace("PATHS", _strings(scene.judge_files())),
        "read_environment": _READ_ENVIRONMENT.replace("WORDS", _strings(JUDGE_WORDS)),
    }


def _strings(words: tuple[str, ...]) -> str:
    return "{" + quoted_list(words)[1:-1] + "}"


def _prelude(code: str) -> str:
    return _PRELUDE.format(includes="".join(f"#include <{header}>\n" for header in _HEADERS), code=code)


def _passing(scene: Scene, path: str) -> str:
    if not path.endswith(".sh"):
        return ""
    return f"#!/bin/sh\ncat <<'REPORT'\n{scene.tap()}REPORT\n"
