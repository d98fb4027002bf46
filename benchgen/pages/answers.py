"""What the runs of a comparison answered to the tasks on which they differ, side by side: read from their folders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from itertools import islice, zip_longest

from benchgen import paths
from benchgen.errors import BadFile, NotFound
from benchgen.formats.batch import read_batch_line
from benchgen.pages.open_run import OpenRun
from benchgen.pages.page import Maker
from benchgen.pages.row_index import RowAnswers
from benchgen.panels.compare import Compare
from benchgen.panels.episode import episode
from benchgen.panels.log_text import RawText
from benchgen.panels.pair import Discordant, Pair
from benchgen.panels.side_by_side import SideBySide, side_by_side
from benchgen.panels.sides import Side
from benchgen.panels.views import AnswersOf
from benchgen.records.state import AttemptRow
from benchgen.store.runs import Results

MOST_SHOWN = 12
"""Tasks of a pair whose answers stand on the page; the others are one link away."""
LARGEST, SMALLEST = 400_000, 100_000
"""Bytes of a page for answers: of one that somebody asked for, and of one that is built beside each run."""
LONGEST = 32 * 1024
_NAMES = {paths.PATCH: "diff", paths.RESPONSE: "answer"}


class Answers:
    """Reads texts of attempts; `open_run` gives a run, and raises where it cannot be read.

    What the maker withholds, copies of references and mutants, is not shown.
    """

    def __init__(self, results: Results, maker: Maker, open_run: Callable[[str], OpenRun]) -> None:
        self._results, self._maker, self._open = results, maker, open_run
        self._rows: dict[tuple[str, str], dict[str, list[AttemptRow]]] = {}
        self._left = 0

    def of(self, panel: Compare, room: int = LARGEST) -> tuple[tuple[AnswersOf, ...], ...]:
        """For each pair the answers to its first discordant tasks, as far as the page has room for them."""
        self._left = room
        return tuple(tuple(self._of_pair(pair)) for pair in panel.pairs)

    def _of_pair(self, pair: Pair) -> Iterator[AnswersOf]:
        for one in _both_kinds(pair):
            texts = tuple(text for text in self._texts(pair, one) if self._has_room(text))
            if texts:
                yield AnswersOf(one.task, one.change, one.share_a, one.share_b, texts)

    def _has_room(self, text: SideBySide) -> bool:
        """Whether it still fits; what does is taken off."""
        weight = _weight(text)
        if weight > self._left:
            return False
        self._left -= weight
        return True

    def _texts(self, pair: Pair, one: Discordant) -> Iterator[SideBySide]:
        a = self._read(pair.a, one.task, passed=one.change == "broke")
        b = self._read(pair.b, one.task, passed=one.change == "fixed")
        for name in dict.fromkeys([*a, *b]):
            of_a, of_b = a.get(name, _whole("")), b.get(name, _whole(""))
            yield side_by_side(name, of_a.head, of_b.head, is_cut=bool(of_a.tail or of_b.tail))

    def _read(self, side: Side, task: str, *, passed: bool) -> dict[str, RawText]:
        """The texts of one attempt of that task, one that passed or one that did not; none where none are kept."""
        try:
            run = self._open(side.run_id)
            row = _chosen(self._attempts(run, side.model).get(task, []), passed)
            if row is None or self._maker.withholds(run.state.config, side.model):
                return {}
            if run.answers is not None:
                return _of_row(run.answers, row)
            if run.samples is not None:
                sample = run.samples.sample(run.samples.raw(row))
                return {"answer": _whole(sample.answer)} if sample else {}
            return _of_episode(run, row) if run.episodes else self._of_folder(run, row)
        except (NotFound, BadFile, OSError):
            return {}

    def _attempts(self, run: OpenRun, model: str) -> dict[str, list[AttemptRow]]:
        """The attempts of one model that count, by task."""
        key = run.run_id, model
        if key not in self._rows:
            found: dict[str, list[AttemptRow]] = {}
            for row in run.state.counted_rows():
                if row.model == model and row.evaluated:
                    found.setdefault(row.task, []).append(row)
            self._rows[key] = found
        return self._rows[key]

    def _of_folder(self, run: OpenRun, row: AttemptRow) -> dict[str, RawText]:
        found = self._results.texts(run.run_id, run.folder_of(row), _NAMES, LONGEST)
        texts = ((name, found[file]) for file, name in _NAMES.items() if file in found)
        return {name: RawText(one.head, one.tail, one.total_bytes, False) for name, one in texts if not one.is_binary}


def _both_kinds(pair: Pair) -> list[Discordant]:
    """A fixed and a broken one in turn: neither may crowd out the other."""
    fixed = [one for one in pair.discordant if one.change == "fixed"]
    broke = [one for one in pair.discordant if one.change == "broke"]
    mixed = (one for two in zip_longest(fixed, broke) for one in two if one is not None)
    return list(islice(mixed, MOST_SHOWN))


def _chosen(rows: list[AttemptRow], passed: bool) -> AttemptRow | None:
    """The first attempt that passed, or did not; else the first."""
    wanted = (row for row in rows if (row.status == "passed") is passed)
    return next(wanted, rows[0] if rows else None)


def _of_row(answers: RowAnswers, row: AttemptRow) -> dict[str, RawText]:
    """What a model answered to a dataset's row."""
    (found,) = answers.of([row.task], row.model, {})
    if found is None:
        return {}
    return {"answer": _whole(read_batch_line(found.line, f"{answers.run_id}/{paths.RESULTS}").text or "")}


def _of_episode(run: OpenRun, row: AttemptRow) -> dict[str, RawText]:
    """What an agent did, a line for each step."""
    if run.episodes is None:
        return {}
    found = episode(run.run_id, run.folder_of(row), run.episodes.steps(run.episodes.raw(row.attempt)))
    return {"steps": _whole("\n".join(f"{step.action} {step.details}" for step in found.steps))} if found else {}


def _whole(text: str) -> RawText:
    return RawText(text, "", len(text), is_binary=False)


def _weight(text: SideBySide) -> int:
    """About how many bytes it takes on the page: hostile text grows when it is escaped."""
    pieces = (piece for line in text.lines for piece in (*line.a, *line.b))
    return 160 * len(text.lines) + sum(30 + len(escape(piece.text).encode("utf-8", "replace")) for piece in pieces)
