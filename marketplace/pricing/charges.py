"""The charges of a country on a sale: those counted, and those nobody could tell us.

What a charge is a share of ("basis") differs by law, so a rule and the facts of a lot make a deduction:

- sale: what the goods bring (Tanzania, Kenya, DRC);
- reference: the reference value of the fine content, whatever the sale brings (Colombia, 80 % of it);
- highest_valuation: the highest of the sale and the valuations made of the goods (Sierra Leone);
- first_mass: the sale, for the part of the goods within the first so many kilograms exported in a month (Mali).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.pricing.split import Deduction, SplitRules

# From about this value on a single rough diamond of Sierra Leone pays a higher duty (the threshold is from memory).
SPECIAL_STONE: Final = Money(50_000_000, "USD")


@dataclass(frozen=True, slots=True)
class ChargeRule:
    """Hold a country's rule: `rate` of `base_share` of its base, paid to `payee`; `limit_mg` for first_mass only."""

    code: str
    label: str
    payee: str
    rate: Decimal
    basis: str = "sale"
    base_share: Decimal = Decimal(1)
    limit_mg: int | None = None
    evidence: str = "unverified"
    source: str = ""


@dataclass(frozen=True, slots=True)
class ExportFacts:
    """Hold what charges depend on besides the sale: amounts in the currency of the price, whole milligrams.

    `exported_mg` is what the same exporter has already exported in the calendar month.
    """

    weight_mg: int | None = None
    pieces: int = 1
    reference_value: Money | None = None
    valuations: tuple[Money, ...] = ()
    exported_mg: int = 0

    @property
    def highest_valuation(self) -> Money | None:
        """Return the highest valuation made of the goods, or None."""
        return max(self.valuations, key=lambda each: each.minor, default=None)


@dataclass(frozen=True, slots=True)
class UnknownCharge:
    """Name a charge whose rate is not known; it is shown, and never becomes a number."""

    code: str
    label: str
    payee: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class ChargeSet:
    """Hold all charges of a country on one kind of goods."""

    deductions: tuple[Deduction, ...]
    unknown: tuple[UnknownCharge, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Say whether every charge has a rate."""
        return not self.unknown

    @property
    def is_verified(self) -> bool:
        """Say whether every charge has a rate and a source that nobody doubts."""
        return self.is_complete and all(deduction.evidence != "unverified" for deduction in self.deductions)

    def rules(self, *, platform_fee_bps: int, premium: Money | None = None) -> SplitRules:
        """Return the rules by which a price is shared: these charges, a fee and perhaps a premium."""
        return SplitRules(platform_fee_bps=platform_fee_bps, deductions=self.deductions, premium=premium)


# What the base of a charge was, in words a miner can check; `base` is the amount, `percent` the rate of it.
BASIS_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sale": N_("%(percent)s %% of the sale of %(base)s."),
        "reference": N_("%(percent)s %% of the reference value of %(base)s, whatever the sale brings."),
        "reference_missing": N_(
            "%(percent)s %% of the sale of %(base)s, because the reference value is not known yet."
        ),
        "highest_valuation": N_("%(percent)s %% of the highest valuation, %(base)s."),
        "highest_valuation_missing": N_(
            "%(percent)s %% of the sale of %(base)s, until the Government and an independent valuer have valued it."
        ),
        "sale_is_highest": N_("%(percent)s %% of the sale of %(base)s, which is above every valuation."),
        "first_mass": N_(
            "%(percent)s %% of %(base)s, the part within the first kilograms exported this month that are charged."
        ),
    }
)


def deduction_of(rule: ChargeRule, facts: ExportFacts) -> Deduction:
    """Return the deduction that a rule makes of a lot; without the fact it needs it takes the sale and says so."""
    return Deduction(
        code=rule.code,
        label=rule.label,
        payee=rule.payee,
        rate=rule.rate,
        base_share=rule.base_share,
        evidence=rule.evidence,
        source=rule.source,
        basis=rule.basis,
        part=_part_within(rule, facts),
        fixed_base=_fixed_base(rule, facts),
        or_sale_if_more=rule.basis == "highest_valuation" and bool(facts.valuations),
        fallback=_lacks_its_fact(rule, facts),
    )


def special_stone(facts: ExportFacts, *, sale: Money | None) -> bool:
    """Say whether a single stone is so valuable that a higher duty may be due (Sierra Leone)."""
    values = [each for each in (facts.highest_valuation, sale) if each is not None]
    return facts.pieces == 1 and any(
        each.currency == SPECIAL_STONE.currency and each > SPECIAL_STONE for each in values
    )


def _fixed_base(rule: ChargeRule, facts: ExportFacts) -> Money | None:
    if rule.basis == "reference":
        return facts.reference_value
    return facts.highest_valuation if rule.basis == "highest_valuation" else None


def _lacks_its_fact(rule: ChargeRule, facts: ExportFacts) -> bool:
    return rule.basis in {"reference", "highest_valuation"} and _fixed_base(rule, facts) is None


def _part_within(rule: ChargeRule, facts: ExportFacts) -> Fraction:
    """Return the part of the goods within the month's limit; all of them while their weight is not known."""
    if rule.basis != "first_mass" or rule.limit_mg is None or facts.weight_mg is None:
        return Fraction(1)
    left = max(rule.limit_mg - facts.exported_mg, 0)
    return Fraction(min(left, facts.weight_mg), facts.weight_mg)
