"""Bytes to records: round trips, upgrades refused in words, and no bytes that break it."""

import typing
from collections.abc import Mapping
from typing import Any

import orjson
import pytest
from factories import attempt, attempt_events, outcomes_of, run_config, run_digest, run_events
from hypothesis import given
from hypothesis import strategies as st

from benchgen import codec
from benchgen.errors import BadFile, NewerFormat
from benchgen.record import field_names
from benchgen.records.attempt import Attempt
from benchgen.records.events import (
    RECORD_OF,
    AttemptFinished,
    AttemptOutlined,
    AttemptPhase,
    Event,
    Outline,
    RunFinished,
    UnknownEvent,
)
from benchgen.records.report import Breakdown, BreakdownItem, EngineReport, Metric

VALUES = {
    str: st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    Any: st.none(),
    type(None): st.none(),
    bool: st.booleans(),
}


def record_of(kind):
    """Any value of an annotation that our records use; a format is always one that we read."""
    if kind in VALUES:
        return VALUES[kind]
    arguments, origin = typing.get_args(kind), typing.get_origin(kind)
    if origin is tuple:
        return st.lists(record_of(arguments[0]), max_size=3).map(tuple)
    if origin is Mapping:
        return st.dictionaries(record_of(arguments[0]), record_of(arguments[1]), max_size=3)
    if origin is typing.Literal:
        return st.sampled_from(arguments)
    if arguments:
        return st.one_of(*map(record_of, arguments))
    fields = {name: record_of(hint) for name, hint in typing.get_type_hints(kind).items()}
    return st.builds(kind, **fields | ({"format": st.just(1)} if "format" in fields else {}))


def read(line):
    return codec.event(line, where="here")


@given(st.one_of(*map(record_of, RECORD_OF.values())))
def test_every_event_is_read_back_as_it_was_written(event):
    assert codec.whole_event(codec.event_line(event), where="here") == event


@given(record_of(Attempt))
def test_an_outcome_read_whole_is_the_outcome(outcome):
    line = codec.event_line(AttemptFinished(seq=1, at="now", attempt=outcome.attempt, outcome=outcome))
    assert codec.outcome(line, where="here") == outcome


def test_the_quick_way_and_the_careful_way_read_the_same():
    config = run_config(tasks=3, samples=2)
    for event in run_events(config, outcomes_of(config, ["tests_failed", None, "api_error"])):
        line = codec.event_line(event)
        try:
            assert codec.event_at_once(line) == read(line)
        except codec.TAKES_A_LOOK:
            assert "format" in field_names(event)


def test_a_type_is_not_taken_from_inside_another_field():
    line = orjson.dumps({"seq": 1, "at": '"type":"run_finished"', "type": "progress", "detail": "x"})
    assert codec.event_at_once(line) == read(line)
    assert type(read(line)).__name__ == "Progress"


@pytest.mark.parametrize("name", ["attempt_started_again", "attempt_start", "attempt_phases", "cost_of_it"])
def test_a_type_that_begins_like_a_known_one_is_unknown(name):
    line = orjson.dumps({"seq": 1, "at": "t", "type": name, "attempt": "a", "phase": "waiting"})
    with pytest.raises(codec.TAKES_A_LOOK):
        codec.event_at_once(line)
    assert type(read(line)).__name__ == "UnknownEvent"


def test_a_line_without_a_type_is_no_event():
    line = b'{"seq":1,"at":"t","attempt":"a","phase":"waiting"}'
    with pytest.raises(codec.TAKES_A_LOOK):
        codec.event_at_once(line)
    with pytest.raises(BadFile, match="type"):
        read(line)


@pytest.mark.parametrize("order", [("type", "seq", "at"), ("at", "type", "seq")])
def test_the_order_of_keys_does_not_matter(order):
    fields = {"seq": 3, "at": "t", "type": "attempt_phase"}
    line = orjson.dumps({**{key: fields[key] for key in order}, "attempt": "a", "phase": "waiting"})
    assert codec.event_at_once(line) == read(line) == AttemptPhase(seq=3, at="t", attempt="a", phase="waiting")


