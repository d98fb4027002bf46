"""What the live pages show right now: follows the newest running run, and renders its panels when they change."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchgen import codec, paths
from benchgen.clock import Clock
from benchgen.errors import BenchgenError
from benchgen.pages.across import Across
from benchgen.pages.listing import Site
from benchgen.pages.live import STREAMED, live_view
from benchgen.pages.open_run import OpenRun
from benchgen.panels import api, api_runs, links
from benchgen.panels.views import LiveView
from benchgen.render.renderer import Renderer
from benchgen.store.live import live_of
from benchgen.store.runs import Results

ACROSS_EVERY = 1.0
LOG_TAIL_BYTES = 8192
LOG_TAIL_LINES = 40


@dataclass(frozen=True, slots=True)
class Edition:
    """One moment of the live page: the view that everything shown comes from, and which event of which run it is of."""

    view: LiveView
    across: Across
    run_id: str | None
    seq: int
    finished: int
    is_dead: bool
    changed_at: str | None
    finished_at: str | None


class Newsroom:
    """Makes editions. Not safe for threads: the server calls it from one thread alone."""

    def __init__(self, results: Results, site: Site, renderer: Renderer, clock: Clock) -> None:
        self._results, self._site, self._renderer, self._clock = results, site, renderer, clock
        self._run: OpenRun | None = None
        self._across: Across | None = None
        self._across_at = 0.0
        self._html: dict[str, tuple[object, str]] = {}

    def open_folders(self) -> set[Path]:
        """The run folders that the watcher must look into."""
        return {self._results.root / self._run.run_id} if self._run else set()

    def has_died(self, edition: Edition) -> bool:
        """Whether the runner of an edition's run is gone since; nothing in the log will ever say so."""
        going_on = edition.run_id is not None and edition.finished_at is None and not edition.is_dead
        return going_on and not self._results.is_alive(edition.run_id or "")

    def edition(self) -> Edition:
        """The newest edition: only events that are new are read."""
        self._follow()
        across = self._across_now()
        run = self._run
        view = live_view(
            run.state if run else None,
            across,
            is_dead=bool(run and run.is_dead),
            log_tail=self._log_tail(run) if run else "",
        )
        return Edition(
            view=view,
            across=across,
            run_id=run.run_id if run else None,
            seq=run.state.seq if run else 0,
            finished=run.state.finished if run else 0,
            is_dead=bool(run and run.is_dead),
            changed_at=run.state.updated_at if run else None,
            finished_at=run.state.finished_at if run else None,
        )

    def frames(self, edition: Edition) -> dict[str, str]:
        """The panels of the live page as JSON frames for its stream; one is rendered only when its record changed."""
        frames = {name: self._frame(name, getattr(edition.view, name)) for name in STREAMED}
        frames["page"] = codec.json_of({"id": "page", "title": edition.view.title, "changed_at": edition.changed_at})
        return frames

    def page(self, edition: Edition) -> bytes:
        """The whole live page."""
        text = self._renderer.page("live", edition.view, page_path=links.LIVE, live=True)
        return text.encode("utf-8", "replace")

    def messages(self, edition: Edition) -> Mapping[str, object]:
        """The JSON of the seed's endpoints, by the last part of their path."""
        view, now = edition.view, self._clock.stamp()
        run = self._run
        return {
            "status": api.status(view.current_job, view.performance, now),
            "costs": api.costs(view.costs),
            "metrics": api.metrics(view.performance, view.domains),
            "workers": api.workers(view.workers, now),
            "domain_breakdown": api.domain_breakdown(view.domains),
            "runs": api_runs.runs(edition.across.digests),
            "progress": api.progress(view.current_job),
            "tasks": api.background_tasks([view.current_job] if view.current_job else [], now),
            "vms": api.vms(view.workers, now),
            "live": api.live(live_of(run.state, self._clock) if run else None, is_dead=edition.is_dead),
        }

    def _frame(self, name: str, panel: object) -> str:
        before = self._html.get(name)
        if before is not None and before[0] == panel:
            return before[1]
        frame = codec.json_of({"id": name, "html": self._renderer.component(name, panel, page_path=links.LIVE)})
        self._html[name] = (panel, frame)
        return frame

    def _follow(self) -> None:
        """Stays with its run until that has ended, then takes up the newest one that is going on."""
        if self._run is not None:
            try:
                self._run.refresh()
            except (BenchgenError, OSError):
                self._run = None
        if self._run is None or self._run.state.status not in ("running", "queued"):
            self._across = None
        newest = self._newest_running()
        if newest is not None and (self._run is None or self._run.run_id != newest):
            self._run = OpenRun(self._results, newest)

    def _newest_running(self) -> str | None:
        across = self._across_now()
        return next((digest.run_id for digest in across.digests if digest.status == "running"), None)

    def _across_now(self) -> Across:
        """All runs; read again at most once a second, for a running run changes all the time."""
        if self._across is None or time.monotonic() - self._across_at >= ACROSS_EVERY:
            self._across = self._site.across()
            self._across_at = time.monotonic()
        return self._across

    def _log_tail(self, run: OpenRun) -> str:
        """The last lines of the run's own log, read from its end."""
        path = self._results.root / run.run_id / paths.STDERR
        try:
            with path.open("rb") as file:
                file.seek(max(0, path.stat().st_size - LOG_TAIL_BYTES))
                text = file.read(LOG_TAIL_BYTES).decode("utf-8", "replace")
        except FileNotFoundError:
            return ""
        return "\n".join(text.splitlines()[-LOG_TAIL_LINES:])
