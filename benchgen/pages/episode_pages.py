"""Episodes of a run: steps and logs for the page of an attempt, and a page of its own while one is under way."""

from __future__ import annotations

from collections.abc import Iterator

from benchgen import paths
from benchgen.errors import BadFile, NotFound
from benchgen.formats.openadapt import read_log
from benchgen.pages.open_run import OpenRun
from benchgen.pages.page import Maker, Page, key_of
from benchgen.panels import links, notices, run_views
from benchgen.panels.episode import Episode, LogLine, episode
from benchgen.panels.running_attempt import running_head
from benchgen.record import replace
from benchgen.records.events import StepRecorded
from benchgen.records.run import folder_of
from benchgen.records.state import AttemptRow, Running
from benchgen.store.runs import Results


class EpisodePages:
    """What of a run's episodes is shown, and the files that are published with it."""

    def __init__(self, results: Results, maker: Maker, run: OpenRun, inputs: str) -> None:
        self._results, self._maker, self._run, self._inputs = results, maker, run, inputs

    def all(self) -> Iterator[Page]:
        """The pages of episodes under way; none for other kinds, whose attempts show nothing before they end."""
        if self._run.episodes:
            for running in self._run.state.running.values():
                yield self.page(running)

    def page(self, running: Running) -> Page:
        """The page of an episode under way; that of its outcome takes its place."""
        path = links.attempt(self._run.run_id, running.attempt)
        key = key_of(self._inputs, path, repr(replace(running, steps=())), *self.raw(running.attempt))
        return Page(path, key, lambda: self._maker.html(path, "running_attempt", self._view(running)))

    def raw(self, attempt: str) -> list[bytes]:
        """The lines of an attempt's steps as they stand in the log; none for kinds without steps."""
        return self._run.episodes.raw(attempt) if self._run.episodes else []

    def steps(self, attempt: str) -> list[StepRecorded]:
        """Those lines as records."""
        return self._run.episodes.steps(self.raw(attempt)) if self._run.episodes else []

    def recorded(self, attempt: str, folder: str) -> tuple[StepRecorded, ...]:
        """The steps of an attempt, each screenshot named inside its folder, and only where there is one to show."""
        return tuple(self._with_picture(step, folder) for step in self.steps(attempt))

    def log(self, folder: str) -> tuple[LogLine, ...]:
        """The log of an episode that has ended; empty where there is none that can be read."""
        if not self._run.episodes:
            return ()
        try:
            path = self._results.artifact(self._run.run_id, f"{folder}/{paths.EXECUTION}")
            lines = read_log(path)
        except (NotFound, BadFile, OSError):
            return ()
        return tuple(LogLine(line.level, line.message, line.timestamp) for line in lines)

    def panel(self, running: Running) -> Episode | None:
        """The episode of an attempt under way, as far as it has come."""
        folder = folder_of(self._run.state.config, running.attempt)
        steps = self.recorded(running.attempt, folder)
        return episode(self._run.run_id, folder, steps, is_running=True)

    def panels(self, slug: str) -> dict[str, object]:
        """What a stream sends about an attempt's page: its head, and its episode while that is under way."""
        config, running, row = self._run.state.config, self._run.running(slug), self._run.row(slug)
        if running is not None:
            return {"running_head": running_head(config, running), "episode": self.panel(running)}
        if row is not None and self._run.episodes:
            folder = self._run.folder_of(row)
            whole = episode(self._run.run_id, folder, self.recorded(row.attempt, folder), self.log(folder))
            return {"running_head": running_head(config, _ended(row), has_ended=True), "episode": whole}
        return {}

    def _view(self, running: Running) -> run_views.RunningAttemptView:
        state = self._run.state
        return run_views.RunningAttemptView(
            title=f"{running.task} by {running.model}, under way",
            notices=notices.of_run(state.config, state.sandbox, is_dead=self._run.is_dead),
            running_head=running_head(state.config, running),
            episode=self.panel(running),
        )

    def _with_picture(self, step: StepRecorded, folder: str) -> StepRecorded:
        shot = (step.screenshot or "").removeprefix(f"{folder}/")
        return replace(step, screenshot=shot if shot and self._is_there(f"{folder}/{shot}") else None)

    def _is_there(self, relative: str) -> bool:
        try:
            self._results.artifact(self._run.run_id, relative)
        except NotFound:
            return False
        return True


def _ended(row: AttemptRow) -> Running:
    outline = row.outline
    return Running(row.attempt, row.task, row.model, outline.sample, outline.worker, outline.started_at)
