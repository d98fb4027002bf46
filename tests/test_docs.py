"""What the documents say is so: links lead somewhere, and the commands they show exist with those options."""

from __future__ import annotations

import re
import shlex
from importlib import import_module
from pathlib import Path

import click
import pytest

from benchgen.cli.argv import spread
from benchgen.cli.main import COMMANDS

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|#|mailto:)([^)#\s]+)")
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.M | re.S)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_relative_link_leads_to_a_file(document):
    missing = [link for link in LINK.findall(document.read_text()) if not (document.parent / link).exists()]
    assert not missing


def shown_commands() -> list[str]:
    lines = [
        line
        for document in DOCUMENTS
        for block in BLOCK.findall(document.read_text())
        for line in re.split(r"\n|&&", block)
    ]
    return sorted({line.strip() for line in lines if line.strip().startswith("benchgen ")})


@pytest.mark.parametrize("line", shown_commands())
def test_every_command_that_is_shown_can_be_typed(line):
    words = spread(shlex.split(line, comments=True)[1:])
    command: click.Command = import_module(f"benchgen.cli.{words[0]}_command").command
    words = words[1:]
    while isinstance(command, click.Group):
        command = command.commands[words[0]]
        words = words[1:]
    with click.Context(command, resilient_parsing=False) as context:
        command.make_parser(context).parse_args(list(words))


def test_every_command_is_named_in_the_documents():
    text = "\n".join(document.read_text() for document in DOCUMENTS)
    assert not [name for name in COMMANDS if f"benchgen {name}" not in text]
