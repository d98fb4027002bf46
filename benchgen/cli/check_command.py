"""`benchgen check RUN`: a gate for continuous integration; exit code 3 when it is not met."""

from __future__ import annotations

from pathlib import Path

import click

from benchgen import codec
from benchgen.cli import options
from benchgen.cli.outcome import print_gate
from benchgen.cli.reading import results_of, run_named
from benchgen.cli.spelling import spell
from benchgen.errors import EXIT_GATE, EXIT_INCOMPLETE, UsageError
from benchgen.numbers.sentences import in_percent
from benchgen.panels.check import Demand, ModelCheck, check
from benchgen.panels.sheets import Sheet
from benchgen.records.digest import RunDigest

NAMES = ("model", "verdict", "pass@1", "95 %", "passed", "since the baseline, pp", "p")


@click.command("check", short_help="Fail when a run is too bad, or worse than a baseline.")
@click.argument("run", default="latest")
@click.option("--baseline", metavar="RUN", help="The run that this one must not fall behind.")
@options.fail_under
@click.option(
    "--max-drop", type=options.PERCENT, default=5.0, show_default=True, help="Percentage points that may be lost."
)
@options.results_dir
@options.sheet_forms
def command(
    run: str, baseline: str | None, fail_under: float | None, max_drop: float, results_dir: Path, **forms: bool
) -> int:
    """Check RUN, an id or `latest`, model by model.

    Against a baseline a model has regressed when a paired test sees a drop and the drop is at least --max-drop. Exit
    code 3: the gate is not met; 4: it is met so far, but the run is not complete.
    """
    if baseline is None and fail_under is None:
        raise UsageError("nothing is asked of the run", hint="name --baseline RUN, --fail-under PERCENT or both")
    results = results_of(results_dir)

    def digest_of(name: str) -> RunDigest:
        return results.digest(run_named(results, name))

    demand = Demand(None if fail_under is None else fail_under / 100, max_drop / 100)
    found = check(digest_of(run), digest_of(baseline) if baseline else None, demand)
    if forms["as_json"]:
        click.echo(codec.file(found), nl=False)
    else:
        if not (forms["markdown"] or forms["as_csv"]):
            print_gate(found, err=False)
        spell(
            Sheet(NAMES, tuple(_row(one) for one in found.models)), markdown=forms["markdown"], as_csv=forms["as_csv"]
        )
    if not found.passed:
        return EXIT_GATE
    return 0 if found.is_complete else EXIT_INCOMPLETE


def _row(one: ModelCheck) -> tuple[str, ...]:
    value, interval = one.rate.value, one.rate.interval
    seen = one.gate.comparison if one.gate else None
    return (
        one.model + (" (mock)" if one.is_mock else ""),
        ("met" if one.passed else "not met") + (f", {one.gate.verdict.replace('_', ' ')}" if one.gate else ""),
        "no result" if value is None else f"{in_percent(value)} %",
        f"{100 * interval.low:.0f}–{100 * interval.high:.0f}" if interval else "",
        f"{one.rate.passed}/{one.rate.evaluated}",
        "" if seen is None or seen.difference is None else f"{100 * seen.difference:+.1f}",
        "" if seen is None or seen.p is None else f"{seen.p:.2g}",
    )
