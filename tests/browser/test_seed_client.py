"""Clients that were written for seed 004 and for its origin update from this server, by stream and by polling."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page

from benchgen.catalog.tasks import Catalog
from benchgen.server.app import make_app
from benchgen.server.serving import address, listen
from benchgen.tracker import Task, Tracker

pytestmark = pytest.mark.browser

# Seed 004, 3.3: unnamed messages, and polling of four endpoints once the stream fails.
SEED_CLIENT = """
window.shown = {job: [], costs: [], metrics: [], workers: [], domains: [], polled: 0};
const updateJobStatus = (job) => shown.job.push(job && (job.current_job === undefined ? job : job.current_job));
const updateCosts = (costs) => shown.costs.push(costs.total_cost_usd);
const updateMetrics = (metrics) => shown.metrics.push(metrics.episode_success_metrics.episode_success_rate);
const updateWorkers = (workers) => shown.workers.push(workers.workers.map((one) => one.worker_id));
const updateDomainBreakdown = (domains) => shown.domains.push(Object.keys(domains));
const startPolling = () => {
  if (shown.poller) return;
  shown.poller = setInterval(async () => {
    const [status, costs, metrics, workers] = await Promise.all(
      ['status', 'costs', 'metrics', 'workers'].map((name) => fetch(`/api/benchmark/${name}`).then((r) => r.json())));
    updateJobStatus(status); updateCosts(costs); updateMetrics(metrics); updateWorkers(workers);
    shown.polled += 1;
  }, POLL);
};
const source = new EventSource('/api/benchmark-sse?interval=2');
source.onmessage = (event) => {
  const data = JSON.parse(event.data);
  updateJobStatus(data.current_job); updateCosts(data.costs); updateMetrics(data.metrics);
  updateWorkers(data.workers); updateDomainBreakdown(data.domain_breakdown);
};
source.onerror = () => startPolling();
"""
# The origin's viewer: named events, each with the fields that its handlers read.
ORIGIN_CLIENT = """
window.heard = {connected: 0, progress: [], task_complete: [], status: 0};
const source = new EventSource('/api/benchmark-sse?interval=2');
source.addEventListener('connected', () => { heard.connected += 1; });
source.addEventListener('status', (event) => { JSON.parse(event.data); heard.status += 1; });
source.addEventListener('progress', (event) => {
  const {tasks_completed, total_tasks, current_task} = JSON.parse(event.data);
  heard.progress.push([tasks_completed, total_tasks, current_task]);
});
source.addEventListener('task_complete', (event) => {
  const {task_id, success, score} = JSON.parse(event.data);
  heard.task_complete.push([task_id, success, score]);
});
"""


@pytest.fixture
def tracker(tmp_path: Path) -> Iterator[Tracker]:
    with Tracker("notes", "agent/one", total_tasks=2, root=tmp_path) as going:
        going.start_task(Task("write_1", "Write a note", "write"), worker="w-1")
        yield going


@pytest.fixture
def page(tracker: Tracker, browser: Browser) -> Iterator[Page]:
    """An empty page of the server's own origin."""
    listener = listen("127.0.0.1", 0, exact=True)
    app = make_app(tracker.folder.parent, Catalog(tracker.folder / "no-tasks"))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    opened = browser.new_page()
    opened.goto(address(listener) + "methods/index.html")
    yield opened
    opened.close()
    app.state.broadcast.hub.close()
    server.should_exit = True
    thread.join()


def finish_one(tracker: Tracker) -> None:
    tracker.finish_task(True)
    tracker.start_task(Task("write_2", "Write two", "write"), worker="w-1")


def test_the_seeds_client_is_told_by_unnamed_messages(page: Page, tracker: Tracker) -> None:
    page.evaluate(SEED_CLIENT.replace("POLL", "5000"))
    page.wait_for_function("() => shown.job.some((job) => job?.current_task?.task_id === 'write_1')")
    finish_one(tracker)
    page.wait_for_function("() => shown.job.some((job) => job?.completed_tasks === 1)")
    page.wait_for_function("() => shown.metrics.at(-1) === 1 && shown.domains.at(-1).includes('write')")
    assert page.evaluate("[shown.workers.at(-1), shown.polled]") == [["w-1"], 0]


def test_the_seeds_client_polls_where_no_stream_gets_through(page: Page, tracker: Tracker) -> None:
    page.route("**/api/benchmark-sse*", lambda route: route.abort())
    page.evaluate(SEED_CLIENT.replace("POLL", "100"))
    page.wait_for_function("() => shown.job.some((job) => job?.current_task?.task_id === 'write_1')")
    finish_one(tracker)
    page.wait_for_function("() => shown.job.at(-1)?.completed_tasks === 1 && shown.metrics.at(-1) === 1")


def test_the_client_of_its_origin_is_told_by_named_events(page: Page, tracker: Tracker) -> None:
    page.evaluate(ORIGIN_CLIENT)
    page.wait_for_function("() => heard.connected === 1 && heard.progress.length > 0")
    finish_one(tracker)
    page.wait_for_function("() => heard.task_complete.length === 1 && heard.progress.at(-1)[0] === 1")
    assert page.evaluate("heard.task_complete[0]") == ["write_1", True, None]
    page.wait_for_function("() => heard.progress.at(-1)[2] === 'write_2'")
    assert page.evaluate("heard.progress.at(-1)") == [1, 2, "write_2"]
