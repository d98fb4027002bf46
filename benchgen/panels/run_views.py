"""What the pages of one run show, its attempts and rows among them: one frozen record a page."""

from __future__ import annotations

from benchgen.panels.attempt import AttemptPanel
from benchgen.panels.attempts import Attempts
from benchgen.panels.breakdown import Breakdown
from benchgen.panels.costs import Costs
from benchgen.panels.current_job import CurrentJob
from benchgen.panels.engine import Engine
from benchgen.panels.episode import Episode
from benchgen.panels.failures import Failures
from benchgen.panels.latency import Latency
from benchgen.panels.log_tail import LogTail
from benchgen.panels.matrix import Matrix
from benchgen.panels.notices import Notices
from benchgen.panels.performance import Performance
from benchgen.panels.rows import RowPanel, Rows
from benchgen.panels.run_cards import RunCards
from benchgen.panels.run_controls import RunControls
from benchgen.panels.run_head import RunHead
from benchgen.panels.running_attempt import RunningHead
from benchgen.panels.timeline import Timeline
from benchgen.panels.views import RunLink
from benchgen.panels.workers import Workers
from benchgen.record import Record


class RunView(Record):
    """`run/<id>/index.html`. An engine that scores by itself has said what is in `engine`.

    `log_tail` is there on a server alone: the logs of a process may hold more than should be published.
    """

    title: str
    notices: Notices
    run_head: RunHead
    run_controls: RunControls
    run_cards: RunCards
    engine: Engine | None
    current_job: CurrentJob
    breakdowns: tuple[Breakdown, ...]
    failures: Failures
    matrix: Matrix
    attempts: Attempts
    costs: Costs
    performance: Performance
    workers: Workers
    timeline: Timeline
    latency: Latency
    comparisons: tuple[RunLink, ...]
    data_href: str | None
    rows_href: str | None = None
    log_tail: LogTail | None = None


class AttemptsView(Record):
    """`run/<id>/attempts-<n>.html`: the further pages of a run's attempts."""

    title: str
    notices: Notices
    run_id: str
    run_href: str
    attempts: Attempts


class RowsView(Record):
    """`run/<id>/rows-<n>.html`: the rows of a dataset run, models side by side."""

    title: str
    notices: Notices
    run_name: str
    run_href: str
    rows: Rows


class RowView(Record):
    """`run/<id>/row/<row>.html`."""

    title: str
    notices: Notices
    row: RowPanel


class AttemptView(Record):
    """`run/<id>/a/<attempt>.html`."""

    title: str
    notices: Notices
    attempt: AttemptPanel


class RunningAttemptView(Record):
    """`run/<id>/a/<attempt>.html` of an episode that has not ended."""

    title: str
    notices: Notices
    running_head: RunningHead
    episode: Episode | None
