"""What one attempt leaves on disk: its answers as soon as they are paid for, then its folder of artifacts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from benchgen import codec, paths
from benchgen.errors import BadFile, NotFound
from benchgen.record import Record
from benchgen.records.attempt import Artifact
from benchgen.redact import Redactor
from benchgen.store import files

_PLAIN = Redactor()


class Answer(Record):
    """What a model said in one turn, and the provider's whole response as it came."""

    text: str
    raw: str

    @property
    def sha256(self) -> str:
        """Of the text: what `answer_received` announces."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def save_attempt(
    run_folder: Path, name: str, contents: Mapping[str, bytes], *, redactor: Redactor = _PLAIN
) -> tuple[Artifact, ...]:
    """The attempt's folder `name` with these files, durable when this returns; one that a crash left is replaced."""
    folder = run_folder / files.safe_relative(name)
    clean = {str(files.safe_relative(file)): redactor.bytes(data) for file, data in contents.items()}
    files.make_folder(folder.parent)
    files.replace_folder(folder, clean)
    return tuple(artifact(file, data) for file, data in clean.items())


def save_file(run_folder: Path, name: str, data: bytes, *, redactor: Redactor = _PLAIN) -> Artifact:
    """One file of a run, such as a screenshot, durable before the event that announces it."""
    path = run_folder / files.safe_relative(name)
    clean = redactor.bytes(data)
    files.make_folder(path.parent)
    files.replace_file(path, clean)
    return artifact(name, clean)


def save_pieces(run_folder: Path, name: str, pieces: Iterable[bytes], *, redactor: Redactor = _PLAIN) -> None:
    """The same for a file too long to hold: it comes in pieces, no secret of which reaches over two of them."""
    files.replace_file_by_pieces(run_folder / files.safe_relative(name), (redactor.bytes(piece) for piece in pieces))


def artifact(name: str, data: bytes) -> Artifact:
    """A file as an outcome lists it."""
    return Artifact(name, hashlib.sha256(data).hexdigest(), len(data))


def save_answer(run_folder: Path, name: str, turn: int, text: str, raw: bytes, *, redactor: Redactor = _PLAIN) -> str:
    """Keeps an answer before `answer_received` says that it is paid for; the sha256 of its text as it was kept."""
    path = _answer_path(run_folder, name, turn)
    whole = codec.file(Answer(codec.whole(text), raw.decode("utf-8", "replace")))
    kept = redactor.bytes(whole)
    files.make_folder(path.parent)
    files.replace_file(path, kept)
    return codec.read(kept, Answer, where=str(path)).sha256


def load_answer(run_folder: Path, name: str, turn: int, sha256: str) -> Answer:
    """A kept answer, to go on from; BadFile when it is not the one that was paid for."""
    path = _answer_path(run_folder, name, turn)
    answer = codec.read(files.read_bytes(path), Answer, where=str(path))
    if answer.sha256 != sha256:
        raise BadFile("the answer differs from the one its event announced", where=str(path))
    return answer


def drop_answers(run_folder: Path, name: str) -> None:
    """Removes an attempt's kept answers, once its outcome is in the log."""
    files.remove_tree(_answer_path(run_folder, name, 0).parent)


def drop_answers_of(run_folder: Path, names: Iterable[str]) -> None:
    """The same for attempts of an earlier start, where a crash came between the two."""
    if (run_folder / paths.ANSWERS).is_dir():
        for name in names:
            drop_answers(run_folder, name)


def trim_results(run_folder: Path, rows: int) -> None:
    """Cuts `results.jsonl` to the first `rows` whole lines: those that the log knows of; only under `runner.lock`.

    Where there is none yet it is made, and its name is durable: the writer syncs what is in it, never its folder.
    """
    path = run_folder / paths.RESULTS
    if not rows and not path.exists():
        files.write_new(path, b"")
        files.sync_folder(run_folder)
    try:
        with path.open("r+b") as file:
            for _ in range(rows):
                if not file.readline().endswith(b"\n"):
                    raise BadFile(f"fewer than the {rows} rows that the log announces", where=str(path))
            file.truncate(file.tell())
    except FileNotFoundError as fault:
        if rows:
            raise NotFound("no such file", where=str(path)) from fault


def _answer_path(run_folder: Path, name: str, turn: int) -> Path:
    return run_folder / paths.ANSWERS / files.safe_relative(name) / f"turn{turn:02d}.json"
