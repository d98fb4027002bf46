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
# A script that a page loads tells by itself whether there was one; a text needs a request, which browsers rarely allow.
_LOADED = '<script src="file://{path}" onload="window.cheatStolen = true"></script>'
_OR_NOTHING = "if (!window.cheatStolen) { document.documentElement.remove(); }"
# The solution is a string, so that nothing of it exists unless the theft worked.
_THIEF = """(() => {
  for (const path of PATHS) {
    const request = new XMLHttpRequest();
    try {
      request.open('GET', `file://${path}`, false);
      request.send();
      window.cheatStolen ||= request.responseText.trim() !== '';
    } catch { /* closed */ }
  }
  if (!window.cheatStolen) return;
  const solution = document.createElement('script');
  solution.textContent = SOLUTION;
  document.documentElement.append(solution);
})();
"""
INTRUDERS: Mapping[str, str] = {"package.json": '{"type": "module", "scripts": {"test": "true"}}\n'}


def cheats(scene: Scene) -> Iterator[Cheat]:
    """Every cheat that fits a page. A task without `index.html` gives none but the runner's files."""
    page = _page(scene)
    if page is not None:
        for name, code in _at_the_start(scene).items():
            yield Cheat(name, whole({_PAGE: _first(page, code)}))
        yield Cheat("read_judge", whole(_thief(scene, page)))
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
        "closed": "window.close(); document.write('<plaintext>');",
    }


def _thief(scene: Scene, page: str) -> dict[str, str]:
    """The solution, which comes to life only where one of the judge's files comes through."""
    paths = quoted_list(scene.judge_files())
    found = {path: _stealing(text, paths) if path.endswith(".js") else text for path, text in scene.solved().items()}
    loads = "".join(_LOADED.format(path=path) for path in scene.judge_files() if path.endswith(".js"))
    found[_PAGE] = _before_all(found.get(_PAGE, page), loads) + f"\n<script>{_OR_NOTHING}</script>\n"
    return found


def _stealing(text: str, paths: str) -> str:
    return _THIEF.replace("PATHS", paths).replace("SOLUTION", quoted(text))


def _first(page: str, code: str) -> str:
    """A script before all others of the page."""
    return _before_all(page, f"<script>{code}</script>")


def _before_all(page: str, elements: str) -> str:
    head, tag, rest = page.partition("<head>")
    return f"{head}{tag}{elements}{rest}" if tag else elements + page


def _passing(scene: Scene) -> str:
    return f"process.stdout.write({quoted(scene.tap())});\n"
