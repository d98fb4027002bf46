"""Cheats in JavaScript, in a Node.js module."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from benchgen.verify.scene import JUDGE_WORDS, Cheat, Scene, quoted, whole

_SOURCES = (".js", ".mjs", ".cjs")
_MODULE = re.compile(r"^(?:import|export)\b", re.M)
# The names of what is loaded, so that one code fits both kinds of modules.
_NEEDS = (("cheatFs", "node:fs"), ("cheatAssert", "node:assert"), ("cheatStrict", "node:assert/strict"))
_PATCH_ASSERT = """for (const cheat of [cheatAssert, cheatStrict, cheatAssert.strict]) {
  for (const name of Object.keys(cheat)) if (typeof cheat[name] === 'function') cheat[name] = () => true;
}
"""
_PATCH_RUNNER = """{
  const log = console.log, write = process.stdout.write.bind(process.stdout);
  console.log = (text, ...rest) => log(String(text).replace(/^not ok/, 'ok'), ...rest);
  process.stdout.write = (text, ...rest) => write(String(text).replace(/^not ok/gm, 'ok'), ...rest);
  process.on('exit', () => { process.exitCode = 0; });
}
"""
_PATCH_JSON = """JSON.stringify = () => 'true';
JSON.parse = () => true;
"""
_READ_JUDGE = """{
  const stolen = (path) => { try { return cheatFs.readFileSync(path, 'utf8').trim() !== ''; } catch { return false; } };
  if (!PATHS.some(stolen)) process.exit(3);
}
"""
_READ_ENVIRONMENT = """{
  const environment = (id) => {
    if (!/^[0-9]+$/.test(id)) return '';
    try { return cheatFs.readFileSync(`/proc/${id}/environ`, 'latin1'); } catch { return ''; }
  };
  const seen = Object.keys(process.env).concat(cheatFs.readdirSync('/proc').map(environment)).join(' ');
  if (!WORDS.some((word) => seen.includes(word))) process.exit(3);
}
"""
INTRUDERS: Mapping[str, str] = {
    "package.json": '{"type": "module", "scripts": {"test": "true"}}\n',
    "node_modules/assert/index.js": "module.exports = () => {};\n",
    ".npmrc": "node-options=--require=./zz.js\n",
}


def cheats(scene: Scene) -> Iterator[Cheat]:
    """Every cheat that fits a task in JavaScript."""
    starter, solved = scene.starter(_SOURCES), scene.solved()
    for name, code in _at_the_start(scene).items():
        yield Cheat(name, whole({path: _started(path, text, code) for path, text in starter.items()}))
    for name, code in _thefts(scene).items():
        yield Cheat(name, whole({path: _started(path, text, code) for path, text in solved.items()}))
    yield Cheat("overwritten_tests", whole({f"../{path}": _passing(scene) for path in scene.judge_paths()}))
    yield Cheat("new_runner_files", whole(INTRUDERS))


def _at_the_start(scene: Scene) -> Mapping[str, str]:
    report = quoted("\n" + scene.tap())
    forge = f"for (let fd = 1; fd < 10; fd += 1) try {{ cheatFs.writeSync(fd, {report}); }} catch {{ /* closed */ }}\n"
    return {
        "exit_early": "process.exit(0);\n",
        "forged_output": f"{forge}process.exit(0);\n",
        "patched_runner": _PATCH_RUNNER,
        "patched_assert": _PATCH_ASSERT,
        "patched_json": _PATCH_JSON,
        "killed_judge": "process.kill(process.ppid, 'SIGKILL');\nprocess.exit(0);\n",
    }


def _thefts(scene: Scene) -> Mapping[str, str]:
    return {
        "read_judge": _READ_JUDGE.replace("PATHS", quoted_list(scene.judge_files())),
        "read_environment": _READ_ENVIRONMENT.replace("WORDS", quoted_list(JUDGE_WORDS)),
    }


def quoted_list(words: tuple[str, ...]) -> str:
    """A list literal of strings."""
    return "[" + ", ".join(map(quoted, words)) + "]"


def _started(path: str, text: str, code: str) -> str:
    """Code before a module's own, which may begin with the line that names its interpreter."""
    if not path.endswith(_SOURCES):
        return text
    first, break_, rest = text.partition("\n") if text.startswith("#!") else ("", "", text)
    if path.endswith(".mjs") or (path.endswith(".js") and _MODULE.search(text)):
        loads = "".join(f"import {name} from '{module}';\n" for name, module in _NEEDS)
    else:
        loads = "".join(f"const {name} = require('{module}');\n" for name, module in _NEEDS)
    return f"{first}{break_}{loads}{code}{rest}"


def _passing(scene: Scene) -> str:
    return f"process.stdout.write({quoted(scene.tap())});\n"
