"""Reading results: newest first, one broken run beside many good ones, and no path out of a run's folder."""

import json
import os

import pytest
from factories import RUN_ID, at, make_run, make_runs, run_config
from hypothesis import given, settings
from hypothesis import strategies as st

from benchgen import paths
from benchgen.clock import Clock
from benchgen.errors import BadFile, NotFound
from benchgen.records.events import Progress
from benchgen.store.derived import finish, reindex
from benchgen.store.log import append
from benchgen.store.runs import Results
from benchgen.store.texts import excerpt


@pytest.fixture
def results(tmp_path):
    return Results(tmp_path)


def test_runs_are_listed_newest_first_whatever_their_names(tmp_path, results):
    make_run(tmp_path, run_config())
    make_run(tmp_path, run_config(run_id="waa_eval_old", created_at=at(-3600)))
    make_run(tmp_path, run_config(run_id="a_foreign_new", created_at=at(3600)))
    assert results.list() == ["a_foreign_new", RUN_ID, "waa_eval_old"]


def test_what_is_no_run_is_not_listed(tmp_path, results):
    folder = make_run(tmp_path)
    (tmp_path / "datasets").mkdir()
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "linked").symlink_to(folder)
    assert results.list() == [RUN_ID]


def test_no_results_yet_is_an_empty_list(tmp_path):
    assert Results(tmp_path / "none").list() == []


@pytest.mark.parametrize("run_id", ["", "..", ".", "../etc", "/etc", "a/b", "none", "a\0b"])
def test_an_unknown_or_unsafe_id_is_not_found(tmp_path, results, run_id):
    make_run(tmp_path)
    with pytest.raises(NotFound):
        results.folder(run_id)


def test_a_run_is_loaded_as_its_log_says(tmp_path, results):
    make_run(tmp_path, run_config(tasks=3), [None, "tests_failed", "timeout"])
    state = results.load(RUN_ID)
    assert (state.status, state.finished, state.total) == ("completed", 3, 3)
    assert state.log_bytes == (tmp_path / RUN_ID / paths.EVENTS).stat().st_size


def test_an_outcome_is_read_whole_by_seeking(tmp_path, results):
    make_run(tmp_path, run_config(tasks=3), [None, "tests_failed", "timeout"])
    rows = results.load(RUN_ID).rows
    outcomes = [results.outcome(RUN_ID, row.line) for row in reversed(rows)]
    assert [outcome.category for outcome in outcomes] == ["timeout", "tests_failed", None]
    assert outcomes[1].cases[1].message == "assert 3 == 1"


def test_a_followed_run_takes_each_event_once(tmp_path, results):
    folder = make_run(tmp_path, finished=False)
    followed = results.follow(RUN_ID)
    assert followed.poll()
    assert not followed.poll()
    append(folder, [Progress(done=1, total=2)])
    assert followed.poll()
    assert followed.state().progress.done == 1
    assert followed.state().finished == 2


def test_a_followed_run_starts_over_with_its_log(tmp_path, results):
    folder = make_run(tmp_path)
    followed = results.follow(RUN_ID)
    followed.poll()
    (folder / paths.EVENTS).write_bytes(b"")
    assert followed.poll()
    assert (followed.state().seq, followed.state().finished) == (0, 0)
    append(folder, [Progress()])
    followed.poll()
    assert followed.state().seq == 1


def test_a_digest_up_to_date_is_read_and_not_folded(tmp_path, results):
    folder = make_run(tmp_path)
    finish(tmp_path, folder, Clock())
    saved = json.loads((folder / paths.DIGEST).read_text())
    (folder / paths.DIGEST).write_text(json.dumps({**saved, "note": "from the file"}))
    assert results.digest(RUN_ID).note == "from the file"


def test_a_digest_older_than_its_log_is_not_believed(tmp_path, results):
    folder = make_run(tmp_path, finished=False)
    finish(tmp_path, folder, Clock())
    assert results.digest(RUN_ID).seq == 11
    append(folder, [Progress()])
    assert results.digest(RUN_ID).seq == 12


def test_a_log_changed_in_place_is_folded_again(tmp_path, results):
    folder = make_run(tmp_path)
    finish(tmp_path, folder, Clock())
    log = folder / paths.EVENTS
    log.write_bytes(log.read_bytes().replace(b'"status":"completed"', b'"status":"canceled" '))
    os.utime(log, ns=(0, log.stat().st_mtime_ns + 10**9))
    assert results.digest(RUN_ID).status == "canceled"


