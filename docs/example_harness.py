"""An example of a harness that reports through benchgen.tracker: two workers drive a page in headless Chromium.

    pip install playwright && playwright install chromium
    python docs/example_harness.py [RESULTS_DIR]

The agents are scripted: a careful one does what a task asks, a hasty one skips the first step. Actions, screenshots
and the verdict, which is read from the page, are real.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchgen.tracker import Result, Task, Tracker

PAGE = """
<!doctype html><title>Notes</title>
<style>body { font: 18px sans-serif; margin: 3rem } li.done { text-decoration: line-through }</style>
<h1>Notes</h1>
<form><input id="text" aria-label="A new note"> <button id="add">Add</button></form>
<ul id="notes"></ul>
<script>
  const list = document.getElementById("notes"), input = document.getElementById("text");
  document.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (!input.value.trim()) return;
    const note = document.createElement("li");
    note.textContent = input.value.trim();
    note.addEventListener("click", () => note.classList.toggle("done"));
    list.append(note);
    input.value = "";
  });
</script>
"""
PATIENCE = 5_000
"""Milliseconds until a target counts as missing."""
Step = dict[str, str]
TASKS: dict[str, tuple[Task, list[Step], str]] = {
    "notes_add": (
        Task("notes_add", "Write the note `milk`.", "write"),
        [{"type": "type", "target_node_id": "#text", "text": "milk"}, {"type": "click", "target_node_id": "#add"}],
        "[...document.querySelectorAll('li')].map(n => n.textContent).join() === 'milk'",
    ),
    "notes_two": (
        Task("notes_two", "Write the notes `tea` and `jam`.", "write"),
        [
            {"type": "type", "target_node_id": "#text", "text": "tea"},
            {"type": "click", "target_node_id": "#add"},
            {"type": "type", "target_node_id": "#text", "text": "jam"},
            {"type": "key", "target_node_id": "#text", "key": "Enter"},
        ],
        "[...document.querySelectorAll('li')].map(n => n.textContent).join() === 'tea,jam'",
    ),
    "notes_done": (
        Task("notes_done", "Write the note `call`, then mark it as done.", "change"),
        [
            {"type": "type", "target_node_id": "#text", "text": "call"},
            {"type": "click", "target_node_id": "#add"},
            {"type": "click", "target_node_id": "li"},
        ],
        "document.querySelector('li.done')?.textContent === 'call'",
    ),
    "notes_empty": (
        Task("notes_empty", "Press the button without writing anything: no note appears.", "change"),
        [{"type": "click", "target_node_id": "#add"}],
        "document.querySelectorAll('li').length === 0",
    ),
}


def act(page: Page, step: Step) -> None:
    """Does one step; a target that is not there is the agent's mistake."""
    target = page.locator(step["target_node_id"]).first
    if step["type"] == "type":
        target.fill(step["text"], timeout=PATIENCE)
    elif step["type"] == "key":
        target.press(step["key"], timeout=PATIENCE)
    else:
        target.click(timeout=PATIENCE)


def episode(tracker: Tracker, page: Page, name: str, *, hasty: bool, worker: str) -> None:
    """One task from an empty page to its verdict."""
    task, steps, verdict = TASKS[name]
    model = "scripted/hasty" if hasty else "scripted/careful"
    page.goto("about:blank")  # a new window: scripts of the last episode are gone
    page.set_content(PAGE)
    tracker.start_task(task, worker=worker, model=model)
    tracker.record_log(f"the page is open for {model}")
    error = None
    for number, step in enumerate(steps[1:] if hasty and len(steps) > 1 else steps):
        tracker.record_step(number, page.screenshot(), step, f"step {number} of {name}", correct=step == steps[number])
        try:
            act(page, step)
        except Exception as fault:  # noqa: BLE001 - whatever the browser refuses ends this episode alone
            error = str(fault).splitlines()[0]
            break
    success = bool(page.evaluate(verdict)) and error is None
    said = page.evaluate("[...document.querySelectorAll('li')].map(n => n.textContent).join(', ')")
    tracker.record_log(f"notes on the page: {said or 'none'}", "SUCCESS" if success else "WARNING")
    reason = None if success else "the page is not as the task wants it"
    tracker.finish_task(
        Result(success, float(success), error=error, reason=reason, error_type="agent" if error else None)
    )


def work(tracker: Tracker, worker: str, todo: Iterator[tuple[str, bool]]) -> None:
    """One worker with a browser of its own, until nothing is left to do."""
    with sync_playwright() as playwright:
        # --no-sandbox: the page is our own, and containers often cannot nest sandboxes.
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 640, "height": 400})
        for name, hasty in todo:
            episode(tracker, page, name, hasty=hasty, worker=worker)
        browser.close()


def main(root: Path, workers: Sequence[str] = ("worker-0", "worker-1")) -> Path:
    """Runs every task with both agents; the run's folder."""
    jobs = [(name, hasty) for hasty in (False, True) for name in TASKS]
    shares = [iter(jobs[number :: len(workers)]) for number in range(len(workers))]
    models = ("scripted/careful", "scripted/hasty")
    with Tracker("notes page", *models[:1], total_tasks=len(jobs), root=root) as tracker, ThreadPoolExecutor() as pool:
        for done in [pool.submit(work, tracker, name, todo) for name, todo in zip(workers, shares, strict=True)]:
            done.result()
    return tracker.folder


if __name__ == "__main__":
    print(main(Path(sys.argv[1] if len(sys.argv) > 1 else "benchmark_results")))
