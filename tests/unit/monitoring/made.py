"""Records of things that happened, with the figures a test names."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from marketplace.monitoring.facts import MinerPaid, Sold
from marketplace.monitoring.periods import Period

SEPTEMBER = Period(date(2026, 9, 1), date(2026, 9, 30))
DAY = date(2026, 9, 15)
BEFORE = date(2026, 8, 31)
AFTER = date(2026, 10, 1)
HERE: dict[str, Any] = {"cooperative": "CO-1", "country": "TZ"}


def paid(miner: str, cents: int, sex: str = "f", **other: Any) -> MinerPaid:
    given = {**HERE, "on": DAY, "age_band": "25-34", "mineral": "gold", **other}
    return MinerPaid(miner=miner, cents=Fraction(cents), sex=sex, **given)


def sold(price: int = 100_000, net: int = 80_000, **other: Any) -> Sold:
    """Return a sale of 100 g of gold of 900 ‰ (90 g fine) unless other words say otherwise."""
    usual = {
        "on": DAY, "mineral": "gold", "buyer_country": "DE", "variety": "gold", "standard": "none", "premium": 0,
        "weight_mg": 100_000, "fine_g": Fraction(90), "achieved": None, "is_mercury_free": False,
    }  # fmt: skip
    return Sold(price=price, net=net, **{**HERE, **usual, **other})


def stone(weight_mg: int, **other: Any) -> Sold:
    return sold(mineral="gem", variety="ruby", weight_mg=weight_mg, fine_g=Fraction(0), **other)


def figures(*texts: str | None) -> tuple[Decimal | None, ...]:
    return tuple(None if text is None else Decimal(text) for text in texts)
