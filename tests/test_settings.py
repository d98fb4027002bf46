"""Settings and where they come from: the shell wins over `.env`, that over the files, those over the defaults."""

from __future__ import annotations

import pytest

from benchgen.errors import BadFile, UsageError
from benchgen.settings import read


def test_without_any_source_the_defaults_hold_and_say_so(tmp_path):
    found = read({}, tmp_path).settings
    assert found.values["results_dir"].value == "benchmark_results"
    assert {value.origin for value in found.values.values()} == {"default"}


def test_each_source_wins_over_the_ones_below_it(tmp_path):
    origins = []
    (tmp_path / "pyproject.toml").write_text('[tool.benchgen]\nsite_dir = "p"\n')
    origins.append(read({}, tmp_path).settings.values["site_dir"])
    (tmp_path / "benchgen.toml").write_text('site_dir = "t"\n')
    origins.append(read({}, tmp_path).settings.values["site_dir"])
    (tmp_path / ".env").write_text("BENCHGEN_SITE_DIR=e\n")
    origins.append(read({}, tmp_path).settings.values["site_dir"])
    origins.append(read({"BENCHGEN_SITE_DIR": "s"}, tmp_path).settings.values["site_dir"])
    assert [(one.value, one.origin) for one in origins] == [
        ("p", "[tool.benchgen] in pyproject.toml"),
        ("t", "benchgen.toml"),
        ("e", "BENCHGEN_SITE_DIR in .env"),
        ("s", "BENCHGEN_SITE_DIR in the shell"),
    ]


def test_the_names_that_seed_001_uses_are_read(tmp_path):
    found = read({"DEFAULT_MODEL": "a/b", "DEFAULT_TEMPERATURE": "0.2"}, tmp_path).settings
    assert (found.get("model"), found.get("temperature")) == ("a/b", "0.2")


def test_keys_are_secrets_and_never_settings(tmp_path):
    found = read({"OPENROUTER_API_KEY": "sk-or-1234567890"}, tmp_path)
    assert found.secrets.keys == {"OPENROUTER_API_KEY": "sk-or-1234567890"}
    assert "sk-or" not in repr(found)


def test_an_endpoint_names_the_variable_of_its_key(tmp_path):
    (tmp_path / "benchgen.toml").write_text(
        '[endpoints.house]\nbase_url = "http://127.0.0.1:9/v1"\nkey_env = "HOUSE_KEY"\n'
    )
    found = read({"HOUSE_KEY": "abcdefgh"}, tmp_path)
    assert found.settings.endpoints["house"].key_env == "HOUSE_KEY"
    assert found.secrets.keys == {"HOUSE_KEY": "abcdefgh"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense = 1", "unknown setting 'nonsense'"),
        ("results_dir = 3", "$.results_dir"),
        ("[endpoints.x]\nkey_env = 'K'", "base_url"),
        ("a = = b", "not valid TOML"),
        ("[endpoints.x]\nbase_url = 'https://x'\nkey = 'sk-1'", "unknown setting 'key'"),
        ("[infra.x]\nhourly_usd = 1\nsort = 'gpu_time'", "unknown setting 'sort'"),
        ("[infra.x]\nhourly_usd = nan", "hourly_usd is no amount"),
        ("[prices.'a/b']\ninput = -1\noutput = 1", "input is no amount"),
        ("[site]\ntitel = 'x'", "unknown setting 'titel'"),
        ("[openbench]\ncomand = 'x'", "unknown setting 'comand'"),
    ],
)
def test_a_bad_file_is_refused_with_the_field(tmp_path, text, said):
    (tmp_path / "benchgen.toml").write_text(text)
    with pytest.raises(BadFile) as caught:
        read({}, tmp_path)
    assert said in str(caught.value)
    assert "benchgen.toml" in caught.value.where


def test_a_key_in_the_place_of_its_variables_name_is_refused_and_not_repeated(tmp_path):
    key = "sk-canary-0123456789abcdefghij"
    (tmp_path / "benchgen.toml").write_text(f'[endpoints.house]\nbase_url = "https://x"\nkey_env = "{key}"\n')
    with pytest.raises(BadFile) as caught:
        read({}, tmp_path)
    assert "[endpoints.house]" in str(caught.value)
    assert "canary" not in str(caught.value)


def test_a_key_is_taken_without_the_line_end_that_was_pasted_with_it(tmp_path):
    assert read({"OPENAI_API_KEY": " sk-1\n"}, tmp_path).secrets.keys == {"OPENAI_API_KEY": "sk-1"}


@pytest.mark.parametrize("value", ["warm", "nan"])
def test_a_temperature_that_is_no_number_names_its_source(tmp_path, value):
    with pytest.raises(UsageError) as caught:
        read({"DEFAULT_TEMPERATURE": value}, tmp_path)
    assert "DEFAULT_TEMPERATURE in the shell" in str(caught.value)


def test_a_named_env_file_must_exist(tmp_path):
    with pytest.raises(UsageError):
        read({}, tmp_path, tmp_path / "missing.env")
