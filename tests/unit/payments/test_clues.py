"""References in the text of a bank's line, however it was typed, and why money that arrived funds no order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.ids import new_reference
from marketplace.core.money import Money
from marketplace.payments.bank_statements.clues import MOST_REFERENCES, Why, names_provider, references, why_wire

# 7F3K92Q has the check symbol D: by modulo 37 as core/ids computes it.
GOOD = new_reference("OR")


def usd(minor: int) -> Money:
    return Money(minor, "USD")


@pytest.mark.parametrize("sign", ["-", "", " "])
@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_a_reference_is_read_however_the_bank_writes_it(sign: str, case: object) -> None:
    written = case(GOOD.replace("-", sign))  # type: ignore[operator]
    assert references([f"Invoice 17, {written}. Thank you"]) == (GOOD,)


@given(st.sampled_from(["OR", "PO", "BP", "SB"]), st.text(max_size=40))
def test_every_reference_of_ours_is_found_between_other_words(prefix: str, around: str) -> None:
    reference = new_reference(prefix)
    assert reference in references([f"{around} {reference} {around}"]) or len(references([around])) >= MOST_REFERENCES


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    reference = "OR-0000-0000"  # the check symbol of seven zeros is zero
    assert references(["or-oooo-oooo"]) == (reference,)


def test_a_part_and_its_tries_have_names_of_their_own() -> None:
    part = new_reference("PO")
    assert references([f"Payout {part}-12", f"{part}-1R2", part]) == (f"{part}-12", f"{part}-1R2", part)


@pytest.mark.parametrize(
    "text", ["", "OR-0000-0001", "OR-000U-0000", "XOR-0000-0000", "OR-0000-00000", "OR-0000-000", "1 2 3"]
)
def test_what_has_another_check_symbol_or_shape_is_no_reference(text: str) -> None:
    assert references([text]) == ()


def test_a_reference_is_counted_once_and_there_is_an_end() -> None:
    assert references([GOOD, GOOD]) == (GOOD,)
    many = [new_reference("OR") for _ in range(MOST_REFERENCES + 1)]
    assert references(many) == tuple(dict.fromkeys(many))[:MOST_REFERENCES]


@pytest.mark.parametrize(
    ("text", "is_it"),
    [
        ("STRIPE TECHNOLOGY EUROPE", True),
        ("Stripe", True),
        ("stripes and dots", False),
        ("pinstripe", False),
        ("", False),
    ],
)
def test_the_provider_is_known_by_its_name(text: str, *, is_it: bool) -> None:
    assert names_provider(["", text]) is is_it


@pytest.mark.parametrize(
    ("amount", "state", "why"),
    [
        (usd(100), "open", Why.WRONG_ACCOUNT),
        (usd(100), "creating", Why.WRONG_ACCOUNT),
        (usd(99), "open", Why.OTHER_AMOUNT),
        (usd(101), "open", Why.OTHER_AMOUNT),
        (Money(100, "EUR"), "open", Why.OTHER_CURRENCY),
        (usd(100), "paid", Why.PAID_ALREADY),
        (Money(99, "EUR"), "paid", Why.PAID_ALREADY),
        (usd(100), "expired", Why.ORDER_ENDED),
        (usd(100), "failed", Why.ORDER_ENDED),
    ],
)
def test_money_for_an_order_says_what_is_wrong(amount: Money, state: str, why: Why) -> None:
    assert why_wire(amount, expected=usd(100), state=state, has_reference=True) is why


def test_money_for_no_order_of_ours() -> None:
    assert why_wire(usd(1), expected=None, state="", has_reference=True) is Why.UNKNOWN_REFERENCE
    assert why_wire(usd(1), expected=None, state="", has_reference=False) is Why.NO_REFERENCE
