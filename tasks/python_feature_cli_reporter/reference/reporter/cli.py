"""The command line of the reporter."""

import argparse
import sys

from reporter import as_json, markdown, text
from reporter.records import InputError, read
from reporter.summary import Line, summarise

RENDERERS = {"text": text.render, "json": as_json.render, "markdown": markdown.render}


def main(argv: list[str]) -> int:
    """Print the report of one or more logs; return the exit code."""
    options = _parser().parse_args(argv)
    try:
        records = read(options.files)
    except InputError as error:
        print(f"reporter: {error}", file=sys.stderr)
        return 2
    summary = summarise(records, options.slowest)
    sys.stdout.write(RENDERERS[options.format](summary))
    return 1 if _fails(summary.total, options.fail_on) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="reporter", description="Sum up the log of a test run.")
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--format", choices=list(RENDERERS), default="text")
    parser.add_argument("--slowest", type=_count, default=0, metavar="N")
    parser.add_argument("--fail-on", choices=["failed", "flaky", "never"], default="failed")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _fails(total: Line, fail_on: str) -> bool:
    if fail_on == "never":
        return False
    return total.failed > 0 or (fail_on == "flaky" and total.flaky > 0)
