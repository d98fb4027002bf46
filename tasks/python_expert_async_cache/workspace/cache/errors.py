"""What a caller of the cache can meet besides the errors of its own loads."""


class CacheClosed(Exception):
    """The cache was closed."""


class LoadCancelled(Exception):
    """The load of a key was cancelled, but not by the cache and not by its callers."""

    def __init__(self, key: object) -> None:
        super().__init__(f"the load of {key!r} was cancelled")
        self.key = key
