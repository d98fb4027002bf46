"""`benchgen serve`: the site, live, on this machine."""

from __future__ import annotations

import ipaddress
import sys
from importlib import import_module
from pathlib import Path

import click

from benchgen.catalog.tasks import Catalog
from benchgen.cli import options
from benchgen.cli.appearance import appearance_of
from benchgen.cli.taking import taker
from benchgen.errors import UsageError
from benchgen.redact import Redactor
from benchgen.server.app import make_app
from benchgen.server.gate import FEWEST_CHARACTERS
from benchgen.server.launcher import Command, Limits, Planner
from benchgen.server.serving import address, listen, serve
from benchgen.server.terms import Launching, Terms
from benchgen.settings import Found

BENCHGEN = (sys.executable, "-m", "benchgen")
LIMITS = Limits()


@click.command("serve", short_help="Serve the site live on this machine.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=None, help="The port.  [default: 8000, or the next free one]"
)
@click.option("--open", "open_browser", is_flag=True, help="Open the page in a browser.")
@click.option("--start-page", default="live/index.html", show_default=True, help="The page that --open shows.")
@click.option("--allowed-host", "allowed_hosts", multiple=True, help="Another name this server answers to.")
@click.option("--token", envvar="BENCHGEN_TOKEN", help="Answer only who knows this; needed beyond this machine.")
@click.option("--read-only", is_flag=True, help="Show everything, start and change nothing.")
@click.option("--max-runs", type=click.IntRange(1, 64), default=LIMITS.running, show_default=True, help="Runs at once.")
@click.option(
    "--max-waiting",
    type=click.IntRange(0, 10_000),
    default=LIMITS.waiting,
    show_default=True,
    help="Runs that wait for their turn, at most.",
)
@click.option(
    "--live-file",
    "live_files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Follow the live file of another harness, or the one in this folder.",
)
@options.results_dir
@options.tasks_dir
@click.pass_obj
def command(
    found: Found,
    /,
    host: str,
    port: int | None,
    open_browser: bool,
    start_page: str,
    allowed_hosts: tuple[str, ...],
    token: str | None,
    read_only: bool,
    max_runs: int,
    max_waiting: int,
    live_files: tuple[Path, ...],
    results_dir: Path,
    tasks_dir: Path | None,
) -> int:
    """Serve the results folder: every page, rendered when asked, and updated while runs go on."""
    _check(host, allowed_hosts, token)
    root = results_dir.resolve()
    root.mkdir(parents=True, exist_ok=True)
    launching = None if read_only else _launching(root, tasks_dir, found, Limits(max_runs, max_waiting))
    look = appearance_of(found.settings)
    redactor, take_in = Redactor(found.secrets.keys), taker(root, found)
    terms = Terms(allowed_hosts, token, launching, BENCHGEN, live_files, redactor, look, take_in)
    app = make_app(root, options.catalog(tasks_dir), terms)
    listener = listen(host, port if port is not None else 8000, exact=port is not None)
    url = address(listener)
    click.echo(f"benchgen serves {root} at {url}\nlive page  {url}{start_page.lstrip('/')}", err=True)
    if open_browser:
        import_module("webbrowser").open(url + start_page.lstrip("/"))
    serve(app, listener, lambda: app.state.broadcast.hub.close())
    return 0


def _launching(root: Path, tasks_dir: Path | None, found: Found, limits: Limits) -> Launching:
    """Runs are started as `benchgen resume`, with the catalog and the results folder of this server."""
    catalog = options.catalog(tasks_dir)
    words = Command(
        words=BENCHGEN,
        options=("--results-dir", str(root)),
        catalog_options=("--tasks-dir", str(catalog.folder)),
    )
    return Launching(lambda: _desk(root, catalog, found), words, limits)


def _desk(root: Path, catalog: Catalog, found: Found) -> Planner:
    """Imported when the first run is asked for: models and keys take longer than all else that a server needs."""
    desk: Planner = import_module("benchgen.cli.launch_desk").LaunchDesk(root, catalog, found)
    return desk


def _check(host: str, allowed_hosts: tuple[str, ...], token: str | None) -> None:
    """Beyond this machine nobody is let in without a token, and only under a name that was given."""
    if token is not None and len(token) < FEWEST_CHARACTERS:
        raise UsageError(f"a token has at least {FEWEST_CHARACTERS} characters", where="--token")
    if not _is_loopback(host) and (token is None or not allowed_hosts):
        raise UsageError(
            f"{host} can be reached from other machines",
            where="--host",
            hint="give --token and --allowed-host NAME, or serve on 127.0.0.1 and forward the port (ssh -L)",
        )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
