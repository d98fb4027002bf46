"""What an attempt leaves: whole folders, answers that are paid for once, rows that the log knows of."""

import hashlib

import pytest
from factories import make_run

from benchgen import paths
from benchgen.errors import BadFile, NotFound
from benchgen.redact import Redactor
from benchgen.store import files
from benchgen.store.attempts import (
    drop_answers,
    drop_answers_of,
    load_answer,
    save_answer,
    save_attempt,
    save_file,
    trim_results,
)


def tree(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_saved_attempt_is_listed_with_size_and_hash(tmp_path):
    (artifact,) = save_attempt(tmp_path, "t__m__sample00", {"prompt.txt": b"hello"})
    assert (artifact.name, artifact.bytes) == ("prompt.txt", 5)
    assert artifact.sha256 == hashlib.sha256(b"hello").hexdigest()
    assert tree(tmp_path) == {"t__m__sample00/prompt.txt": b"hello"}


def test_files_may_lie_in_folders_of_their_own(tmp_path):
    save_attempt(tmp_path, "tasks/notepad_1", {"task.json": b"{}", "screenshots/step_000.png": b"png"})
    assert set(tree(tmp_path)) == {"tasks/notepad_1/task.json", "tasks/notepad_1/screenshots/step_000.png"}


def test_what_a_crash_left_is_replaced_whole(tmp_path):
    save_attempt(tmp_path, "a", {"old.txt": b"old", "prompt.txt": b"old"})
    (tmp_path / ".a.new").mkdir()
    (tmp_path / ".a.new" / "half").write_bytes(b"")
    save_attempt(tmp_path, "a", {"prompt.txt": b"new"})
    assert tree(tmp_path) == {"a/prompt.txt": b"new"}


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "", "a//b", "a\\b", "a\0b", "."])
def test_no_name_leads_out_of_the_run_folder(tmp_path, name):
    run = tmp_path / "run"
    run.mkdir()
    with pytest.raises(BadFile):
        save_attempt(run, "a", {name: b""})
    with pytest.raises(BadFile):
        save_attempt(run, name, {"a": b""})
    with pytest.raises(BadFile):
        save_file(run, name, b"")
    assert tree(tmp_path) == {}


def test_the_hash_is_of_what_was_written(tmp_path):
    redactor = Redactor({"KEY": "canary-4f1d"})
    (artifact,) = save_attempt(tmp_path, "a", {"prompt.txt": b"canary-4f1d"}, redactor=redactor)
    assert artifact.sha256 == hashlib.sha256(b"[redacted KEY]").hexdigest()


def test_one_file_is_saved_beside_others(tmp_path):
    save_file(tmp_path, "tasks/a/screenshots/step_000.png", b"one")
    artifact = save_file(tmp_path, "tasks/a/screenshots/step_001.png", b"two")
    assert artifact.name == "tasks/a/screenshots/step_001.png"
    assert len(tree(tmp_path)) == 2


def test_an_answer_is_kept_with_the_response_it_came_in(tmp_path):
    sha256 = save_answer(tmp_path, "a", 0, "the answer", b'{"choices": []}')
    answer = load_answer(tmp_path, "a", 0, sha256)
    assert (answer.text, answer.raw) == ("the answer", '{"choices": []}')
    assert sha256 == hashlib.sha256(b"the answer").hexdigest()


def test_turns_are_kept_apart(tmp_path):
    hashes = [save_answer(tmp_path, "a", turn, f"turn {turn}", b"") for turn in range(3)]
    assert [load_answer(tmp_path, "a", turn, hashes[turn]).text for turn in range(3)] == ["turn 0", "turn 1", "turn 2"]


def test_an_answer_that_differs_from_its_event_is_not_gone_on_from(tmp_path):
    save_answer(tmp_path, "a", 0, "one", b"")
    with pytest.raises(BadFile):
        load_answer(tmp_path, "a", 0, "0" * 64)


def test_an_answer_that_nobody_kept_is_not_found(tmp_path):
    with pytest.raises(NotFound):
        load_answer(tmp_path, "a", 0, "0" * 64)


def test_an_answer_is_hashed_as_it_was_kept(tmp_path):
    sha256 = save_answer(tmp_path, "a", 0, "key: canary-4f1d \ud800", b"\xff", redactor=Redactor({"K": "canary-4f1d"}))
    assert load_answer(tmp_path, "a", 0, sha256).text == "key: [redacted K] \ufffd"


def test_dropped_answers_are_gone_and_dropping_again_is_fine(tmp_path):
    sha256 = save_answer(tmp_path, "a", 0, "x", b"")
    drop_answers(tmp_path, "a")
    drop_answers(tmp_path, "a")
    with pytest.raises(NotFound):
        load_answer(tmp_path, "a", 0, sha256)


def test_answers_that_a_crash_left_behind_their_outcome_are_dropped_and_others_stay(tmp_path):
    drop_answers_of(tmp_path, ("a",))  # where nothing is kept there is nothing to do
    for name in ("a", "b"):
        sha256 = save_answer(tmp_path, name, 0, "x", b"")
    drop_answers_of(tmp_path, ("a", "c"))
    with pytest.raises(NotFound):
        load_answer(tmp_path, "a", 0, sha256)
    assert load_answer(tmp_path, "b", 0, sha256).text == "x"


@pytest.mark.parametrize("torn", [b"", b'{"custom_id":"c"', b'{"custom_id":"c"}\n'])
def test_rows_that_no_event_announced_are_cut_off(tmp_path, torn):
    known = b'{"custom_id":"a"}\n{"custom_id":"b"}\n'
    (tmp_path / paths.RESULTS).write_bytes(known + torn)
    trim_results(tmp_path, 2)
    assert (tmp_path / paths.RESULTS).read_bytes() == known


def test_announced_rows_that_are_missing_are_damage(tmp_path):
    (tmp_path / paths.RESULTS).write_bytes(b'{"custom_id":"a"}\n{"cust')
    with pytest.raises(BadFile):
        trim_results(tmp_path, 2)
    (tmp_path / paths.RESULTS).unlink()
    with pytest.raises(NotFound):
        trim_results(tmp_path, 1)
    trim_results(tmp_path, 0)


def test_the_factory_writes_real_artifacts(tmp_path):
    folder = make_run(tmp_path, artifacts={"extra.bin": b"\0"})
    assert (folder / "task_0__acme_fast__sample00" / "extra.bin").read_bytes() == b"\0"


def test_results_exist_by_name_before_the_first_row_so_that_a_power_cut_keeps_them(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(files, "sync_folder", synced.append)
    trim_results(tmp_path, 0)
    assert (tmp_path / "results.jsonl").read_bytes() == b""
    assert synced == [tmp_path]
