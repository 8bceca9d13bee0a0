"""Two payout destinations that are one account have one fingerprint; it opens nothing."""

import pytest

from marketplace.core.crypto import fingerprint
from marketplace.payments.fingerprints import fingerprint_of

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
IBAN = "DE89370400440532013000"


def of(number: str = IBAN, *, rail: str = "bank", institution: str = "Bank of Dodoma", key: bytes = KEY) -> str:
    return fingerprint_of(rail=rail, institution=institution, number=number, key=key)


@pytest.mark.parametrize("number", ["DE89 3704 0044 0532 0130 00", "de89370400440532013000"])
def test_spaces_and_case_do_not_matter(number: str) -> None:
    assert of(number) == of()


@pytest.mark.parametrize("number", [IBAN, "12345678"])
def test_another_spelling_of_the_bank_is_no_way_around(number: str) -> None:
    assert of(number) == of(number, institution="DODOMA BANK PLC")


def test_a_short_number_may_be_of_another_bank() -> None:
    assert of("1234567") != of("1234567", institution="Another Bank")
    assert of("1234567", institution="Crédit  Rural") == of("1234567", institution="credit rural")
    assert of("01234567") != of("01234567", institution="Another Bank"), "seven signs without the zero"


def test_leading_zeros_of_an_account_do_not_matter() -> None:
    assert of("0012345678") == of("12345678")
    assert of("0012345678") != of("123456780")


def test_a_telephone_has_one_owner_whoever_carries_it() -> None:
    mobile = of("+255712345678", rail="mobile_money", institution="mpesa")
    assert mobile == of("+255712345678", rail="mobile_money", institution="airtel_money")
    assert mobile != of("+255712345679", rail="mobile_money", institution="mpesa")
    assert mobile != of("255712345678", rail="bank", institution="mpesa")


def test_it_depends_on_the_key_and_the_purpose_and_holds_nothing_of_the_number() -> None:
    assert of() != of(key=OTHER_KEY)
    assert fingerprint("1", key=KEY, purpose="a") != fingerprint("1", key=KEY, purpose="b")
    assert fingerprint("1", key=KEY, purpose="a") == fingerprint("1", key=KEY, purpose="a")
    assert len(of()) == 64
    assert "3704" not in fingerprint("3704", key=KEY, purpose="a")
