"""Markdown to HTML that can do no harm: text of tasks, notes and about pages is hostile until shown otherwise."""

from __future__ import annotations

import re

import nh3
from markupsafe import Markup

_TAGS = {
    "p", "br", "hr", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a",
    "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "th": {"scope"}}
_LOCAL_HEADING = re.compile(r"<(/?)h([1-5])>")


def to_html(text: str) -> Markup:
    """Sanitised HTML. Headings go down by one, so that the page keeps its only h1; images, scripts and styles go."""
    from markdown import markdown  # few pages have any, and it is slow to load

    try:
        raw = markdown(text, extensions=["fenced_code", "tables", "sane_lists"])
    except RecursionError:  # lists in lists a thousand deep: nobody meant them as such
        return Markup("<pre>{}</pre>").format(text)
    lowered = _LOCAL_HEADING.sub(lambda found: f"<{found[1]}h{int(found[2]) + 1}>", raw)
    clean = nh3.clean(
        lowered, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https"}, link_rel="noopener nofollow"
    )
    return Markup(clean)  # noqa: S704 - nh3 has just sanitised it
