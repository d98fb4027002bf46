"""Every file name on disk, spelled once, and the safe names made from ids."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

CONFIG = "config.json"
COMMAND = "command.txt"
ENV_KEYS = "env_keys_used.json"
EVENTS = "events.jsonl"
TRACKER = "tracker.json"
META = "meta.json"
METADATA = "metadata.json"
SUMMARY = "summary.json"
DIGEST = "digest.json"
ANNOTATIONS = "annotations.json"
RUNNER_LOCK = "runner.lock"
STDOUT = "stdout.log"
STDERR = "stderr.log"
REQUESTS = "requests.jsonl"
RESULTS = "results.jsonl"
OPENBENCH_LOG = "openbench.log.json"
LOGS = "logs"
EPISODES = "tasks"
TASK = "task.json"
EXECUTION = "execution.json"
SCREENSHOTS = "screenshots"
ANSWERS = "answers"

PROMPT = "prompt.txt"
RESPONSE = "response.txt"
RESPONSE_JSON = "response.json"
PATCH = "patch.diff"
ERROR_LOG = "error.log"
DEPENDENCIES = "dependencies.txt"

HISTORY = "history.db"
DATASETS = "datasets"
DATASET = "dataset.json"
DATASET_ROWS = "data.jsonl"
LATEST_SUMMARY = "latest_summary.json"
LIVE = "benchmark_live.json"
OLD_LIVE = "live_eval_state.json"
COSTS = "benchmark_costs.json"
METRICS = "benchmark_metrics.json"
PROGRESS = "benchmark_progress.json"
VM_REGISTRY = "vm_registry.json"
FOLLOWED = ".followed"
ORIGIN = "origin.json"
FOLLOWED_LOCK = "follower.lock"
ROOT_LOCK = ".benchgen.lock"

INSTRUCTIONS = "instructions.md"
MUTANT = "mutant.json"
MUTANT_PATCH = "mutant.patch"

RESULTS_DIR = "benchmark_results"
SITE_DIR = "site"
TASKS_DIR = "tasks"

LONGEST_NAME = 120
_RUN_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
_OUR_RUN_ID = re.compile(r"run_\d{8}T\d{6}Z_[0-9a-f]{6}")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
_UNSLUG = re.compile(r"[^a-z0-9._-]")


def six(text: str) -> str:
    """Six hex digits that stand for an id wherever its own spelling cannot be kept."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:6]


def is_run_id(text: str) -> bool:
    """Whether a folder's name may be a run's id as it stands; uploads lie in one of their own."""
    return bool(_RUN_ID.fullmatch(text)) and not text.startswith(".") and text != DATASETS


def is_our_run_id(text: str) -> bool:
    """Whether a run's id is one that benchgen made, so that it says when: `run_20261121T024041Z_a2ca88`."""
    return bool(_OUR_RUN_ID.fullmatch(text))


def file_name(identifier: str) -> str:
    """An id as one part of a file name: every character outside `[A-Za-z0-9._-]` becomes `_`."""
    name = _UNSAFE.sub("_", identifier) or "_"
    return "_" + name[1:] if name.startswith(".") else name


def taken_id(name: str, place: str) -> str:
    """The id of a run taken from elsewhere whose own name is no free one: with six hex digits of its place."""
    return f"{file_name(name)[:100]}-{six(place)}"


def attempt_id(task: str, model: str, sample: int, again: int = 0) -> str:
    """`<task>__<model>__sample00`; the n-th re-execution adds `__r<n>`."""
    suffix = f"__r{again}" if again else ""
    return f"{task}__{model}__sample{sample:02d}{suffix}"


def of_turn(name: str, turn: int) -> str:
    """A file of an attempt's turn, from 1; those of the first have the plain name."""
    return name if turn == 1 else f"turn{turn}_{name}"


def attempt_folder(identifier: str, taken: frozenset[str] | set[str] = frozenset()) -> str:
    """The folder of an attempt: its id made safe, with six hex digits when that is too long or already taken."""
    name = file_name(identifier)
    if len(name) <= LONGEST_NAME and name.lower() not in taken:
        return name
    return f"{name[: LONGEST_NAME - 7]}-{six(identifier)}"


@lru_cache(maxsize=1 << 15)  # a page names the pages around it, so most are asked for again and again
def slug(identifier: str) -> str:
    """An id as part of a URL: lower-case, other characters `-`, and six hex digits whenever that changed anything."""
    clean = _UNSLUG.sub("-", identifier.lower()).lstrip("._")[:LONGEST_NAME]
    return clean if clean and clean == identifier else f"{clean or 'x'}-{six(identifier)}"


def task_latest(task: str) -> str:
    """The file at the results' root with the newest result of one task (seed 001)."""
    return f"{file_name(task)}_latest.json"
