"""The lists of revoked credentials: the first bit is the leftmost, and lists that lie are refused."""

import gzip
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from marketplace.audit.tlog.errors import TlogError
from marketplace.audit.verify.multibase import base64url_text
from marketplace.audit.verify.status_lists import (
    LIST_BITS,
    MAX_LIST_BYTES,
    check_not_revoked,
    decoded_list,
    encoded_list,
    status_entry,
    status_list,
)

ADDRESS = "https://market.example/status-lists/0"
SINCE = datetime(2026, 11, 28, 12, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=7)


def listed(*revoked: int) -> dict[str, Any]:
    return status_list(ADDRESS, issuer="did:web:market.example", revoked=revoked, since=SINCE, until=UNTIL)


def code_of(entry: object, found: dict[str, Any], at: datetime = SINCE) -> str:
    with pytest.raises(TlogError) as refused:
        check_not_revoked(entry, listed=found, at=at)
    return refused.value.code


@pytest.mark.parametrize(("index", "byte", "value"), [(0, 0, 0x80), (7, 0, 0x01), (8, 1, 0x80), (131_071, 16_383, 1)])
def test_the_first_bit_is_the_leftmost(index: int, byte: int, value: int) -> None:
    bits = decoded_list(encoded_list([index]))

    assert len(bits) == 16_384
    assert bits[byte] == value
    assert sum(bits) == value


def test_only_the_revoked_one_is_revoked() -> None:
    assert check_not_revoked(status_entry(ADDRESS, index=6), listed=listed(5, 7), at=UNTIL) == SINCE
    assert code_of(status_entry(ADDRESS, index=5), listed(5, 7)) == "revoked"
    assert code_of(status_entry(ADDRESS, index=6), listed(), at=UNTIL + timedelta(seconds=1)) == "list-expired"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"statusListIndex": 6}, "status"),
        ({"statusListIndex": "-1"}, "status"),
        ({"statusListIndex": "٣"}, "status"),
        ({"statusListIndex": "123456789"}, "status"),
        ({"statusListIndex": str(LIST_BITS)}, "status"),
        ({"statusPurpose": "suspension"}, "other-list"),
        ({"statusListCredential": "https://evil.example"}, "other-list"),
    ],
)
def test_an_entry_that_fits_no_bit_is_refused(change: dict[str, Any], code: str) -> None:
    assert code_of({**status_entry(ADDRESS, index=6), **change}, listed()) == code


def test_a_credential_without_a_status_is_refused() -> None:
    assert code_of(None, listed()) == "status"
    assert code_of(status_entry(ADDRESS, index=1), {**listed(), "credentialSubject": 5}) == "status"


@pytest.mark.parametrize(
    "raw",
    [
        gzip.compress(bytes(LIST_BITS // 8 - 1), mtime=0),
        gzip.compress(bytes(MAX_LIST_BYTES + 1), mtime=0),
        gzip.compress(bytes(LIST_BITS // 8), mtime=0) + b"more",
        gzip.compress(bytes(LIST_BITS // 8), mtime=0)[:-4],
        b"no gzip",
    ],
    ids=["short", "long", "with more behind", "cut", "no gzip"],
)
def test_a_list_too_short_too_long_or_cut_is_refused(raw: bytes) -> None:
    with pytest.raises(TlogError) as refused:
        decoded_list("u" + base64url_text(raw))
    assert refused.value.code == "status-list"


def test_a_list_in_another_encoding_is_refused() -> None:
    with pytest.raises(TlogError):
        decoded_list("z" + encoded_list([])[1:])
    assert len(decoded_list("u" + base64url_text(gzip.compress(bytes(MAX_LIST_BYTES))))) == MAX_LIST_BYTES
