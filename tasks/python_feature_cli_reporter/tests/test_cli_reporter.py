"""Judges the reporter by what it prints and how it ends."""

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from candidate import Ended, run

FILES = Path(__file__).resolve().parent / "driver"


def report(log: list[tuple[str, str, str, float]], *options: str) -> Ended:
    lines = (json.dumps(dict(zip(("suite", "test", "status", "seconds"), line, strict=True))) for line in log)
    return run("reporter", *options, stdin="".join(f"{line}\n" for line in lines))


def facts(log: list[tuple[str, str, str, float]], *options: str) -> Any:
    ended = report(log, "--format", "json", "--fail-on", "never", *options)
    assert ended.code == 0, ended.stderr
    return json.loads(ended.stdout)


def counts(line: dict[str, Any]) -> list[Any]:
    return [line[key] for key in ("passed", "failed", "flaky", "skipped")]


SMALL: list[tuple[str, str, str, float]] = [
    ("web", "home", "skipped", 0),
    ("api", "login", "failed", 0.5),
    ("api", "login", "passed", 1),
    ("api", "logout", "passed", 12.25),
]


def test_the_default_report_gains_a_flaky_column() -> None:
    ended = report(SMALL)
    assert ended.stdout == (
        "suite  passed  failed  flaky  skipped  seconds\n"
        "api         2       0      1        0    13.75\n"
        "web         0       0      0        1     0.00\n"
        "total       2       0      1        1    13.75\n"
    )


def test_a_test_counts_once_with_the_status_of_its_last_record() -> None:
    log = [("s", "a", "passed", 1), ("s", "b", "failed", 1), ("s", "a", "failed", 1), ("s", "c", "skipped", 1)]
    log += [("s", "b", "skipped", 1), ("s", "c", "passed", 1)]
    assert counts(facts(log)["total"]) == [1, 1, 0, 1]


def test_flaky_is_what_passed_in_the_end_after_any_failure() -> None:
    log = [("s", "a", "failed", 1), ("s", "a", "passed", 1), ("s", "a", "passed", 1)]
    log += [("s", "b", "skipped", 1), ("s", "b", "passed", 1)]
    log += [("s", "c", "failed", 1), ("s", "c", "passed", 1), ("s", "c", "failed", 1)]
    assert counts(facts(log)["total"]) == [2, 1, 1, 0]


def test_retries_are_found_across_files_and_kept_apart_by_suite() -> None:
    ended = run("reporter", "--format", "json", str(FILES / "first.jsonl"), str(FILES / "second.jsonl"))
    assert json.loads(ended.stdout)["suites"] == [
        {"suite": "api", "passed": 2, "failed": 0, "flaky": 1, "skipped": 0, "seconds": 2.75},
        {"suite": "web", "passed": 0, "failed": 1, "flaky": 0, "skipped": 0, "seconds": 2},
    ]
    assert ended.code == 1


def test_seconds_are_summed_exactly_and_rounded_only_when_shown() -> None:
    log = [(suite, "t", "passed", 0.004) for suite in "abc"]
    seen = facts(log)
    assert [line["seconds"] for line in seen["suites"]] == [0, 0, 0]
    assert seen["total"]["seconds"] == 0.01
    large = [("s", "big", "passed", 2**53), *(("s", f"t{number}", "passed", 0.5) for number in range(4))]
    assert facts(large)["total"]["seconds"] == 2**53 + 2


def test_slowest_adds_a_table_of_tests_by_the_time_of_all_their_records() -> None:
    ended = report([*SMALL, ("web", "home", "passed", 1.5), ("api", "list all", "passed", 1.5)], "--slowest", "3")
    assert ended.stdout.split("\n\n")[1] == (
        "suite  test      seconds\napi    logout      12.25\napi    list all     1.50\napi    login        1.50\n"
    )


