"""`python -m benchgen`: the command line, wherever the package is."""

from benchgen.cli.main import main

main()
