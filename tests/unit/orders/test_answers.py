"""What people type on order forms: right, or told at once what is wrong with each field."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.orders import answers
from marketplace.orders.answers import Receipt
from marketplace.orders.move_answers import read_decision
from tests.builders.orders import DELIVERY_FORM, PARCEL_FORM

READERS: list[Callable[[Mapping[str, str]], Any]] = [
    answers.read_delivery,
    lambda typed: answers.read_parcel(typed, currency="USD"),
    answers.read_receipt,
    answers.read_problem,
    answers.read_decline,
    lambda typed: read_decision(typed, currency="USD"),
    answers.read_proof,
]


def wrong_fields(read: Callable[[Mapping[str, str]], Any], typed: Mapping[str, str]) -> set[str]:
    with pytest.raises(InvalidInput) as refused:
        read(typed)
    return set(refused.value.fields)


def test_a_parcel_is_read_with_its_units_and_money() -> None:
    parcel = answers.read_parcel(PARCEL_FORM, currency="USD")

    assert (parcel.weight_mg, parcel.insured) == (684, Money(500_000, "USD"))
    assert (parcel.carrier, parcel.tracking) == ("DHL", "JD 0146 0000")


def test_every_wrong_field_is_named_at_once() -> None:
    assert wrong_fields(READERS[0], {}) == {"recipient", "street", "city", "country", "phone", "terms"}
    assert wrong_fields(READERS[1], {}) == {"carrier", "tracking", "seal_number", "weight_unit", "insured"}
    assert wrong_fields(READERS[2], {"weight_unit": "ct"}) == {"seal_intact", "weight"}
    assert wrong_fields(READERS[3], {"kind": "boredom", "text": "short"}) == {"kind", "text"}
    assert wrong_fields(READERS[4], {}) == {"kind"}
    assert wrong_fields(READERS[5], {"decision": "refund", "text": "because"}) == {"text"}
    assert wrong_fields(READERS[6], {"proof": "x"}) == {"proof"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("weight", "NaN"),
        ("weight", "-3.42"),
        ("weight", "1e9"),
        ("weight", "3,4,2"),
        ("weight", "0"),
        ("weight_unit", "tola"),
        ("insured", "minus ten"),
        ("insured", "NaN"),
        ("tracking", "x" * 61),
        ("carrier", "\x00"),
    ],
)
def test_tricks_with_numbers_and_units_are_refused(field: str, value: str) -> None:
    assert field in wrong_fields(READERS[1], {**PARCEL_FORM, field: value})


def test_a_comma_is_a_decimal_mark() -> None:
    typed = {"seal_intact": "no", "weight": "3,42", "weight_unit": "ct"}

    assert answers.read_receipt(typed) == Receipt(seal_intact=False, weight_mg=684)


def test_an_address_without_postcode_is_an_address() -> None:
    assert answers.read_delivery({**DELIVERY_FORM, "postcode": ""}).postcode == ""


@given(st.dictionaries(st.sampled_from([*DELIVERY_FORM, *PARCEL_FORM, "kind", "text", "decision", "proof"]), st.text()))
def test_whatever_is_typed_is_read_or_refused_and_nothing_else(typed: dict[str, str]) -> None:
    for read in READERS:
        with suppress(InvalidInput):
            read(typed)
