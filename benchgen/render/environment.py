"""The one Jinja environment: strict about names, escaping always on."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.environment import TemplateModule

from benchgen.render import charts, codegen, escaping, heat, marks
from benchgen.render.filters import FILTERS, elapsed
from benchgen.render.kept import Kept
from benchgen.render.markdown import to_html

CHARTS = (
    charts.steps_line,
    charts.success,
    charts.columns,
    charts.lanes,
    charts.spark,
    charts.share,
    heat.heat_cells,
    marks.cost_scatter,
    marks.trend,
)
_OWN = (
    f"from {escaping.__name__} import escape; from {codegen.__name__} import QuickMacro as Macro, as_markup as Markup"
)


class _Environment(Environment):
    """Templates and globals never change: a page looks up eight templates, which took a tenth of its time."""

    code_generator_class = codegen.QuickCode

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Jinja's own
        self._found: dict[str, Template] = {}
        self._modules: dict[str, TemplateModule] = {}
        super().__init__(**options)

    def get_template(
        self, name: str | Template, parent: str | None = None, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        if isinstance(name, Template):
            return name
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = super().get_template(name, parent, globals)
        return found

    def imported(self, name: str) -> TemplateModule:
        """The macros of a template, as they are: all have the same globals, which Jinja would compare each time."""
        found = self._modules.get(name)
        if found is None:
            found = self._modules[name] = self.get_template(name).module
        return found

    def _compile(self, source: str, filename: str) -> CodeType:
        """With our own parts in place of Jinja's: each page uses them a hundred times. Lines keep their numbers."""
        imports, rest = source.split("\n", 1)
        return super()._compile(f"{imports}; {_OWN}\n{rest}", filename)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """A plain dictionary: the layered one of Jinja is walked in Python for each template that a page imports."""
        return {**self.globals, **(d or {})}


def make_environment(templates: Path, compiled: BytecodeCache | None = None) -> Environment:
    """An environment over a folder of templates. An unknown name is an error, everything is escaped."""
    environment = _Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=compiled,
    )
    environment.filters.update(FILTERS)
    environment.filters["markdown"] = to_html
    environment.filters.update({chart.__name__: chart for chart in CHARTS})
    environment.globals["elapsed"] = elapsed
    environment.globals["kept"] = Kept()
    return environment
