"""What guidance starts from and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from marketplace.core.money import CurrencyMismatch, Money
from marketplace.pricing.comparables import SetAside, WeightedPrice
from marketplace.pricing.description import LotDescription
from marketplace.pricing.gems import Band
from marketplace.pricing.gold import PriceStandard
from marketplace.pricing.rates import RateAsOf

# Raise it with every change of a formula: a stored snapshot is recomputed only by the version that made it.
FORMULA_VERSION: Final = "2"

Outcome = Literal["guided", "not_enough_data", "refused_stale"]
Position = Literal["below", "inside", "above", "unknown"]
Confidence = Literal["high", "medium", "low", "none"]
StepValue = Money | Decimal | int | str | date


@dataclass(frozen=True, slots=True)
class GuidanceInputs:
    """Hold everything the calculation may look at; equal inputs give equal guidance for ever."""

    description: LotDescription
    on: date
    rate: RateAsOf | None = None
    standard: PriceStandard | None = None
    band: Band | None = None
    edition: int | None = None
    prices: tuple[WeightedPrice, ...] = ()
    set_aside: tuple[SetAside, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """Hold one sentence of the working: an English msgid, and its values for the page to format."""

    text: str
    params: Mapping[str, StepValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """Answer with a range in US dollars for the goods of the lot, or say why there is none.

    `per_unit` is the middle per gram of fine gold or per carat. `basis` is a code: reference_rate, price_book, sales,
    sales_and_book; or what is missing: fineness_missing, no_rate, variety_missing, grade_missing, kimberley_first,
    no_band_no_sales. `count` is of independent sales. `age_days` is of the newest input, None when there is none.
    """

    inputs: GuidanceInputs
    outcome: Outcome
    basis: str
    working: tuple[Step, ...]
    low: Money | None = None
    middle: Money | None = None
    high: Money | None = None
    floor: Money | None = None
    premium: Money | None = None
    per_unit: Money | None = None
    count: int = 0
    age_days: int | None = None
    stale: bool = False
    unverified: bool = False
    confidence: Confidence = "none"
    rate_ids: tuple[str, ...] = ()
    formula_version: str = FORMULA_VERSION

    def position(self, asking: Money) -> Position:
        """Say where an asking price for the goods, in US dollars without fee and premium, lies against the range."""
        if asking.currency != "USD":
            raise CurrencyMismatch("guidance is in US dollars; convert the asking price first")
        if self.low is None or self.high is None:
            return "unknown"
        if asking < self.low:
            return "below"
        return "above" if asking > self.high else "inside"

    def snapshot(self) -> dict[str, Any]:
        """Return inputs and result as canonical JSON values, from which the same guidance can be computed again."""
        from marketplace.pricing.guidance.snapshot import snapshot_of

        return snapshot_of(self)
