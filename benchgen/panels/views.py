"""What each page of the site shows, but those of one run: one frozen record a page, holding the panels of that page."""

from __future__ import annotations

from benchgen.catalog.rows import Problem
from benchgen.numbers.rates import Rate
from benchgen.panels.attempts import AttemptLine
from benchgen.panels.compare import Compare
from benchgen.panels.costs import Costs
from benchgen.panels.current_job import CurrentJob
from benchgen.panels.dataset_runs import DatasetRuns
from benchgen.panels.datasets import DatasetHead, Datasets
from benchgen.panels.domains import Domains
from benchgen.panels.feed import Feed
from benchgen.panels.heat_map import HeatMap
from benchgen.panels.history import History
from benchgen.panels.leaderboard import Leaderboard
from benchgen.panels.live_head import LiveHead
from benchgen.panels.log_tail import LogTail
from benchgen.panels.matrix import Matrix
from benchgen.panels.model_page import ModelPage
from benchgen.panels.notices import Notices
from benchgen.panels.pair import Change
from benchgen.panels.performance import Performance
from benchgen.panels.recent_runs import RecentRuns
from benchgen.panels.rows import Rows
from benchgen.panels.run_line import RunLine
from benchgen.panels.side_by_side import SideBySide
from benchgen.panels.solutions import Solutions
from benchgen.panels.task_page import TaskPage
from benchgen.panels.tasks import Tasks
from benchgen.panels.workers import Workers
from benchgen.record import Record


class IndexView(Record):
    """`index.html`: counts, a leaderboard for each benchmark, matrix and heat map of the first, the newest runs."""

    title: str
    notices: Notices
    runs: int
    models: int
    tasks: int
    attempts: int
    leaderboards: tuple[Leaderboard, ...]
    matrix: Matrix
    heat_map: HeatMap | None
    recent_runs: RecentRuns


class LiveView(Record):
    """`live/index.html` of a server: the panels of the newest run that is going on, None where there is none."""

    title: str
    notices: Notices
    live_head: LiveHead | None
    current_job: CurrentJob | None
    costs: Costs | None
    performance: Performance | None
    workers: Workers | None
    domains: Domains | None
    recent_runs: RecentRuns
    recent_attempts: tuple[AttemptLine, ...]
    matrix: Matrix | None
    leaderboard: Leaderboard | None
    log_tail: LogTail


class NotLiveView(Record):
    """`live/index.html` on a static host: a fixed text and a link to the newest run."""

    title: str
    notices: Notices
    newest_run: str | None
    newest_href: str | None


class HistoryView(Record):
    """`history/index.html`."""

    title: str
    notices: Notices
    history: History


class RunLink(Record):
    """A link to a run or a comparison, with the id and the name it is known by; `is_before`: it is the older of two."""

    run_id: str
    href: str
    name: str = ""
    is_before: bool = False


class DatasetsView(Record):
    """`dataset/index.html`."""

    title: str
    notices: Notices
    datasets: Datasets
    dataset_runs: DatasetRuns


class DatasetView(Record):
    """`dataset/<slug>/index.html`: its runs, and all models side by side on its rows, the first page of them.

    `known_models` are offered where it can be run.
    """

    title: str
    notices: Notices
    dataset_head: DatasetHead
    lines: tuple[RunLine, ...]
    known_models: tuple[str, ...]
    rows: Rows | None


class RefusedView(Record):
    """What a form of a dataset came to when it was refused; `problems` are lines with what is wrong in each."""

    title: str
    notices: Notices
    message: str
    hint: str
    problems: tuple[Problem, ...]
    back_href: str


class TasksView(Record):
    """`task/index.html`."""

    title: str
    notices: Notices
    tasks: Tasks


class TaskView(Record):
    """`task/<slug>/index.html`."""

    title: str
    notices: Notices
    task_page: TaskPage
    solutions: Solutions | None = None


class ModelView(Record):
    """`model/<slug>/index.html`."""

    title: str
    notices: Notices
    model_page: ModelPage


class AnswersOf(Record):
    """What two runs answered to a task on which they differ, text by text."""

    task: str
    change: Change
    share_a: float
    share_b: float
    texts: tuple[SideBySide, ...]

    @property
    def has_shares(self) -> bool:
        """Whether several samples make an outcome more than passed or failed."""
        return not {self.share_a, self.share_b} <= {0.0, 1.0}


class CompareView(Record):
    """`compare/<a>..<b>[..<c>..<d>]/index.html`. `answers` stand for each pair in turn."""

    title: str
    notices: Notices
    compare: Compare
    answers: tuple[tuple[AnswersOf, ...], ...]


class ComparedRuns(Record):
    """Runs with a page that compares them: neighbours of one benchmark, or such as were asked for."""

    run_ids: tuple[str, ...]
    names: tuple[str, ...]
    benchmark_name: str
    models: tuple[str, ...]
    href: str


class CompareIndexView(Record):
    """`compare/index.html`: the comparisons that have a page, the matrix whose columns `?ids=` picks.

    `hidden` counts comparisons beyond the most that are listed: each stands on the pages of its runs.
    """

    title: str
    notices: Notices
    compared: tuple[ComparedRuns, ...]
    hidden: int
    matrix: Matrix


class PlainView(Record):
    """`methods/index.html` and `404.html`: pages whose text stands in their template."""

    title: str
    notices: Notices


class AboutView(Record):
    """`about/<name>.html`: a page of the site's owner, from Markdown."""

    title: str
    notices: Notices
    text: str


class FeedView(Record):
    """`feed.xml`, of a site whose address is known."""

    title: str
    namespace: str
    feed: Feed


class BadgeView(Record):
    """`badge/<model>.svg`: a model's rate in its newest complete run."""

    model: str
    rate: Rate | None
    is_mock: bool
