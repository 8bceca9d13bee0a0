"""The charges of a country on a sale: those counted, and those nobody could tell us."""

from dataclasses import dataclass

from marketplace.core.money import Money
from marketplace.pricing.split import Deduction, SplitRules


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
