"""How much each level may buy, and which differences count as right."""

import pytest

from marketplace.core.money import Money
from marketplace.orders.levels import LevelTooLow, check_level
from marketplace.orders.terms import inspection_days, tolerance_mg

LIMIT = Money(1_000_000, "USD")
NOTHING = Money.zero("USD")
MOST = Money(100_000_000, "USD")
ONE_ORDER = {0: NOTHING, 1: NOTHING, 2: LIMIT, 3: MOST}


@pytest.mark.parametrize(
    ("level", "kind", "country", "value"),
    [
        (2, "gem", "TZ", LIMIT),
        (3, "gem", "TZ", Money(1_000_001, "USD")),
        (3, "gold", "ML", Money(9_000_000, "USD")),
        (3, "gem", "KE", None),
        (3, "gem", "KE", MOST),
    ],
)
def test_a_level_that_reaches_may_buy(level: int, kind: str, country: str, value: Money | None) -> None:
    check_level(level, kind=kind, country=country, value=value, one_order=ONE_ORDER[level])


@pytest.mark.parametrize(
    ("level", "kind", "country", "value", "said"),
    [
        (0, "gem", "TZ", Money(100, "USD"), "who you are"),
        (1, "gem", "TZ", Money(100, "USD"), "who you are"),
        (2, "gold", "TZ", Money(100, "USD"), "gold"),
        (2, "gem", "CD", Money(100, "USD"), "this country"),
        (2, "gem", "TZ", Money(1_000_001, "USD"), "up to"),
        (2, "gem", "TZ", None, "do not know"),
        (3, "gem", "TZ", Money(100_000_001, "USD"), "1,000,000|100000000|up to"),
    ],
)
def test_a_level_that_does_not_reach_says_what_to_do(
    *, level: int, kind: str, country: str, value: Money | None, said: str
) -> None:
    with pytest.raises(LevelTooLow, match=said) as refused:
        check_level(level, kind=kind, country=country, value=value, one_order=ONE_ORDER[level])

    assert "Ask" in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "weight_mg", "tolerance"),
    [
        ("gem", 684, 4),  # 0.5 % of 684 mg is 3.42 mg; 0.02 ct is 4 mg: the more counts
        ("gem", 10_000, 50),  # 0.5 % of 10 g is 50 mg
        ("gem", 999, 4),
        ("gold", 250_000, 50),  # 0.05 g whatever the weight
    ],
)
def test_the_tolerance_of_weight_is_that_of_the_terms(kind: str, weight_mg: int, tolerance: int) -> None:
    assert tolerance_mg(kind, weight_mg) == tolerance


def test_a_large_order_is_inspected_for_two_weeks() -> None:
    assert (inspection_days(is_large=False), inspection_days(is_large=True)) == (7, 14)
