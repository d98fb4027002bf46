"""Redaction: no known secret and nothing that looks like a key survives, and ordinary text does."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchgen.redact import Redactor

CANARY = 'can"ary\\é-7f3a91'
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow+/IBAAKCAQ==\nq83vEjRWeJA=\n-----END RSA PRIVATE KEY-----"
KEYS = [
    "sk-proj-abcDEF0123456789abcDEF0123456789",
    "sk-ant-api03-aBcD_eFgH-0123456789xyz",
    "sk-or-v1-" + "0123456789abcdef" * 4,
    "AKIAIOSFODNN7EXAMPLE",
    "ghp_" + "aB3" * 12,
    "github_pat_11ABCDEFG0" + "x" * 40,
    "xoxb-123456789012-abcdefABCDEF",
    "AIza" + "Sy_0-" * 7,
    "hf_" + "aBcD" * 9,
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
    PEM,
]
ORDINARY = [
    "task-python-expert-workflow-scheduler-0123456789",
    "risk-adjusted-return-of-2026-portfolios",
    "the bearer of this letter",
    "sk-learn",
    "5f" * 32,
    "-----BEGIN CERTIFICATE-----",
]


@pytest.mark.parametrize("key", KEYS)
def test_what_looks_like_a_key_is_replaced_wherever_it_stands(key):
    assert key not in Redactor().text(f"token={key}, and so on")


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_is_left_as_it_is(text):
    assert Redactor().text(text) == text


def test_a_bearer_token_goes_and_the_word_stays():
    assert (
        Redactor().text("Authorization: Bearer abcdefghij0123456789") == "Authorization: Bearer [redacted bearer token]"
    )


def test_a_known_value_is_replaced_by_its_name():
    assert Redactor({"ACME_API_KEY": "hunter2-hunter2"}).text("x hunter2-hunter2 y") == "x [redacted ACME_API_KEY] y"


def test_a_secret_inside_another_does_not_leave_the_rest_of_it():
    redactor = Redactor({"SHORT": "abcdefgh", "LONG": "abcdefgh-ijkl"})
    assert redactor.text("abcdefgh-ijkl abcdefgh") == "[redacted LONG] [redacted SHORT]"


def test_values_too_short_to_be_secrets_do_not_spoil_the_text():
    assert Redactor({"KEY": "none", "EMPTY": ""}).text("none of it") == "none of it"


@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_secret_is_found_in_its_json_spelling(ascii_only):
    data = json.dumps({"text": f"it is {CANARY}!"}, ensure_ascii=ascii_only).encode()
    assert json.loads(Redactor({"CANARY": CANARY}).bytes(data)) == {"text": "it is [redacted CANARY]!"}


@pytest.mark.parametrize("key", KEYS)
def test_redacted_json_is_json(key):
    data = json.dumps({"a": key, "b": ["Bearer " + key, "rest"]}).encode()
    clean = json.loads(Redactor().bytes(data))
    assert key not in json.dumps(clean)
    assert clean["b"][1] == "rest"


def test_a_private_key_cut_off_in_an_excerpt_is_replaced_too():
    data = json.dumps({"a": PEM[:60], "b": "kept"}).encode()
    assert json.loads(Redactor().bytes(data)) == {"a": "[redacted private key]", "b": "kept"}


def test_clean_bytes_come_back_as_the_very_same_object():
    data = b"nothing to see"
    assert Redactor({"KEY": "a-long-secret"}).bytes(data) is data


def test_secrets_do_not_show_in_a_traceback():
    assert "hunter2" not in repr(Redactor({"KEY": "hunter2-hunter2"}))


@given(st.binary(max_size=200), st.text(min_size=8, max_size=30))
def test_no_bytes_make_it_fail_and_no_known_secret_is_left(noise, secret):
    spelled = secret.encode("utf-8", "surrogatepass")
    clean = Redactor({"S": secret}).bytes(noise + spelled + noise)
    assert spelled not in clean or spelled in b"[redacted S]" or spelled in noise


@given(st.text(), st.lists(st.sampled_from(KEYS)))
def test_redacting_twice_changes_nothing_more(text, keys):
    once = Redactor({"CANARY": CANARY}).text(text + " ".join([*keys, CANARY]))
    assert Redactor({"CANARY": CANARY}).text(once) == once


@pytest.mark.parametrize("piece", [b"sk-", b"-eyJabcdefgh", b".eyJabc"])
def test_a_megabyte_that_begins_like_a_key_again_and_again_stalls_nobody(piece):
    data = piece * (1_000_000 // len(piece))
    assert Redactor().bytes(data) == data


@pytest.mark.parametrize("before", [b"", b'"', b"x-", b"KEY_", b"a.", b"sk-", b"task-sk-"])
def test_a_key_is_found_whatever_stands_before_it(before):
    for key in (b"sk-abcDEF0123456789abcDEF", b"eyJhbGciOiJI.eyJzdWIiOiIx.dozjgNryP4J3"):
        found = Redactor().bytes(before + key + b" and more")
        assert b"0123456789" not in found and b"eyJzdWIiOiIx" not in found
        assert found.endswith(b"] and more")
