"""Runs the program: python -m reporter."""

import sys

from reporter.cli import main

sys.exit(main(sys.argv[1:]))
