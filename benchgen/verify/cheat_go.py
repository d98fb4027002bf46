"""Cheats in Go: a file of its own beside the solution, whose `init` runs before anything else."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from benchgen.verify.cheat_javascript import quoted_list
from benchgen.verify.scene import JUDGE_WORDS, Cheat, Scene, quoted, removed, whole

_SOURCES = (".go",)
_PACKAGE = re.compile(r"^package (\w+)", re.M)
_FILE = "zz_cheat.go"
_KILL = """\tif self, err := os.FindProcess(os.Getppid()); err == nil {
\t\tself.Kill()
\t}
\tos.Exit(0)
"""
_READ_JUDGE = """\tfor _, path := range []string{PATHS} {
\t\tif data, err := os.ReadFile(path); err == nil && strings.TrimSpace(string(data)) != "" {
\t\t\treturn
\t\t}
\t}
\tos.Exit(3)
"""
_READ_ENVIRONMENT = """\tseen := strings.Join(os.Environ(), " ")
\tplaces, _ := filepath.Glob("/proc/[0-9]*/environ")
\tfor _, place := range places {
\t\tdata, _ := os.ReadFile(place)
\t\tseen += string(data)
\t}
\tfor _, word := range []string{WORDS} {
\t\tif strings.Contains(seen, word) {
\t\t\treturn
\t\t}
\t}
\tos.Exit(3)
"""
_EMBEDDED = '\tif strings.TrimSpace(benchgenStolen) == "" {\n\t\tos.Exit(3)\n\t}\n'
_TEST_MAIN = 'package judge\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestMain(m *testing.M) { os.Exit(0) }\n'
INTRUDERS: Mapping[str, str] = {
    "judge/zz_test.go": _TEST_MAIN,
    "go.work": "go 1.21\n\nuse ./elsewhere\n",
    "elsewhere/go.mod": "module elsewhere\n\ngo 1.21\n",
    "vendor/modules.txt": "# nothing\n",
}


def cheats(scene: Scene) -> Iterator[Cheat]:
    """Every cheat that fits a task in Go."""
    starter = scene.starter(_SOURCES)
    for name, code in _alone(scene).items():
        yield Cheat(name, whole(_beside(starter, code)))
    for name, code in _thefts(scene).items():
        yield Cheat(name, whole({**scene.solved(), **_beside(scene.solved(), code)}))
    embedding = _embedding(scene)
    if embedding:
        yield Cheat("embedded_judge", whole({**scene.solved(), **embedding}))
    judge = {path.removeprefix("workspace/"): scene.text(path) for path in scene.judge_paths()}
    yield Cheat("overwritten_tests", whole(_passing(scene, judge)))
    yield Cheat("emptied_tests", whole({path: _emptied(text) for path, text in judge.items()}))
    yield Cheat("deleted_tests", removed(judge))
    yield Cheat("new_runner_files", whole(INTRUDERS))


def _alone(scene: Scene) -> Mapping[str, str]:
    lines = "".join(f"=== RUN   {case}\n--- PASS: {case} (0.00s)\n" for case in scene.task.cases)
    return {
        "exit_early": "\tos.Exit(0)\n",
        "forged_output": f"\tos.Stdout.WriteString({quoted(f'{lines}PASS{chr(10)}')})\n\tos.Exit(0)\n",
        "patched_runner": '\tos.Args = append(os.Args[:1], "-test.run=^$")\n',
        "killed_judge": _KILL,
    }


def _thefts(scene: Scene) -> Mapping[str, str]:
    return {
        "read_judge": _READ_JUDGE.replace("[]string{PATHS}", _strings(scene.judge_files())),
        "read_environment": _READ_ENVIRONMENT.replace("[]string{WORDS}", _strings(JUDGE_WORDS)),
    }


def _strings(words: tuple[str, ...]) -> str:
    return "[]string{" + quoted_list(words)[1:-1] + "}"


def _beside(sources: Mapping[str, str], code: str, head: str = "") -> dict[str, str]:
    """The cheat's file, in each folder where there are sources, under the package's name."""
    found: dict[str, str] = {}
    for path, text in sources.items():
        package = _PACKAGE.search(text)
        if path.endswith(_SOURCES) and package:
            needs = [name for name in ("os", "path/filepath", "strings") if f"{name.rpartition('/')[2]}." in code]
            loads = "".join(f'import "{name}"\n' for name in needs)
            place = PurePosixPath(path).with_name(_FILE).as_posix()
            found[place] = f"package {package[1]}\n\n{loads}{head}\nfunc init() {{\n{code}}}\n"
    return found


def _embedding(scene: Scene) -> dict[str, str]:
    """A file that makes the compiler put the judge's text into the program; only folders above the judge's can."""
    inside = next((path.removeprefix("workspace/") for path in scene.judge_paths()), None)
    above = {path: text for path, text in scene.solved().items() if "/" not in path}
    if inside is None or not above:
        return {}
    return _beside(above, _EMBEDDED, f'import _ "embed"\n\n//go:embed {inside}\nvar benchgenStolen string\n')


def _passing(scene: Scene, judge: Mapping[str, str]) -> dict[str, str]:
    """The judge's files, replaced by tests of the same names that check nothing."""
    groups: dict[str, list[str]] = defaultdict(list)
    for case in scene.task.cases:
        name, _, part = case.partition("/")
        groups[name] += [part] if part else []
    tests = ""
    for name, inner in groups.items():
        runs = "".join(f"\tt.Run({quoted(part)}, func(t *testing.T) {{}})\n" for part in inner)
        tests += f"\nfunc {name}(t *testing.T) {{\n{runs}}}\n"
    written = {path: _emptied(text) for path, text in judge.items()}
    first = next((path for path in judge if path.endswith("_test.go")), None)
    if first is not None:
        written[first] = f'{_emptied(judge[first])}\nimport "testing"\n{tests}'
    return written


def _emptied(text: str) -> str:
    package = _PACKAGE.search(text)
    return f"package {package[1]}\n" if package else ""
