"""A new run folder: whole or not there, told apart from every other, and without any value of the environment."""

import json
import shlex

import pytest
from factories import RUN_ID, Ticking, make_run, model_spec, run_config

from benchgen import codec, paths
from benchgen.errors import BenchgenError, UsageError
from benchgen.records.events import RunQueued
from benchgen.redact import Redactor
from benchgen.store.create import new_run_id, queue_run
from benchgen.store.files import write_new
from benchgen.store.log import LogReader
from benchgen.store.runs import Results


def test_an_id_says_when_and_ends_in_six_digits_of_chance():
    assert new_run_id(Ticking().clock(), "a2ca88") == RUN_ID
    assert paths.is_our_run_id(RUN_ID)


def test_a_queued_run_is_a_folder_with_its_request_and_one_event(tmp_path):
    folder = queue_run(tmp_path, run_config(), ["B_KEY", "A_KEY", "B_KEY"], clock=Ticking().clock())
    assert sorted(path.name for path in folder.iterdir()) == [
        "command.txt",
        "config.json",
        "env_keys_used.json",
        "events.jsonl",
        "metadata.json",
    ]
    ((event, _),) = LogReader(folder / paths.EVENTS).poll()
    assert event == RunQueued(seq=1, at="2026-11-21T02:40:41.000Z", run_id=RUN_ID, format=1)
    assert json.loads((folder / paths.ENV_KEYS).read_text()) == ["A_KEY", "B_KEY"]
    assert codec.config((folder / paths.CONFIG).read_bytes(), where="here") == run_config()


def test_metadata_has_the_four_keys_of_seed_004(tmp_path):
    folder = queue_run(tmp_path, run_config(), [])
    assert json.loads((folder / paths.METADATA).read_text()) == {
        "benchmark_name": "small",
        "run_name": "a small run",
        "model_id": "acme/fast",
        "created_at": "2026-11-21T02:40:41.000Z",
    }


def test_several_models_have_no_one_id(tmp_path):
    folder = queue_run(tmp_path, run_config(models=("a/a", "b/b")), [])
    assert json.loads((folder / paths.METADATA).read_text())["model_id"] is None


def test_the_command_can_be_pasted_into_a_shell(tmp_path):
    command = ("benchgen", "run", "it's; $(rm -rf ~)", "--name", "two words", "")
    folder = queue_run(tmp_path, run_config(command=command), [])
    text = (folder / paths.COMMAND).read_text()
    assert shlex.split(text) == list(command)
    assert text.count("\n") == 1


def test_a_value_of_the_environment_is_refused_and_not_repeated(tmp_path):
    with pytest.raises(UsageError) as caught:
        queue_run(tmp_path, run_config(), ["ACME_API_KEY=canary-4f1d"])
    assert "canary" not in str(caught.value)
    assert Results(tmp_path).list() == []


def test_secrets_in_the_request_do_not_reach_the_folder(tmp_path):
    config = run_config(command=("benchgen", "run", "--base-url", "https://canary-4f1d@host"), note="canary-4f1d")
    folder = queue_run(tmp_path, config, [], redactor=Redactor({"KEY": "canary-4f1d"}))
    assert not any(b"canary" in path.read_bytes() for path in folder.iterdir())
    assert "[redacted KEY]" in Results(tmp_path).config(RUN_ID).note


def test_a_second_run_of_one_id_is_refused(tmp_path):
    make_run(tmp_path)
    with pytest.raises(BenchgenError, match="already"):
        queue_run(tmp_path, run_config(), [])


@pytest.mark.parametrize("run_id", ["", "..", "a/b", ".hidden", "x" * 129])
def test_no_id_leads_out_of_the_results(tmp_path, run_id):
    with pytest.raises(UsageError):
        queue_run(tmp_path / "results", run_config(run_id=run_id), [])
    assert not list(tmp_path.iterdir())


def test_a_failure_half_way_leaves_nothing(tmp_path):
    config = run_config(models=(model_spec("a/a"),), request={"bad": object()})
    with pytest.raises(TypeError):
        queue_run(tmp_path, config, [])
    assert list(tmp_path.iterdir()) == []


def test_what_a_crash_left_half_made_is_neither_listed_nor_in_the_way(tmp_path):
    half = tmp_path / f".{RUN_ID}.new"
    half.mkdir()
    write_new(half / paths.CONFIG, b"{")
    assert Results(tmp_path).list() == []
    queue_run(tmp_path, run_config(), [])
    assert Results(tmp_path).list() == [RUN_ID]
    assert not half.exists()
