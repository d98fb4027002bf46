"""Names made from ids: safe, one-to-one where they must be, and spelled as the seeds spell them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchgen import paths

anything = st.text(alphabet=st.characters(exclude_categories=[]), max_size=200)
HOSTILE = [
    "../../etc/passwd",
    "..",
    ".",
    "",
    "a/b",
    "a\\b",
    "nul\0",
    ".hidden",
    "ü" * 90,
    "x" * 500,
    "CON:1",
    "a\nb",
    "\ud800",
]


@pytest.mark.parametrize("identifier", HOSTILE)
def test_a_hostile_id_stays_one_visible_part_of_a_path(identifier):
    for name in (paths.file_name(identifier), paths.attempt_folder(identifier), paths.slug(identifier)):
        assert re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*", name)


@given(anything)
def test_a_slug_that_keeps_its_id_is_the_id_and_any_other_carries_a_hash(identifier):
    slug = paths.slug(identifier)
    assert slug == identifier or slug.endswith(f"-{paths.six(identifier)}")


@given(st.sets(anything, min_size=2, max_size=20))
def test_different_ids_have_different_slugs_on_any_file_system(identifiers):
    slugs = {paths.slug(identifier).casefold() for identifier in identifiers}
    assert len(slugs) == len(identifiers)


def test_ids_that_differ_by_case_or_by_what_is_replaced_do_not_collide():
    ids = ["acme/Fast", "acme/fast", "acme:fast", "acme-fast", "ACME-FAST"]
    assert len({paths.slug(identifier) for identifier in ids}) == len(ids)


@given(anything)
def test_a_slug_of_a_slug_is_itself(identifier):
    assert paths.slug(paths.slug(identifier)) == paths.slug(identifier)


@given(st.lists(anything, max_size=20, unique=True))
def test_attempt_folders_settled_one_after_another_never_collide(identifiers):
    taken = set()
    for identifier in identifiers:
        name = paths.attempt_folder(identifier, taken)
        assert name.lower() not in taken
        assert len(name) <= paths.LONGEST_NAME
        taken.add(name.lower())


def test_an_attempt_is_spelled_as_seed_001_spells_it():
    name = paths.attempt_id("go_feature_wordcount", "openrouter/google/gemini-pro", 0)
    assert paths.attempt_folder(name) == "go_feature_wordcount__openrouter_google_gemini-pro__sample00"


def test_a_retry_has_its_own_id():
    assert paths.attempt_id("t", "m", 1, 2) == "t__m__sample01__r2"


@pytest.mark.parametrize("text", ["run_20261121T024041Z_a2ca88", "waa_eval_20260117", "v1.2"])
def test_foreign_run_names_are_kept_where_they_are_plain(text):
    assert paths.is_run_id(text)


@pytest.mark.parametrize("text", ["", ".", "..", ".hidden", "a/b", "a b", "é", "x" * 129, "a\n"])
def test_no_run_id_leads_out_of_its_folder(text):
    assert not paths.is_run_id(text)


def test_only_our_own_run_ids_say_when():
    assert paths.is_our_run_id("run_20261121T024041Z_a2ca88")
    assert not paths.is_our_run_id("run_20261121T024041Z_XYZ")
