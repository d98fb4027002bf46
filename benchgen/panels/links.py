"""The page paths of the site, spelled once, relative to its root; the renderer makes them relative to a page."""

from __future__ import annotations

from functools import lru_cache

from benchgen.paths import attempt_id, six, slug
from benchgen.records.digest import RunDigest
from benchgen.records.status import Kind

INDEX = "index.html"
LIVE = "live/index.html"
HISTORY = "history/index.html"
TASKS = "task/index.html"
COMPARE = "compare/index.html"
DATASETS = "dataset/index.html"
METHODS = "methods/index.html"
NOT_FOUND = "404.html"
MOST_CHARACTERS = 200
ROWS_A_PAGE = 200
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


def history(number: int) -> str:
    """An older page of the history, counted from the oldest."""
    return f"history/runs-{number}.html"


def run(run_id: str) -> str:
    """A run's page keeps the run's id."""
    return f"run/{run_id}/index.html"


def attempts(run_id: str, number: int) -> str:
    """One page of a run's attempts, counted from 1."""
    return f"run/{run_id}/attempts-{number}.html"


def attempt(run_id: str, attempt_name: str) -> str:
    return f"run/{run_id}/a/{slug(attempt_name)}.html"


def attempt_index(run_id: str, number: int) -> str:
    """What sorting and filtering over all of a run's attempts goes by, one part of it."""
    return f"run/{run_id}/attempts-{number}.js"


def rows(run_id: str, number: int) -> str:
    """One page of a dataset run's rows."""
    return f"run/{run_id}/rows-{number}.html"


def dataset(key: str) -> str:
    """One dataset: all models side by side on it."""
    return f"dataset/{slug(key)}/index.html"


def dataset_golden(key: str, form: str) -> str:
    """The marked answers of a dataset's runs."""
    return f"dataset/{slug(key)}/golden.{form}"


def run_data(run_id: str) -> str:
    """A run in brief, as JSON."""
    return f"data/runs/{run_id}.json"


def artifact(run_id: str, relative: str) -> str:
    """A published file of a run's folder; what is no picture gets `.txt`, lest it run on the site's origin."""
    return f"run/{run_id}/files/{relative}" + ("" if is_picture(relative) else ".txt")


def task(task_id: str) -> str:
    return f"task/{slug(task_id)}/index.html"


def has_task_pages(kind: Kind) -> bool:
    """Whether a kind's tasks have pages across runs; rows and samples are known within their benchmark alone."""
    return kind in ("code", "agent")


def has_attempt_pages(kind: Kind) -> bool:
    """Whether attempts of a kind have pages of their own; rows of a dataset stand many on a page."""
    return kind != "dataset"


def task_of(kind: Kind, task_id: str) -> str | None:
    """The page of a task, where its kind has one."""
    return task(task_id) if has_task_pages(kind) else None


def attempt_of(kind: Kind, run_id: str, attempt_name: str) -> str | None:
    """The page of an attempt, where its kind has one."""
    return attempt(run_id, attempt_name) if has_attempt_pages(kind) else None


def row(run_id: str, number: int, custom_id: str) -> str:
    """A row of a dataset's run, counted from 0, where it stands among others."""
    return f"{rows(run_id, number // ROWS_A_PAGE + 1)}#{slug(custom_id)}"


def first_attempt(run: RunDigest, task_id: str, model_id: str) -> str | None:
    """The page of a task's first sample in a run; of a foreign run that is not complete nobody knows whether it is."""
    if not has_attempt_pages(run.kind) or not (run.kind == "code" or run.is_complete):
        return None
    return attempt(run.run_id, attempt_id(task_id, model_id, 0))


def model(model_id: str) -> str:
    return f"model/{slug(model_id)}/index.html"


def compare(*run_ids: str) -> str:
    """Two to four runs, each against the first."""
    return f"compare/{_joined(run_ids)}/index.html"


def compare_csv(*run_ids: str) -> str:
    """Every task of a comparison as a table, however long."""
    return f"compare/{_joined(run_ids)}/tasks.csv"


def _joined(run_ids: tuple[str, ...]) -> str:
    """Ids of ours fit into a file name; foreign ones may be too long for it together."""
    name = "..".join(run_ids)
    return name if len(name) <= MOST_CHARACTERS else f"{name[:MOST_CHARACTERS]}-{six(name)}"


def badge(model_id: str) -> str:
    return f"badge/{slug(model_id)}.svg"


@lru_cache(maxsize=1024)
def is_picture(name: str) -> bool:
    """Whether a file may be published under its own name: a raster image, which runs nothing on the site's origin."""
    return name.lower().endswith(PICTURES)
