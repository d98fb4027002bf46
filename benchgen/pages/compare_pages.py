"""The pages that compare runs: neighbouring ones, those asked for, and on a live server any two to four."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from benchgen import codec
from benchgen.pages.across import Across
from benchgen.pages.answers import LARGEST, SMALLEST, Answers
from benchgen.pages.page import Maker, Page, hash_of, key_of
from benchgen.panels import links, matrix, notices, views
from benchgen.panels.compare import MOST_RUNS, compare
from benchgen.panels.compare_sheet import compare_sheet
from benchgen.panels.sheets import sheet_csv
from benchgen.records.digest import RunDigest

MOST_COLUMNS = 40
MOST_LISTED = 200


class ComparePages:
    """`asked` are runs to compare besides neighbouring ones; `answers` reads what the runs of one page said."""

    def __init__(
        self, maker: Maker, across: Across, asked: Iterable[tuple[str, ...]], answers: Callable[[], Answers]
    ) -> None:
        self._maker, self._across, self._answers = maker, across, answers
        neighbours = [(a.run_id, b.run_id) for a, b in across.pairs]
        known = [runs for runs in asked if set(runs) <= across.by_id.keys() and is_comparison(runs)]
        self._asked = frozenset(known)
        self._compared = dict.fromkeys([*neighbours, *known])
        self._hashes: dict[str, bytes] = {}

    def all(self) -> Iterator[Page]:
        """Every page but the index."""
        for run_ids in self._compared:
            yield self._page(run_ids)
            yield self._csv(run_ids)

    def find(self, rest: str) -> Page | None:
        """The page at a path below `compare/`."""
        name, _, file = rest.rpartition("/")
        if file not in ("index.html", "tasks.csv"):
            return None
        found = (runs for runs in self._read(name, MOST_RUNS) if is_comparison(runs))
        runs = next((runs for runs in found if self._maker.live or runs in self._compared), None)
        if runs is None and len(name) > links.MOST_CHARACTERS:
            runs = next((one for one in self._compared if links.compare(*one) == f"compare/{name}/index.html"), None)
        if runs is None:
            return None
        return self._page(runs) if file == "index.html" else self._csv(runs)

    def index(self) -> Page:
        """`compare/index.html`."""
        parts = self._across.newest_parts(MOST_COLUMNS)
        newest = list(reversed(self._compared))
        view = views.CompareIndexView(
            title="Compare",
            notices=self._notices({run.run_id for run, _ in parts}),
            compared=tuple(self._listed(runs) for runs in newest[:MOST_LISTED]),
            hidden=max(0, len(newest) - MOST_LISTED),
            matrix=matrix.of_runs(parts),
        )
        return self._maker.page(links.COMPARE, "compare_index", view)

    def _read(self, name: str, most: int) -> Iterator[tuple[str, ...]]:
        """Every way to read `a..b..c` as runs that are known, for an id may hold dots itself."""
        if name in self._across.by_id:
            yield (name,)
        at = name.find("..") if most > 1 else -1
        while at >= 0:
            if name[:at] in self._across.by_id:
                for rest in self._read(name[at + 2 :], most - 1):
                    yield (name[:at], *rest)
            at = name.find("..", at + 1)

    def _page(self, run_ids: tuple[str, ...]) -> Page:
        path = links.compare(*run_ids)
        key = key_of(self._maker.looks, f"compare {run_ids in self._asked}", path, *self._inputs(run_ids))
        return Page(path, key, lambda: self._maker.html(path, "compare", self._view(run_ids)))

    def _csv(self, run_ids: tuple[str, ...]) -> Page:
        path, runs = links.compare_csv(*run_ids), self._runs(run_ids)
        key = key_of(self._maker.looks, path, *self._inputs(run_ids))
        return Page(path, key, lambda: sheet_csv(compare_sheet(runs)))

    def _inputs(self, run_ids: Sequence[str]) -> Iterator[bytes]:
        """All that the runs' digests say: an artifact changes with its log only, and a digest says how long that is."""
        for run_id in run_ids:
            if run_id not in self._hashes:
                self._hashes[run_id] = hash_of(codec.compact(self._across.by_id[run_id]))
            yield self._hashes[run_id]

    def _view(self, run_ids: tuple[str, ...]) -> views.CompareView:
        panel = compare(*self._runs(run_ids))
        is_wanted = self._maker.live or run_ids in self._asked
        return views.CompareView(
            title=" and ".join(run_ids) + " compared",
            notices=self._notices(set(run_ids)),
            compare=panel,
            answers=self._answers().of(panel, LARGEST if is_wanted else SMALLEST),
        )

    def _listed(self, run_ids: tuple[str, ...]) -> views.ComparedRuns:
        runs = self._runs(run_ids)
        models = tuple(dict.fromkeys(model.model_id for run in runs for model in run.models))
        names = tuple(run.run_name or run.run_id for run in runs)
        return views.ComparedRuns(run_ids, names, runs[-1].benchmark_name, models, links.compare(*run_ids))

    def _runs(self, run_ids: Iterable[str]) -> list[RunDigest]:
        return [self._across.by_id[run_id] for run_id in run_ids]

    def _notices(self, runs: set[str]) -> notices.Notices:
        return notices.of_runs(digest for digest in self._across.digests if digest.run_id in runs)


def is_comparison(run_ids: Sequence[str]) -> bool:
    """Two to four different runs."""
    return 2 <= len(run_ids) <= MOST_RUNS and len(set(run_ids)) == len(run_ids)
