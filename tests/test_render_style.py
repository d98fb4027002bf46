"""The rules of look: colours stand in one file and can be read, templates hold neither style nor script."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

from benchgen import assets

TEMPLATES = sorted(assets.templates().rglob("*.html"))
SHEETS = sorted(assets.static().rglob("*.css"))
SCRIPTS = sorted(assets.static().rglob("*.js"))
TOKENS = (assets.static() / "css" / "tokens.css").read_text("utf-8")
# Shown on pages that are not ours, so it cannot take the site's colours from the style sheet.
STANDS_ALONE = "badge.html"
STATUSES = ("passed", "failed", "error", "api-error", "running", "pending")
_TOKEN = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)")
_NEON = re.compile(r"--([\w-]+): (#\w{6});")


def palette(theme: str) -> dict[str, str]:
    found = {name: light if theme == "light" else dark for name, light, dark in _TOKEN.findall(TOKENS)}
    return found | (dict(_NEON.findall(TOKENS)) if theme == "neon" else {})


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    dark, light = sorted((luminance(one), luminance(two)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "neon"])
@pytest.mark.parametrize("ground", ["bg", "surface", "sunken"])
@pytest.mark.parametrize("ink", ["text", "muted", "link"])
def test_text_can_be_read_on_every_ground(theme: str, ground: str, ink: str) -> None:
    colours = palette(theme)
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark", "neon"])
@pytest.mark.parametrize("status", STATUSES)
def test_a_status_can_be_read_on_its_ground_and_on_the_surface(theme: str, status: str) -> None:
    colours = palette(theme)
    assert contrast(colours[status], colours[f"{status}-bg"]) >= 4.5
    assert contrast(colours[status], colours["surface"]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark", "neon"])
def test_borders_of_controls_and_series_are_seen(theme: str) -> None:
    colours = palette(theme)
    assert min(contrast(colours[name], colours["surface"]) for name in ("control", "series-1")) >= 3


def test_no_two_statuses_share_a_colour() -> None:
    for theme in ("light", "dark"):
        colours = palette(theme)
        assert all(colours[one] != colours[two] for one, two in combinations(STATUSES, 2))


@pytest.mark.parametrize("path", [*SHEETS, *SCRIPTS, *TEMPLATES], ids=lambda path: path.name)
def test_colours_stand_in_the_tokens_alone(path: Path) -> None:
    if path.name in ("tokens.css", STANDS_ALONE):
        return
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;,\s\")])|\brgba?\(|\bhsla?\(", path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_token_that_is_used_is_defined(path: Path) -> None:
    every = "".join(sheet.read_text("utf-8") for sheet in SHEETS)
    defined = set(re.findall(r"(--[\w-]+):", every))
    assert set(re.findall(r"var\((--[\w-]+)", path.read_text("utf-8"))) <= defined


def test_every_token_is_used() -> None:
    every = "".join(sheet.read_text("utf-8") for sheet in SHEETS)
    defined = set(re.findall(r"(--[\w-]+):", TOKENS))
    assert defined - set(re.findall(r"var\((--[\w-]+)", every)) == set()


def test_every_class_that_has_a_style_is_given_somewhere() -> None:
    every = re.sub(r"/\*.*?\*/", "", "".join(sheet.read_text("utf-8") for sheet in SHEETS), flags=re.S)
    selectors = "".join(re.findall(r"([^{};]+)\{", every))
    styled = {name.rstrip("012345") for name in re.findall(r"\.([a-zA-Z][\w-]*)", selectors)}
    makers = [path for room in ("panels", "records", "render") for path in (assets.package() / room).rglob("*.py")]
    texts = [re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.S) for path in TEMPLATES]
    texts += [re.sub(r"^\s*//.*", "", path.read_text("utf-8"), flags=re.M) for path in SCRIPTS]
    given = {
        word for text in [*texts, *(path.read_text("utf-8") for path in makers)] for word in re.findall(r"[\w-]+", text)
    }
    assert sorted(styled - given - {"cell-none"}) == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_sheet_stands_in_a_layer(path: Path) -> None:
    rest = re.sub(r"/\*.*?\*/|@layer [\w, ]+;", "", path.read_text("utf-8"), flags=re.S).strip()
    assert rest.startswith("@layer ")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_no_style_no_script_and_no_unescaped_text(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.findall(r"\sstyle=|\son\w+=|\|\s*safe\b|<script(?![^>]*\ssrc=)|autoescape", text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_takes_nothing_from_outside(path: Path) -> None:
    text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"https?://|//\w+\.\w+/", text) == []


@pytest.mark.parametrize(
    ("paths", "most"), [(TEMPLATES, 150), (SHEETS, 250), (SCRIPTS, 250)], ids=["templates", "sheets", "scripts"]
)
def test_no_file_is_too_long(paths: list[Path], most: int) -> None:
    assert [path.name for path in paths if len(path.read_text("utf-8").splitlines()) > most] == []
