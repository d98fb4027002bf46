"""Cheats in a page: scripts that run before the page's own, in the browser that the judge drives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from benchgen.verify.cheat_javascript import quoted_list
from benchgen.verify.scene import Cheat, Scene, quoted, whole

_PAGE = "index.html"
_PATCHED_PAGE = """JSON.stringify = () => 'true';
JSON.parse = () => true;
const bare = Document.prototype.querySelector;
Document.prototype.querySelector = function (words) { return bare.call(this, words) || document.documentElement; };
"""
# What the page may not show unless one of the judge's files came through.
_READ_JUDGE = """(() => {
  let stolen = false;
  for (const path of PATHS) {
    const request = new XMLHttpRequest();
    try {
      request.open('GET', `file://${path}`, false);
      request.send();
      stolen ||= request.responseText.trim() !== '';
    } catch { /* closed */ }
  }
  window.cheatStolen = stolen;
})();
"""
_LOADED = '<script src="file://{path}" onload="window.cheatStolen = true"></script>'
_OR_NOTHING = "if (!window.cheatStolen) { document.documentElement.remove(); window.stop(); }"
INTRUDERS: Mapping[str, str] = {"package.json": '{"type": "module", "scripts": {"test": "true"}}\n'}


def cheats(scene: Scene) -> Iterator[Cheat]:
    """Every cheat that fits a page. A task without `index.html` gives none but the runner's files."""
    page = _page(scene)
    if page is not None:
        for name, code in _at_the_start(scene).items():
            yield Cheat(name, whole({_PAGE: _first(page, code)}))
        yield Cheat("read_judge", whole({**scene.solved(), _PAGE: _thief(scene, scene.solved().get(_PAGE, page))}))
    yield Cheat("overwritten_tests", whole({f"../{path}": _passing(scene) for path in scene.judge_paths()}))
    yield Cheat("new_runner_files", whole(INTRUDERS))


def _page(scene: Scene) -> str | None:
    place = scene.task.workspace / _PAGE
    return place.read_text("utf-8", "replace") if place.is_file() else None


def _at_the_start(scene: Scene) -> Mapping[str, str]:
    lines = "\n".join(f"console.log({quoted(line)});" for line in scene.tap().splitlines())
    return {
        "forged_output": f"{lines}\ndocument.title = 'passed';\n",
        "patched_page": _PATCHED_PAGE,
        "closed": "window.stop(); window.close();",
    }


def _thief(scene: Scene, page: str) -> str:
    first = _first(page, _READ_JUDGE.replace("PATHS", quoted_list(scene.judge_files())))
    scripts = [path for path in scene.judge_files() if path.endswith(".js")]
    loads = "".join(_LOADED.format(path=path) for path in scripts)
    return f"{first}\n{loads}<script>{_OR_NOTHING}</script>\n"


def _first(page: str, code: str) -> str:
    """A script before all others of the page."""
    head, tag, rest = page.partition("<head>")
    script = f"<script>{code}</script>"
    return f"{head}{tag}{script}{rest}" if tag else script + page


def _passing(scene: Scene) -> str:
    return f"process.stdout.write({quoted(scene.tap())});\n"
