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
# Each of these is looked for the end of, through all of its paragraph: of thousands a parser takes minutes.
_OPENING = re.compile(r"[\[<]")
_BLANK = re.compile(r"\n\s*\n")
MOST_OPENED, MOST_OPENED_AT_ONCE, MOST_LINES_AT_ONCE, MOST_SIGNS = 2_000, 200, 1_000, 50_000
"""In all and in a paragraph; beyond any of these a text is shown as it was written."""


def to_html(text: str) -> Markup:
    """Sanitised HTML. Headings go down by one, so that the page keeps its only h1; images, scripts and styles go.

    What would keep the parser busy, or is nested too deep for it, is shown as it was written.
    """
    if _is_too_much(text):
        return _as_written(text)
    from markdown import markdown  # few pages have any, and it is slow to load

    try:
        raw = markdown(text, extensions=["fenced_code", "tables", "sane_lists"])
    except RecursionError:  # lists in lists a thousand deep: nobody meant them as such
        return _as_written(text)
    lowered = _LOCAL_HEADING.sub(lambda found: f"<{found[1]}h{int(found[2]) + 1}>", raw)
    clean = nh3.clean(
        lowered, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https"}, link_rel="noopener nofollow"
    )
    return Markup(clean)  # noqa: S704 - nh3 has just sanitised it


def _is_too_much(text: str) -> bool:
    paragraphs = _BLANK.split(text) if len(text) <= MOST_SIGNS else ()
    opened = [len(_OPENING.findall(paragraph)) for paragraph in paragraphs]
    return (
        not paragraphs
        or sum(opened) > MOST_OPENED
        or max(opened) > MOST_OPENED_AT_ONCE
        or max(paragraph.count("\n") for paragraph in paragraphs) > MOST_LINES_AT_ONCE
    )


def _as_written(text: str) -> Markup:
    return Markup("<pre>{}</pre>").format(text)
