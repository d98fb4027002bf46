"""`benchgen publish`: puts the built site on a branch, for GitHub Pages."""

from __future__ import annotations

from pathlib import Path

import click

from benchgen.cli import options
from benchgen.publish import Target, publish
from benchgen.redact import Redactor
from benchgen.settings import Found


@click.command("publish", short_help="Put the built site on a branch for GitHub Pages.")
@options.site_dir
@click.option("--branch", default="gh-pages", show_default=True)
@click.option("--remote", default="origin", show_default=True)
@click.option("--message", default="Publish benchmark results", show_default=True, help="The commit's message.")
@click.option("--cname", default=None, help="A custom domain: writes CNAME.")
@click.option("--dry-run", is_flag=True, help="Say what would be published; change nothing.")
@click.option("--no-push", is_flag=True, help="Make the commit, push nothing.")
@click.pass_obj
def command(
    found: Found,
    /,
    site_dir: Path,
    branch: str,
    remote: str,
    message: str,
    cname: str | None,
    dry_run: bool,
    no_push: bool,
) -> int:
    """Publish the built site from the repository you stand in."""
    target = Target(Path.cwd(), branch, remote, message, cname)
    done = publish(site_dir.resolve(), target, Redactor(found.secrets.keys), push=not no_push, dry_run=dry_run)
    for name in done.redacted:
        click.echo(f"a secret was taken out of {name}", err=True)
    if dry_run:
        click.echo(f"{done.files} files would go to {branch} of {remote}", err=True)
    elif not done.changed:
        click.echo(f"{branch} already holds this site", err=True)
    else:
        where = f"pushed to {remote}" if done.pushed else "not pushed"
        click.echo(f"{done.files} files on {branch} as {(done.commit or '')[:12]}, {where}", err=True)
    return 0
