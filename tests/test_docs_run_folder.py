"""docs/run-folder.md has a line for every file, event and key, and none for what does not exist."""

import re
import typing
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchgen import paths
from benchgen.record import Record, field_names
from benchgen.records.annotations import Annotations
from benchgen.records.dataset import Dataset
from benchgen.records.digest import RunDigest
from benchgen.records.events import RECORD_OF, Event
from benchgen.records.run import RunConfig
from benchgen.records.summary import KIND_OF, AttemptEntry, Summary
from benchgen.store.attempts import Answer
from benchgen.store.create import Metadata
from benchgen.store.derived import Meta, TaskLatest
from benchgen.store.guests import Origin
from benchgen.store.history import SCHEMA
from benchgen.store.live import Live
from benchgen.store.locks import Holder
from benchgen.store.snapshot import Snapshot

PAGE = (Path(__file__).parent.parent / "docs" / "run-folder.md").read_text("utf-8")
ROOTS = [
    RunConfig,
    RunDigest,
    Snapshot,
    Annotations,
    Dataset,
    Metadata,
    Meta,
    Answer,
    Holder,
    Live,
    Origin,
    *KIND_OF.values(),
]
BASES = {
    TaskLatest: AttemptEntry,
    **dict.fromkeys(KIND_OF.values(), Summary),
    **dict.fromkeys(RECORD_OF.values(), Event),
}
NAME_OF = {record: name for name, record in RECORD_OF.items()}
FILES = [
    value
    for name, value in vars(paths).items()
    if name.isupper()
    and isinstance(value, str)
    and name not in ("RESULTS_DIR", "SITE_DIR", "TASKS_DIR", "INSTRUCTIONS", "MUTANT", "MUTANT_PATCH")
]


def keys(record):
    """The keys that are a record's own, not its base's."""
    base = BASES.get(record)
    inherited = set(field_names(base)) if base else set()
    return [name for name in field_names(record) if name not in inherited]


def records_in(hint):
    if isinstance(hint, type) and issubclass(hint, Record):
        yield hint
    for argument in typing.get_args(hint):
        yield from records_in(argument)


def reachable(roots):
    """The records that a file may hold, each once."""
    found, waiting = {}, list(roots)
    while waiting:
        record = waiting.pop()
        if record not in found:
            found[record] = None
            for hint in typing.get_type_hints(record).values():
                waiting += records_in(hint)
    return [record for record in found if record not in NAME_OF]


def sections():
    """The keys of each section's table, by its heading."""
    found: Mapping[str, list[str]] = {}
    for part in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]:
        heading, _, body = part.partition("\n")
        body = re.split(r"^## ", body, flags=re.MULTILINE)[0]
        found[heading] = re.findall(r"^\| `(\w+)` \| \S", body, flags=re.MULTILINE)
    return found


SECTIONS = sections()
RECORDS = [*RECORD_OF.values(), *reachable([*ROOTS, *RECORD_OF.values(), TaskLatest, Summary])]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_every_key_of_every_record_has_its_line(record):
    heading = NAME_OF.get(record, record.__name__)
    assert heading in SECTIONS, f"docs/run-folder.md has no section '### {heading}'"
    assert set(SECTIONS[heading]) == set(keys(record))


def test_what_all_events_have_is_said_once():
    assert SECTIONS["Event"] == ["seq", "at", "type"]


def test_no_section_describes_what_does_not_exist():
    known = {NAME_OF.get(record, record.__name__) for record in RECORDS}
    assert set(SECTIONS) - known == {"Event", "Promises"}


@pytest.mark.parametrize("name", FILES)
def test_every_file_that_paths_spells_is_named(name):
    assert name in PAGE


@pytest.mark.parametrize("table", ["runs", "attempts", "datasets", "benchmarks"])
def test_every_column_of_the_index_is_named(table):
    body = SCHEMA.split(f"CREATE TABLE IF NOT EXISTS {table} (")[1].split(");")[0]
    columns = re.findall(r"^    ([a-z_]+) ", body, flags=re.MULTILINE)
    (line,) = [line for line in PAGE.split("## history.db")[1].splitlines() if line.startswith(f"| `{table}` |")]
    assert f"`{' '.join(columns)}`" in line
