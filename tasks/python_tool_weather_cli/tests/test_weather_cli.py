"""Judges the weather program by what it prints and how it ends."""

import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from candidate import Ended, run

FILES = Path(__file__).resolve().parent / "driver"
HEADING = "station,time,temp_c,rain_mm\n"


def summary(ended: Ended) -> list[list[str]]:
    """The cells of the lines below the heading, after a run that went well."""
    assert ended.code == 0, ended.stderr
    heading, *lines = ended.stdout.split("\n")
    assert heading.split("\t")[1:] == ["readings", "min", "max", "mean", "rain"]
    assert lines.pop() == "", "the last line has no end"
    return [line.split("\t") for line in lines]


def of_csv(*rows: str, options: tuple[str, ...] = ()) -> list[list[str]]:
    return summary(run("weather", *options, stdin=HEADING + "".join(f"{row}\n" for row in rows)))


def complaint(ended: Ended) -> str:
    """The one line on stderr, after a run that found something wrong."""
    assert [ended.code, ended.stdout] == [1, ""], ended.stderr
    assert ended.stderr.endswith("\n") and ended.stderr.count("\n") == 1, ended.stderr
    return ended.stderr


def names_a_record(said: str) -> bool:
    return re.match(r"weather: record \d+:", said) is not None


def test_summarises_csv_from_stdin_by_station() -> None:
    ended = run(
        "weather",
        stdin=HEADING
        + "Oslo,2024-03-01T06:00Z,-1.5,0.2\nBergen,2024-03-01T06:00Z,5,10\nOslo,2024-03-01T12:00Z,4,0.3\n",
    )
    assert ended.stdout == (
        "station\treadings\tmin\tmax\tmean\train\nBergen\t1\t5.0\t5.0\t5.0\t10.0\nOslo\t2\t-1.5\t4.0\t1.3\t0.5\n"
    )
    assert ended.code == 0


def test_reads_quotes_a_byte_order_mark_and_columns_in_any_order() -> None:
    text = (
        '\ufeffnote,temp_c, time ,station\r\n"two\r\nlines, one ""cell""",+1e1, 2024-03-01T06:00 ,"Oslo, Blindern"\r\n'
        "\r\n,-.5,2024-03-01T07:00, Ås \r\n"
    )
    expected = [["Oslo, Blindern", "1", "10.0", "10.0", "10.0", "-"], ["Ås", "1", "-0.5", "-0.5", "-0.5", "-"]]
    assert summary(run("weather", "-", stdin=text)) == expected


def test_reads_json_from_a_file_that_is_named_so() -> None:
    expected = [["Bergen", "1", "6.0", "6.0", "6.0", "12.5"], ["Tromsø", "2", "-4.3", "-1.8", "-3.0", "0.0"]]
    assert summary(run("weather", str(FILES / "coast.json"))) == expected


def test_the_input_option_overrules_the_name_of_the_file() -> None:
    assert summary(run("weather", str(FILES / "coast.txt"))) == [["Bodø", "1", "1.5", "1.5", "1.5", "0.5"]]
    assert not names_a_record(complaint(run("weather", "--input", "json", str(FILES / "coast.txt"))))
    readings = '[{"station": "X", "time": "2024-03-01T06:00Z"}]'
    assert summary(run("weather", "--input", "json", stdin=readings)) == [["X", "1", "-", "-", "-", "-"]]


def test_missing_values_count_for_nothing() -> None:
    rows = ["A,2024-03-01T06:00,,1", "A,2024-03-01T07:00,3,", "A,2024-03-01T08:00,4,", "B,2024-03-01T06:00,,"]
    assert of_csv(*rows) == [["A", "3", "3.0", "4.0", "3.5", "1.0"], ["B", "1", "-", "-", "-", "-"]]


def test_rounds_halves_away_from_zero_as_the_digits_stand() -> None:
    rows = ["A,2024-03-01T06:00,0.15,0.35", "A,2024-03-01T07:00,-0.25,0.3", "B,2024-03-01T06:00,0.1,2.5e-1"]
    rows += ["B,2024-03-01T07:00,0.2,0", "C,2024-03-01T06:00,-2.675,1000000000000000.05"]
    assert of_csv(*rows) == [
        ["A", "2", "-0.3", "0.2", "-0.1", "0.7"],
        ["B", "2", "0.1", "0.2", "0.2", "0.3"],
        ["C", "1", "-2.7", "-2.7", "-2.7", "1000000000000000.1"],
    ]


