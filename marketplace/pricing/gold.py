"""The value of gold from the reference rate: exact until the one rounding at the end, half to even.

reference value (USD) = gross mass (g) × fineness (‰ ÷ 1000) × USD per troy ounce ÷ 31.1034768 g.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Literal

from marketplace.core.money import Money
from marketplace.core.weight import MG_PER_GRAM, TROY_OUNCE_MG, fine_mass_g

PremiumKind = Literal["none", "per_kg_fine", "share_of_reference"]

# The marketplace's own floor, for every lot whatever its standard: the share Fairtrade and Fairmined ask.
OWN_FLOOR_SHARE: Final = Decimal("0.95")

# Usual uncertainty of each method in parts per thousand, either way. The methods are known to rank like this; the
# figures are working assumptions of this marketplace (evidence: memory, not verified) and every page says "about".
METHOD_UNCERTAINTY_PERMILLE: Final[Mapping[str, Decimal]] = MappingProxyType(
    {
        "fire_assay": Decimal(1),
        "xrf": Decimal(5),
        "touchstone": Decimal(15),
        "water_test": Decimal(20),
        "declared": Decimal(50),
    }
)
_PRICE_STEP: Final = 10**10
_PURE: Final = Decimal(1000)


@dataclass(frozen=True, slots=True)
class PriceStandard:
    """Hold what a standard promises: a floor as a share of the reference, and a premium on top."""

    code: str
    floor_share: Decimal = OWN_FLOOR_SHARE
    premium_kind: PremiumKind = "none"
    premium_usd_per_kg: Decimal | None = None
    premium_share: Decimal | None = None
    evidence: str = "unverified"
    source: str = ""


OWN_STANDARD: Final = PriceStandard("MARKETPLACE", evidence="own rule")


@dataclass(frozen=True, slots=True)
class GoldFigures:
    """Hold the figures of one gold lot in US dollars, each rounded once from the exact value."""

    fine_mass_g: Decimal
    usd_per_fine_gram: Decimal
    reference_value: Money
    floor: Money
    low: Money
    high: Money
    premium: Money | None


def exact_usd_per_fine_gram(usd_per_troy_ounce: Decimal) -> Fraction:
    """Return USD per gram of fine gold, exactly."""
    if not usd_per_troy_ounce.is_finite() or usd_per_troy_ounce <= 0:
        raise ValueError("a reference rate is a finite number above zero")
    return Fraction(usd_per_troy_ounce) * MG_PER_GRAM / Fraction(TROY_OUNCE_MG)


def usd_per_fine_gram(usd_per_troy_ounce: Decimal) -> Decimal:
    """Return USD per gram of fine gold, rounded half to even to ten decimals."""
    return Decimal(round(exact_usd_per_fine_gram(usd_per_troy_ounce) * _PRICE_STEP)).scaleb(-10)


def price_per_gram(usd_per_troy_ounce: Decimal, fineness_permille: Decimal) -> Money:
    """Return the reference price in US dollars of one gram at a fineness."""
    fine = fine_mass_g(MG_PER_GRAM, fineness_permille)
    return Money.from_decimal(fine * exact_usd_per_fine_gram(usd_per_troy_ounce), "USD")


def exact_value(weight_mg: int, fineness_permille: Decimal, usd_per_troy_ounce: Decimal) -> Fraction:
    """Return the reference value in US dollars, not rounded."""
    return fine_mass_g(weight_mg, fineness_permille) * exact_usd_per_fine_gram(usd_per_troy_ounce)


def reference_value(weight_mg: int, fineness_permille: Decimal, usd_per_troy_ounce: Decimal) -> Money:
    """Return the reference value of the fine content in US dollars."""
    return Money.from_decimal(exact_value(weight_mg, fineness_permille, usd_per_troy_ounce), "USD")


def floor_value(
    weight_mg: int, fineness_permille: Decimal, usd_per_troy_ounce: Decimal, *, floor_share: Decimal = OWN_FLOOR_SHARE
) -> Money:
    """Return the lowest fair value: the floor's share of the exact reference value."""
    exact = exact_value(weight_mg, fineness_permille, usd_per_troy_ounce)
    return Money.from_decimal(exact * Fraction(floor_share), "USD")


def premium_for(
    standard: PriceStandard, *, weight_mg: int, fineness_permille: Decimal, usd_per_troy_ounce: Decimal
) -> Money | None:
    """Return a standard's premium in US dollars, or None where it has none."""
    if standard.premium_kind == "per_kg_fine" and standard.premium_usd_per_kg is not None:
        kilograms = fine_mass_g(weight_mg, fineness_permille) / 1000
        return Money.from_decimal(kilograms * Fraction(standard.premium_usd_per_kg), "USD")
    if standard.premium_kind == "share_of_reference" and standard.premium_share is not None:
        exact = exact_value(weight_mg, fineness_permille, usd_per_troy_ounce)
        return Money.from_decimal(exact * Fraction(standard.premium_share), "USD")
    return None


def fineness_range(
    fineness_permille: Decimal,
    method: str | None,
    *,
    measured: tuple[Decimal, Decimal] | None = None,
) -> tuple[Decimal, Decimal]:
    """Return the lowest and highest fineness in parts per thousand: as measured, else by the method's uncertainty."""
    if measured is not None:
        low, high = measured
        return min(low, fineness_permille), min(max(high, fineness_permille), _PURE)
    uncertainty = METHOD_UNCERTAINTY_PERMILLE.get(method or "declared", METHOD_UNCERTAINTY_PERMILLE["declared"])
    # A tenth of a part per thousand is the smallest fineness anybody reads: it keeps the range above zero.
    return max(fineness_permille - uncertainty, Decimal("0.1")), min(fineness_permille + uncertainty, _PURE)


def figures(
    *,
    weight_mg: int,
    fineness_permille: Decimal,
    between: tuple[Decimal, Decimal],
    usd_per_troy_ounce: Decimal,
    standard: PriceStandard,
) -> GoldFigures:
    """Return all figures of a gold lot; the range is from the floor at the lowest to the value at the highest fineness.

    The floor is the standard's share, and never below the marketplace's own.
    """
    share = max(standard.floor_share, OWN_FLOOR_SHARE)
    grams = fine_mass_g(weight_mg, fineness_permille)
    return GoldFigures(
        fine_mass_g=Decimal(round(grams * 10**6)).scaleb(-6),
        usd_per_fine_gram=usd_per_fine_gram(usd_per_troy_ounce),
        reference_value=reference_value(weight_mg, fineness_permille, usd_per_troy_ounce),
        floor=floor_value(weight_mg, fineness_permille, usd_per_troy_ounce, floor_share=share),
        low=floor_value(weight_mg, between[0], usd_per_troy_ounce, floor_share=share),
        high=reference_value(weight_mg, between[1], usd_per_troy_ounce),
        premium=premium_for(
            standard,
            weight_mg=weight_mg,
            fineness_permille=fineness_permille,
            usd_per_troy_ounce=usd_per_troy_ounce,
        ),
    )
