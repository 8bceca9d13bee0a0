"""Figures are exact and rounded once, half to even."""

from decimal import Decimal
from fractions import Fraction

import pytest

from marketplace.monitoring.values import Unit, figure, median, quantile, ratio, usd


@pytest.mark.parametrize(
    ("exact", "unit", "text"),
    [
        (3, Unit.COUNT, "3"),
        (Fraction(1, 3), Unit.SHARE, "0.3333"),
        (Fraction(25, 100_000), Unit.SHARE, "0.0002"),  # half way, to the even one
        (Fraction(35, 100_000), Unit.SHARE, "0.0004"),
        (Fraction(2, 3), Unit.USD, "0.67"),
        (Fraction(2, 3), Unit.USD_PER_KG, "0.67"),
        (Fraction(2, 3), Unit.GRAMS, "0.667"),
        (Fraction(2, 3), Unit.CARATS, "0.667"),
        (Fraction(2, 3), Unit.HOURS, "0.7"),
        (Fraction(2, 3), Unit.DAYS, "0.7"),
    ],
)
def test_a_figure_has_the_decimals_of_its_unit(exact: Fraction | int, unit: Unit, text: str) -> None:
    assert str(figure(exact, unit)) == text


def test_nothing_stays_nothing() -> None:
    assert figure(None, Unit.COUNT) is None
    assert ratio(1, 0) is None
    assert ratio(0, 4) == 0
    assert median([]) is None


def test_cents_become_dollars() -> None:
    assert usd(12_345) == Decimal("123.45")
    assert usd(Fraction(1, 2)) == Decimal("0.00")
    assert usd(Fraction(3, 2)) == Decimal("0.02")


def test_quantiles_lie_between_their_neighbours() -> None:
    # Five values: the median is the third; place 0.9 × 4 = 3.6 lies six tenths of the way from 40 to 100.
    assert median([100, 20, 10, 40, 30]) == 30
    assert quantile([100, 20, 10, 40, 30], Fraction(9, 10)) == 76
    assert median([1, 2]) == Fraction(3, 2)
    assert quantile([7], Fraction(9, 10)) == 7
    assert quantile([7, 9], Fraction(1)) == 9
    assert quantile([7, 9], Fraction(0)) == 7
