"""The pages across runs: leaderboard, history, tasks, models, comparisons, data files and badges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from benchgen import codec
from benchgen.pages.across import Across
from benchgen.pages.page import Maker, Page
from benchgen.panels import (
    api_runs,
    compare,
    heat_map,
    history,
    links,
    matrix,
    model_page,
    notices,
    recent_runs,
    tasks,
    views,
)
from benchgen.records.digest import RunDigest

MOST_COLUMNS = 40
MOST_PAIRS = 200
"""Pairs that are listed, the newest first; those before are linked from the pages of their runs."""
DATA_INDEX = "data/index.json"
DATA_RUNS = "data/runs.json"
DATA_LEADERBOARD = "data/leaderboard.json"
ROBOTS = "robots.txt"
NO_JEKYLL = ".nojekyll"


class SharedPages:
    """Every page that is not of one run; `asked` are pairs of runs to compare besides neighbouring ones."""

    def __init__(self, maker: Maker, across: Across, asked: Iterable[tuple[str, str]] = ()) -> None:
        self._maker, self._across = maker, across
        neighbours = [(a.run_id, b.run_id) for a, b in across.pairs]
        self._pairs = dict.fromkeys([*neighbours, *(pair for pair in asked if set(pair) <= across.by_id.keys())])
        self._fixed: dict[str, Callable[[], Page]] = {
            links.INDEX: self._index,
            links.LIVE: self._not_live,
            links.HISTORY: self._history,
            links.TASKS: self._tasks,
            links.COMPARE: self._compare_index,
            links.METHODS: lambda: self._plain(links.METHODS, "methods", "How every number is made"),
            links.NOT_FOUND: lambda: self._plain(links.NOT_FOUND, "not_found", "Not found"),
            DATA_INDEX: lambda: self._maker.data(DATA_INDEX, _json(self._summary())),
            DATA_RUNS: lambda: self._maker.data(DATA_RUNS, _json(api_runs.run_list(across.digests))),
            DATA_LEADERBOARD: lambda: self._maker.data(DATA_LEADERBOARD, _json(list(across.leaderboards))),
            ROBOTS: lambda: self._maker.data(ROBOTS, b"User-agent: *\nAllow: /\n"),
            NO_JEKYLL: lambda: self._maker.data(NO_JEKYLL, b""),
        }

    def all(self) -> Iterator[Page]:
        for make in self._fixed.values():
            yield make()
        for number in range(1, history.pages(self._across.lines) + 1):
            yield self._older(number)
        for task in self._across.tasks.values():
            yield self._task(task)
        for model in self._across.models.values():
            yield self._model(model)
            yield self._badge(model)
        for a, b in self._pairs:
            yield self._compare(self._across.by_id[a], self._across.by_id[b])
        for path, content in self._maker.renderer.assets().items():
            yield self._maker.data(path, content)

    def find(self, path: str) -> Page | None:
        """The page at a path, made alone. A live server compares any two runs."""
        if path in self._fixed:
            return self._fixed[path]()
        folder, _, rest = path.partition("/")
        name = rest.removesuffix("/index.html")
        if folder == "assets":
            content = self._maker.renderer.assets().get(path)
            return None if content is None else self._maker.data(path, content)
        if folder == "badge" and rest.endswith(".svg"):
            model = self._across.models.get(rest.removesuffix(".svg"))
            return None if model is None else self._badge(model)
        if folder == "history":
            numbers = range(1, history.pages(self._across.lines) + 1)
            return next((self._older(number) for number in numbers if links.history(number) == path), None)
        if name == rest or "/" in name:
            return None
        return self._named(folder, name)

    def _named(self, folder: str, name: str) -> Page | None:
        if folder == "task" and name in self._across.tasks:
            return self._task(self._across.tasks[name])
        if folder == "model" and name in self._across.models:
            return self._model(self._across.models[name])
        if folder == "compare":
            for a, b in _splits(name):
                known = a in self._across.by_id and b in self._across.by_id
                if known and a != b and (self._maker.live or (a, b) in self._pairs):
                    return self._compare(self._across.by_id[a], self._across.by_id[b])
        return None

    def _index(self) -> Page:
        across = self._across
        boards = across.leaderboards
        parts = across.ranked_parts(boards[0]) if boards else []
        view = views.IndexView(
            title="Leaderboard",
            notices=notices.of_runs(across.digests, across.broken),
            runs=len(across.digests),
            models=len(across.models),
            tasks=len(across.tasks),
            attempts=sum(digest.finished for digest in across.digests),
            leaderboards=boards,
            matrix=matrix.of_runs(parts),
            heat_map=heat_map.heat_map(parts),
            recent_runs=recent_runs.recent_runs(across.lines),
        )
        return self._maker.page(links.INDEX, "index", view)

    def _not_live(self) -> Page:
        newest = self._across.digests[0].run_id if self._across.digests else None
        view = views.NotLiveView("Live", notices.Notices(), newest, links.run(newest) if newest else None)
        return self._maker.page(links.LIVE, "not_live", view)

    def _history(self) -> Page:
        across = self._across
        shown = history.newest_page(across.lines, across.trends)
        view = views.HistoryView("Runs", notices.of_runs(across.digests, across.broken), shown)
        return self._maker.page(links.HISTORY, "history", view)

    def _older(self, number: int) -> Page:
        shown = history.older_page(self._across.lines, number)
        view = views.HistoryView(
            f"Runs, older page {number}", self._notices({line.run_id for line in shown.lines}), shown
        )
        return self._maker.page(links.history(number), "history", view)

    def _tasks(self) -> Page:
        across = self._across
        broken = [(one.task_id, one.reason) for one in across.broken_tasks]
        view = views.TasksView("Tasks", notices.Notices(), tasks.tasks(across.task_pages.values(), broken))
        return self._maker.page(links.TASKS, "tasks", view)

    def _task(self, task: str) -> Page:
        panel = self._across.task_pages[task]
        runs = {solver.run_id for solver in panel.solvers}
        view = views.TaskView(
            title=panel.title or task,
            notices=self._notices(runs),
            task_page=panel,
            solutions=self._across.solutions(task) if self._maker.solutions else None,
        )
        return self._maker.page(links.task(task), "task", view)

    def _model(self, model: str) -> Page:
        panel = model_page.model_page(model, self._across.digests, self._across.lines)
        view = views.ModelView(model, self._notices({line.run_id for line in panel.lines}), panel)
        return self._maker.page(links.model(model), "model", view)

    def _badge(self, model: str) -> Page:
        line = self._across.newest_lines.get(model)
        view = views.BadgeView(model, line.rate if line else None, bool(line and line.is_mock))
        return self._maker.page(links.badge(model), "badge", view)

    def _compare(self, a: RunDigest, b: RunDigest) -> Page:
        panel = compare.compare(a, b)
        view = views.CompareView(f"{a.run_id} and {b.run_id} compared", self._notices({a.run_id, b.run_id}), panel)
        return self._maker.page(links.compare(a.run_id, b.run_id), "compare", view)

    def _compare_index(self) -> Page:
        parts = self._across.newest_parts(MOST_COLUMNS)
        runs = self._across.by_id
        view = views.CompareIndexView(
            title="Compare",
            notices=self._notices({run.run_id for run, _ in parts}),
            pairs=tuple(_pair(runs[a], runs[b]) for a, b in islice(reversed(self._pairs), MOST_PAIRS)),
            more_pairs=max(0, len(self._pairs) - MOST_PAIRS),
            matrix=matrix.of_runs(parts),
        )
        return self._maker.page(links.COMPARE, "compare_index", view)

    def _plain(self, path: str, template: str, title: str) -> Page:
        return self._maker.page(path, template, views.PlainView(title, notices.Notices()))

    def _notices(self, runs: set[str]) -> notices.Notices:
        return notices.of_runs(self._across.those(runs))

    def _summary(self) -> dict[str, object]:
        """What the site holds, for scripts that read it."""
        across = self._across
        return {
            "runs": [{"run_id": d.run_id, "page": links.run(d.run_id), "data": _run_data(d)} for d in across.digests],
            "models": [
                {"model_id": m, "page": links.model(m), "badge": links.badge(m)} for m in across.models.values()
            ],
            "tasks": [{"task_id": task, "page": links.task(task)} for task in across.tasks.values()],
            "unreadable": [{"run_id": one.run_id, "reason": one.reason} for one in across.broken],
        }


def _run_data(digest: RunDigest) -> str:
    return links.run_data(digest.run_id)


def _pair(a: RunDigest, b: RunDigest) -> views.ComparedPair:
    models = tuple(dict.fromkeys(model.model_id for run in (a, b) for model in run.models))
    return views.ComparedPair(a.run_id, b.run_id, b.benchmark_name, models, links.compare(a.run_id, b.run_id))


def _splits(name: str) -> Iterator[tuple[str, str]]:
    """Every way to read `a..b`, for an id may hold dots itself."""
    at = name.find("..")
    while at >= 0:
        yield name[:at], name[at + 2 :]
        at = name.find("..", at + 1)


def _json(data: object) -> bytes:
    return codec.compact(data) + b"\n"
