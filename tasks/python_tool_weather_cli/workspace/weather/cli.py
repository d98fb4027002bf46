"""The command line of the weather program."""


def main(argv: list[str]) -> int:
    """Read, summarise and print readings; return the exit code."""
    raise NotImplementedError
