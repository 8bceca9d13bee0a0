"""Typed values as stored text and numbers, and back: exactly, or not at all and with the reason."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import pytest

from marketplace.core.money import Money
from marketplace.pricing.comparables import SetAside, WeightedPrice
from marketplace.pricing.guidance import codec
from marketplace.pricing.guidance.codec import NotReadable, decoded, encoded
from marketplace.pricing.rates import RateAsOf

ON = date(2026, 9, 29)
RATE = RateAsOf("rate-1", "XAU/USD", Decimal("4129.10"), ON, "currency-api", "CC0-1.0", 5)
STORED_RATE = {
    "id": "rate-1", "series": "XAU/USD", "value": "4129.10", "observed_on": "2026-09-29", "source": "currency-api",
    "licence": "CC0-1.0", "max_age_working_days": 5,
}  # fmt: skip


@pytest.fixture(autouse=True)
def readers_made_anew() -> Iterator[None]:
    """What reads a type is kept for the whole process; each test makes its own."""
    codec.reader_of.cache_clear()
    yield
    codec.reader_of.cache_clear()


def refusal(kind: Any, value: object) -> str:
    with pytest.raises(NotReadable) as caught:
        decoded(kind, value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (Money(1050, "XOF"), {"minor": 1050, "currency": "XOF"}), (Decimal("1E+2"), "100"),
        (Decimal("916.70"), "916.70"), (Fraction(6, 4), "3/2"), (Fraction(2), "2/1"), (ON, "2026-09-29"),
        ("text", "text"), (7, 7), (True, True), (None, None), ((1, ("a",)), [1, ["a"]]), ((), []),
        (SetAside("disputed", 2), {"reason": "disputed", "count": 2}), (RATE, STORED_RATE),
    ],
)  # fmt: skip
def test_a_value_is_written_as_text_numbers_and_lists(value: object, stored: object) -> None:
    assert encoded(value, version=1) == stored


def test_a_field_that_came_with_the_second_formula_is_not_written_for_the_first() -> None:
    price = WeightedPrice("OR-Q", ON, Fraction(100_000, 3), Fraction(1))
    first = {"reference": "OR-Q", "sold_on": "2026-09-29", "minor_per_ct": "100000/3", "weight": "1/1"}
    assert encoded(price, version=1) == first
    assert encoded(price, version=2).keys() - first.keys() == {"likeness", "piece_mg"}


@pytest.mark.parametrize(
    ("kind", "stored", "value"),
    [
        (str, "text", "text"), (int, 7, 7), (int, 0, 0), (bool, True, True), (bool, False, False),
        (date, "2026-09-29", ON), (Decimal, "916.70", Decimal("916.70")), (Fraction, "100000/3", Fraction(100_000, 3)),
        (int | None, None, None), (int | None, 7, 7), (int | None, 0, 0), (date | None, "2026-09-29", ON),
        (Decimal | None, None, None), (tuple[int, ...], [], ()), (tuple[int, ...], [3, 1, 3], (3, 1, 3)),
        (tuple[date, ...], ["2026-09-29"], (ON,)), (Literal["cut", "rough"], "cut", "cut"),
        (Literal["cut", "rough"], "rough", "rough"), (RateAsOf, STORED_RATE, RATE),
        (tuple[SetAside, ...], [{"count": 2, "reason": "disputed"}], (SetAside("disputed", 2),)),
        (SetAside | None, {"reason": "a", "count": 1}, SetAside("a", 1)),
    ],
)  # fmt: skip
def test_a_stored_value_is_read_as_what_it_was(kind: Any, stored: object, value: object) -> None:
    read = decoded(kind, stored)
    assert read == value
    assert type(read) is type(value)
    # a number keeps the digits it was written with
    assert str(read) == str(value)


@pytest.mark.parametrize(
    ("kind", "stored", "words"),
    [
        (int, True, "True is not of the type int"), (int, "7", "'7' is not of the type int"),
        (bool, 1, "1 is not of the type bool"), (str, None, "None is not of the type str"),
        (date, 20260929, "20260929 is not of the type str"), (date, ON, f"{ON!r} is not of the type str"),
        (Decimal, 916.7, "916.7 is not of the type str"), (Decimal, "many", "'many' is no number"),
        (Fraction, 3, "3 is not of the type str"), (Fraction, "1/0", "'1/0' is no number"),
        (int | None, "7", "'7' is not of the type int"), (tuple[int, ...], None, "None is not of the type list"),
        (tuple[int, ...], {}, "{} is not of the type list"), (tuple[int, ...], [1, "2"], "'2' is not of the type int"),
        (Literal["cut", "rough"], "dust", "'dust' is none of cut, rough"),
        (Literal["cut", "rough"], None, "None is none of cut, rough"),
        (SetAside, [], "[] is not of the type dict"), (SetAside, None, "None is not of the type dict"),
        (SetAside, {"reason": "a", "count": "1"}, "'1' is not of the type int"),
        (SetAside, {"reason": "a", "count": 1, "colour": "red"}, "this is no SetAside: 'colour'"),
        (SetAside, {"reason": "a"},
         "this is no SetAside: SetAside.__init__() missing 1 required positional argument: 'count'"),
    ],
)  # fmt: skip
def test_what_is_not_of_its_type_is_refused_with_the_reason(kind: Any, stored: object, words: str) -> None:
    assert refusal(kind, stored) == words


def test_a_day_no_calendar_has_is_refused() -> None:
    with pytest.raises(ValueError, match=r"day is out of range for month|day must be in range"):
        decoded(date, "2026-02-30")


def test_what_reads_a_type_is_made_once() -> None:
    assert codec.reader_of(SetAside) is codec.reader_of(SetAside)
