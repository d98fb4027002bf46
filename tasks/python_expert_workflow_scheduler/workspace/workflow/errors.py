"""What can be wrong with a workflow before it runs."""


class WorkflowError(ValueError):
    """The steps do not make a workflow."""


class DuplicateStepError(WorkflowError):
    """Two steps have the same name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"two steps are named {name!r}")
        self.name = name


class UnknownStepError(WorkflowError):
    """A step waits for one that does not exist."""

    def __init__(self, step: str, missing: str) -> None:
        super().__init__(f"{step!r} comes after {missing!r}, and there is no such step")
        self.step = step
        self.missing = missing


class CycleError(WorkflowError):
    """Steps wait for each other."""

    def __init__(self, cycle: tuple[str, ...]) -> None:
        super().__init__("steps wait for each other: " + " -> ".join(cycle))
        self.cycle = cycle
