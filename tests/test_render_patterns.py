"""Every macro renders in every state that it was made for, and none is left without a sample."""

from __future__ import annotations

import re

import pytest
from patterns import Sample, patterns, samples

from benchgen import assets
from benchgen.render.renderer import Renderer

_MACRO = re.compile(r"\{%-? macro (\w+)\(")


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def _macros() -> set[tuple[str, str]]:
    folder = assets.templates() / "components"
    return {
        (path.relative_to(folder).with_suffix("").as_posix(), name)
        for path in folder.rglob("*.html")
        for name in _MACRO.findall(path.read_text("utf-8"))
    }


def test_every_macro_has_a_sample() -> None:
    assert _macros() - {(one.component, one.macro) for one in samples()} == set()


@pytest.mark.parametrize("sample", list(samples()), ids=lambda one: f"{one.component}.{one.macro} {one.state}")
def test_the_macro_renders(renderer: Renderer, sample: Sample) -> None:
    page = renderer.page("patterns", _only(sample), page_path="patterns.html", live=False)
    assert sample.macro in page


def test_the_patterns_page_renders_all_of_them(renderer: Renderer) -> None:
    page = renderer.page("patterns", patterns(), page_path="patterns.html", live=False)
    assert page.count('<section class="stack"><h2>') == len(list(samples()))


def _only(sample: Sample) -> object:
    view = patterns()
    return type(view)(view.title, view.notices, (sample,))
