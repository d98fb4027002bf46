"""What people keep beside runs: annotations and datasets; and what they throw away."""

import json
import threading

import pytest
from factories import RUN_ID, Ticking, make_run, make_runs, run_config

from benchgen import paths
from benchgen.errors import BadFile, Locked, NotFound, UsageError
from benchgen.records.annotations import Annotations
from benchgen.redact import Redactor
from benchgen.store import annotations
from benchgen.store.annotations import annotate, read_annotations
from benchgen.store.datasets import dataset_file, get_dataset, list_datasets
from benchgen.store.locks import runner_lock
from benchgen.store.removal import prunable, remove_run
from benchgen.store.runs import Results
from benchgen.store.uploads import add_dataset, delete_dataset, incoming, new_dataset_id, remove_abandoned

ID = "ds_0123456789ab"


def test_what_is_given_changes_and_the_rest_stays(tmp_path):
    folder = make_run(tmp_path)
    annotate(tmp_path, RUN_ID, note="a note", tags=["x", "y", "x"])
    annotate(tmp_path, RUN_ID, marks={"a": "golden", "b": ""})
    found = annotate(tmp_path, RUN_ID, marks={"a": None})
    assert found == Annotations(note="a note", tags=("x", "y"), marked={"b": ""})
    assert read_annotations(folder) == found


def test_marks_grow_no_further_than_people_mark(tmp_path, monkeypatch):
    monkeypatch.setattr(annotations, "MOST_MARKED", 2)
    make_run(tmp_path)
    annotate(tmp_path, RUN_ID, marks={"a": "", "b": ""})
    with pytest.raises(UsageError, match="at most 2"):
        annotate(tmp_path, RUN_ID, marks={"c": ""})
    assert annotate(tmp_path, RUN_ID, marks={"a": None, "c": ""}).marked == {"b": "", "c": ""}
    with pytest.raises(UsageError, match="of no attempt"):
        annotate(tmp_path, RUN_ID, marks={"x" * 1001: ""})


def test_annotations_are_outside_the_log(tmp_path):
    folder = make_run(tmp_path)
    before = (folder / paths.EVENTS).read_bytes()
    annotate(tmp_path, RUN_ID, note="a note")
    assert (folder / paths.EVENTS).read_bytes() == before


def test_a_run_without_annotations_has_empty_ones(tmp_path):
    assert read_annotations(make_run(tmp_path)) == Annotations()


def test_a_damaged_file_is_said_and_not_overwritten(tmp_path):
    folder = make_run(tmp_path)
    (folder / paths.ANNOTATIONS).write_text("{")
    with pytest.raises(BadFile):
        annotate(tmp_path, RUN_ID, note="x")
    assert (folder / paths.ANNOTATIONS).read_text() == "{"


@pytest.mark.parametrize(
    "change", [{"note": "x" * 10_001}, {"tags": [""]}, {"tags": ["t"] * 33}, {"marks": {"a": "x" * 10_001}}]
)
def test_too_much_is_refused(tmp_path, change):
    make_run(tmp_path)
    with pytest.raises(UsageError):
        annotate(tmp_path, RUN_ID, **change)


def test_a_secret_in_a_note_is_not_kept(tmp_path):
    folder = make_run(tmp_path)
    found = annotate(tmp_path, RUN_ID, note="it was canary-4f1d", redactor=Redactor({"KEY": "canary-4f1d"}))
    assert found == read_annotations(folder) == Annotations(note="it was [redacted KEY]")


def test_annotations_made_at_once_are_all_kept(tmp_path):
    folder = make_run(tmp_path)
    threads = [
        threading.Thread(target=annotate, args=(tmp_path, RUN_ID), kwargs={"marks": {f"a{number}": ""}})
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read_annotations(folder).marked) == 8


def test_a_dataset_is_kept_as_it_came(tmp_path):
    data = b'{"custom_id": "a"}\r\n{"custom_id": "b"}'
    added = add_dataset(tmp_path, ID, "batch 5k.jsonl", data, 2, clock=Ticking().clock())
    assert dataset_file(tmp_path, ID).read_bytes() == data
    assert get_dataset(tmp_path, ID) == added
    assert (added.name, added.count, added.uploaded_at, added.bytes) == (
        "batch 5k.jsonl",
        2,
        "2026-11-21T02:40:41.000Z",
        len(data),
    )


def test_datasets_are_listed_newest_first_and_a_damaged_one_does_not_stop_the_list(tmp_path):
    clock = Ticking(step=1).clock()
    ids = [new_dataset_id(f"{number:012x}") for number in range(3)]
    for dataset_id in ids:
        add_dataset(tmp_path, dataset_id, "x.jsonl", b"{}\n", 1, clock=clock)
    (tmp_path / paths.DATASETS / ids[1] / paths.DATASET).write_text("{")
    assert [dataset.id for dataset in list_datasets(tmp_path)] == [ids[2], ids[0]]


def test_a_deleted_dataset_is_gone(tmp_path):
    add_dataset(tmp_path, ID, "x.jsonl", b"{}\n", 1)
    delete_dataset(tmp_path, ID)
    assert list_datasets(tmp_path) == []
    with pytest.raises(NotFound):
        delete_dataset(tmp_path, ID)


@pytest.mark.parametrize("dataset_id", ["", "..", "ds_", "ds_../../../x", "ds_0123456789AB", "DS_0123456789ab"])
def test_no_dataset_id_leads_elsewhere(tmp_path, dataset_id):
    with pytest.raises(NotFound):
        get_dataset(tmp_path, dataset_id)
    with pytest.raises(BadFile):
        add_dataset(tmp_path, dataset_id, "x", b"", 0)


def test_a_removed_run_is_gone_whole(tmp_path):
    make_run(tmp_path)
    remove_run(tmp_path, RUN_ID)
    assert Results(tmp_path).list() == []
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


def test_a_run_that_goes_on_is_not_removed(tmp_path):
    folder = make_run(tmp_path, finished=False)
    with runner_lock(folder), pytest.raises(Locked):
        remove_run(tmp_path, RUN_ID)
    assert folder.exists()


def test_pruning_keeps_the_newest_and_what_has_not_ended(tmp_path):
    make_run(tmp_path, run_config(run_id="waiting"), upto=0, finished=False)
    oldest, old, new = (folder.name for folder in make_runs(tmp_path, 3))
    chosen = prunable(tmp_path, 1)
    assert chosen == [old, oldest]
    for run_id in chosen:
        remove_run(tmp_path, run_id)
    assert set(Results(tmp_path).list()) == {new, "waiting"}


def test_pruning_to_fewer_than_none_is_refused(tmp_path):
    with pytest.raises(UsageError):
        prunable(tmp_path, -1)


def test_a_dataset_record_names_its_format(tmp_path):
    add_dataset(tmp_path, ID, "x.jsonl", b"{}\n", 1)
    record = json.loads((tmp_path / paths.DATASETS / ID / paths.DATASET).read_text())
    assert list(record) == ["id", "name", "count", "uploaded_at", "bytes", "sha256", "format"]


def test_what_broke_off_on_its_way_is_removed_and_what_somebody_writes_stays(tmp_path):
    broken = tmp_path / "datasets" / ".0123456789ab.new"
    broken.mkdir(parents=True)
    (broken / "data.jsonl").write_text('{"id"')
    with incoming(tmp_path) as one:
        one.write(b"{}\n")
        assert remove_abandoned(tmp_path) == 1
        assert one.keep("ds_0123456789ab", "a.jsonl", 1).count == 1
    assert [path.name for path in (tmp_path / "datasets").iterdir()] == ["ds_0123456789ab"]
