"""Percentages as curators type them."""

from decimal import Decimal

import pytest

from marketplace.core.numbers import NumberRefused, parse_percent


@pytest.mark.parametrize(
    ("typed", "share"),
    [("3", "0.03"), ("0.05", "0.0005"), ("3,5 %", "0.035"), ("0", "0"), ("99.9999", "0.999999")],
)
def test_a_percentage_is_a_share_of_one(typed: str, share: str) -> None:
    assert parse_percent(typed) == Decimal(share)


@pytest.mark.parametrize("typed", ["", "100", "-3", "1e1", "NaN", "3.12345", "3 3"])
def test_what_is_no_percentage_below_100_is_refused(typed: str) -> None:
    with pytest.raises(NumberRefused):
        parse_percent(typed)
