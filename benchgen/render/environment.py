"""The one Jinja environment: strict about names, escaping always on."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro

from benchgen.render import charts, escaping, heat, marks
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


class _Context(Context):
    """Calls macros at once: to look each time whether one wants a context took a tenth of a page's time."""

    def call(self, target: Callable[..., Any], /, *args: Any, **given: Any) -> Any:  # noqa: ANN401 - Jinja's own
        if type(target) is not Macro:
            return super().call(target, *args, **given)
        given.pop("_block_vars", None)
        given.pop("_loop_vars", None)
        return target(*args, **given)


class _Template(Template):
    """Imported as it is: all templates have the same globals, which Jinja would compare at each import."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class _Environment(Environment):
    """Templates and globals never change: a page looks up eight templates, which took a tenth of its time."""

    context_class = _Context
    template_class = _Template

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Jinja's own
        self._found: dict[str, Template] = {}
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

    def _compile(self, source: str, filename: str) -> CodeType:
        """With our own escaping in place of Jinja's: each page does it a hundred times. Lines keep their numbers."""
        imports, rest = source.split("\n", 1)
        return super()._compile(f"{imports}; from {escaping.__name__} import escape\n{rest}", filename)

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
