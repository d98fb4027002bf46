"""benchgen runs AI benchmarks and turns the results into a site."""

__version__ = "0.1.0"
