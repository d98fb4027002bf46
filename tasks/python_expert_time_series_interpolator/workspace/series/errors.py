"""What can be wrong with readings and with questions about them."""


class ReadingError(ValueError):
    """A reading has a time or a value that cannot be used."""

    def __init__(self, index: int) -> None:
        super().__init__(f"reading {index} is not finite")
        self.index = index


class QueryError(ValueError):
    """A time that was asked for is not a number."""

    def __init__(self, index: int) -> None:
        super().__init__(f"query {index} is not a number")
        self.index = index


class OutsideError(ValueError):
    """A time that was asked for lies before the first reading or after the last."""

    def __init__(self, time: int | float) -> None:
        super().__init__(f"there is no reading on both sides of {time}")
        self.time = time
