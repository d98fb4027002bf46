"""The one Jinja environment: strict about names, escaping always on."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from benchgen.render import charts, marks
from benchgen.render.filters import FILTERS, elapsed
from benchgen.render.markdown import to_html

CHARTS = (charts.success, charts.columns, charts.lanes, charts.spark, charts.share, marks.cost_scatter, marks.trend)


def make_environment(templates: Path) -> Environment:
    """An environment over a folder of templates. An unknown name is an error, everything is escaped."""
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.filters.update(FILTERS)
    environment.filters["markdown"] = to_html
    environment.filters.update({chart.__name__: chart for chart in CHARTS})
    environment.globals["elapsed"] = elapsed
    return environment
