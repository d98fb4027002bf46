"""`[site]`: its name and address, its owner's pages, the feed."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from factories import make_run, make_runs, model_spec, run_config
from site_links import broken_links

from benchgen.build import build
from benchgen.cli.appearance import appearance_of
from benchgen.errors import BadFile, UsageError
from benchgen.pages.listing import Site
from benchgen.panels.appearance import About, Appearance, about
from benchgen.render.renderer import Renderer
from benchgen.settings import read
from benchgen.store.runs import Results

ATOM = "{http://www.w3.org/2005/Atom}"


def build_with(root: Path, out: Path, look: Appearance) -> Path:
    build(Site(Results(root), Renderer(appearance=look), appearance=look), out)
    return out


def settings_of(folder: Path, text: str):
    (folder / "benchgen.toml").write_text(text)
    return read({}, folder).settings


def test_a_page_is_named_by_its_first_heading_and_holds_the_rest():
    assert about("who-we-are", "# Who we are\n\nTwo people.\n") == About(
        "Who we are", "about/who-we-are.html", "Two people."
    )


def test_a_page_without_a_heading_is_named_by_its_file():
    assert about("how_we_work", "Slowly.").title == "how we work"


def test_pages_stand_in_the_order_in_which_they_are_named(tmp_path):
    for name in ("b.md", "a.md"):
        (tmp_path / name).write_text(f"# {name}\n")
    look = appearance_of(settings_of(tmp_path, '[site]\ntitle = "Ours"\nabout = ["b.md", "a.md"]\n'))
    assert (look.title, [page.title for page in look.about]) == ("Ours", ["b.md", "a.md"])


def test_a_text_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadFile, match=r"gone\.md"):
        appearance_of(settings_of(tmp_path, '[site]\nabout = ["gone.md"]\n'))


@pytest.mark.parametrize("address", ["me.github.io", "ftp://me/x", "https://me/x?y=1"])
def test_an_address_that_is_none_is_refused(tmp_path, address):
    with pytest.raises(UsageError, match="no address"):
        appearance_of(settings_of(tmp_path, ""), address)


def test_an_about_page_is_in_the_navigation_and_its_text_is_harmless(tmp_path):
    look = Appearance("Ours", None, (about("about", "# About us\n\nWe are *two*. <script>alert(1)</script>"),))
    list(make_runs(tmp_path / "r", 1))
    site = build_with(tmp_path / "r", tmp_path / "site", look)
    text = (site / "about/about.html").read_text()
    assert "<em>two</em>" in text and "<script>alert" not in text
    assert 'href="about/about.html"' in (site / "index.html").read_text()
    assert "· Ours</title>" in text
    assert broken_links(site) == []


def test_another_text_rewrites_its_own_page_alone(tmp_path):
    root, out = tmp_path / "r", tmp_path / "site"
    list(make_runs(root, 1))
    build_with(root, out, Appearance(about=(about("about", "# A\nOne."),)))
    look = Appearance(about=(about("about", "# A\nTwo."),))
    assert build(Site(Results(root), Renderer(appearance=look), appearance=look), out).written == 1


def test_without_an_address_there_is_neither_a_feed_nor_a_canonical_link(tmp_path):
    list(make_runs(tmp_path / "r", 1))
    site = build_with(tmp_path / "r", tmp_path / "site", Appearance())
    assert not (site / "feed.xml").exists()
    assert "canonical" not in (site / "index.html").read_text()


def test_a_site_with_an_address_has_a_feed_of_its_complete_runs(tmp_path):
    make_run(tmp_path / "r", run_config(models=[model_spec("a/<b>")], run_name='"&<x>'))
    make_run(tmp_path / "r", run_config(run_id="run_20261121T034041Z_a2ca88"), upto=1, finished=False)
    site = build_with(tmp_path / "r", tmp_path / "site", Appearance("T", "https://me.example/b/"))
    feed = ElementTree.parse(site / "feed.xml").getroot()
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == '"&<x> on small'
    assert entry.findtext(f"{ATOM}id") == "https://me.example/b/run/run_20261121T024041Z_a2ca88/index.html"
    page = (site / "run/run_20261121T024041Z_a2ca88/index.html").read_text()
    assert 'rel="canonical" href="https://me.example/b/run/run_20261121T024041Z_a2ca88/index.html"' in page
