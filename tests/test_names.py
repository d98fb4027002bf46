"""How long names are shortened: in their middle, and so that different ones look different."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from benchgen.render import names

NAMES = st.lists(st.text(alphabet="ab/-", max_size=30), max_size=8)


def test_a_long_name_keeps_its_whole_in_its_title() -> None:
    name = "vendor/" + "x" * 100 + "<"
    short = names.short(name, 20)
    assert isinstance(short, Markup)
    assert f'title="vendor/{"x" * 100}&lt;"' in short
    assert short.endswith("…xxxxx&lt;</span>")


def test_a_name_breaks_after_its_underscores_and_is_escaped() -> None:
    assert names.jointed("keeps_<b>_order") == Markup("keeps_<wbr>&lt;b&gt;_<wbr>order")
    assert names.jointed("plain") == "plain"


def test_models_that_differ_in_their_middle_alone_are_told_apart_by_it() -> None:
    models = ["meta/llama-4-instruct-fp8-2026-01-01-turbo", "meta/llama-4-instruct-int4-2026-01-01-turbo"]
    assert names.apart(models, 24) == ["meta/lla…fp8-2026-0…urbo", "meta/lla…int4-2026-…urbo"]


def test_models_that_differ_near_their_end_show_all_of_their_end() -> None:
    models = [f"acme/a-model-with-a-very-long-name-{size}-preview" for size in ("1b", "2b")]
    assert names.apart(models, 28) == ["acme/a-mo…ng-name-1b-preview", "acme/a-mo…ng-name-2b-preview"]


def test_a_head_names_the_provider_only_where_the_model_is_not_enough() -> None:
    assert names.heads(["acme/one", "other/one", "other/two"], 16) == ["acme/one", "other/one", "two"]


def test_one_model_has_one_name_in_all_of_its_columns() -> None:
    assert names.heads(["acme/one", "acme/one"], 16) == ["one", "one"]


@given(NAMES, st.integers(6, 20))
def test_different_names_never_look_the_same(every: list[str], length: int) -> None:
    for cut in (names.apart(every, length), names.heads(every, length)):
        assert len(set(cut)) == len(set(every))
