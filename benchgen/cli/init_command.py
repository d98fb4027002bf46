"""`benchgen init`: a benchgen.toml and an .env.example to begin with; nothing that is there is touched."""

from __future__ import annotations

from pathlib import Path

import click

from benchgen import paths, settings

_TOML = f"""\
# Settings of benchgen for this folder. An option wins over the shell, that over .env, that over this file.
# results_dir = "{paths.RESULTS_DIR}"
# site_dir = "{paths.SITE_DIR}"
# tasks_dir = "tasks"          # default: the catalog that comes with benchgen
# model = "builtin/reference"  # what `benchgen run` asks when no -m is given
# temperature = 0.0
# sandbox = "auto"

# An OpenAI-compatible server: its models are `house/<name>`. The key stands in .env, never here.
# [endpoints.house]
# base_url = "http://127.0.0.1:8080/v1"
# key_env = "HOUSE_API_KEY"
# is_local = true

# Dollars per million tokens, where no price is known.
# [prices."house/my-model"]
# input = 0.5
# output = 1.5
"""


@click.command("init", short_help="Write benchgen.toml and .env.example to begin with.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
def command(folder: Path) -> int:
    """Write the files into FOLDER, by default this one; a file that is there stays as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in ((settings.TOML, _TOML), (f"{settings.ENV_FILE}.example", _env_example())):
        _write(folder / name, text)
    click.echo(
        "keys    copy .env.example to .env and fill in what you use; keep .env out of version control\n"
        "try     benchgen doctor\n"
        "then    benchgen run all -m builtin/reference && benchgen build && benchgen serve --open",
        err=True,
    )
    return 0


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
        click.echo(f"wrote   {path}", err=True)
    except FileExistsError:
        click.echo(f"kept    {path}, which is there already", err=True)


def _env_example() -> str:
    """Every key and variable by name, none with a value."""
    seeds = [names[-1] for names in settings.VARIABLES.values() if len(names) > 1]
    lines = [f"{name}=" for name in (*settings.KEYS, *seeds)]
    return "# Copy to .env and fill in what you use. Variables of the shell always win over that file.\n" + "\n".join(
        [*lines, ""]
    )
