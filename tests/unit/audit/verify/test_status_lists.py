"""The lists of revoked credentials: the first bit is the leftmost, and lists that lie are refused."""

import gzip
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from marketplace.audit.tlog.errors import DoesNotHold, Malformed, TlogError
from marketplace.audit.verify.multibase import base64url_bytes, base64url_text
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


def refused(entry: object, found: dict[str, Any], at: datetime = SINCE) -> tuple[type[TlogError], str, str]:
    with pytest.raises(TlogError) as error:
        check_not_revoked(entry, listed=found, at=at)
    return type(error.value), error.value.code, error.value.message


def refused_list(text: str) -> tuple[type[TlogError], str, str]:
    with pytest.raises(TlogError) as error:
        decoded_list(text)
    return type(error.value), error.value.code, error.value.message


def test_a_credential_names_its_bit_and_its_list() -> None:
    assert status_entry(ADDRESS, index=94) == {
        "id": "https://market.example/status-lists/0#94",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94",
        "statusListCredential": "https://market.example/status-lists/0",
    }


def test_a_list_is_a_credential_of_its_issuer_for_a_time() -> None:
    assert listed(3) == {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "https://market.example/status-lists/0",
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "did:web:market.example",
        "validFrom": "2026-11-28T12:00:00Z",
        "validUntil": "2026-12-05T12:00:00Z",
        "credentialSubject": {
            "id": "https://market.example/status-lists/0#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded_list([3]),
        },
    }


def test_the_same_list_is_the_same_text_whenever_it_is_written() -> None:
    text = encoded_list([9, 0, 1])

    assert text[0] == "u"
    raw = base64url_bytes(text[1:], what="list")
    assert raw[4:8] == bytes(4)  # where gzip notes the time
    assert gzip.decompress(raw) == b"\xc0\x40" + bytes(16_382)


def test_a_refusal_says_what_is_wrong_with_the_status() -> None:
    entry = status_entry(ADDRESS, index=5)
    no_number = (Malformed, "status", "The credential's place in the list is not a number.")
    other_list = (
        DoesNotHold,
        "other-list",
        "The list of revoked credentials is not the one that the credential names.",
    )

    assert refused(None, listed()) == (
        Malformed,
        "status",
        "The credential does not say where its status stands.",
    )
    assert refused(entry, listed(5)) == (DoesNotHold, "revoked", "The issuer has revoked this credential.")
    assert refused(entry, listed(), at=UNTIL + timedelta(seconds=1)) == (
        DoesNotHold,
        "list-expired",
        "The list of revoked credentials is too old. Fetch it again.",
    )
    assert refused({**entry, "statusListIndex": "five"}, listed()) == no_number
    assert refused({**entry, "statusListIndex": "123456789"}, listed()) == no_number
    assert refused({**entry, "statusPurpose": "suspension"}, listed()) == other_list
    found = listed()
    assert refused(entry, {**found, "credentialSubject": {**found["credentialSubject"], "statusPurpose": "x"}}) == (
        other_list
    )


def test_the_last_place_of_a_list_is_its_last_bit() -> None:
    last = status_entry(ADDRESS, index=131_071)
    behind = (Malformed, "status", "The credential's place is behind the end of the list.")

    assert check_not_revoked(last, listed=listed(131_070), at=SINCE) == SINCE
    assert refused(last, listed(131_071))[1] == "revoked"
    assert refused({**last, "statusListIndex": "131072"}, listed()) == behind
    assert refused({**last, "statusListIndex": "12345678"}, listed()) == behind


@pytest.mark.parametrize("index", range(8, 16))
def test_every_other_bit_of_a_byte_says_nothing_about_one(index: int) -> None:
    others = [each for each in range(24) if each != index]

    assert check_not_revoked(status_entry(ADDRESS, index=index), listed=listed(*others), at=SINCE) == SINCE


@pytest.mark.parametrize(
    ("name", "what"),
    [("validFrom", "from which the list is valid"), ("validUntil", "until which the list is valid")],
)
def test_a_list_says_from_when_until_when_it_is_valid(name: str, what: str) -> None:
    entry, found = status_entry(ADDRESS, index=5), listed()
    words = f"The time {what} is not written as year-month-day, T, hours and a zone."

    for time in (None, "tomorrow"):
        assert refused(entry, {**found, name: time}) == (Malformed, "time", words)


def test_a_refusal_says_what_is_wrong_with_the_list() -> None:
    not_gzip = (Malformed, "status-list", "The list of revoked credentials is not compressed with gzip.")
    cut = (Malformed, "status-list", "The list of revoked credentials is too short, too long or cut.")
    bits = bytes(16_384)

    assert refused_list(encoded_list([])[1:]) == (
        Malformed,
        "status-list",
        "The list of revoked credentials is not base64url with a u in front.",
    )
    assert refused_list("u!") == (Malformed, "base64url", "The list of revoked credentials is not base64url.")
    assert refused_list("u" + base64url_text(zlib.compress(bits))) == not_gzip
    assert refused_list("u" + base64url_text(gzip.compress(bits)[:-1])) == cut
    assert refused_list("u" + base64url_text(gzip.compress(bits[1:]))) == cut
    assert refused_list("u" + base64url_text(gzip.compress(bits) + b"x")) == cut
    assert refused_list("u" + base64url_text(gzip.compress(bytes(1_048_577)))) == cut


def test_a_list_without_bits_is_none() -> None:
    found = listed()
    without = {name: each for name, each in found["credentialSubject"].items() if name != "encodedList"}

    assert refused(status_entry(ADDRESS, index=5), {**found, "credentialSubject": without})[1] == "status-list"


def test_a_list_that_would_fill_the_memory_is_not_unpacked() -> None:
    bomb = "u" + base64url_text(gzip.compress(bytes(32 * MAX_LIST_BYTES)))

    tracemalloc.start()
    try:
        assert refused_list(bomb)[1] == "status-list"
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 4 * MAX_LIST_BYTES
