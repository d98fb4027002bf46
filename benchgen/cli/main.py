"""The command line's front door: finds commands when asked for, turns errors into messages and exit codes."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

import click

from benchgen import __version__
from benchgen.cli.argv import spread
from benchgen.errors import EXIT_COULD_NOT, EXIT_INTERRUPTED, BenchgenError
from benchgen.store.collecting import collecting_later

_HINT = "is it there, and may you read and write it?"

# Each command is a module of this package with a click command of the module's name in it.
COMMANDS = {
    "init": "Write benchgen.toml and .env.example to begin with.",
    "run": "Run a benchmark: benchgen run TARGET… -m MODEL…",
    "resume": "Finish a run that was stopped or killed.",
    "retry": "Make attempts once more, in place of the first.",
    "cancel": "End a run from another terminal.",
    "list": "List tasks, runs, models or evals.",
    "show": "Show a task, a run or an attempt.",
    "load": "Load a model in LM Studio, and unload the others.",
    "prices": "Show what models cost.",
    "doctor": "Try settings, tools, sandbox and endpoints, and say what to do.",
    "tasks": "Verify, check and make tasks.",
    "datasets": "Add, list, show and remove datasets.",
    "compare": "Compare two to four runs.",
    "leaderboard": "Rank the models of each benchmark.",
    "check": "Fail when a run is too bad, or worse than a baseline.",
    "rm": "Remove runs.",
    "prune": "Remove all but the newest runs.",
    "index": "Rebuild everything that is derived from the logs.",
    "build": "Write the site.",
    "serve": "Serve the site live on this machine.",
    "export": "Write a run's outcomes as CSV, JSON, Markdown or JUnit XML.",
    "import": "Bring in results of other harnesses.",
    "publish": "Put the built site on a branch for GitHub Pages.",
    "completion": "Print what completes commands in a shell.",
}


class LazyGroup(click.Group):
    """A group whose commands are imported only when they are used, so that help stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        with collecting_later(many=True):  # modules stay: looking through them took a seventh of the time of a start
            module = import_module(f"benchgen.cli.{name}_command")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="benchgen %(version)s")
@click.option("--env-file", type=click.Path(dir_okay=False, path_type=Path), help="Read this file instead of .env.")
@click.pass_context
def benchgen(context: click.Context, /, env_file: Path | None) -> None:
    """Runs AI benchmarks and turns the results into a site."""
    import_module("benchgen.cli.defaults").load(context, COMMANDS, env_file)


def main() -> None:
    """Entry point. Errors for people are printed without a traceback; bugs keep theirs."""
    try:
        code = benchgen.main(spread(sys.argv[1:]), standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(EXIT_INTERRUPTED)
    except click.ClickException as fault:
        fault.show()
        sys.exit(fault.exit_code)
    except BenchgenError as fault:
        click.echo(f"benchgen: {fault}", err=True)
        sys.exit(fault.exit_code)
    except BrokenPipeError:
        _let_go()
        sys.exit(EXIT_INTERRUPTED)
    except OSError as fault:
        if fault.filename is None:
            raise
        click.echo(f"benchgen: {os.fsdecode(fault.filename)}: {fault.strerror}\n  {_HINT}", err=True)
        sys.exit(EXIT_COULD_NOT)
    _let_go()
    sys.exit(code if isinstance(code, int) else 0)


def _let_go() -> None:
    """Gives up what nobody reads any more, or the interpreter complains of it at its end and changes the exit code."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
