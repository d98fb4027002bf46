"""Templates compile to shorter code than Jinja's, which means the same."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import UndefinedError

from benchgen.render.environment import make_environment

MACROS = """{% macro plain(text) %}<b>{{ text }}</b>{% endmacro %}
{% macro framed(text, sign='!') %}[{{ caller() if caller is defined else text }}{{ sign }}]{% endmacro %}"""
BASE = "{% block head %}{% endblock %}|{% block body %}{% endblock %}"
PAGE = """{% extends 'base.html' %}{% from 'macros.html' import plain, framed %}
{% block body %}{{ plain(panel.text) }}{{ framed('a') }}{{ framed('b', sign='?') }}
{%- call framed('') %}<i>{{ panel.text }}</i>{% endcall %}
{%- endblock %}"""


def rendered(folder: Path, template: str, **values: object) -> str:
    for name, text in {"macros.html": MACROS, "base.html": BASE, "page.html": template}.items():
        (folder / name).write_text(text)
    return make_environment(folder).get_template("page.html").render(**values)


def test_what_macros_make_is_escaped_once_however_they_are_called(tmp_path: Path) -> None:
    text = rendered(tmp_path, PAGE, panel=SimpleNamespace(text="<x>"))
    assert text == "|<b>&lt;x&gt;</b>[a!][b?][<i>&lt;x&gt;</i>!]"


def test_a_choice_without_an_else_is_empty(tmp_path: Path) -> None:
    assert (
        rendered(tmp_path, "({{ 'a' if panel.text }}{{ 'b' if not panel.text }})", panel=SimpleNamespace(text=""))
        == "(b)"
    )


def test_an_attribute_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(AttributeError, match="txt"):
        rendered(tmp_path, "{{ panel.txt }}", panel=SimpleNamespace(text=""))


def test_a_name_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError, match="pannel"):
        rendered(tmp_path, "{{ pannel.text }}", panel=SimpleNamespace(text=""))
