"""A run as one HTML file: everything that its links lead to stands in it, and nothing is asked for."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from pathlib import Path

import factories
import pytest
import toys
from showroom import PIXEL, files_to_send
from site_links import broken_links

from benchgen.errors import UsageError
from benchgen.pages import one_file
from benchgen.pages.listing import Site
from benchgen.render.renderer import Renderer
from benchgen.store.runs import Results

HOSTILE = '"><script>alert(1)</script><a href="https://evil.example" id="content">'


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, Path]:
    return files_to_send(tmp_path_factory.mktemp("results"), tmp_path_factory.mktemp("files"))


def test_there_is_a_file_of_every_kind(files):
    assert {name.partition(" ")[0] for name in files} == {"agent", "code", "dataset"}


def test_every_link_leads_to_an_anchor_of_the_same_file(files):
    for path in files.values():
        assert broken_links(path.parent) == []


def test_an_anchor_is_there_once(files):
    for path in files.values():
        ids = Counter(re.findall(r'<[a-z][^<>]* id="([^"]*)"', path.read_text()))
        assert [name for name, count in ids.items() if count > 1] == []


def test_the_policy_allows_the_style_and_the_scripts_that_stand_in_it_and_no_others(files):
    text = next(iter(files.values())).read_text()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    for tag in ("script", "style"):
        allowed = re.search(rf"{tag}-src ([^;]*)", policy)[1].split()
        standing = [
            f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'"
            for one in re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.S)
        ]
        assert allowed == standing


def test_pictures_of_an_episode_come_along(files):
    (path,) = (path for name, path in files.items() if name.startswith("agent"))
    assert f'src="data:image/png;base64,{base64.b64encode(PIXEL).decode()}"' in path.read_text()


def test_all_attempts_of_a_long_run_stand_on_its_page(tmp_path):
    run = factories.make_run(tmp_path, factories.run_config(tasks=130))
    text = Site(Results(tmp_path), Renderer()).one_file(run.name).decode()
    assert text.count('<div class="sheet" id="~a~') == 130
    assert len(re.findall(r'<tr id="[^~"]+"', text)) == 130
    assert not re.search(r"<table[^<>]* data-index", text)


def test_names_and_answers_from_outside_stay_text(tmp_path):
    config = factories.run_config(models=[f"acme/{HOSTILE}"], benchmark_name=HOSTILE, run_name=HOSTILE)
    run = factories.make_run(tmp_path, config, ["tests_failed"])
    text = Site(Results(tmp_path), Renderer()).one_file(run.name).decode()
    assert text.count("<script>") == 2
    assert "evil.example" in text
    assert not re.search(r'href="https://evil', text)


def test_a_run_that_is_too_large_for_one_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(one_file, "LARGEST", 10_000)
    run = factories.make_run(tmp_path, factories.run_config())
    with pytest.raises(UsageError, match="larger than one file should be"):
        Site(Results(tmp_path), Renderer()).one_file(run.name)


def test_the_command_writes_the_same_file_each_time(tmp_path):
    root = tmp_path / "benchmark_results"
    factories.make_run(root, factories.run_config())
    for name in ("a.html", "b.html"):
        assert toys.run("export", "latest", "--format", "html", "--to", name, cwd=tmp_path).returncode == 0
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    refused = toys.run("export", "latest", "--format", "html", "--golden", cwd=tmp_path)
    assert refused.returncode == 2
