"""Starting bench: its exact words, what its output says of progress, and what its absence looks like."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner
from factories import run_config

from benchgen.catalog.openbench import NoBench, bench_command, evals_of, python_of, try_bench
from benchgen.cli.main import benchgen
from benchgen.cli.run_openbench import environment
from benchgen.clock import Clock
from benchgen.errors import UsageError
from benchgen.formats.openbench_progress import ProgressReader
from benchgen.record import replace
from benchgen.records.attempt import Attempt
from benchgen.records.events import AnswerReceived, AttemptFinished, AttemptSuperseded
from benchgen.records.run import Settings
from benchgen.runner.openbench_again import only_new
from benchgen.runner.openbench_command import Choices, eval_words, limit_of
from benchgen.runner.openbench_process import complaint
from benchgen.settings import Found, OpenbenchEntry, Secrets, read


def config(**settings: object):
    return replace(run_config(models=("openai/gpt-4o",)), settings=Settings(**settings))


def test_every_setting_is_an_option_of_bench():
    settings = {"temperature": 0.0, "top_p": 1.0, "max_tokens": 1024, "seed": 7, "timeout_seconds": 120.0}
    words = eval_words(config(**settings, thinking_level="low"), Choices("mmlu", "10", 2, "http://here/v1", ("a=b",)))
    told = dict(zip(words[2::2], words[3::2], strict=True))
    assert words[:2] == ("eval", "mmlu")
    assert told == {
        **{"--model": "openai/gpt-4o", "--limit": "10", "--epochs": "2", "--temperature": "0.0", "--top-p": "1.0"},
        **{"--max-tokens": "1024", "--seed": "7", "--timeout": "120", "--max-retries": "5", "-T": "a=b"},
        **{"--reasoning-effort": "low", "--max-connections": "10", "--model-base-url": "http://here/v1"},
        **{"--display": "plain", "--log-format": "eval", "--log-dir": ".", "--log-buffer": "1"},
    }


def test_what_nobody_asked_for_is_left_to_bench():
    words = eval_words(config(), Choices("mmlu"))
    assert not {"--temperature", "--epochs", "--limit", "--timeout"} & set(words)


def test_a_log_of_many_samples_is_not_copied_for_each_of_them():
    assert "--log-buffer 10" in " ".join(eval_words(config(), Choices("mmlu")))


@pytest.mark.parametrize(("ours", "theirs"), [(None, None), ("5", "5"), ("2-3", "1,3")])
def test_a_limit_counts_from_1_here_and_from_0_there(ours, theirs):
    assert limit_of(ours) == theirs


@pytest.mark.parametrize("limit", ["0", "x", "3-2", "-1", "1-"])
def test_a_limit_that_means_nothing_is_refused(limit):
    with pytest.raises(UsageError):
        limit_of(limit)


def test_a_line_of_progress_is_read_with_what_it_says_beside_the_numbers():
    said = ProgressReader().take("Steps: 220/600  36% | Samples: 211/600 | accuracy: 0.66 | openai:  3/10")
    assert (said.done, said.total, said.detail) == (211, 600, "accuracy: 0.66 | openai:  3/10")


def test_padded_numbers_are_read_and_a_line_twice_is_news_once():
    reader, line = ProgressReader(), "Steps:  12/12 100% | Samples:  12/ 12 | a b: 0.75"
    assert reader.take(line).done == 12
    assert reader.take(line) is None


def test_benchmarks_of_a_group_are_added_up_and_the_total_waits_for_all_of_them():
    reader = ProgressReader()
    assert reader.take("Running 2 tasks...") is None
    first = reader.take("arithmetic | Steps:  3/10  30% | Samples:   1/  5 | x")
    second = reader.take("colors | Steps:  3/10  30% | Samples:   2/  7 | y")
    assert (first.done, first.total) == (1, None)
    assert (second.done, second.total) == (3, 12)


@pytest.mark.parametrize("line", ["", "Steps: many", "Samples: 1/2", "x" * 100_000, "Log: logs/a.eval"])
def test_any_other_line_is_no_progress(line):
    assert ProgressReader().take(line) is None


def test_without_bench_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoBench) as caught:
        bench_command(None)
    assert 'pip install openbench "mcp<2"' in caught.value.hint
    assert "[openbench] command" in caught.value.hint


def script(folder: Path, text: str) -> str:
    path = folder / "bench"
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_a_command_that_is_named_by_its_place_is_taken_from_there(tmp_path, monkeypatch):
    bench = script(tmp_path, "#!/bin/sh\n")
    monkeypatch.chdir(tmp_path)
    assert bench_command("./bench --plain") == (bench, "--plain")


def test_a_broken_bench_shows_its_last_words_and_what_to_install(tmp_path):
    bench = script(tmp_path, "#!/bin/sh\necho 'ImportError: cannot import name Server from mcp' >&2\nexit 1\n")
    with pytest.raises(NoBench) as caught:
        try_bench(bench_command(bench))
    assert "ImportError: cannot import name Server from mcp" in caught.value.message
    assert "mcp<2" in caught.value.hint


def test_another_program_of_that_name_is_not_taken_for_it(tmp_path):
    with pytest.raises(NoBench, match="does not answer like openbench"):
        try_bench(bench_command(script(tmp_path, "#!/bin/sh\necho a bench to sit on\n")))


def test_running_without_bench_fails_before_anything_is_written(tmp_path):
    missing = {"BENCHGEN_OPENBENCH_COMMAND": str(tmp_path / "nothing")}
    words = ["run", "openbench:mmlu", "-m", "openai/gpt-4o", "--results-dir", str(tmp_path / "results")]
    done = CliRunner(env=missing).invoke(benchgen, words)
    assert isinstance(done.exception, NoBench)
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize("option", ["--fail-under", "--max-time"])
def test_bench_runs_take_gates_and_limits(tmp_path, option):
    missing = {"BENCHGEN_OPENBENCH_COMMAND": str(tmp_path / "nothing")}
    done = CliRunner(env=missing).invoke(benchgen, ["run", "openbench:mmlu", "-m", "openai/gpt-4o", option, "50"])
    assert isinstance(done.exception, NoBench)  # and no UsageError before it


@pytest.mark.parametrize("words", [("-M", "api_key=0123456789"), ("--bench", "--hf-token=0123456789")])
def test_a_secret_on_the_command_line_is_refused_and_not_repeated(tmp_path, words):
    done = CliRunner().invoke(benchgen, ["run", "openbench:mmlu", "-m", "openai/gpt-4o", *words, "-o", str(tmp_path)])
    assert isinstance(done.exception, UsageError)
    assert "0123456789" not in str(done.exception)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("word", ["api_key=EMPTY", "max_tokens=1234567890", "stop_token_ids=1234567890"])
def test_what_only_sounds_like_a_secret_is_handed_on(tmp_path, word):
    missing = {"BENCHGEN_OPENBENCH_COMMAND": str(tmp_path / "nothing")}
    done = CliRunner(env=missing).invoke(benchgen, ["run", "openbench:mmlu", "-m", "openai/gpt-4o", "-M", word])
    assert isinstance(done.exception, NoBench)


@pytest.fixture
def fake(tmp_path: Path) -> str:
    """A bench beside a python that counts how often it is asked."""
    python = tmp_path / "python"
    answer = '{"evals": [{"name": "a_b", "title": "A", "category": "core"}], "groups": []}'
    python.write_text(f"#!/bin/sh\necho asked >> {tmp_path}/asked\necho '{answer}'\n")
    python.chmod(0o755)
    return script(tmp_path, "#!/bin/sh\n")


def test_the_catalog_is_asked_once_in_ten_minutes(tmp_path, fake):
    cache, now = tmp_path / "cache.json", [os.stat(fake).st_mtime]
    for _ in range(2):
        assert [one.name for one in evals_of(fake, cache).evals] == ["a_b"]
    assert (tmp_path / "asked").read_text().count("asked") == 1
    now[0] = cache.stat().st_mtime + 601
    evals_of(fake, cache, Clock(now=lambda: now[0]))
    assert (tmp_path / "asked").read_text().count("asked") == 2


def test_a_name_is_found_however_its_words_are_joined(tmp_path, fake):
    assert evals_of(fake, tmp_path / "cache.json").find("a-b").name == "a_b"


@pytest.mark.parametrize(
    "first", ["#!/opt/here/bin/python3.11", "#!/bin/sh\n'''exec' \"/opt/here/bin/python3.11\" \"$0\""]
)
def test_the_python_of_bench_is_beside_it_or_in_its_first_lines(tmp_path, first):
    assert python_of((script(tmp_path, f"{first} \n"),)) == Path("/opt/here/bin/python3.11")


def test_bench_gets_the_key_of_its_provider_and_those_that_are_named_no_other(monkeypatch):
    for name in ("OPENAI_API_KEY", "GROQ_API_KEY", "MY_GRADER_TOKEN", "AWS_SECRET_ACCESS_KEY", "HF_TOKEN", "PLAIN"):
        monkeypatch.setenv(name, "a value of its own")
    settings = replace(read({}, Path("/")).settings, openbench=OpenbenchEntry(env=("MY_GRADER_TOKEN",)))
    handed = environment(Found(settings, Secrets()), "groq/llama")
    assert {"GROQ_API_KEY", "MY_GRADER_TOKEN", "HF_TOKEN", "PLAIN"} <= set(handed.env)
    assert not {"OPENAI_API_KEY", "AWS_SECRET_ACCESS_KEY"} & set(handed.env)
    assert {"GROQ_API_KEY", "MY_GRADER_TOKEN", "HF_TOKEN"} <= set(handed.secrets)


def test_a_complaint_is_the_line_that_bench_marks():
    lines = [
        "WARNING no network",
        "",
        "❌ Model API nosuch not recognized.",
        "For full stack trace …",
    ]
    assert complaint(lines) == "Model API nosuch not recognized."


def test_a_complaint_in_a_frame_loses_its_frame():
    lines = ["╭─ Error ───╮", "│ Invalid value: Unknown benchmark: 'x'.   │", "╰──────────╯"]
    assert complaint(lines) == "Error Invalid value: Unknown benchmark: 'x'."


def finished(task: str, category: str | None, started: str) -> list[AnswerReceived | AttemptFinished]:
    attempt = f"{task}__m__sample00"
    outcome = Attempt(attempt, task, "m", 0, category, started, started, 1.0)
    return [
        AnswerReceived(attempt=attempt, turn=0, answer_sha256="", provider="", model="m"),
        AttemptFinished(attempt=attempt, outcome=outcome),
    ]


def test_a_sample_that_broke_is_a_retry_in_a_later_log_and_one_on_record_is_not_said_again():
    old = [e.outcome for task, cat in (("a", None), ("b", "harness")) for e in finished(task, cat, "1")[1:]]
    new = [*finished("a", None, "1"), *finished("b", None, "2"), *finished("c", None, "2")]
    said = list(only_new(new, old))
    assert [type(event) for event in said] == [
        *(AnswerReceived, AttemptFinished, AttemptSuperseded),
        *(AnswerReceived, AttemptFinished),
    ]
    assert said[0].attempt == said[1].attempt == "b__m__sample00__r1"
    assert said[1].outcome.replaces == "b__m__sample00"
    assert (said[2].attempt, said[2].by) == ("b__m__sample00", "b__m__sample00__r1")
