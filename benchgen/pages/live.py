"""The live page: the panels of the run now going, for the page that a server answers and for its stream alike."""

from __future__ import annotations

from benchgen.pages.across import Across
from benchgen.pages.run_logs import no_log
from benchgen.panels import (
    attempts,
    costs,
    current_job,
    domains,
    live_head,
    matrix,
    notices,
    performance,
    views,
    workers,
)
from benchgen.panels.leaderboard import Leaderboard
from benchgen.panels.log_tail import LogTail
from benchgen.records.state import RunState

STREAMED = (
    "live_head",
    "notices",
    "current_job",
    "costs",
    "performance",
    "workers",
    "domains",
    "recent_runs",
    "recent_attempts",
    "matrix",
    "leaderboard",
)
"""The fields of a `LiveView` that a stream sends when they change, each by the component of its name."""

QUICK_OF_RUN = ("notices", "run_head", "run_controls", "current_job", "costs", "failures", "workers")
SLOW_OF_RUN = ("run_cards", "attempts", "matrix", "performance", "latency", "timeline", "breakdowns")
"""The same of a `RunView`: those that are made at every change, and those that walk over all attempts."""


def quick_panels(state: RunState, *, is_dead: bool) -> dict[str, object]:
    """The panels of the live page that cost no more in a long run than in a short one: a stream sends them first."""
    return {
        "live_head": live_head.live_head(state),
        "current_job": current_job.current_job(state, is_dead=is_dead),
        "costs": costs.costs(state),
        "workers": workers.workers(state, is_dead=is_dead),
        "recent_attempts": attempts.recent(state),
    }


def live_view(
    state: RunState | None, across: Across, *, is_dead: bool = False, log_tail: LogTail | None = None
) -> views.LiveView:
    """The live page of the newest run that is going on; without one, what there is of all runs."""
    return views.LiveView(
        title=_title(state),
        live_head=live_head.live_head(state),
        notices=notices.of_run(state.config, state.sandbox, is_dead=is_dead) if state else notices.Notices(),
        current_job=current_job.current_job(state, is_dead=is_dead) if state else None,
        costs=costs.costs(state) if state else None,
        performance=performance.performance(state) if state else None,
        workers=workers.workers(state, is_dead=is_dead) if state else None,
        domains=domains.domains(state) if state else None,
        recent_runs=across.recent,
        recent_attempts=attempts.recent(state) if state else (),
        matrix=matrix.of_state(state) if state and state.config.kind != "dataset" else None,
        leaderboard=_board(across, state),
        log_tail=log_tail or no_log(),
    )


def title_of(job: current_job.CurrentJob) -> str:
    """A run's name in the title of its tab, with its progress while it goes on."""
    name = job.run_name or job.run_id
    return f"{job.finished}/{job.total} {name}" if job.is_running and job.total else name


def _title(state: RunState | None) -> str:
    """Progress in the title of the tab."""
    if state is None:
        return "Live"
    done, total = current_job.progress_of(state)
    return f"{done}/{total} {state.config.run_name or state.config.run_id}" if total else state.config.run_id


def _board(across: Across, state: RunState | None) -> Leaderboard | None:
    """The leaderboard of the benchmark that runs, else the first."""
    if state is not None:
        for board in across.leaderboards:
            if (board.kind, board.benchmark_name) == (state.config.kind, state.config.benchmark_name):
                return board
    return across.leaderboards[0] if across.leaderboards else None
