"""What guidance starts from and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from marketplace.core.money import CurrencyMismatch, Money
from marketplace.core.text import N_
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
_VALUE_OF_GOODS: Final = N_("These amounts are for the goods: platform fee and premium come on top, charges come off.")


class LooksAhead(ValueError):
    """An input is younger than the day of the guide: nobody could have known it."""


@dataclass(frozen=True, slots=True)
class GuidanceInputs:
    """Hold everything the calculation may look at; equal inputs give equal guidance for ever.

    Raises LooksAhead when the rate or a sale is of a later day than the guide.
    """

    description: LotDescription
    on: date
    rate: RateAsOf | None = None
    standard: PriceStandard | None = None
    band: Band | None = None
    edition: int | None = None
    prices: tuple[WeightedPrice, ...] = ()
    set_aside: tuple[SetAside, ...] = ()

    def __post_init__(self) -> None:
        if self.rate is not None and self.rate.observed_on > self.on:
            raise LooksAhead(f"the rate is of {self.rate.observed_on}, the guide of {self.on}")
        if any(price.sold_on > self.on for price in self.prices):
            raise LooksAhead(f"a sale is younger than {self.on}")


@dataclass(frozen=True, slots=True)
class PriceRange:
    """Hold low, middle and high of one piece, one carat or the lot, in US dollars."""

    low: Money
    middle: Money
    high: Money


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
    no_band_no_sales, unsorted. `count` is of independent sales. `age_days` is of the newest input, None when there is
    none. `low`, `middle` and `high` are of the lot, `per_piece` of one of several pieces, `per_carat` of stones;
    formula 1 knew neither.
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
    per_piece: PriceRange | None = None
    per_carat: PriceRange | None = None
    formula_version: str = FORMULA_VERSION

    @property
    def per_lot(self) -> PriceRange | None:
        """Return what the whole lot brings, or None where no value is named."""
        if self.low is None or self.middle is None or self.high is None:
            return None
        return PriceRange(self.low, self.middle, self.high)

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


def silent(inputs: GuidanceInputs, basis: str, text: str) -> Guidance:
    """Return guidance that names no value and says what is missing."""
    return Guidance(
        inputs=inputs, outcome="not_enough_data", basis=basis, working=(Step(text, {}),), count=len(inputs.prices)
    )


def closed(guidance: Guidance) -> Guidance:
    """Return guidance with the last sentence of its working: what the amounts are for."""
    if guidance.outcome != "guided":
        return guidance
    return replace(guidance, working=(*guidance.working, Step(_VALUE_OF_GOODS, {})))
