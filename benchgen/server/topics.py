"""What streams can be about: the live page, the run pages, other pages, seed 004's message, the events of a run."""

from __future__ import annotations

from benchgen import paths
from benchgen.panels import links

LIVE = links.LIVE
SEED = "benchmark-sse"
_EVENTS = "events/"


def events(run_id: str) -> str:
    """The topic of a run's events and log lines."""
    return f"{_EVENTS}{run_id}"


def is_events(topic: str) -> bool:
    return topic.startswith(_EVENTS)


def run_page(topic: str) -> str | None:
    """The run whose own page a topic is; None for every other topic."""
    run_id = topic.removeprefix("run/").removesuffix("/index.html")
    return run_id if topic == links.run(run_id) and paths.is_run_id(run_id) else None


def attempt_page(topic: str) -> tuple[str, str] | None:
    """The run and the slug of the attempt whose page a topic is; None for every other topic."""
    folder, run_id, inner, name = (*topic.split("/"), "", "", "", "")[:4]
    is_one = (folder, inner) == ("run", "a") and topic.count("/") == 3 and name.endswith(".html")
    return (run_id, name.removesuffix(".html")) if is_one and paths.is_run_id(run_id) else None


def run_of(topic: str) -> str | None:
    """The run that a topic is about, so that its folder must be watched."""
    if is_events(topic):
        return topic.removeprefix(_EVENTS)
    folder, _, rest = topic.partition("/")
    run_id = rest.partition("/")[0]
    return run_id if folder == "run" and paths.is_run_id(run_id) else None
