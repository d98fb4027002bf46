"""The command line of the reporter."""

import argparse
import sys

from reporter.records import InputError, read
from reporter.summary import summarise
from reporter.text import render


def main(argv: list[str]) -> int:
    """Print the report of one or more logs; return the exit code."""
    parser = argparse.ArgumentParser(prog="reporter", description="Sum up the log of a test run.")
    parser.add_argument("files", nargs="*", metavar="FILE")
    options = parser.parse_args(argv)
    try:
        records = read(options.files)
    except InputError as error:
        print(f"reporter: {error}", file=sys.stderr)
        return 2
    sys.stdout.write(render(summarise(records)))
    return 0
