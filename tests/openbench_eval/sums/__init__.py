"""A benchmark of six small questions, for the tests of the real openbench."""

from openbench.utils import BenchmarkMetadata

__metadata__ = BenchmarkMetadata(
    name="Sums",
    description="Six small questions",
    category="core",
    tags=["test"],
    module_path="sums.sums",
    function_name="sums",
)
