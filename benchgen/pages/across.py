"""All runs at one moment, and what the pages across them need, each made once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from benchgen import paths
from benchgen.catalog.layout import shown_files
from benchgen.catalog.solutions import mutations, reference_diff
from benchgen.catalog.tasks import BrokenTask, Catalog
from benchgen.panels import history, leaderboard, links, model_page, recent_runs, task_page, views
from benchgen.panels.history import Trend
from benchgen.panels.leaderboard import Leaderboard
from benchgen.panels.notices import Broken
from benchgen.panels.recent_runs import RecentRuns
from benchgen.panels.remembered import Remembered
from benchgen.panels.run_line import Lines, RunLine
from benchgen.panels.solutions import Solutions, solutions
from benchgen.panels.task_page import TaskPage
from benchgen.records.digest import ModelDigest, RunDigest
from benchgen.store.runs import Unreadable


class Across:
    """Digests of all runs, newest first, beside the catalog."""

    def __init__(
        self,
        digests: Sequence[RunDigest],
        unreadable: Sequence[Unreadable],
        catalog: Catalog | None,
        remembered: Remembered | None = None,
        waiting: tuple[str, ...] = (),
    ) -> None:
        self.remembered = remembered or Remembered()
        self.remembered.next_round()
        self.digests = list(digests)
        self.broken = [Broken(one.run_id, one.path, one.reason) for one in unreadable]
        self.waiting = waiting
        self._catalog = catalog

    @cached_property
    def by_id(self) -> dict[str, RunDigest]:
        return {digest.run_id: digest for digest in self.digests}

    @cached_property
    def _place(self) -> dict[str, int]:
        return {digest.run_id: place for place, digest in enumerate(self.digests)}

    def those(self, run_ids: Iterable[str]) -> list[RunDigest]:
        """Some of the runs, newest first, without a look at the others."""
        return [self.digests[place] for place in sorted(self._place[run_id] for run_id in set(run_ids))]

    @cached_property
    def lines(self) -> Lines:
        return Lines(self.digests, self.remembered)

    @cached_property
    def recent(self) -> RecentRuns:
        return recent_runs.recent_runs(self.lines)

    @cached_property
    def trends(self) -> tuple[Trend, ...]:
        """Those of the newest runs: a model's own page has all of its trends."""
        return history.trends(self.digests, self.remembered, most=history.MOST_TRENDS)

    @cached_property
    def leaderboards(self) -> tuple[Leaderboard, ...]:
        return leaderboard.leaderboards(self.digests)

    @cached_property
    def newest_lines(self) -> dict[str, RunLine]:
        return model_page.newest_by_model(self.lines)

    @cached_property
    def models(self) -> dict[str, str]:
        """Model ids by the slug of their page."""
        return {paths.slug(m.model_id): m.model_id for digest in reversed(self.digests) for m in digest.models}

    @cached_property
    def tasks(self) -> dict[str, str]:
        """Task ids by the slug of their page: the catalog's, then those that only runs know."""
        found = {paths.slug(task.task_id): task.task_id for task in (self._catalog.tasks() if self._catalog else ())}
        for digest in reversed(self.digests):
            if links.has_task_pages(digest.kind):
                for task in _tasks_of(digest):
                    found.setdefault(paths.slug(task), task)
        return found

    @cached_property
    def task_pages(self) -> dict[str, TaskPage]:
        """Every task's page by its id."""
        known = {task.task_id: task for task in self._catalog.tasks()} if self._catalog else {}
        having: dict[str, list[RunDigest]] = {task: [] for task in self.tasks.values()}
        for digest in self.digests:
            for task in _tasks_of(digest) if links.has_task_pages(digest.kind) else ():
                having[task].append(digest)
        return {
            task: task_page.task_page(task, known.get(task), shown_files(known[task]) if task in known else (), runs)
            for task, runs in having.items()
        }

    def solutions(self, task_id: str) -> Solutions | None:
        """The reference and the mutants of a task, where the catalog has them."""
        task = next((one for one in self._catalog.tasks() if one.task_id == task_id), None) if self._catalog else None
        if task is None or task.reference is None:
            return None
        return solutions(task, reference_diff(task), mutations(task))

    @property
    def broken_tasks(self) -> Sequence[BrokenTask]:
        return self._catalog.broken() if self._catalog else ()

    @cached_property
    def pairs(self) -> tuple[tuple[RunDigest, RunDigest], ...]:
        """Neighbouring complete runs of one benchmark, the older first."""
        last: dict[tuple[str, str], RunDigest] = {}
        found = []
        for digest in reversed(self.digests):
            if digest.is_complete:
                before = last.get((digest.kind, digest.benchmark_name))
                if before and (digest.kind != "code" or before.tasks.keys() & digest.tasks.keys()):
                    found.append((before, digest))
                last[digest.kind, digest.benchmark_name] = digest
        return tuple(found)

    @cached_property
    def comparisons(self) -> dict[str, tuple[views.RunLink, ...]]:
        """For each run the pages that compare it with its neighbours."""
        found: dict[str, tuple[views.RunLink, ...]] = {}
        for a, b in self.pairs:
            href = links.compare(a.run_id, b.run_id)
            found[a.run_id] = (*found.get(a.run_id, ()), views.RunLink(b.run_id, href, b.run_name))
            found[b.run_id] = (*found.get(b.run_id, ()), views.RunLink(a.run_id, href, a.run_name, is_before=True))
        return found

    def newest_parts(self, most: int) -> list[tuple[RunDigest, ModelDigest]]:
        """The models of the newest complete runs, run by run, with the kind of the newest."""
        complete = [digest for digest in self.digests if digest.is_complete]
        return [(run, part) for run in complete if run.kind == complete[0].kind for part in run.models][:most]

    def ranked_parts(self, board: Leaderboard) -> list[tuple[RunDigest, ModelDigest]]:
        """The runs that a leaderboard ranks its models by, in its order."""
        parts = []
        for row in board.rows:
            run = self.by_id[row.run_id]
            parts.append((run, next(part for part in run.models if part.model_id == row.model)))
        return parts


def _tasks_of(digest: RunDigest) -> dict[str, None]:
    """The ids of a run's tasks: those of its plan, then those that only its attempts name."""
    return dict.fromkeys([*digest.tasks, *(task for model in digest.models for task in model.tasks)])
