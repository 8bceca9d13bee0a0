"""The currencies buyers may pay in."""

import pytest

from config.currencies import DEFAULT, read_currencies
from config.parsing import Reader


def test_the_usual_currencies_stand_in_their_order() -> None:
    assert read_currencies(Reader({})) == ("USD", "EUR", "GBP", "CHF")
    assert DEFAULT == "USD,EUR,GBP,CHF"


def test_codes_are_read_in_any_letters_and_each_once() -> None:
    read = Reader({"PAYMENT_CURRENCIES": " eur, JPY,,eur"})
    assert read_currencies(read) == ("EUR", "JPY")
    assert read.problems == []


@pytest.mark.parametrize("given", ["EUR,ABC", "GHS", "€"])
def test_a_currency_nobody_can_be_charged_in_is_refused(given: str) -> None:
    read = Reader({"PAYMENT_CURRENCIES": given})
    assert read_currencies(read) == tuple(DEFAULT.split(","))
    assert len(read.problems) == 1


def test_twelve_currencies_are_enough() -> None:
    twelve = "AED,AUD,CAD,CHF,CNY,COP,EUR,GBP,HKD,INR,JPY,KWD"
    assert len(read_currencies(Reader({"PAYMENT_CURRENCIES": twelve}))) == 12
    read = Reader({"PAYMENT_CURRENCIES": twelve + ",USD"})
    assert len(read_currencies(read)) == 4
    assert read.problems == ["PAYMENT_CURRENCIES names 13 currencies; 12 are enough"]