def test_slowest_compares_before_rounding_and_shows_what_there_is() -> None:
    log = [("b", "x", "passed", 1.0), ("a", "y", "passed", 1.001), ("a", "z", "passed", 1.002)]
    seen = facts(log, "--slowest", "9")
    assert seen["slowest"] == [
        {"suite": "a", "test": "z", "seconds": 1.0},
        {"suite": "a", "test": "y", "seconds": 1.0},
        {"suite": "b", "test": "x", "seconds": 1.0},
    ]
    assert facts(SMALL)["slowest"] == []


def test_json_holds_suites_total_and_slowest_and_nothing_else() -> None:
    assert facts(SMALL, "--slowest", "1") == {
        "suites": [
            {"suite": "api", "passed": 2, "failed": 0, "flaky": 1, "skipped": 0, "seconds": 13.75},
            {"suite": "web", "passed": 0, "failed": 0, "flaky": 0, "skipped": 1, "seconds": 0},
        ],
        "total": {"passed": 2, "failed": 0, "flaky": 1, "skipped": 1, "seconds": 13.75},
        "slowest": [{"suite": "api", "test": "logout", "seconds": 12.25}],
    }


def test_markdown_has_the_same_tables_between_bars() -> None:
    ended = report(SMALL, "--format", "markdown", "--slowest", "1")
    assert ended.stdout == (
        "| suite | passed | failed | flaky | skipped | seconds |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: |\n"
        "| api | 2 | 0 | 1 | 0 | 13.75 |\n"
        "| web | 0 | 0 | 0 | 1 | 0.00 |\n"
        "| total | 2 | 0 | 1 | 1 | 13.75 |\n"
        "\n"
        "| suite | test | seconds |\n"
        "| --- | --- | ---: |\n"
        "| api | logout | 12.25 |\n"
    )


def test_markdown_escapes_backslashes_bars_and_line_breaks_in_names() -> None:
    ended = report([("a|b", "c\\|d\ne", "passed", 1)], "--format", "markdown", "--slowest", "1")
    lines = ended.stdout.splitlines()
    assert lines[2] == "| a\\|b | 1 | 0 | 0 | 0 | 1.00 |"
    assert lines[-1] == "| a\\|b | c\\\\\\|d e | 1.00 |"


def test_the_exit_code_follows_fail_on() -> None:
    failed = [("s", "a", "failed", 1)]
    flaky = [*failed, ("s", "a", "passed", 1)]
    assert [report(failed).code, report(flaky).code] == [1, 0]
    assert report(flaky, "--fail-on", "failed").code == 0
    assert report(failed, "--fail-on", "flaky").code == 1
    assert report(flaky, "--fail-on", "flaky").code == 1
    assert report([("s", "a", "skipped", 1)], "--fail-on", "flaky").code == 0
    assert report([*flaky, ("s", "b", "failed", 1)], "--fail-on", "never").code == 0


def test_unusable_input_is_still_named_and_prints_nothing_else() -> None:
    for options in ([], ["--format", "json"], ["--format", "markdown", "--slowest", "2", "--fail-on", "never"]):
        ended = run("reporter", *options, str(FILES / "first.jsonl"), str(FILES / "broken.jsonl"))
        assert [ended.code, ended.stdout] == [2, ""]
        assert ended.stderr == f"reporter: {FILES / 'broken.jsonl'}:3: status: 'lost'\n"


def test_wrong_options_end_with_exit_code_two() -> None:
    for options in (["--slowest", "-1"], ["--slowest", "1.5"], ["--format", "xml"], ["--fail-on", "skipped"]):
        ended = report(SMALL, *options)
        assert [ended.code, ended.stdout] == [2, ""], options
        assert "Traceback" not in ended.stderr
    assert report(SMALL, "--slowest", "0", "--format", "text", "--fail-on", "flaky").code == 1


def test_an_empty_log_gives_the_total_only() -> None:
    ended = report([], "--slowest", "2")
    assert ended.stdout == (
        "suite  passed  failed  flaky  skipped  seconds\n"
        "total       0       0      0        0     0.00\n"
        "\n"
        "suite  test  seconds\n"
    )
    assert ended.code == 0
