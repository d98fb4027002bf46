"""Rows of datasets: what is read, and fifteen malformed files, each refused by line and reason."""

from __future__ import annotations

import json

import pytest
import toys
from hypothesis import given
from hypothesis import strategies as st

from benchgen.catalog.rows import LONGEST_LINE, check, lines_of, read_row, spell

GOOD = {"id": "a", "prompt": "2 + 2?", "expected": "4"}
BATCH = {
    "custom_id": "b",
    "method": "POST",
    "url": "/v1/chat/completions",
    "body": {"model": "gpt", "messages": [{"role": "user", "content": "hi"}], "max_tokens": 5, "stream": True},
}


def jsonl(*rows: object) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def problems(data: bytes) -> list[tuple[int, str]]:
    return [(one.line, one.reason) for one in check(lines_of([data])).problems]


MALFORMED = {
    "no JSON": (jsonl(GOOD) + b"{no}\n", 2, "not valid JSON"),
    "NaN": (b'{"id": "a", "prompt": "x", "expected": NaN}\n', 1, "not valid JSON"),
    "1e999": (b'{"id": "a", "prompt": "x", "expected": 1e999}\n', 1, "infinity"),
    "an integer of 5,000 digits": (b'{"id": "a", "prompt": "x", "expected": ' + b"1" * 5000 + b"}\n", 1, "infinity"),
    "deep nesting": (b'{"id": "a", "prompt": "x", "expected": ' + b"[" * 90 + b"]" * 90 + b"}\n", 1, "64 deep"),
    "very deep nesting": (b'{"id": ' + b"[" * 9000 + b"]" * 9000 + b"}\n", 1, "depth limit"),
    "an id twice": (jsonl(GOOD, BATCH, GOOD), 3, "stands in line 1 already"),
    "a line too long": (jsonl(GOOD, {"id": "l", "prompt": "x" * LONGEST_LINE}), 2, "longer than"),
    "half a character": (jsonl(GOOD) + b'{"id": "b", "prompt": "\\ud83d"}\n', 2, "surrogate"),
    "not UTF-8": (jsonl(GOOD) + b'{"id": "\xff", "prompt": "x"}\n', 2, "not UTF-8 at byte 8"),
    "an empty file": (b"", 1, "no row"),
    "an empty line": (jsonl(GOOD) + b"\n" + jsonl(BATCH), 2, "empty"),
    "a list": (b"[1]\n", 1, "no JSON object"),
    "no id": (jsonl({"prompt": "x"}), 1, "no `id`"),
    "neither prompt nor messages": (jsonl({"id": "a"}), 1, "either `prompt` or `messages`"),
    "a picture": (
        jsonl({"id": "a", "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]}),
        1,
        "only text is sent",
    ),
    "another address": (jsonl({**BATCH, "url": "/v1/embeddings"}), 1, "`url` is not"),
    "several answers": (jsonl({**BATCH, "body": {**BATCH["body"], "n": 2}}), 1, "`n` is not 1"),
    "an unknown scorer": (jsonl({**GOOD, "scorer": "judge"}), 1, "unknown scorer 'judge'"),
    "nothing expected": (jsonl({"id": "a", "prompt": "x", "scorer": "exact"}), 1, "needs `expected`"),
    "a broken pattern": (jsonl({**GOOD, "scorer": "regex", "expected": "("}), 1, "no valid pattern"),
    "a role of its own": (jsonl({"id": "a", "messages": [{"role": "tool", "content": "x"}]}), 1, "no `role`"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_file_is_refused_by_line_and_reason(name):
    data, line, reason = MALFORMED[name]
    (found,) = problems(data)
    assert found[0] == line and reason in found[1]


def test_where_a_line_breaks_off_is_told_within_the_line_and_names_no_other():
    ((line, reason),) = problems(jsonl(GOOD) + b'{"id": no}\n')
    assert line == 2 and reason.endswith("at character 8") and "line" not in reason


@pytest.mark.parametrize("name", MALFORMED)
def test_nothing_of_a_malformed_file_is_stored(tmp_path, name):
    if len(MALFORMED[name][0]) > 1000 or name in ("a list", "no id"):  # two seconds a process: not for all of them
        return
    file = tmp_path / "rows.jsonl"
    file.write_bytes(MALFORMED[name][0])
    done = toys.run("datasets", "add", file, cwd=tmp_path)
    assert done.returncode == 2
    assert f"line {MALFORMED[name][1]}: " in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "benchmark_results").exists()


def test_a_hundred_problems_are_enough():
    assert len(problems(b"{}\n" * 1000)) == 100


def test_both_forms_are_read_and_a_byte_order_mark_is_passed_over():
    checked = check(lines_of([b"\xef\xbb\xbf" + jsonl(GOOD, BATCH)]))
    assert (checked.count, checked.problems, checked.warnings) == (2, (), ())


def test_more_rows_than_50_000_are_worth_a_word():
    lines = (b'{"id": %d, "prompt": "x"}' % number for number in range(50_001))
    (warning,) = check(lines).warnings
    assert "50,001 rows" in warning


def test_a_key_that_nobody_uses_is_named():
    (warning,) = check([json.dumps({**GOOD, "source": "web"}).encode()]).warnings
    assert "source" in warning


def test_a_request_keeps_its_parameters_but_not_what_the_run_decides():
    row = read_row(json.dumps(BATCH).encode(), "line 1")
    assert row.parameters == {"max_tokens": 5}
    assert row.scorer.name == "none"


@pytest.mark.parametrize("data", [GOOD, BATCH, {**GOOD, "domain": "sums"}, {**GOOD, "expected": 4}])
def test_a_row_is_the_same_once_spelled(data):
    row = read_row(json.dumps(data).encode(), "line 1")
    assert read_row(spell(row), "again") == row


@given(st.lists(st.binary(max_size=40), max_size=5), st.integers(1, 7))
def test_any_bytes_are_rows_or_problems(parts, size):
    data = b"".join(parts)
    chunks = (data[start : start + size] for start in range(0, len(data), size))
    checked = check(lines_of(chunks))
    assert checked.count or checked.problems
