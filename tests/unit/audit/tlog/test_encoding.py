"""Each value has one form only."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.audit.tlog.encoding import MAX_NUMBER, base64_bytes, base64_text, decimal, hash_bytes
from tests.unit.audit.tlog.refusing import malformed

PATIENT = settings(deadline=None)


@PATIENT
@given(st.binary(max_size=100))
def test_base64_comes_back(raw: bytes) -> None:
    assert base64_bytes(base64_text(raw), what="value") == raw


@pytest.mark.parametrize("text", ["AQ=", "AQ", "AQ==\n", "A Q==", "AQ-_", "é", "=", "AQ===", "A===", "\ud800"])
def test_what_is_not_base64_is_refused(text: str) -> None:
    with malformed("base64"):
        base64_bytes(text, what="root hash")


def test_the_sentences_name_the_value() -> None:
    with malformed("base64", "The root hash is not base64."):
        base64_bytes("?", what="root hash")
    # AR== ends in the bits 0001: only AQ== writes this byte canonically
    with malformed("base64", "The root hash is not written in the one canonical form of base64."):
        base64_bytes("AR==", what="root hash")


def test_a_hash_has_32_bytes() -> None:
    assert hash_bytes(base64_text(b"h" * 32), what="root hash") == b"h" * 32
    for length in (31, 33):
        with malformed("hash-size", f"The root hash has {length} bytes; a hash has 32."):
            hash_bytes(base64_text(b"h" * length), what="root hash")


@pytest.mark.parametrize("number", [0, 1, 10, 9_007_199_254_740_993, MAX_NUMBER])
def test_whole_numbers_are_read(number: int) -> None:
    assert decimal(str(number), what="size") == number


@pytest.mark.parametrize(
    "text", ["", "00", "01", "-1", "+1", " 1", "1 ", "1_0", "٣", "1.0", "0x1", str(2**63), "1" * 5000]
)
def test_any_other_form_of_a_number_is_refused(text: str) -> None:
    with malformed("number", "The size is not a whole number without leading zeroes below 2^63."):
        decimal(text, what="size")