@pytest.mark.parametrize("damage", [b"", b"{", b"null", b'{"run_id": 3}', b"\0" * 50])
def test_a_damaged_digest_is_made_again(tmp_path, results, damage):
    folder = make_run(tmp_path)
    finish(tmp_path, folder, Clock())
    (folder / paths.DIGEST).write_bytes(damage)
    assert results.digest(RUN_ID).finished == 2


def test_a_broken_run_is_listed_with_its_reason_beside_the_others(tmp_path, results):
    good, bad, worse = make_runs(tmp_path, 3)
    (bad / paths.CONFIG).write_bytes(b"{")
    log = worse / paths.EVENTS
    log.write_bytes(log.read_bytes().replace(b'"seq":3,', b'"seq":4,'))
    runs, unreadable = results.digests()
    assert [digest.run_id for digest in runs] == [good.name]
    assert [broken.run_id for broken in unreadable] == [worse.name, bad.name]
    assert "at byte" in unreadable[0].reason
    assert "config.json" in unreadable[1].reason


def test_the_config_of_another_tool_makes_no_run_of_ours(tmp_path, results):
    folder = tmp_path / "batch-1"
    folder.mkdir()
    (folder / paths.CONFIG).write_text('{"model": "m"}')
    (folder / paths.RESULTS).write_text("{}\n")
    assert results.list() == []
    assert reindex(tmp_path) == []


def test_a_run_of_a_later_benchgen_says_so(tmp_path, results):
    folder = make_run(tmp_path)
    config = json.loads((folder / paths.CONFIG).read_text())
    (folder / paths.CONFIG).write_text(json.dumps({**config, "format": 2}))
    assert "update benchgen" in results.digests().unreadable[0].reason


def test_a_missing_config_names_the_file(tmp_path, results):
    (make_run(tmp_path) / paths.CONFIG).unlink()
    with pytest.raises((NotFound, BadFile), match=r"config\.json"):
        results.load(RUN_ID)


HOSTILE = [
    "../" + RUN_ID + "/config.json",
    "/etc/passwd",
    "a/../config.json",
    ".",
    "",
    "link",
    "dir/x",
    ".hidden",
    "fifo",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_only_regular_files_of_the_folder_are_artifacts(tmp_path, results, name):
    folder = make_run(tmp_path)
    (tmp_path / "secret").write_text("s")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "dir").symlink_to(tmp_path)
    (tmp_path / "x").write_text("s")
    (folder / ".hidden").write_text("s")
    os.mkfifo(folder / "fifo")
    with pytest.raises(NotFound):
        results.artifact(RUN_ID, name)


def test_an_artifact_is_found_below_the_folder(tmp_path, results):
    folder = make_run(tmp_path)
    found = results.artifact(RUN_ID, "task_0__acme_fast__sample00/prompt.txt")
    assert found == folder / "task_0__acme_fast__sample00" / "prompt.txt"


def test_a_short_file_is_all_head(tmp_path, results):
    make_run(tmp_path, artifacts={"log.txt": "grüße\n".encode()})
    text = results.read_text(RUN_ID, "task_0__acme_fast__sample00/log.txt", 100)
    assert (text.head, text.tail, text.total_bytes, text.is_binary) == ("grüße\n", "", 8, False)


def test_a_binary_file_shows_nothing(tmp_path):
    (tmp_path / "x").write_bytes(b"a\0b")
    assert excerpt(tmp_path / "x", 10).is_binary


def test_bytes_that_are_no_text_are_replaced(tmp_path):
    (tmp_path / "x").write_bytes(b"a\xffb")
    assert excerpt(tmp_path / "x", 10).head == "a\ufffdb"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200), st.integers(8, 100))
@settings(max_examples=60)
def test_a_cut_never_breaks_a_character(tmp_path_factory, text, limit):
    path = tmp_path_factory.mktemp("texts") / "x"
    path.write_text(text, "utf-8")
    found = excerpt(path, limit)
    assert text.startswith(found.head)
    assert text.endswith(found.tail)
    assert found.total_bytes == len(text.encode())
    assert len(found.head.encode()) + len(found.tail.encode()) <= max(limit, 8)
