"""The bytes of an audit entry."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from marketplace.audit.leaf import Change, LeafTooLarge, Target, disclose, leaf_bytes, plain
from marketplace.core.errors import DomainError
from marketplace.http.errors import status_of

AT = datetime(2026, 9, 29, 9, 0, tzinfo=UTC)


def change(**more: object) -> Change:
    facts: dict[str, object] = {
        "at": AT,
        "action": "lot.publish",
        "targets": [Target("lot", "1")],
        "outcome": "ok",
        "hashes": {},
        "details": {},
    }
    return Change(**{**facts, **more})  # type: ignore[arg-type]


def test_the_leaf_is_canonical_json_with_sorted_keys_and_digests() -> None:
    disclosures = [disclose("b", "2", salt=b"s" * 16), disclose("a", "1", salt=b"t" * 16)]
    leaf = leaf_bytes(change(), event_id=UUID(int=7), nonce=b"\x00" * 16, disclosures=disclosures)
    read = json.loads(leaf)
    assert list(read) == sorted(read)
    assert b" " not in leaf
    assert read["at"] == "2026-09-29T09:00:00Z"
    assert read["tgt"] == [{"id": "1", "type": "lot"}]
    assert read["_sd"] == sorted(item.digest for item in disclosures)
    assert b"alice" not in leaf


def test_a_disclosure_is_the_base64url_of_salt_name_and_value_and_the_digest_is_of_that_text() -> None:
    # RFC 9901 section 4.2.3: the digest is over the ASCII bytes of the base64url text, not of what it encodes.
    item = disclose("family_name", "Möbius", salt=b"0123456789abcdef")
    assert json.loads(base64.urlsafe_b64decode(item.encoded + "==")) == [
        "MDEyMzQ1Njc4OWFiY2RlZg",
        "family_name",
        "Möbius",
    ]
    expected = base64.urlsafe_b64encode(hashlib.sha256(item.encoded.encode()).digest()).rstrip(b"=").decode()
    assert item.digest == expected


def test_an_entry_over_the_limit_of_a_log_is_refused() -> None:
    many = [Target("lot", "x" * 1000)] * 70
    with pytest.raises(LeafTooLarge) as refused:
        leaf_bytes(change(targets=many), event_id=UUID(int=7), nonce=b"", disclosures=[])
    assert isinstance(refused.value, DomainError)
    assert (status_of(refused.value), refused.value.code) == (409, "entry_too_large")
    assert "smaller parts" in refused.value.message


def test_numbers_become_text_because_readers_of_json_round_large_ones() -> None:
    assert plain({"minor": 2**60, "weight": Decimal("3.42"), "yes": True, "none": None, "list": (1, "a")}) == {
        "minor": str(2**60),
        "weight": "3.42",
        "yes": True,
        "none": None,
        "list": ["1", "a"],
    }


@given(st.text(), st.text())
def test_no_two_facts_share_a_digest_under_different_salts(name: str, value: str) -> None:
    assert disclose(name, value, salt=b"a" * 16).digest != disclose(name, value, salt=b"b" * 16).digest


@given(st.text(), st.text(), st.dictionaries(st.text(), st.text()))
def test_a_leaf_has_the_very_bytes_of_canonical_json(action: str, thing: str, hashes: dict[str, str]) -> None:
    written = leaf_bytes(
        Change(datetime(2026, 9, 29, 9, tzinfo=UTC), action, [Target("lot", thing)], "ok", hashes, {}),
        event_id=UUID(int=7),
        nonce=b"",
        disclosures=[],
    )
    assert written == rfc8785.dumps(json.loads(written))
    assert json.loads(written)["obj"] == hashes
