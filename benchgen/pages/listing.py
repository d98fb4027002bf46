"""Every page of the site, once: what `build` writes and `serve` answers come from the same list."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Container, Iterable, Iterator
from functools import partial
from itertools import chain

from benchgen import codec
from benchgen.catalog.tasks import Catalog
from benchgen.errors import BadFile, NotFound
from benchgen.following.waiting import waiting
from benchgen.pages.across import Across
from benchgen.pages.answers import Answers
from benchgen.pages.compare_pages import ComparePages
from benchgen.pages.dataset_pages import DatasetPages, Shelf
from benchgen.pages.episode_pages import EpisodePages
from benchgen.pages.one_file import one_file
from benchgen.pages.open_run import OpenRun
from benchgen.pages.page import Listing, Maker, Page, Renderer, Seen, key_of
from benchgen.pages.row_index import RowOrder
from benchgen.pages.run_pages import RunPages
from benchgen.pages.shared_pages import SharedPages
from benchgen.panels import links, views
from benchgen.panels.appearance import Appearance
from benchgen.panels.dataset_runs import DatasetRuns, Standing, dataset_runs
from benchgen.panels.datasets import Group, datasets, groups
from benchgen.panels.notices import Notices
from benchgen.panels.remembered import Remembered
from benchgen.panels.run_line import RunLine
from benchgen.record import Record
from benchgen.records.digest import RunDigest
from benchgen.store.annotations import read_annotations
from benchgen.store.datasets import dataset_file, list_datasets
from benchgen.store.runs import Results, Unreadable

MOST_OPEN = 8
_DATA = "data/runs/"


class RunPart(Record):
    """The pages of one run; an equal key means that none of them has changed, without reading its log."""

    run_id: str
    key: str
    pages: Callable[[Seen], Listing]


class Site:
    """The site of one results folder. `live` pages have a server's controls; `pairs` are runs to compare, 2 to 4.

    `solutions`: the site may give references and mutants away; a server shows them, for it runs where they lie.
    """

    def __init__(
        self,
        results: Results,
        renderer: Renderer,
        catalog: Catalog | None = None,
        *,
        live: bool = False,
        solutions: bool = False,
        pairs: Iterable[tuple[str, ...]] = (),
        appearance: Appearance = Appearance(),
    ) -> None:
        self.results = self._results = results
        self._maker, self._catalog = Maker(renderer, live, solutions or live), catalog
        self._pairs, self._appearance = tuple(pairs), appearance
        self._open: OrderedDict[str, OpenRun] = OrderedDict()
        self._orders: dict[str, RowOrder] = {}
        self._remembered = Remembered()
        self._across: tuple[str, Across] | None = None

    @property
    def looks(self) -> str:
        """A name for all that decides how pages look besides what they show, the code included."""
        return self._maker.looks

    def all(self) -> Iterator[Page]:
        """Every page."""
        yield from self.shared()
        for part in self.runs():
            yield from part.pages(Seen()).pages
        yield from self.assets()

    def assets(self) -> Iterator[Page]:
        """The static files, whether or not a page of this site refers to them."""
        for path, content in self._maker.renderer.assets(live=self._maker.live).items():
            yield self._maker.data(path, content)

    def find(self, path: str) -> Page | None:
        """The page at a path, made without making any other; None where there is none."""
        if path.startswith(_DATA):
            return self._data(path.removeprefix(_DATA).removesuffix(".json")) if path.endswith(".json") else None
        folder, _, rest = path.partition("/")
        if path == links.DATASETS:
            return self._datasets()
        if folder == "dataset":
            name, _, below = rest.partition("/")
            found = (one for one in self._groups() if links.dataset(one.key) == f"dataset/{name}/index.html")
            group = next(found, None)
            return self._dataset(group).find(below) if group else None
        if folder != "run":
            return self._shared().find(path)
        run_id, _, below = rest.partition("/")
        try:
            return self._run(run_id).find(below)
        except (NotFound, BadFile):
            return None

    def run_panels(self, run_id: str, names: Container[str]) -> dict[str, object] | None:
        """Some panels of a run's own page as they are now; None where there is no such run."""
        try:
            return self._run(run_id).panels(names)
        except (NotFound, BadFile):
            return None

    def one_file(self, run_id: str) -> bytes:
        """A run as one HTML document, as anybody may see it. NotFound where there is no such run."""
        run, maker = self._opened(run_id), Maker(self._maker.renderer)
        pages = RunPages(self._results, maker, run, tuple)
        config = run.state.config
        methods = SharedPages(maker, self.across(), self._compared(), self._appearance).find(links.METHODS)
        return one_file(pages, methods, maker.renderer, config.run_name or config.run_id)

    def attempt_panels(self, run_id: str, slug: str) -> dict[str, object]:
        """What has changed on an attempt's page; nothing where there is no such run, or nothing grows."""
        try:
            return self._run(run_id).attempt_panels(slug)
        except (NotFound, BadFile):
            return {}

    def episodes(self, run_id: str) -> EpisodePages:
        """The episodes of a run; NotFound where there is no such run."""
        return self._run(run_id).episodes

    def standing(self, digest: RunDigest) -> Standing:
        """A run as it stands; its log is read only while it goes on."""
        if digest.status != "running":
            return Standing(digest)
        run = self._results.current(digest.run_id)
        return Standing(digest, run.state(), is_dead=not self._results.is_alive(digest.run_id))

    def shared(self) -> Iterator[Page]:
        """The pages across runs."""
        yield from self._shared().all()
        yield self._datasets()

    def _shared(self) -> SharedPages:
        return SharedPages(self._maker, self.across(), self._compared(), self._appearance)

    def _compared(self) -> ComparePages:
        return ComparePages(self._maker, self.across(), self._pairs, self._answers)

    def _answers(self) -> Answers:
        return Answers(self._results, self._maker, self._opened)

    def runs(self) -> Iterator[RunPart]:
        """The pages of each run and of each dataset, to be left alone where the key says so."""
        across = self.across()
        for digest in across.digests:
            comparisons = codec.compact(across.comparisons.get(digest.run_id, ()))
            key = key_of(self._state_of(digest.run_id), comparisons)
            yield RunPart(digest.run_id, key, partial(self._pages_of, digest.run_id))
        for group in self._groups():
            states = [self._state_of(digest.run_id) for digest in group.runs]
            key = key_of(self._maker.looks, repr(group.dataset), repr(self._lines(group)), *states)
            yield RunPart(f"dataset/{group.key}", key, partial(self._pages_of_dataset, group))

    def dataset_runs(self) -> DatasetRuns:
        """The runs of datasets as they stand."""
        return dataset_runs(self.standing(one) for one in self.across().digests if one.kind == "dataset")

    def _groups(self) -> list[Group]:
        return groups(list_datasets(self._results.root), self.across().digests)

    def _datasets(self) -> Page:
        runs = self.dataset_runs()
        view = views.DatasetsView("Datasets", Notices(), datasets(self._groups()), runs)
        return self._maker.page(links.DATASETS, "datasets", view)

    def _lines(self, group: Group) -> tuple[RunLine, ...]:
        runs = {digest.run_id for digest in group.runs}
        return self.across().lines.of_runs(runs)

    def _dataset(self, group: Group) -> DatasetPages:
        order = None
        if group.dataset is not None:
            path = dataset_file(self._results.root, group.key)
            order = self._orders.setdefault(group.key, RowOrder(path))
            order.refresh()
        shelf = Shelf(self._results, self._opened, order, tuple(self.across().models.values()))
        return DatasetPages(self._maker, group, self._lines(group), shelf)

    def key(self) -> str:
        """A name for everything that the whole site is made of, found without reading a log."""
        tasks = [f"{task.task_id} {task.digest}" for task in self._catalog.tasks()] if self._catalog else []
        broken = [repr(one) for one in self._catalog.broken()] if self._catalog else []
        runs = [f"{run_id} {self._state_of(run_id)}" for run_id in self._results.list()]
        added = repr(list_datasets(self._results.root))
        waits = waiting(self._results.root)
        return key_of(
            self._maker.looks, repr(self._pairs), repr(self._appearance), added, *tasks, *broken, *runs, *waits
        )

    def across(self) -> Across:
        """All runs as they are now; made anew only when one of them has changed."""
        found = self._results.digests()
        waits = waiting(self._results.root, {digest.run_id for digest in found.runs})
        seen = [f"{digest.run_id} {digest.seq} {digest.log_bytes} {digest.status}" for digest in found.runs]
        unreadable = [one for one in found.unreadable if one.run_id not in waits]
        key = key_of(*seen, *(repr(one) for one in unreadable), *waits)
        if self._across is None or self._across[0] != key:
            names: dict[str, str] = {}
            runs = [
                digest
                for digest in found.runs
                if names.setdefault(digest.run_id.lower(), digest.run_id) == digest.run_id
            ]
            twins = [digest.run_id for digest in found.runs if names[digest.run_id.lower()] != digest.run_id]
            unreadable += (self._twin(run_id, names[run_id.lower()]) for run_id in twins)
            told = [self._told(one) for one in unreadable]
            self._across = key, Across(runs, told, self._catalog, self._remembered, waits)
        return self._across[1]

    def _twin(self, run_id: str, other: str) -> Unreadable:
        path = str(self._results.root / run_id)
        return Unreadable(run_id, path, f"its name differs from {other} by case alone: rename the folder")

    def _told(self, one: Unreadable) -> Unreadable:
        """Why a run cannot be read, as a site may say it: without the place of its folder on this machine."""
        root = f"{self._results.root}/"
        return Unreadable(one.run_id, one.path.removeprefix(root), one.reason.replace(root, ""))

    def _state_of(self, run_id: str) -> str:
        """Everything of one run that its pages depend on, as the file system tells it."""
        try:
            folder = self._results.home(run_id)
            written = repr(read_annotations(folder))
        except (NotFound, BadFile, OSError) as fault:
            written = str(fault)
        alive = str(self._results.is_alive(run_id))
        stamps = repr((self._results.stamp(run_id), self._results.digest_stamp(run_id)))
        return key_of(self._maker.looks, run_id, stamps, written, alive)

    def _pages_of(self, run_id: str, seen: Seen) -> Listing:
        """The pages of a run; of a log that was changed meanwhile nothing is said to have been seen."""
        data, stamp = self._data(run_id), self._results.stamp(run_id)
        found = self._run(run_id).listing(seen)
        is_still = stamp == self._results.stamp(run_id)
        return Listing(chain([data] if data else [], found.pages), found.keeps, found.seen if is_still else Seen())

    def _pages_of_dataset(self, group: Group, _: Seen) -> Listing:
        return Listing(self._dataset(group).all())

    def _data(self, run_id: str) -> Page | None:
        digest = self.across().by_id.get(run_id)
        if digest is None:
            return None
        return self._maker.data(links.run_data(run_id), codec.digest_file(digest))

    def _run(self, run_id: str) -> RunPages:
        run = self._opened(run_id)
        return RunPages(self._results, self._maker, run, lambda: self.across().comparisons.get(run_id, ()))

    def _opened(self, run_id: str) -> OpenRun:
        """A run held open: of those asked for last, only new events are read."""
        run = self._open.pop(run_id, None)
        if run is None:
            run = OpenRun(self._results, run_id)
        else:
            run.refresh()
        self._open[run_id] = run
        while len(self._open) > MOST_OPEN:
            self._open.popitem(last=False)
        return run