def test_the_log_reader_gets_outcomes_slim():
    finished = attempt_events(attempt())[-1]
    slim = read(codec.event_line(finished))
    assert isinstance(slim, AttemptOutlined)
    assert slim.outcome.duration_seconds == finished.outcome.duration_seconds


def test_an_outline_has_only_fields_of_the_whole():
    assert set(field_names(Outline)) <= set(field_names(Attempt))


def test_an_event_of_a_later_benchgen_is_counted_not_dropped():
    assert read(b'{"seq":7,"at":"t","type":"telepathy","x":1}') == UnknownEvent(seq=7, at="t", type="telepathy")


@pytest.mark.parametrize("kind", ["run_queued", "run_started", "run_resumed"])
def test_a_newer_format_says_so_and_what_to_do(kind):
    with pytest.raises(NewerFormat, match="update benchgen"):
        read(orjson.dumps({"seq": 1, "at": "t", "type": kind, "run_id": "r", "format": 99}))


def test_a_wrong_field_is_named():
    with pytest.raises(BadFile, match=r"\$.phase"):
        read(b'{"seq":1,"at":"t","type":"attempt_phase","attempt":"a","phase":3}')


def test_text_that_no_file_can_hold_is_written_with_replacements():
    line = codec.event_line(AttemptPhase(seq=1, at="t", attempt="a\ud800", phase="waiting"))
    assert read(line).attempt == "a\ufffd"


def test_the_report_of_an_engine_survives():
    report = EngineReport((Metric("acc", 0.5),), (Breakdown("domain", (BreakdownItem("math", None),)),), ("a note",))
    event = RunFinished(seq=1, at="t", status="completed", exit_code=0, report=report)
    assert read(codec.event_line(event)) == event


def test_bytes_are_refused_and_never_spelled_in_some_way():
    with pytest.raises(TypeError):
        codec.compact({"text": b"half a name"})


def test_a_mapping_that_makes_its_values_is_written_with_replacements_too():
    class Made(Mapping):
        def __getitem__(self, key):
            return "\ud83d"

        def __iter__(self):
            return iter(["a"])

        def __len__(self):
            return 1

    assert codec.compact({"made": Made()}) == '{"made":{"a":"\ufffd"}}'.encode()


def test_config_and_digest_are_read_back_as_they_were_written():
    assert codec.config(codec.file(run_config()), where="here") == run_config()
    assert codec.digest(codec.file(run_digest()), where="here") == run_digest()


def test_a_config_of_a_later_benchgen_says_so():
    data = orjson.dumps({**codec.plain(run_config()), "format": 2, "news": []})
    with pytest.raises(NewerFormat):
        codec.config(data, where="here")


@given(st.binary(max_size=300))
def test_any_bytes_give_an_event_or_a_clean_error(data):
    try:
        assert isinstance(read(data), Event)
    except BadFile as fault:
        assert fault.where == "here"


@given(st.binary(max_size=40), st.integers(0, 400), st.sampled_from(attempt_events(attempt())))
def test_any_damage_to_a_line_gives_an_event_or_a_clean_error(noise, place, event):
    line = codec.event_line(event)
    damaged = line[:place] + noise + line[place + len(noise) :]
    for reader in (read, lambda data: codec.whole_event(data, where="here")):
        try:
            reader(damaged)
        except BadFile as fault:
            assert str(fault)


@pytest.mark.parametrize("data", [b"[" * 100_000, b'{"seq":' + b"9" * 5000 + b"}", b'{"seq":1e999}', b"\xff\xfe", b""])
def test_json_meant_to_hurt_is_a_clean_error(data):
    with pytest.raises(BadFile):
        read(data)


@pytest.mark.parametrize("end", [b"", b"\\"])
def test_a_megabyte_of_quotation_marks_in_a_text_that_never_ends_stalls_nobody(end):
    data = b'["' + b'\\"' * 500_000 + end
    for loosely in (codec.parse_loosely, codec.elements):
        with pytest.raises(BadFile):
            loosely(data, where="a file")
