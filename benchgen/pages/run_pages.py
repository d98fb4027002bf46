"""The pages of one run: its own, further pages of attempts, and whatever its kind has below it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from itertools import chain, islice, tee
from typing import Any

from benchgen import codec, paths
from benchgen.pages import attempt_index
from benchgen.pages.attempt_pages import AttemptPages
from benchgen.pages.open_run import OpenRun
from benchgen.pages.page import Listing, Maker, Page, Seen, hash_of, key_of
from benchgen.pages.row_pages import Around, RowPages
from benchgen.pages.run_logs import log_tail
from benchgen.panels import (
    attempts,
    breakdown,
    costs,
    current_job,
    engine,
    failures,
    latency,
    links,
    matrix,
    notices,
    performance,
    run_cards,
    run_controls,
    run_head,
    run_views,
    timeline,
    views,
    workers,
)
from benchgen.panels.rows import Place
from benchgen.record import replace
from benchgen.records.state import AttemptRow
from benchgen.store.runs import Results


class RunPages:
    """Every page of one run; `comparisons` are the pages that compare it with its neighbours."""

    def __init__(
        self, results: Results, maker: Maker, run: OpenRun, comparisons: Callable[[], tuple[views.RunLink, ...]]
    ) -> None:
        self._results, self._maker, self._run, self._comparisons = results, maker, run, comparisons
        self._inputs = key_of(maker.looks, codec.line(run.state.config), run.state.sandbox)
        self._each = AttemptPages(results, maker, run, self._inputs)
        self.episodes = self._each.episodes
        table = run.rows()
        self._rows = RowPages(maker, table, self._around()) if table else None
        self._where = self._where_row if self._run.order else None

    def listing(self, before: Seen) -> Listing:
        """Its pages, without those of attempts that cannot have changed since it was `before`.

        A code run's alone: outcomes of an openbench run come at once, beside a log of samples that is written anew;
        steps and screenshots of an episode may come after its outcome; and what pages of rows are made of lies in
        files that a hash of the log does not vouch for.
        """
        state = self._run.state
        if state.config.kind != "code" or not state.log_bytes:
            return Listing(self._from(0, ()))
        marked = repr(sorted(self._run.annotations.marked.items()))
        inputs = key_of(self._inputs, marked, str(len(state.superseded)))
        hashes = self._results.log_hashes(self._run.run_id, sorted((before.bytes, state.log_bytes)))
        seen = Seen(inputs, hashes[-1], state.log_bytes, len(state.rows))
        if before.inputs != inputs or before.log != hashes[0] or not 0 < before.rows <= len(state.rows):
            return Listing(self._from(0, ()), seen=seen)
        first = (before.rows - 1) // attempts.PART * attempts.PART
        again = self._run.touched(before.rows, first)
        return Listing(self._from(first, again), self._of_attempts(), seen)

    def _of_attempts(self) -> Callable[[str], bool]:
        """Whether a page is of one attempt, or of a number of them; tens of thousands are asked for."""
        folder = links.run(self._run.run_id).removesuffix("index.html")
        places = tuple(f"{folder}{name}" for name in ("a/", "files/", "attempts-"))
        return lambda path: path.startswith(places)

    def _from(self, first: int, again: Sequence[AttemptRow]) -> Iterator[Page]:
        """Every page but those of attempts before that number, `again` excepted; their lines are read for the keys."""
        yield self._head()
        if self._rows is not None:
            yield from self._rows.all()
        state, has_own = self._run.state, links.has_attempt_pages(self._run.state.config.kind)
        hashes: list[bytes] = []
        # Both are walked in step: rows of a dataset are made as they go, and none is held.
        rows, same = tee(chain(again, islice(state.rows, first, None)))
        for row, line in zip(rows, self._results.lines(self._run.run_id, (one.line for one in same)), strict=True):
            hashed = hash_of(line)
            hashes.append(hashed)
            if has_own:
                yield self._each.page(row, line, hashed)
                yield from self._each.files.of(row, line)
        yield from self.episodes.all()
        yield from self._each.files.under_way()
        hashes = hashes[len(again) :]
        for number in range(first // attempts.PAGE + 1, attempts.pages(state) + 1):
            start = (number - 1) * attempts.PAGE - first
            yield self._attempts(number, hashes[start : start + attempts.PAGE])
        for number in range(first // attempts.PART + 1, attempts.parts(state) + 1):
            start = (number - 1) * attempts.PART - first
            yield self._index(number, hashes[start : start + attempts.PART])

    def find(self, rest: str) -> Page | None:
        """The page at a path below the run's folder."""
        if rest == "index.html":
            return self._head()
        if self._rows is not None and rest.startswith(("rows-", "row/", "find-")):
            return self._rows.find(rest)
        folder, _, name = rest.partition("/")
        if folder == "a" and name.endswith(".html"):
            return self._each.find(name.removesuffix(".html"))
        if folder == "files":
            return self._each.files.find(name)
        stem, _, ending = rest.rpartition(".")
        kind, _, number = stem.partition("-")
        if not number.isdecimal() or len(number) > 6 or str(int(number)) != number:
            return None
        return self._numbered(f"{kind}.{ending}", int(number))

    def _around(self) -> Around:
        """What stands around the rows of a dataset's run."""
        config = self._run.state.config
        return Around(
            place=Place(f"run/{config.run_id}", links.rows(config.run_id, 1)),
            name=config.benchmark_name,
            owner=config.run_name,
            owner_href=links.run(config.run_id),
            inputs=self._inputs,
            notices=lambda: notices.of_run(config, self._run.state.sandbox),
        )

    def _head(self) -> Page:
        return self._maker.page(links.run(self._run.run_id), "run", self.view())

    def view(self) -> run_views.RunView:
        """Everything on the run's own page."""
        state = self._run.state
        return run_views.RunView(
            title=state.config.run_name or state.config.run_id,
            engine=engine.engine(state),
            breakdowns=breakdown.breakdowns(state),
            comparisons=self._comparisons(),
            data_href=links.run_data(state.config.run_id),
            rows_href=links.rows(state.config.run_id, 1) if self._rows else None,
            log_tail=log_tail(self._results.home(self._run.run_id)) if self._maker.live else None,
            **{name: make() for name, make in self._makers().items()},
        )

    def in_one(self) -> Iterator[Page]:
        """Its page with all attempts on it, then what lies below it: for one document that holds them all."""
        state = self._run.state
        head = replace(self.view(), attempts=attempts.whole(state, self._where), data_href=None)
        yield self._maker.page(links.run(state.config.run_id), "run", head)
        numbered = tuple(links.attempts(state.config.run_id, number) for number in range(1, attempts.pages(state) + 1))
        yield from (page for page in islice(self._from(0, ()), 1, None) if page.path not in numbered)

    def panels(self, names: Container[str]) -> dict[str, object]:
        """Those panels of the run's own page alone; `breakdown-language` and its kin come with `breakdowns`."""
        found = {name: make() for name, make in self._makers().items() if name in names}
        if "breakdowns" in names:
            found |= {f"breakdown-{one.name}": one for one in breakdown.breakdowns(self._run.state)}
        return found

    def attempt_panels(self, slug: str) -> dict[str, object]:
        """What a stream sends about the page of an attempt: only episodes grow."""
        return self.episodes.panels(slug)

    def _makers(self) -> dict[str, Callable[[], Any]]:
        """How each panel of the run's own page is made; a stream makes some of them more often than others."""
        state, dead = self._run.state, self._run.is_dead
        return {
            "notices": lambda: notices.of_run(state.config, state.sandbox, is_dead=dead),
            "run_head": lambda: run_head.run_head(state, self._run.annotations, is_dead=dead),
            "run_controls": lambda: run_controls.run_controls(state, self._run.annotations, is_dead=dead),
            "run_cards": lambda: run_cards.run_cards(state),
            "current_job": lambda: current_job.current_job(state, is_dead=dead),
            "failures": lambda: failures.failures(state, self._where),
            "matrix": lambda: matrix.of_state(state),
            "attempts": lambda: attempts.attempts(state, where=self._where),
            "costs": lambda: costs.costs(state),
            "performance": lambda: performance.performance(state),
            "workers": lambda: workers.workers(state, is_dead=dead),
            "timeline": lambda: timeline.timeline(state),
            "latency": lambda: latency.latency(state),
        }

    def _where_row(self, row: AttemptRow) -> str | None:
        number = self._run.order.number_of(paths.slug(row.task)) if self._run.order else None
        return None if number is None else links.row(self._run.run_id, number, row.task)

    def _numbered(self, name: str, number: int) -> Page | None:
        """One of the pages that there are as many of as the attempts need."""
        state = self._run.state
        if name == "attempts.html" and 1 <= number <= attempts.pages(state):
            rows = state.rows[(number - 1) * attempts.PAGE : number * attempts.PAGE]
            return self._attempts(number, self._hashes(rows))
        if name == "attempts.js" and 1 <= number <= attempts.parts(state):
            rows = state.rows[(number - 1) * attempts.PART : number * attempts.PART]
            return self._index(number, self._hashes(rows))
        return None

    def _hashes(self, rows: list[AttemptRow]) -> list[bytes]:
        return [hash_of(line) for line in self._results.lines(self._run.run_id, (row.line for row in rows))]

    def _index(self, number: int, hashes: list[bytes]) -> Page:
        state, path = self._run.state, links.attempt_index(self._run.run_id, number)
        part = slice((number - 1) * attempts.PART, number * attempts.PART)
        key = key_of(self._inputs, path, *hashes, *self._beside(state.rows[part]))
        folder = f"{path.rpartition('/')[0]}/"

        def script() -> bytes:  # all parts are listed before the first is made: none of them holds its rows
            return attempt_index.script(number, attempts.lines(state, state.rows[part], self._where), folder)

        return Page(path, key, script)

    def _beside(self, rows: list[AttemptRow]) -> list[str]:
        """What of attempts is shown that their own lines do not say."""
        return [f"{row.cost_nanousd} {self._run.state.superseded.get(row.attempt)}" for row in rows]

    def _attempts(self, number: int, hashes: list[bytes]) -> Page:
        state, path = self._run.state, links.attempts(self._run.run_id, number)
        rows = state.rows[(number - 1) * attempts.PAGE : number * attempts.PAGE]
        has_next = str(number < attempts.pages(state))
        key = key_of(self._inputs, path, has_next, *hashes, *self._beside(rows))
        return Page(path, key, lambda: self._maker.html(path, "attempts", self._attempts_view(number)))

    def _attempts_view(self, number: int) -> run_views.AttemptsView:
        state = self._run.state
        return run_views.AttemptsView(
            title=f"{state.config.run_name or state.config.run_id}, attempts, page {number}",
            notices=notices.of_run(state.config, state.sandbox),
            run_id=state.config.run_id,
            run_href=links.run(state.config.run_id),
            attempts=attempts.attempts(state, number, self._where),
        )
