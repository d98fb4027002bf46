"""How templates become Python: as Jinja does it, but attributes are read and macros called without asking first.

Jinja looks for items where an attribute is missing, and at every callee for whether it wants a context. Here names are
strict and no global wants one; all that asking took half of the time of a page.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from jinja2 import nodes, runtime
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup

_BLOCK = "yield from context.blocks["
as_markup: Callable[[str], Markup] = partial(str.__new__, Markup)
"""Text as `Markup` that says so already: the type's own constructor looks for `__html__` first."""


class QuickMacro(runtime.Macro):
    """A macro called with all of its arguments, as nearly each is, passes them on as they are; all escape."""

    def __init__(self, *parts: Any) -> None:  # noqa: ANN401 - Jinja's own
        super().__init__(*parts)
        self._is_plain = not (self.caller or self.catch_kwargs or self.catch_varargs)

    def __call__(self, *args: Any, **given: Any) -> str:  # noqa: ANN401 - Jinja's own
        if self._is_plain and not given and len(args) == self._argument_count:
            return as_markup(self._func(*args))
        return super().__call__(*args, **given)


class QuickCode(CodeGenerator):
    """Writes the shorter code; what it has no opinion on stays Jinja's."""

    def writeline(self, x: str, node: nodes.Node | None = None, extra: int = 0) -> None:
        """A block is put out as one piece: each piece would pass through the generator of every parent."""
        is_block = x.startswith(_BLOCK)
        super().writeline(f"yield concat({x.removeprefix('yield from ')})" if is_block else x, node, extra)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        self.visit(node.node, frame)
        self.write("(")
        unpacked = (("*", node.dyn_args), ("**", node.dyn_kwargs))
        for stars, argument in (*(("", one) for one in (*node.args, *node.kwargs)), *unpacked):
            if argument is not None:
                self.write(stars)
                self.visit(argument, frame)
                self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    def visit_CondExpr(self, node: nodes.CondExpr, frame: Frame) -> None:
        """What has no `else` is empty: an undefined value took longer than a line of a table."""
        node.expr2 = node.expr2 or nodes.Const("")
        super().visit_CondExpr(node, frame)

    def _import_common(self, node: nodes.Import | nodes.FromImport, frame: Frame) -> None:
        self.write("environment.imported(")
        self.visit(node.template, frame)
        self.write(")")
