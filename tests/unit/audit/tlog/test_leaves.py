"""Entries and disclosures."""

import base64
import json

import pytest

from marketplace.audit.tlog.leaves import MAX_LEAF_BYTES, Disclosed, check_disclosure, digest_of, parse_leaf, read_json
from tests.unit.audit.tlog.refusing import does_not_hold, malformed
from tests.unit.audit.tlog.small_log import disclosure, leaf


def told(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def test_our_own_entry_is_read() -> None:
    assert parse_leaf(leaf(7))["n"] == "7"


def test_the_disclosure_of_the_standard_has_the_digest_of_the_standard() -> None:
    # RFC 9901 section 4.2.3: the disclosure of family_name, and its digest
    encoded = "WyI2cU1RdlJMNWhhaiIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
    assert digest_of(encoded) == "uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY"
    assert check_disclosure(encoded, leaf={"_sd": [digest_of(encoded)]}) == Disclosed("family_name", "Möbius")


@pytest.mark.parametrize(
    ("raw", "code", "sentence"),
    [
        (b"", "leaf-json", "The entry is not JSON that every program reads alike."),
        (b"{", "leaf-json", None),
        (b"\xff", "leaf-json", None),
        (b'{"a":1,"a":1}', "leaf-json", None),
        (b'{"a":NaN}', "leaf-json", None),
        (b"[" * 60_000, "leaf-json", None),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "leaf-json", None),
        (b'{"a":' + b"1" * 5000 + b"}", "leaf-json", None),
        (b"[]", "leaf-json", "The entry is not a JSON object."),
        (b'"a"', "leaf-json", "The entry is not a JSON object."),
        (b'{"a":9007199254740992}', "leaf-number", "The entry has a number that other programs would round."),
        (b'{"a":1e400}', "leaf-number", None),
        (b'{"a":"\\ud800"}', "leaf-json", "The entry has a text that UTF-8 cannot write."),
        (b'{"a": 1}', "leaf-canonical", "The entry is not written in canonical JSON (RFC 8785)."),
        (b'{"b":1,"a":1}', "leaf-canonical", None),
        (b'{"a":1}\n', "leaf-canonical", None),
        (b'{"a":"\\u0061"}', "leaf-canonical", None),
        (b'{"a":1.0}', "leaf-canonical", None),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_an_entry_that_is_not_ours_is_refused(raw: bytes, code: str, sentence: str | None) -> None:
    with malformed(code, sentence):
        parse_leaf(raw)


def test_the_largest_number_and_the_longest_entry_are_read() -> None:
    assert parse_leaf(b'{"a":9007199254740991}') == {"a": 9_007_199_254_740_991}
    longest = b'{"a":"' + b"x" * (MAX_LEAF_BYTES - 8) + b'"}'
    assert len(longest) == MAX_LEAF_BYTES == 65_535
    assert parse_leaf(longest)
    with malformed("leaf-size", "The entry has 65536 bytes; at most 65535 fit."):
        parse_leaf(longest[:-2] + b'x"}')


def test_a_disclosure_belongs_to_one_entry() -> None:
    mine = disclosure("reason", "clear photo")
    assert check_disclosure(mine, leaf=parse_leaf(leaf(1, mine))) == Disclosed("reason", "clear photo")
    sentence = "A disclosure does not belong to its entry: it was altered or exchanged."
    for foreign in (leaf(1), leaf(1, disclosure("reason", "blurred")), b'{"_sd":"x"}', b'{"_sd":{}}', b"{}"):
        with does_not_hold("disclosure", sentence):
            check_disclosure(mine, leaf=parse_leaf(foreign))


@pytest.mark.parametrize(
    ("encoded", "sentence"),
    [
        ("é", "A disclosure is not base64url."),
        ("\ud800", "A disclosure is not base64url."),
        ("A", "A disclosure is not base64url."),
        ("?", "A disclosure is not base64url."),
        (told(b"x"), "The disclosure is not JSON that every program reads alike."),
        (told(b'["s","a",1,2]'), "A disclosure is not a list of salt, name and value."),
        (told(b'["s",1,1]'), "A disclosure is not a list of salt, name and value."),
        (told(b'[1,"a",1]'), "A disclosure is not a list of salt, name and value."),
        (told(b"{}"), "A disclosure is not a list of salt, name and value."),
    ],
    ids=ascii,
)
def test_a_malformed_disclosure_is_refused_even_when_its_digest_fits(encoded: str, sentence: str) -> None:
    known = {"_sd": [digest_of(encoded)] if encoded.isascii() else []}
    with malformed("disclosure-form", sentence):
        check_disclosure(encoded, leaf=known)


def test_a_disclosure_holds_any_value_and_any_length() -> None:
    for value in (None, True, 1, "x", [1], {"a": "b"}, "y" * 5):
        encoded = told(json.dumps(["s", "n", value]).encode())
        assert check_disclosure(encoded, leaf={"_sd": [digest_of(encoded)]}) == Disclosed("n", value)


def test_json_is_read_with_the_code_of_its_reader() -> None:
    assert read_json(b"[1]", what="line", code="x") == [1]
    with malformed("x", "The line is not JSON that every program reads alike."):
        read_json(b"Infinity", what="line", code="x")
