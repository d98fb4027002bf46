"""The pages across runs: leaderboard, history, tasks, models, data files and badges, and those that compare runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from benchgen import codec
from benchgen.pages.across import Across
from benchgen.pages.compare_pages import ComparePages
from benchgen.pages.page import Maker, Page
from benchgen.panels import (
    api_runs,
    feed,
    heat_map,
    history,
    jump,
    links,
    matrix,
    model_page,
    notices,
    tasks,
    views,
)
from benchgen.panels.appearance import About, Appearance
from benchgen.records.digest import RunDigest

DATA_INDEX = "data/index.json"
DATA_RUNS = "data/runs.json"
DATA_LEADERBOARD = "data/leaderboard.json"
JUMP = "data/jump.js"
FEED = "feed.xml"
ATOM = "http://www.w3.org/2005/Atom"
ROBOTS = "robots.txt"
NO_JEKYLL = ".nojekyll"


class SharedPages:
    """Every page that is not of one run; `compared` makes those that compare runs."""

    def __init__(
        self, maker: Maker, across: Across, compared: ComparePages, appearance: Appearance = Appearance()
    ) -> None:
        self._maker, self._across, self._compared = maker, across, compared
        self._appearance = appearance
        self._fixed: dict[str, Callable[[], Page]] = {
            links.INDEX: self._index,
            links.LIVE: self._not_live,
            links.HISTORY: self._history,
            links.TASKS: self._tasks,
            links.COMPARE: compared.index,
            links.METHODS: lambda: self._plain(links.METHODS, "methods", "How every number is made"),
            links.NOT_FOUND: lambda: self._plain(links.NOT_FOUND, "not_found", "Not found"),
            DATA_INDEX: lambda: self._maker.data(DATA_INDEX, _json(self._summary())),
            DATA_RUNS: lambda: self._maker.data(DATA_RUNS, _json(api_runs.run_list(across.digests))),
            DATA_LEADERBOARD: lambda: self._maker.data(DATA_LEADERBOARD, _json(list(across.leaderboards))),
            JUMP: lambda: self._maker.data(JUMP, self._jump()),
            ROBOTS: lambda: self._maker.data(ROBOTS, b"User-agent: *\nAllow: /\n"),
            NO_JEKYLL: lambda: self._maker.data(NO_JEKYLL, b""),
        }
        if appearance.base_url:
            self._fixed[FEED] = self._feed
        for page in appearance.about:
            self._fixed[page.path] = partial(self._about, page)

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
        yield from self._compared.all()

    def find(self, path: str) -> Page | None:
        """The page at a path, made alone."""
        if path in self._fixed:
            return self._fixed[path]()
        folder, _, rest = path.partition("/")
        if folder == "compare":
            return self._compared.find(rest)
        name = rest.removesuffix("/index.html")
        if folder == "assets":
            content = self._maker.renderer.assets(live=self._maker.live).get(path)
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
        return None

    def _index(self) -> Page:
        across = self._across
        boards = across.leaderboards
        parts = across.ranked_parts(boards[0]) if boards else []
        view = views.IndexView(
            title="Leaderboard",
            notices=notices.of_runs(across.digests, across.broken, across.waiting),
            runs=len(across.digests),
            models=len(across.models),
            tasks=len(across.tasks),
            attempts=sum(digest.finished for digest in across.digests),
            leaderboards=boards,
            matrix=matrix.of_runs(parts),
            heat_map=heat_map.heat_map(parts),
            recent_runs=across.recent,
        )
        return self._maker.page(links.INDEX, "index", view)

    def _not_live(self) -> Page:
        newest = self._across.digests[0].run_id if self._across.digests else None
        view = views.NotLiveView("Live", notices.Notices(), newest, links.run(newest) if newest else None)
        return self._maker.page(links.LIVE, "not_live", view)

    def _history(self) -> Page:
        across = self._across
        shown = history.newest_page(across.lines, across.trends)
        view = views.HistoryView("Runs", notices.of_runs(across.digests, across.broken, across.waiting), shown)
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
        across = self._across
        panel = model_page.model_page(model, across.digests, across.lines.of_model(model), across.remembered)
        view = views.ModelView(model, self._notices({line.run_id for line in panel.lines}), panel)
        return self._maker.page(links.model(model), "model", view)

    def _badge(self, model: str) -> Page:
        line = self._across.newest_lines.get(model)
        view = views.BadgeView(model, line.rate if line else None, bool(line and line.is_mock))
        return self._maker.page(links.badge(model), "badge", view)

    def _plain(self, path: str, template: str, title: str) -> Page:
        return self._maker.page(path, template, views.PlainView(title, notices.Notices()))

    def _notices(self, runs: set[str]) -> notices.Notices:
        return notices.of_runs(self._across.those(runs))

    def _about(self, page: About) -> Page:
        return self._maker.page(page.path, "about", views.AboutView(page.title, notices.Notices(), page.text))

    def _feed(self) -> Page:
        view = views.FeedView("feed", ATOM, feed.feed(self._across.lines, self._appearance, FEED))
        return self._maker.page(FEED, "feed", view)

    def _jump(self) -> bytes:
        """A script, for pages from disk may load nothing else; it does nothing but hand over the list."""
        across = self._across
        titles = {task: page.title for task, page in across.task_pages.items()}
        found = [list(place) for place in jump.places(across.digests, across.models.values(), titles)]
        return b'dispatchEvent(new CustomEvent("benchgen:places",{detail:' + codec.compact(found) + b"}));\n"

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
            "waiting": list(across.waiting),
        }


def _run_data(digest: RunDigest) -> str:
    return links.run_data(digest.run_id)


def _json(data: object) -> bytes:
    return codec.compact(data) + b"\n"
