"""Runs the program: python -m weather."""

import sys

from weather.cli import main

sys.exit(main(sys.argv[1:]))
