"""What stands around a page is rendered once for many of them, and is the same as if each had it made anew."""

from __future__ import annotations

import pytest
from factories import make_runs

from benchgen import assets
from benchgen.catalog.tasks import Catalog
from benchgen.pages.listing import Site
from benchgen.panels.appearance import Appearance, about
from benchgen.render.kept import MOST, Kept, place_of
from benchgen.render.renderer import Renderer
from benchgen.store.runs import Results

LOOK = Appearance("A site", "https://example.org/", (about("imprint", "# Imprint"), about("team", "# Team")))


@pytest.mark.parametrize("live", [False, True])
def test_every_page_is_the_same_as_if_nothing_had_been_kept(live, tmp_path):
    list(make_runs(tmp_path, 2))
    keeping, forgetful = Renderer(appearance=LOOK), Renderer(appearance=LOOK)
    forgetful._environment.globals["kept"] = lambda *key, caller: caller()
    catalog = Catalog(assets.tasks())
    pages, anew = (
        Site(Results(tmp_path), one, catalog, live=live, appearance=LOOK).all() for one in (keeping, forgetful)
    )
    for page, other in zip(pages, anew, strict=True):
        assert page.path == other.path
        assert page.render() == other.render(), page.path


def test_pages_far_below_share_their_surroundings_and_those_in_the_navigation_do_not():
    assert place_of("run/one/a/first.html") == place_of("run/one/a/second.html") != place_of("run/two/a/first.html")
    assert place_of("about/imprint.html") != place_of("about/team.html")
    assert place_of("index.html") != place_of("404.html")


def test_no_more_is_kept_than_so_many_parts():
    kept = Kept()
    for number in range(3 * MOST):
        kept(number, caller=str)
    assert len(kept._parts) <= MOST
