"""`benchgen completion SHELL`: the script that completes commands and options in a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from benchgen.errors import BenchgenError

_VARIABLE = "_BENCHGEN_COMPLETE"
_SETUP = {
    "bash": 'add to ~/.bashrc:  eval "$(benchgen completion bash)"',
    "zsh": 'add to ~/.zshrc:  eval "$(benchgen completion zsh)"',
    "fish": "benchgen completion fish > ~/.config/fish/completions/benchgen.fish",
}


@click.command("completion", short_help="Print what completes commands in a shell.")
@click.argument("shell", type=click.Choice(list(_SETUP)))
@click.pass_context
def command(context: click.Context, shell: str) -> int:
    """Print the script for SHELL; it says where to put it."""
    made = get_completion_class(shell)
    if made is None:
        raise BenchgenError(f"click knows no completion for {shell}")
    click.echo(f"# {_SETUP[shell]}")
    click.echo(made(context.find_root().command, {}, "benchgen", _VARIABLE).source())
    return 0
