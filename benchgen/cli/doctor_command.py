"""`benchgen doctor`: tries what a run needs and says what to do; nothing is only looked for."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from typing import Literal

import click
from rich.table import Table

from benchgen import codec
from benchgen.catalog.openbench import NoBench, bench_command, try_bench
from benchgen.cli import options
from benchgen.cli.tables import show, table
from benchgen.cli.words import printable
from benchgen.cli.workshop import preference
from benchgen.errors import BenchgenError
from benchgen.providers.survey import Surveyed, survey
from benchgen.record import Record
from benchgen.sandbox.choose import choose
from benchgen.sandbox.spec import Missing
from benchgen.sandbox.toolchains import find
from benchgen.settings import KEYS, Found

State = Literal["ok", "absent", "broken"]
_MARKS: dict[State, str] = {"ok": "✓", "absent": "–", "broken": "✕"}


class Finding(Record):
    """One thing that was tried: `absent` is what nobody asked for, `broken` what is needed and does not work."""

    area: Literal["setting", "key", "tool", "sandbox", "endpoint"]
    name: str
    state: State
    what: str
    advice: str = ""


@click.command("doctor", short_help="Try everything that a run needs.")
@options.as_json
@click.pass_obj
def command(found: Found, /, as_json: bool) -> int:
    """Show every setting with its source, and try the tools, the sandbox and the endpoints."""
    findings = [*_settings(found), *_keys(found), *_tools(), _bench(found), *asyncio.run(_tried(found))]
    broken = [finding for finding in findings if finding.state == "broken"]
    if as_json:
        click.echo(codec.file({"ok": not broken, "findings": findings}), nl=False)
        return 1 if broken else 0
    show(_table(findings))
    for finding in findings:
        if finding.advice:
            click.echo(printable(f"{_MARKS[finding.state]} {finding.name}: {finding.advice}"))
    click.echo(f"needing attention: {len(broken)}" if broken else "everything that is needed works")
    return 1 if broken else 0


def _settings(found: Found) -> Iterator[Finding]:
    for name, value in found.settings.values.items():
        shown = "not set" if value.value is None else value.value
        yield Finding("setting", name, "ok", f"{shown} (from {value.origin})")
    for name, price in found.settings.prices.items():
        yield Finding("setting", f"price of {name}", "ok", f"${price.input:g} in, ${price.output:g} out per million")
    for name, machine in found.settings.infra.items():
        yield Finding("setting", f"machine {name}", "ok", f"${machine.hourly_usd:g} an hour, {machine.kind}")


def _keys(found: Found) -> Iterator[Finding]:
    """Whether each key is set and where; never its value, nor a part of it."""
    for name in dict.fromkeys((*KEYS, *found.secrets.keys)):
        origin = found.secrets.origins.get(name)
        yield Finding("key", name, "ok" if origin else "absent", f"set in {origin}" if origin else "not set")


def _tools() -> Iterator[Finding]:
    git = shutil.which("git")
    yield Finding("tool", "git", "ok" if git else "broken", git or "missing", "" if git else "install git")
    for name, chain in find().items():
        if isinstance(chain, Missing):
            yield Finding("tool", name, "absent", "missing: its tasks are skipped", chain.install)
        else:
            yield Finding("tool", name, "ok", chain.version)


def _bench(found: Found) -> Finding:
    """Whether `bench` answers; it is needed only where somebody has set it."""
    command = found.settings.openbench.command
    try:
        bench = bench_command(command)
        try_bench(bench)
    except NoBench as fault:
        return Finding("tool", "openbench", "broken" if command else "absent", fault.message, fault.hint)
    return Finding("tool", "openbench", "ok", bench[0])


async def _tried(found: Found) -> list[Finding]:
    sandbox, endpoints = await asyncio.gather(_sandbox(found), survey(found.settings, found.secrets))
    return [sandbox, *(_endpoint(one) for one in endpoints)]


async def _sandbox(found: Found) -> Finding:
    try:
        chosen = await choose(preference(found.settings.get("sandbox") or "auto"))
    except BenchgenError as fault:
        return Finding("sandbox", "sandbox", "broken", fault.message, fault.hint)
    state: State = "ok" if chosen.keeps_candidates else "broken"
    advice = "" if state == "ok" else "tasks with process isolation need bubblewrap: apt install bubblewrap"
    return Finding("sandbox", chosen.name, state, chosen.describe(), advice)


def _endpoint(one: Surveyed) -> Finding:
    if one.state == "ok":
        return Finding("endpoint", one.name, "ok", f"{one.base_url}, {len(one.models)} models")
    state: State = "broken" if one.is_needed else "absent"
    return Finding("endpoint", one.name, state, f"{one.base_url} {one.state}".strip(), one.why)


def _table(findings: list[Finding]) -> Table:
    listed = table("", "area", "name", "found")
    for finding in findings:
        listed.add_row(_MARKS[finding.state], finding.area, printable(finding.name), printable(finding.what))
    return listed
