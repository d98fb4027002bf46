"""A sample of every macro in the states that it was made for: what the patterns page shows and the tests render."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from factories import attempt, model_spec, run_config, run_digest, run_state, task_cards

from benchgen.formats import inspect_sample
from benchgen.formats.inspect_sample import SampleScore
from benchgen.numbers.rates import Interval, TaskOutcome, rate
from benchgen.panels import attempt as attempt_panel
from benchgen.panels import (
    attempts,
    breakdown,
    compare,
    costs,
    current_job,
    dataset_runs,
    datasets,
    diff,
    domains,
    engine,
    failures,
    heat_map,
    history,
    latency,
    leaderboard,
    live_head,
    log_tail,
    log_text,
    matrix,
    new_run,
    notices,
    performance,
    recent_runs,
    rows,
    run_cards,
    run_controls,
    run_head,
    run_line,
    sample,
    side_by_side,
    task_page,
    tasks,
    timeline,
    workers,
)
from benchgen.panels.costs import Money
from benchgen.panels.episode import LogLine as EpisodeLine
from benchgen.panels.episode import episode
from benchgen.panels.running_attempt import running_head
from benchgen.panels.views import AnswersOf
from benchgen.record import replace
from benchgen.records.annotations import Annotations
from benchgen.records.dataset import Dataset
from benchgen.records.digest import RunDigest
from benchgen.records.events import StepRecorded
from benchgen.records.report import Breakdown, BreakdownItem, EngineReport, EngineTokens, Metric
from benchgen.records.run import Machine
from benchgen.records.state import Running, RunState
from benchgen.records.status import Category

LONG = "lab-d/a-model-with-a-name-that-is-far-too-long-for-any-column-preview-2026-11"
MODELS = ("vendor-a/large", "lab-c/medium", LONG)
MIXED: tuple[Category | None, ...] = (None, "tests_failed", None, "api_error", None, "timeout", "no_diff", None)


@dataclass(frozen=True, slots=True)
class Sample:
    """One macro with its arguments, and what the state is."""

    component: str
    macro: str
    state: str
    arguments: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class PatternsView:
    """The patterns page."""

    title: str
    notices: notices.Notices
    samples: tuple[Sample, ...]


def patterns() -> PatternsView:
    return PatternsView("Patterns", notices.Notices(), tuple(samples()))


def samples() -> Iterator[Sample]:
    """Every macro, those of the small parts first."""
    yield from _parts()
    yield from _live_panels()
    yield from _run_panels()
    yield from _dataset_panels()
    yield from _engine_panels()
    yield from _shared_panels()
    yield from _charts()


def state_of(outcomes: Any = MIXED, *, tasks: int = 6, **options: Any) -> RunState:
    machine = Machine("azure_vm", "vm-1", "Standard_D4s", 192_000_000)
    config = run_config(tasks=tasks, models=MODELS, machines=(machine,), **options)
    return run_state(config, outcomes)


def digests() -> list[RunDigest]:
    """Four comparable runs, one of them made of API errors alone, and one that is not complete."""
    made = []
    every: tuple[Any, ...] = (MIXED, None, "tests_failed", "api_error")
    for number, outcomes in enumerate(every):
        config = run_config(run_id=f"run_20261121T0{number}0000Z_00000{number}", tasks=8, models=MODELS)
        made.append(run_digest(replace(config, created_at=f"2026-11-21T0{number}:00:00.000Z"), outcomes))
    local = run_config(run_id="run_20261121T050000Z_000005", tasks=8, models=[model_spec("local/7b", is_local=True)])
    return [*made, run_digest(local, MIXED), replace(made[1], run_id="run_20261121T060000Z_000006", status="running")]


def _parts() -> Iterator[Sample]:
    for word in ("passed", "failed", "error", "api_error", "timeout", "running", "pending", "canceled", "skipped"):
        yield Sample("status", "status", word, (word,))
    yield Sample("status", "icon", "mixed", ("mixed",))
    for name, is_scored in (("judged", True), ("not judged", False)):
        line = replace(attempts.attempts(state_of()).lines[0], is_scored=is_scored)
        yield Sample("status", "outcome", name, (line,))
    yield Sample("status", "mock", "of a mock model", (True,))
    yield Sample("status", "legend", "all", (["passed", "failed", "api_error"],))
    for state, money in (("known", Money(4_120_000_000)), ("unknown", Money(None)), ("local", Money(0, is_local=True))):
        yield Sample("amount", "amount", state, (money,))
    yield Sample("amount", "amount", "a lower bound", (Money(30_000_000, is_lower_bound=True),))
    some, none = rate([TaskOutcome(1, 1), TaskOutcome(0, 1)]), rate([TaskOutcome(0, 0, 31)])
    for state, one in (("a result", some), ("0 evaluable", none)):
        yield Sample("rate", "rate", state, (one,))
        yield Sample("rate", "rate_in_full", state, (one,))
        yield Sample("charts/interval", "interval", state, (one,))
    yield Sample("rate", "metric", "of an engine", (Metric("accuracy", 0.5),))
    for line in run_line.lines(digests())[-6:]:
        yield Sample("delta", "delta", line.delta.direction if line.delta else "none before", (line.delta,))
    yield Sample("copy", "copy", "hidden without script", ("content", "Copy"))
    yield Sample(
        "filter", "filter", "hidden without script", ("patterns", [("status", "Status", ("passed", "failed"))])
    )
    yield Sample("empty", "empty", "no runs", ())
    yield Sample("connection", "connection", "of a page of one run", (True,))
    broken = [notices.Broken("run_x", "config.json", "not valid JSON")]
    mocked = replace(digests()[0], sandbox="none")
    mocked = replace(mocked, models=tuple(replace(model, is_mock=True) for model in mocked.models))
    yield Sample("notices", "notices", "unreadable, unsandboxed, mock", (notices.of_runs([mocked], broken),))
    yield Sample("notices", "notices", "waiting for a summary", (notices.of_runs((), (), ("bm_xyz789",)),))
    dead = notices.of_run(run_config(), "bwrap", is_dead=True)
    yield Sample("notices", "notices", "dead runner", (dead,))


def _live_panels() -> Iterator[Sample]:
    done, going = state_of(), run_state(run_config(tasks=6, models=MODELS), MIXED, finished=False)
    for name, make in (
        ("live_head", live_head.live_head),
        ("current_job", current_job.current_job),
        ("costs", costs.costs),
        ("performance", performance.performance),
        ("workers", workers.workers),
        ("domains", domains.domains),
        ("recent_attempts", attempts.recent),
        ("matrix", matrix.of_state),
    ):
        yield Sample(name, name, "ended", (make(done),))
        yield Sample(name, name, "going on", (make(going),))
        yield Sample(name, name, "no run", (() if name == "recent_attempts" else None,))
    yield Sample("current_job", "current_job", "dead runner", (current_job.current_job(going, is_dead=True),))
    part = log_tail.log_part("stderr", ("one line", "\x1b[31manother\x1b[0m"), 640, 660, 660)
    yield Sample("log_tail", "log_tail", "two lines", (log_tail.LogTail("run_a", (part,)),))
    yield Sample("log_tail", "log_tail", "no run", (log_tail.LogTail(None, ()),))


def _run_panels() -> Iterator[Sample]:
    state = state_of()
    notes = Annotations("A **note**.", ("release",))
    head = run_head.run_head(state, notes)
    yield Sample("run_head", "run_head", "with a note", (head,))
    yield Sample("run_facts", "run_facts", "all", (head,))
    yield Sample("settings", "settings", "all", (head.settings,))
    for name, one in (("ended", state), ("api errors", state_of("api_error"))):
        yield Sample("run_controls", "run_controls", name, (run_controls.run_controls(one, notes, is_dead=False),))
    yield from _forms()
    yield Sample("run_cards", "run_cards", "three models", (run_cards.run_cards(state),))
    twice = run_state(run_config(tasks=6, models=MODELS, samples=2), MIXED)
    yield Sample("run_cards", "run_cards", "two samples", (run_cards.run_cards(twice),))
    yield Sample("flaky", "flaky", "some", (run_cards.run_cards(twice).flaky,))
    yield Sample("flaky", "flaky", "none", (run_cards.run_cards(state_of(None, samples=2)).flaky,))
    yield Sample("how", "how", "two", (["rate", "interval"],))
    yield Sample("run_cards", "run_cards", "nothing evaluated", (run_cards.run_cards(state_of("api_error")),))
    for one in breakdown.breakdowns(state):
        yield Sample("breakdown", "breakdown", one.name, (one,))
        yield Sample("groups", "groups", one.name, (one.groups,))
    yield Sample("failures", "failures", "several", (failures.failures(state),))
    yield Sample("failures", "failures", "none", (failures.failures(state_of(None)),))
    yield Sample("attempts", "attempts", "one sample", (attempts.attempts(state),))
    paged = replace(attempts.attempts(state), next="run/r/attempts-1.html", index="run/r/attempts-1.js", parts=1)
    yield Sample("attempts", "attempts", "the first of many", (paged,))
    yield from _episodes()
    yield Sample("attempts", "attempts", "two samples", (attempts.attempts(state_of(samples=2)),))
    yield Sample("timeline", "timeline", "one worker", (timeline.timeline(state),))
    yield Sample("latency", "latency", "attempts and answers", (latency.latency(state),))
    yield from _attempt_panels(state)


def _forms() -> Iterator[Sample]:
    known = {"models": [("builtin/reference", "each task's own solution")]}
    cost = new_run.Cost(12_000, 36_000_000, 126_000_000, 1_000, ("house/m",))
    preview = new_run.Preview("benchgen run all -m builtin/noop", 6, 2, 1, 3, (("task_0", "Add two numbers"),), cost)
    for state, one in (("known", cost), ("local", None), ("unknown", replace(cost, prompt_tokens=None))):
        yield Sample("new_run", "new_run_cost", state, (one,))
    before = new_run.Before("run_1", "run/run_1/index.html", ("house/m",), 600, 125.0, 90_000_000, True)
    yield Sample("new_run", "new_run_before", "of a lower bound", (before,))
    yield Sample("new_run", "new_run_choices", "before the script", ())
    form = new_run.new_run({"tasks": "all", "models": "builtin/noop"}, known, preview)
    yield Sample("new_run", "new_run", "reviewed", (form,))
    yield Sample("new_run", "new_run", "refused", (new_run.new_run({}, known, None, "no model is named", "-m"),))
    for field in (form.first[0], form.first[1], form.advanced[-1]):
        yield Sample("new_run", "new_run_field", field.kind, (field,))


def _attempt_panels(state: RunState) -> Iterator[Sample]:
    outcome, config, row = attempt(category="tests_failed"), state.config, state.rows[0]
    panel = attempt_panel.attempt(config, row, outcome, {}, attempt_panel.Around())
    yield Sample("attempt_facts", "attempt_cards", "failed", (panel,))
    yield Sample("attempt_facts", "attempt_record", "failed", (panel,))
    yield Sample("cases", "cases", "one failed", (outcome.cases,))
    text = "--- a/x.py\n+++ b/x.py\n@@ -1,2 +1,2 @@\n def f():\n-    pass\n+    return 1\n"
    raw = log_text.RawText(text, "", len(text), False)
    yield Sample("diff", "diff", "one hunk", (diff.diff(raw),))
    for state_name, content in (
        ("short", raw),
        ("empty", log_text.RawText("", "", 0, False)),
        ("binary", log_text.RawText("", "", 9000, True)),
        ("cut", log_text.RawText("first\n" * 400, "last\n" * 400, 900_000, False)),
    ):
        yield Sample("log_text", "log_text", state_name, (log_text.log_text("stdout.log", content, "index.html"),))


def _dataset_panels() -> Iterator[Sample]:
    cut = rows.Text("It begins like this, ", "and ends like that.", 12_000)
    yield Sample("rows", "two_ends", "cut", (cut,))
    right = rows.RowAnswer(MODELS[0], "passed", rows.Text("42"), "", 0.4, 0.1, 2)
    wrong = rows.RowAnswer(MODELS[1], "failed", cut, "41 instead of 42", 1.2, None, None)
    read = rows.RowAnswer(MODELS[0], None, rows.Text("An answer to be read."), "", 0.4, 0.1, 2)
    lines = (
        rows.RowLine(
            "sum-1", "run/r/row/sum-1.html", rows.Text("6 * 7?"), "42", "numeric", "sums", (right, wrong), True
        ),
        rows.RowLine("essay-1", None, rows.Text("Tell me."), "", "none", "", (read, None), False),
    )
    yield Sample(
        "rows",
        "rows",
        "two models",
        (_rows_panel(lines),),
    )
    text = log_text.log_text("", log_text.RawText("A long answer.\n" * 900, "", 13_500, False), None)
    whole = (rows.Whole(right, text), rows.Whole(wrong, text))
    panel = rows.RowPanel("r", "run/r/index.html", "sum-1", "42", "numeric", text, whole)
    yield Sample("rows", "row_answers", "long", (panel,))

    yield Sample("rows", "golden", "to be marked", (replace(right, run_id="r", attempt="sum-1__m__sample00"), True))
    yield Sample("rows", "golden", "marked", (replace(right, mark="a fine one"), False))
    yield Sample("rows", "find_rows", "hidden without script", (_rows_panel(lines),))
    yield from _dataset_lists()


def _rows_panel(lines: tuple[rows.RowLine, ...]) -> rows.Rows:
    first = "run/r/rows-1.html"
    return rows.Rows(
        first, first, 1, 2, 1, MODELS, lines, None, "run/r/rows-2.html", ("run/r/find-2.js", "run/r/rows-2.html")
    )


def _dataset_lists() -> Iterator[Sample]:
    added = Dataset("ds_0123456789ab", "questions.jsonl", 5_000, "2026-11-21T02:40:41.000Z", 812_000, "0" * 64)
    runs = [replace(one, kind="dataset", dataset_id=added.id) for one in digests()]
    group, lost = (
        datasets.Group(added.id, added, tuple(runs)),
        datasets.Group("rows_0123456789ab", None, tuple(runs[:1])),
    )
    yield Sample("datasets", "datasets", "added and known from runs", (datasets.datasets([group, lost]),))
    yield Sample("datasets", "datasets", "none", (datasets.datasets([]),))
    for state, head in (("golden", datasets.dataset_head(group, 3, 1)), ("removed", datasets.dataset_head(lost, 0, 0))):
        yield Sample("dataset_head", "dataset_head", state, (head,))
    yield Sample("dataset_forms", "upload_form", "empty", ())
    yield Sample("dataset_forms", "dataset_control", "an added one", (datasets.dataset_head(group, 0, 0), MODELS))
    going = [dataset_runs.Standing(one) for one in runs]
    yield Sample("dataset_runs", "dataset_runs", "some", (dataset_runs.dataset_runs(going),))
    yield Sample("dataset_runs", "dataset_runs", "none", (dataset_runs.dataset_runs([]),))


def _engine_panels() -> Iterator[Sample]:
    groups = Breakdown(
        "category", (BreakdownItem("odd", 0.25), BreakdownItem("even", 1.0), BreakdownItem("none", None))
    )
    report = EngineReport(
        metrics=(Metric("accuracy", 0.625), Metric("stderr", 0.1, "points"), Metric("lost", None)),
        breakdowns=(groups, Breakdown("length", (BreakdownItem("short", 12.0),))),
        notes=("2 of 8 samples are not part of the numbers",),
        source="openbench.log.json",
        hint="every number as the log has it",
        token_usage=EngineTokens(1200, 300, 1500),
    )
    for state, said in (("with breakdowns", report), ("nothing read", EngineReport(notes=("there is no log",)))):
        yield Sample("engine_report", "engine_report", state, (engine.engine(replace(state_of(), report=said)),))
    yield Sample("engine_report", "number", "known", (Metric("accuracy", 0.5, "points"),))
    yield Sample("engine_report", "number", "unknown", (Metric("accuracy", None),))
    scores = (
        SampleScore("match", "C", 1.0, "42", "the same"),
        SampleScore("length", '{"words":7}', None, "", ""),
        SampleScore("choice", "I", 0.0, "B", "wanted A"),
    )
    about = {"category": "odd", "sizes": [1, 2]}
    answered = inspect_sample.Sample("1", 1, "6 * 7?", "42", "It is 42.", scores, limit="token", metadata=about)
    broken = inspect_sample.Sample("2", 1, "6 * 7?", "42", "", error="ValueError('no')", traceback="Traceback …")
    for state, one in (("three scorers", answered), ("broken", broken)):
        yield Sample("sample", "sample_record", state, (sample.sample_panel(one),))
        yield Sample("sample", "sample_about", state, (sample.sample_panel(one),))


def _shared_panels() -> Iterator[Sample]:
    runs = digests()
    lines = run_line.lines(runs)
    boards = leaderboard.leaderboards(runs)
    yield Sample("leaderboard", "leaderboard", "unknown, local and partial", (boards[0],))
    yield Sample("leaderboard", "leaderboard", "nothing to rank", (None,))
    yield Sample("reasons", "reasons", "of models", (boards[0].reasons, "Model"))
    yield Sample("recent_runs", "recent_runs", "some", (recent_runs.recent_runs(lines),))
    yield Sample("run_lines", "run_lines", "some", (lines,))
    parts = [(run, model) for run in runs[:2] for model in run.models]
    yield Sample("matrix", "matrix", "several runs", (matrix.of_runs(parts),))
    yield from _compared(runs)
    pages = [task_page.task_page(task, None, (), runs) for task in task_cards(8)]
    yield Sample(
        "tasks", "tasks", "with a broken one", (tasks.tasks(pages, [("bad_task", "metadata.json: no title")]),)
    )
    yield Sample("task_page", "solvers", "some", (pages[0],))


def _compared(runs: list[RunDigest]) -> Iterator[Sample]:
    two, three = compare.compare(*runs[:2]), compare.compare(*runs[:3])
    yield Sample("pair", "pair", "fixed and broke", (two.pairs[0],))
    changed, made = two.pairs[0], two.pairs[0].discordant[0]
    yield Sample("pair", "changed", "fixed", (changed, "fixed", changed.fixed))
    yield Sample("pair", "made", "a share", (changed.a, made.share_a, made.attempt_a, True))
    yield Sample("pair", "made", "failed", (changed.a, 0.0, None, False))
    yield Sample("pair", "ratio", "of times", (two.pairs[0].seconds, "B", "time"))
    yield Sample("compared", "compared", "two runs", (two.groups[0],))
    yield Sample("compared", "compared", "three runs", (three.groups[0],))
    for one in two.groups[0].breakdowns:
        yield Sample("aligned", "aligned", one.name, (one, "AB"))
    said = EngineReport((Metric("accuracy", 0.5), Metric("tokens", 900.0)))
    reported = compare.compare(replace(runs[0], report=said), runs[1]).metrics[0]
    yield Sample("aligned", "metrics", "one run says nothing", (reported, "AB"))
    texts = side_by_side.side_by_side("diff", "a = 1\nb = 2\n", "a = 1\nb = 3\nc = 4\n")
    yield Sample("side_by_side", "side_by_side", "a line changed, a line more", (texts, "A", "B"))
    yield Sample("side_by_side", "side_by_side", "equal", (side_by_side.side_by_side("diff", "a", "a"), "A", "B"))
    yield Sample("side_by_side", "pieces", "one changed", (texts.lines[1].b,))
    yield Sample("side_by_side", "answers_of", "closed", (AnswersOf("task_0", "fixed", 0.0, 1.0, (texts,)), "A", "B"))


def _charts() -> Iterator[Sample]:
    state, runs = state_of(), digests()
    yield Sample("charts/bar", "bar", "a third", (1 / 3, "a third", ""))
    yield Sample("charts/bar", "bar", "with an interval", (0.6, "60 %", "", Interval(0.3, 0.8, 0.95, "wilson")))
    yield Sample("charts/caption", "caption", "a sentence alone", ("What a chart says.", "A chart"))
    yield Sample("charts/spark", "spark", "five runs", ((0.2, 0.4, 0.35, 0.7, 0.8), "Rates of its runs"))
    mapped = heat_map.heat_map([(run, model) for run in runs[:2] for model in run.models])
    yield Sample("charts/heat", "heat", "models by domain", (mapped,))
    for name, one in (("models by domain", mapped), ("nothing to map", None)):
        yield Sample("heat_map", "heat_map", name, (one,))
    episodes = replace(performance.performance(state), kind="agent")
    yield Sample("charts/steps", "steps", "some points", (episodes,))
    yield Sample("charts/steps", "steps", "a kind without steps", (performance.performance(state),))
    yield Sample("charts/line", "line", "some points", (performance.performance(state),))
    yield Sample("charts/line", "line", "nothing evaluated", (performance.performance(state_of("api_error")),))
    yield Sample("charts/timeline", "timeline", "one worker", (timeline.timeline(state),))
    for one in latency.latency(state).histograms:
        yield Sample("charts/histogram", "histogram", one.measure, (one,))
    for line in history.trends(runs)[:2]:
        yield Sample("charts/trend", "trend", line.model, (line,))
    yield Sample("charts/scatter", "scatter", "some models", (leaderboard.leaderboards(runs)[0],))


def _episodes() -> Iterator[Sample]:
    """An episode under way, one that ended with a log, and the heads of both."""
    config = run_config(tasks=2, kind="agent")
    steps = [
        StepRecorded(
            seq=number,
            at=f"2026-11-21T02:40:4{number}.000Z",
            attempt="task_0__a__sample00",
            step=number,
            action={"type": "click", "target_node_id": LONG},
            reasoning="The menu is there, so it is opened." * number,
            screenshot="screenshots/step_000.png" if number else None,
            correct=[None, True, False][number],
        )
        for number in range(3)
    ]
    log = [EpisodeLine("INFO", "it began", 0.1), EpisodeLine("ERROR", LONG * 3, 2.0), EpisodeLine("odd", "as info")]
    running = Running("task_0__a__sample00", "task_0", LONG, 0, "worker-0", "2026-11-21T02:40:41.000Z", step=2)
    yield Sample("episode", "episode", "ended, with its log", (episode(config.run_id, "tasks/task_0", steps, log),))
    yield Sample("episode", "episode", "no step yet", (episode(config.run_id, "tasks/task_0", (), is_running=True),))
    yield Sample("running_head", "running_head", "under way", (running_head(config, running),))
    yield Sample("running_head", "running_head", "ended", (running_head(config, running, has_ended=True),))
