"""What people type about offers and parts is read strictly, and every wrong field is told at once."""

import pytest

from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.orders.offer_answers import read_amount, read_offer, read_part


def wrong(typed: dict[str, str], unit: str | None = "g") -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        read_offer(typed, currency="USD", unit=unit)
    return list(refused.value.fields)


def test_an_amount_and_a_part_are_read() -> None:
    assert read_offer({"amount": "1,234.50", "part": "12,5"}, currency="USD", unit="g") == (
        Money(123_450, "USD"), 12_500,
    )  # fmt: skip
    assert read_offer({"amount": "5", "part": "3"}, currency="USD", unit="ct")[1] == 600
    assert read_amount({"floor": "7"}, currency="USD", name="floor") == Money(700, "USD")


def test_a_lot_sold_whole_is_not_asked_for_a_part() -> None:
    assert read_offer({"amount": "5", "part": "x"}, currency="USD", unit=None) == (Money(500, "USD"), None)


def test_every_wrong_field_is_told() -> None:
    assert wrong({}) == ["amount", "part"]
    assert wrong({"amount": "5", "part": "much"}) == ["part"]
    assert wrong({"amount": "much", "part": "5"}) == ["amount"]
    assert wrong({"amount": "much"}, None) == ["amount"]
    assert wrong({"amount": "9" * 30}, None) == ["amount"]
    with pytest.raises(InvalidInput) as refused:
        read_part({"part": "1.2.3.4"}, unit="g")
    assert list(refused.value.fields) == ["part"]
    with pytest.raises(InvalidInput) as refused:
        read_amount({"floor": ""}, currency="USD", name="floor")
    assert list(refused.value.fields) == ["floor"]