def test_never_writes_a_negative_zero() -> None:
    rows = ["A,2024-03-01T06:00,-0.04,0", "A,2024-03-01T07:00,-0.0,-0"]
    assert of_csv(*rows) == [["A", "2", "0.0", "0.0", "0.0", "0.0"]]
    as_json = run("weather", "--output", "json", stdin=HEADING + rows[0])
    assert "-0" not in as_json.stdout and json.loads(as_json.stdout)[0]["min"] == 0


def test_groups_by_the_day_in_utc() -> None:
    rows = ["A,2024-02-29T23:30:00-02:00,1,1", "B,2024-03-01T12:00,3,1", "A,2024-03-01T00:30:00+01:00,7,2"]
    ended = run("weather", "--by", "day", stdin=HEADING + "\n".join(rows))
    assert ended.stdout.startswith("day\treadings\t")
    assert summary(ended) == [
        ["2024-02-29", "1", "7.0", "7.0", "7.0", "2.0"],
        ["2024-03-01", "2", "1.0", "3.0", "2.0", "2.0"],
    ]


def test_a_later_reading_of_the_same_instant_replaces_the_earlier() -> None:
    rows = ["A,2024-03-01T12:00Z,9,9", "B,2024-03-01T12:00Z,5,5", "A,2024-03-01T14:00+02:00,,1"]
    assert of_csv(*rows) == [["A", "1", "-", "-", "-", "1.0"], ["B", "1", "5.0", "5.0", "5.0", "5.0"]]


def test_leaves_the_stations_that_were_asked_for_but_checks_them_all() -> None:
    rows = ["A,2024-03-01T06:00,1,1", "B,2024-03-01T06:00,2,2", "C,2024-03-01T06:00,3,3"]
    kept = of_csv(*rows, options=("--station", "C", "--station", "A", "--station", "D"))
    assert [row[0] for row in kept] == ["A", "C"]
    text = HEADING + "\n".join([*rows, "D,never,1,1"])
    assert complaint(run("weather", "--station", "A", stdin=text)).startswith("weather: record 4: time: ")


def test_prints_json_with_numbers_and_nulls() -> None:
    ended = run("weather", "--output", "json", stdin=HEADING + "Ås,2024-03-01T06:00,1.25,\nB,2024-03-01T06:00,,0.1\n")
    assert ended.code == 0, ended.stderr
    assert json.loads(ended.stdout) == [
        {"station": "B", "readings": 1, "min": None, "max": None, "mean": None, "rain": 0.1},
        {"station": "Ås", "readings": 1, "min": 1.3, "max": 1.3, "mean": 1.3, "rain": None},
    ]


def test_no_readings_give_a_heading_or_an_empty_array() -> None:
    assert of_csv() == []
    ended = run("weather", "--input", "json", "--output", "json", stdin="[]")
    assert [ended.code, json.loads(ended.stdout)] == [0, []]


def test_names_the_record_and_the_field_of_a_bad_number() -> None:
    good = "A,2024-03-01T06:00,1,1"
    for bad in ("nan,0", "-inf,0", "1_000,0", "warm,0", "0x1,0", "1 2,0"):
        text = f"{HEADING}\n{good}\n\nA,2024-03-01T07:00,{bad}\nA,never,1,1\n"
        assert complaint(run("weather", stdin=text)).startswith("weather: record 2: temp_c: "), bad
    negative = run("weather", stdin=f"{HEADING}A,2024-03-01T06:00,1,-0.1")
    assert complaint(negative).startswith("weather: record 1: rain_mm: ")


def test_names_the_record_and_the_field_of_bad_json_values() -> None:
    wrong = [("temp_c", '"3"'), ("temp_c", '""'), ("rain_mm", "true"), ("station", '""')]
    for field, value in [*wrong, ("time", "7"), ("time", '"2024-03-01"')]:
        bad = {"station": '"A"', "time": '"2024-03-01T07:00"', "temp_c": "1", "rain_mm": "1", field: value}
        record = ", ".join(f'"{key}": {text}' for key, text in bad.items())
        text = f'[{{"station": "A", "time": "2024-03-01T06:00"}}, {{{record}}}]'
        said = complaint(run("weather", "--input", "json", stdin=text))
        assert said.startswith(f"weather: record 2: {field}: "), text


def test_unusable_input_is_one_line_and_no_traceback() -> None:
    for arguments, stdin in (
        ([str(FILES / "nowhere.csv")], ""),
        (["--input", "json"], '[{"station": '),
        (["--input", "json"], '[{"station": "A", "time": "2024-03-01T06:00", "temp_c": NaN}]'),
        (["--input", "json"], '{"station": "A"}'),
        (["--input", "json"], "[1]"),
        ([], "time,temp_c\n2024-03-01T06:00,1\n"),
    ):
        said = complaint(run("weather", *arguments, stdin=stdin))
        assert said.startswith("weather: ") and not names_a_record(said), stdin
