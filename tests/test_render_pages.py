"""Whole sites rendered with the real templates: they hold together, stay small, and hostile text stays text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import row_runs
from factories import make_run, run_config, task_card
from markupsafe import Markup
from patterns import MIXED, MODELS
from site_links import broken_links

from benchgen import paths
from benchgen.build import MANIFEST, build
from benchgen.pages.listing import Site
from benchgen.panels import links
from benchgen.panels.notices import Notices
from benchgen.panels.views import PlainView
from benchgen.record import replace
from benchgen.render.markdown import to_html
from benchgen.render.renderer import Renderer
from benchgen.store.runs import Results

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\x1b[31mred\x1b[0m\u202eexe.txt"


class _Tags(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs of three models, built."""
    root, out = tmp_path_factory.mktemp("results"), tmp_path_factory.mktemp("site")
    for number, models in enumerate((MODELS, MODELS[:2])):
        created = f"2026-11-21T0{number}:00:00.000Z"
        config = run_config(tasks=6, models=models, run_id=f"run_20261121T0{number}0000Z_00000{number}")
        make_run(root, replace(config, created_at=created), MIXED)
    build(Site(Results(root), Renderer()), out)
    return out


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose every text was written by an enemy."""
    root, out = tmp_path_factory.mktemp("results"), tmp_path_factory.mktemp("site")
    card = task_card(HOSTILE, language=HOSTILE, domain=HOSTILE, tags=(HOSTILE,), cases=(HOSTILE,))
    config = run_config(tasks={"task_<b>": card}, models=[f"acme/{HOSTILE[:40]}"], run_name=HOSTILE, note=HOSTILE)
    files = {name: HOSTILE.encode() for name in (paths.PROMPT, paths.RESPONSE, paths.PATCH, paths.STDOUT)}
    make_run(root, config, "tests_failed", artifacts=files)
    build(Site(Results(root), Renderer()), out)
    return out


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def test_every_link_leads_somewhere(site: Path) -> None:
    assert broken_links(site) == []


def test_every_page_has_one_headline_a_language_a_title_and_a_policy(site: Path) -> None:
    for page in pages(site):
        tags = _Tags(page.read_text("utf-8")).tags
        names = [name for name, _ in tags]
        assert (names.count("h1"), names.count("main"), names.count("title") >= 1) == (1, 1, True), page
        assert dict(tags)["html"]["lang"] == "en"
        policy = next(attrs["content"] for name, attrs in tags if attrs.get("http-equiv"))
        assert policy and policy.startswith("default-src 'none'; script-src 'self'; style-src '")


def test_ids_are_unique_on_every_page(site: Path) -> None:
    for page in pages(site):
        ids = re.findall(r'\sid="([^"]+)"', page.read_text("utf-8"))
        assert len(ids) == len(set(ids)), page


def test_images_of_charts_say_what_they_show(site: Path) -> None:
    for page in pages(site):
        for name, attrs in _Tags(page.read_text("utf-8")).tags:
            if name == "svg" and attrs.get("role") in ("img", "group"):
                assert attrs.get("aria-label") or attrs.get("aria-labelledby"), page


def test_a_model_whose_name_is_cut_in_the_head_of_a_matrix_is_read_out_whole(site: Path) -> None:
    index = (site / "index.html").read_text("utf-8")
    assert re.search(rf'<span aria-hidden="true">[^<]+…[^<]+</span><span class="unseen">{MODELS[2]}</span>', index)


def test_no_page_is_large_and_a_whole_site_is_small(site: Path) -> None:
    assert max(page.stat().st_size for page in pages(site)) < 1_000_000
    assert (site / "index.html").stat().st_size < 300_000
    own = sum(file.stat().st_size for file in (site / "assets").iterdir())
    assert own < 80_000


def test_the_same_input_gives_the_same_bytes(site: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    make_run(results, run_config(tasks=3, models=MODELS), MIXED)
    for name in ("one", "two"):
        build(Site(Results(results), Renderer()), tmp_path / name)
    files = [path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file()]
    assert all(
        (tmp_path / "one" / path).read_bytes() == (tmp_path / "two" / path).read_bytes()
        for path in files
        if path.name != MANIFEST
    )


def test_a_static_page_has_no_control_that_needs_a_server(site: Path) -> None:
    for page in pages(site):
        assert not re.search(r"data-stream|connect-src|<form", page.read_text("utf-8")), page


def test_hostile_text_never_becomes_markup(hostile: Path) -> None:
    for page in pages(hostile):
        for name, attrs in _Tags(page.read_text("utf-8")).tags:
            assert name != "script" or attrs.get("src", "").startswith(("assets/", "../")), page  # type: ignore[union-attr]
            assert name != "img" or "onerror" not in attrs, page
            assert not any(attribute.startswith("on") or attribute == "style" for attribute in attrs), page


def test_controls_and_marks_that_turn_text_around_are_gone_from_every_page(hostile: Path) -> None:
    for page in pages(hostile):
        assert not re.search("[\x1b\u202e]", page.read_text("utf-8")), page


def test_markdown_keeps_words_and_drops_what_runs_or_loads() -> None:
    text = "# Title\n\n<script>alert(1)</script>\n\n![x](https://example.org/x.png)\n\n[a](javascript:alert(1)) **b**"
    html = to_html(text)
    assert "<h2>Title</h2>" in html and "<strong>b</strong>" in html
    assert not re.search(r"<script|<img|javascript:", html)


def test_the_missing_page_carries_its_style_and_its_hash() -> None:
    page = Renderer().page("not_found", PlainView("Not found", Notices()), page_path="404.html", live=False)
    assert "<style>" in page and "style-src 'sha256-" in page


def test_the_fingerprint_knows_options() -> None:
    assert Renderer().fingerprint == Renderer().fingerprint != Renderer({"base_url": "https://example.org"}).fingerprint


def test_half_characters_in_names_and_answers_reach_the_pages_as_replacements(tmp_path):
    half, shown = "half \ud83d here", "half \ufffd here"
    names = {"run_name": half, "note": half, "benchmark_name": half, "command": ("benchgen", half)}
    config = run_config(tasks={f"task {half}": task_card(half)}, models=[f"acme/{half}"], **names)
    run = make_run(tmp_path, config, ["tests_failed"])
    rows = row_runs.make_run(
        tmp_path, [{"id": "a", "prompt": "b"}], {"local/x": lambda text: half}, "run_20261122T000000Z_aaaaaa"
    )
    pages = {
        page.path: page.render().decode()
        for page in Site(Results(tmp_path), Renderer()).all()
        if page.path.endswith(".html")
    }
    for path in ("index.html", links.run(run.name), links.rows(rows.name, 1)):
        assert shown in pages[path]
    (of_attempt,) = (text for path, text in pages.items() if path.startswith(f"run/{run.name}/a/"))
    assert of_attempt.count(shown) > 2


@pytest.mark.parametrize("hostile", ["[" * 8_000, "[a](" * 2_000, "<![CDATA[" * 1_000, "=\n" * 5_000, "a " * 30_000])
def test_markdown_that_would_keep_a_parser_busy_is_shown_as_it_was_written(hostile):
    assert to_html(hostile) == Markup("<pre>{}</pre>").format(hostile)


def test_markdown_with_many_links_in_many_paragraphs_is_no_such_text():
    text = "\n\n".join("[one](http://a.example) and [two](http://b.example)" for _ in range(200))
    assert to_html(text).count("<a ") == 400


def test_a_note_of_lists_within_lists_beyond_all_depth_is_shown_as_plain_text():
    assert to_html("1. " * 3_000 + "<b>").startswith("<pre>1. 1. ")
    assert "&lt;b&gt;" in to_html("1. " * 3_000 + "<b>")
