"""What the live pages show right now: follows the run that is going on, and makes frames and messages of it."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from pathlib import Path

from benchgen import codec, paths
from benchgen.clock import Clock
from benchgen.errors import BenchgenError
from benchgen.formats.openadapt_files import read_machines
from benchgen.pages.across import Across
from benchgen.pages.listing import Site
from benchgen.pages.live import QUICK_OF_RUN, SLOW_OF_RUN, STREAMED, live_view, quick_panels, title_of
from benchgen.pages.open_run import OpenRun
from benchgen.pages.run_logs import log_sizes, log_tail
from benchgen.panels import api, api_runs, links
from benchgen.panels.current_job import CurrentJob
from benchgen.panels.views import LiveView
from benchgen.record import Record
from benchgen.records.status import ENDED
from benchgen.render.renderer import Renderer
from benchgen.server import topics
from benchgen.server.press import Press
from benchgen.server.unended import Unended
from benchgen.store.live import live_of
from benchgen.store.runs import Results

COMBINED = ("costs", "metrics", "workers", "domain_breakdown")


class Edition(Record):
    """One moment of the live page: the view that everything shown comes from, and which event of which run it is of."""

    view: LiveView
    across: Across
    run_id: str | None
    seq: int
    finished: int
    is_dead: bool
    changed_at: str | None


class Newsroom:
    """Makes editions. Not safe for threads: the server calls it from one thread alone."""

    def __init__(self, results: Results, site: Site, renderer: Renderer, clock: Clock) -> None:
        self._results, self._site, self._renderer, self._clock = results, site, renderer, clock
        self._press = Press(renderer)
        self._run: OpenRun | None = None
        self.unended = Unended(results)
        self.look_around()

    @property
    def inline_style(self) -> str:
        """The hash of the style that the 404 page carries in itself."""
        return f"sha256-{self._renderer.inline_style_hash}"

    def look_around(self) -> None:
        """Reads the list of runs again and takes up the run that is going on; stays with the one it has otherwise."""
        self._across = self._site.across()
        alive = self.unended.look(self._across.digests)
        newest = self._newest(alive)
        if newest is not None and (self._run is None or self._run.run_id != newest):
            self._run = self._opened(newest)
        self.unended.watch([*([self._run.run_id] if self._run else []), *alive])

    def edition(self) -> Edition:
        """The newest edition: only events that are new are read."""
        self._refresh()
        run = self._run
        view = live_view(
            run.state if run else None,
            self._across,
            is_dead=bool(run and run.is_dead),
            log_tail=log_tail(self.unended.home(run.run_id)) if run else None,
        )
        return Edition(
            view=view,
            across=self._across,
            run_id=run.run_id if run else None,
            seq=run.state.seq if run else 0,
            finished=run.state.finished if run else 0,
            is_dead=bool(run and run.is_dead),
            changed_at=run.state.updated_at if run else None,
        )

    def page(self, edition: Edition) -> bytes:
        """The whole live page."""
        text = self._renderer.page("live", edition.view, page_path=links.LIVE, live=True)
        return text.encode("utf-8", "replace")

    def special_page(self, template: str, path: str, view: object) -> bytes:
        """A page that only a server has."""
        return self._renderer.page(template, view, page_path=path, live=True).encode("utf-8", "replace")

    def frames(self, topic: str, edition: Callable[[], Edition]) -> Mapping[str, str] | None:
        """Everything that a stream about `topic` holds; None where there is nothing of that name."""
        if topic == topics.LIVE:
            return self._live_frames(edition())
        if topic == topics.SEED:
            return self._seed_frames(edition())
        if topic == links.DATASETS:
            return self._dataset_frames()
        if topics.is_events(topic):
            return {"seen": self._stamp(topics.run_of(topic) or "")}
        run_id = topics.run_page(topic)
        if run_id is not None:
            return self._run_frames(run_id, topic, QUICK_OF_RUN + SLOW_OF_RUN)
        page = self._site.find(topic)
        if page is None:
            return None
        return {"page": codec.json_of({"id": "page", "key": page.key}), **self._attempt_frames(topic)}

    def quick_frames(self, topic: str) -> Mapping[str, str]:
        """What of a topic can be told at once, however long the run; the rest follows with the next edition."""
        if topic == topics.LIVE and self._run is not None:
            self._refresh()
        if topic == topics.LIVE and self._run is not None:
            return self._press.frames(links.LIVE, quick_panels(self._run.state, is_dead=self._run.is_dead))
        if topic == links.DATASETS:
            return self._dataset_frames()
        if topics.is_events(topic):
            return {"seen": self._stamp(topics.run_of(topic) or "")}
        run_id = topics.run_page(topic)
        return (self._run_frames(run_id, topic, QUICK_OF_RUN) if run_id else None) or self._attempt_frames(topic)

    def messages(self, edition: Edition) -> Mapping[str, object]:
        """The JSON of the seed's endpoints, by the last part of their path; durations are as of now."""
        view, now, run = edition.view, self._clock.stamp(), self._run
        machines = [one.name for one in read_machines(self._results.root)]
        job = view.current_job if view.current_job and view.current_job.status not in ENDED else None
        return {
            "status": api.status(job, view.performance, now),
            "costs": api.costs(view.costs),
            "metrics": api.metrics(view.performance, view.domains),
            "workers": api.workers(view.workers, now, machines),
            "domain_breakdown": api.domain_breakdown(view.domains),
            "runs": api_runs.runs(edition.across.digests, edition.across.remembered),
            "progress": api.progress(view.current_job),
            "tasks": api.background_tasks([view.current_job] if view.current_job else [], now),
            "vms": api.vms(view.workers, now, machines),
            "live": api.live(live_of(run.state, self._clock) if run else None, is_dead=edition.is_dead),
        }

    def _live_frames(self, edition: Edition) -> dict[str, str]:
        frames = self._press.frames(links.LIVE, {name: getattr(edition.view, name) for name in STREAMED})
        said = {"id": "page", "title": edition.view.title, "changed_at": edition.changed_at}
        frames["page"] = codec.json_of(said | _standing(edition.view.current_job))
        return frames | (self._log_frame(edition.run_id) if edition.run_id else {})

    def _log_frame(self, run_id: str) -> dict[str, str]:
        """How long the run's logs are: whoever shows them asks for what is new by its offset."""
        sizes = log_sizes(self.unended.home(run_id))
        return {"log": codec.json_of({"id": "log", "run_id": run_id, "sizes": sizes})}

    def _run_frames(self, run_id: str, topic: str, names: Container[str]) -> dict[str, str] | None:
        found = self._site.run_panels(run_id, names)
        if found is None:
            return None
        frames = self._press.frames(topic, found) | self._log_frame(run_id)
        job = found["current_job"]
        if isinstance(job, CurrentJob):
            frames["page"] = codec.json_of({"id": "page", "title": title_of(job), **_standing(job)})
        return frames

    def _attempt_frames(self, topic: str) -> dict[str, str]:
        found = topics.attempt_page(topic)
        return self._press.frames(topic, self._site.attempt_panels(*found)) if found else {}

    def _dataset_frames(self) -> dict[str, str]:
        return self._press.frames(links.DATASETS, {"dataset_runs": self._site.dataset_runs()})

    def _seed_frames(self, edition: Edition) -> dict[str, str]:
        said = self.messages(edition)
        status, runs = codec.plain(said["status"]), codec.plain(said["runs"])
        combined = {
            "current_job": status["current_job"],
            "queue": status["queue"],
            **{name: said[name] for name in COMBINED},
            "runs": runs["runs"],
            "seq": edition.seq,
        }
        newest = [
            {"number": edition.finished - back, "attempt": api.task_complete(attempt)}
            for back, attempt in enumerate(edition.view.recent_attempts)
        ]
        return {
            "message": codec.json_of(combined),
            "progress": codec.json_of(codec.plain(said["progress"]) | api.named_progress(edition.view.current_job)),
            "status": codec.json_of(status),
            "task_complete": codec.compact(newest).decode(),
        }

    def _refresh(self) -> None:
        if self._run is None:
            return
        try:
            self._run.refresh()
        except (BenchgenError, OSError):  # deleted, or damaged: the list of runs says so
            self._run = None

    def _opened(self, run_id: str) -> OpenRun | None:
        try:
            return OpenRun(self._results, run_id)
        except (BenchgenError, OSError):
            return None

    def _newest(self, alive: Container[str]) -> str | None:
        """The newest run that is going on; the one followed so far, as long as none is; else the newest of all."""
        running = [digest.run_id for digest in self.unended.digests if digest.status == "running"]
        newest = next((run_id for run_id in running if run_id in alive), None)
        if newest is not None or self._run is not None:
            return newest
        return self._across.digests[0].run_id if self._across.digests else None

    def _stamp(self, run_id: str) -> str:
        """The sizes of what a run's own stream reads."""
        return repr([_size(self.unended.home(run_id) / name) for name in (paths.EVENTS, paths.STDOUT, paths.STDERR)])


def _standing(job: CurrentJob | None) -> dict[str, str]:
    """How a run stands, in the words of a page's title and of a notification."""
    if job is None:
        return {}
    name, status = job.run_name or job.run_id, "dead" if job.is_dead else job.status
    return {"run_id": job.run_id, "name": name, "status": status}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1
