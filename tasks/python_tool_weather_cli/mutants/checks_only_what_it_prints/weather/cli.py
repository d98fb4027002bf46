"""The command line of the weather program."""

import argparse
import sys
from pathlib import Path

from weather.readings import InputError, Reading, read_csv, read_json
from weather.report import as_json, as_text, summarise


def main(argv: list[str]) -> int:
    """Read, summarise and print readings; return the exit code."""
    options = _parser().parse_args(argv)
    try:
        readings = _readings(options.file, options.input, options.station)
    except InputError as error:
        print(f"weather: {error}", file=sys.stderr)
        return 1
    wanted = set(options.station) or {reading.station for reading in readings}
    groups = summarise([reading for reading in readings if reading.station in wanted], options.by)
    text = as_json(options.by, groups) if options.output == "json" else as_text(options.by, groups)
    sys.stdout.buffer.write(text.encode())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="weather", description="Summarise weather readings.")
    parser.add_argument("--input", choices=["csv", "json"])
    parser.add_argument("--by", choices=["station", "day"], default="station")
    parser.add_argument("--station", action="append", default=[], metavar="NAME")
    parser.add_argument("--output", choices=["text", "json"], default="text")
    parser.add_argument("file", nargs="?", default="-", metavar="FILE")
    return parser


def _readings(name: str, form: str | None, stations: list[str]) -> list[Reading]:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not UTF-8") from error
    form = form or ("json" if name.endswith(".json") else "csv")
    return read_json(text, stations) if form == "json" else read_csv(text, stations)
