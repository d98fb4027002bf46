"""`benchgen serve`: the site, live, on this machine."""

from __future__ import annotations

import ipaddress
import webbrowser
from pathlib import Path

import click

from benchgen.cli import options
from benchgen.errors import UsageError
from benchgen.server.app import make_app
from benchgen.server.serving import address, listen, serve


@click.command("serve", short_help="Serve the site live on this machine.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; loopback only.")
@click.option("--port", type=int, default=None, help="The port.  [default: 8000, or the next free one]")
@click.option("--open", "open_browser", is_flag=True, help="Open the page in a browser.")
@click.option("--start-page", default="live/index.html", show_default=True, help="The page that --open shows.")
@click.option("--allowed-host", "allowed_hosts", multiple=True, help="Another name this server answers to.")
@options.results_dir
@options.tasks_dir
def command(
    host: str,
    port: int | None,
    open_browser: bool,
    start_page: str,
    allowed_hosts: tuple[str, ...],
    results_dir: Path,
    tasks_dir: Path | None,
) -> int:
    """Serve the results folder: every page, rendered when asked, and updated while runs go on."""
    _refuse_public(host)
    root = results_dir.resolve()
    root.mkdir(parents=True, exist_ok=True)
    app = make_app(root, options.catalog(tasks_dir), allowed_hosts)
    listener = listen(host, port if port is not None else 8000, exact=port is not None)
    url = address(listener)
    click.echo(f"benchgen serves {root} at {url}\nlive page  {url}{start_page.lstrip('/')}", err=True)
    if open_browser:
        webbrowser.open(url + start_page.lstrip("/"))
    serve(app, listener, lambda: app.state.broadcast.hub.close())
    return 0


def _refuse_public(host: str) -> None:
    try:
        is_loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise UsageError(
            f"{host} can be reached from other machines, and this version has no sign-in",
            where="--host",
            hint="serve on 127.0.0.1 and forward the port (ssh -L), or publish the built site",
        )
