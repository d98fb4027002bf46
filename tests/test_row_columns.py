"""Packed rows: what goes in comes out, whatever it is, and what is derived from them is what it was unpacked."""

from factories import attempt, run_config, run_events
from hypothesis import given
from hypothesis import strategies as st
from strategies import CONFIG, logs

from benchgen.digest import digest_of
from benchgen.fold import fold
from benchgen.record import replace
from benchgen.records.attempt import Usage
from benchgen.records.events import Outline
from benchgen.records.state import AttemptRow
from benchgen.row_columns import RowColumns

INSTANTS = st.sampled_from(
    ["2026-11-29T10:42:34.903Z", "2026-11-29T10:42:34Z", "2026-11-29T12:42:34.903+02:00", "", "yesterday"]
)
AMOUNTS = st.none() | st.integers(-2, 2**70)
USAGES = st.none() | st.builds(Usage, *[st.integers(-1, 2**65)] * 4)
OUTLINES = st.builds(
    Outline,
    task=st.sampled_from(["", "row-1", "é" * 300]),
    model=st.text(max_size=3),
    sample=st.integers(0, 2),
    category=st.sampled_from([None, "tests_failed", "api_error"]),
    started_at=INSTANTS,
    finished_at=INSTANTS,
    duration_seconds=st.floats(0, 1e9),
    message=st.text(max_size=5),
    usage=USAGES,
    steps=AMOUNTS,
    api_latency_seconds=st.none() | st.floats(allow_nan=False),
    score=st.none() | st.floats(0, 1),
    replaces=st.none() | st.text(max_size=3),
    is_scored=st.booleans(),
)
ROWS = st.builds(
    AttemptRow,
    attempt=st.sampled_from(["row-1__m__sample00", "else"]),
    outline=OUTLINES,
    cost_nanousd=AMOUNTS,
    offset=st.integers(0, 2**70),
    length=st.integers(0, 2**40),
)
AS_DATASET = replace(CONFIG, kind="dataset", samples=1)


@given(st.lists(ROWS, max_size=8))
def test_any_rows_come_out_as_they_went_in(rows):
    columns = RowColumns()
    for row in rows:
        columns.append(row)
    assert list(columns) == rows
    assert columns[1:3] == rows[1:3]


@given(logs())
def test_a_dataset_is_counted_as_its_log_would_be_unpacked(events):
    first = [event for event in events if "sample00" in getattr(event, "attempt", "sample00")]
    unpacked, packed = fold(CONFIG, first), fold(AS_DATASET, first)
    assert list(packed.rows) == list(unpacked.rows)
    assert dict(packed.tallies.items()) == unpacked.tallies
    assert len(packed.tallies) == len(unpacked.tallies)
    assert list(packed.tallies.values()) == [packed.tallies[key] for key in packed.tallies]
    assert [model.passed for model in digest_of(packed).models] == [m.passed for m in digest_of(unpacked).models]


def test_what_is_added_later_is_not_seen_by_an_earlier_state():
    events = run_events(run_config(kind="dataset"), [attempt(task="a"), attempt(task="b")])
    early = fold(run_config(kind="dataset"), events[:-3])
    assert len(early.tallies) == len(early.rows) == len(list(early.tallies))
