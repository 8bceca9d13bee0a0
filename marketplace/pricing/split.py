"""Share a buyer's price: cooperative, named deductions, premium and platform fee, exact to the minor unit.

The buyer pays `price = seller gross + premium + platform fee`, the cooperative receives
`net = seller gross - deductions`. The deductions together and the fee are each rounded once to the nearest minor unit,
an exact half in favour of the cooperative, and the cooperative receives all that remains: whatever the figures, the
lines sum to the price.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Final, Literal

from marketplace.core.errors import DomainError
from marketplace.core.money import CurrencyMismatch, Money
from marketplace.core.text import N_

SplitPayee = Literal["cooperative", "deduction", "premium", "platform"]

LARGEST_MINOR: Final = 10**12
_HALF: Final = Fraction(1, 2)


class SplitRefused(DomainError):
    """The amount cannot be shared: nothing would be left, or it is absurdly large."""

    code = "split_refused"
    message = N_("This amount cannot be shared. Check it.")


@dataclass(frozen=True, slots=True)
class Deduction:
    """Name a charge, who is paid it, what it is a share of, and how that is known.

    It takes `rate` of `base_share` of its base. Without `fixed_base` the base is the seller gross; `part` is the part
    of it that is charged at all. With `fixed_base` the base is that amount whatever the sale brings, or, when
    `or_sale_if_more`, the seller gross where that is more (the highest of several valuations).
    """

    code: str
    label: str
    payee: str
    rate: Decimal
    base_share: Decimal = Decimal(1)
    evidence: str = "unverified"
    source: str = ""
    basis: str = "sale"
    part: Fraction = Fraction(1)
    fixed_base: Money | None = None
    or_sale_if_more: bool = False
    fallback: bool = False

    def __post_init__(self) -> None:
        if not (0 <= self.rate < 1 and 0 < self.base_share <= 1 and 0 <= self.part <= 1):
            raise ValueError(f"the rate, base and part of {self.code} are shares of one")
        if self.fixed_base is not None and self.fixed_base.is_negative:
            raise ValueError(f"the base of {self.code} is not negative")

    @property
    def share(self) -> Fraction:
        """Return the share of its base that this charge takes."""
        return Fraction(self.rate) * Fraction(self.base_share) * self.part

    def base_of(self, seller_gross: int) -> int:
        """Return the base of the charge in minor units when the goods bring so much."""
        if self.fixed_base is None:
            return seller_gross
        return max(seller_gross, self.fixed_base.minor) if self.or_sale_if_more else self.fixed_base.minor

    def exact(self, seller_gross: int) -> Fraction:
        """Return the charge in minor units, not rounded, when the goods bring so much."""
        return self.share * self.base_of(seller_gross)


@dataclass(frozen=True, slots=True)
class SplitRules:
    """Say what comes off the seller gross and what is added on top of it."""

    platform_fee_bps: int
    deductions: tuple[Deduction, ...] = ()
    premium: Money | None = None

    def __post_init__(self) -> None:
        if type(self.platform_fee_bps) is not int or not 0 <= self.platform_fee_bps <= 10_000:
            raise ValueError("the platform fee is 0 to 10,000 whole basis points")
        if self.deducted_share >= 1:
            raise ValueError("deductions leave the cooperative nothing")
        currencies = {each.fixed_base.currency for each in self.deductions if each.fixed_base is not None}
        if len(currencies) > 1:
            raise ValueError("the bases of deductions are in one currency")
        if self.premium is not None and self.premium.is_negative:
            raise ValueError("a premium is not negative")

    @property
    def deducted_share(self) -> Fraction:
        """Return the most that all deductions together take of one more unit of the seller gross."""
        growing = (each for each in self.deductions if each.fixed_base is None or each.or_sale_if_more)
        return sum((deduction.share for deduction in growing), Fraction(0))

    def deducted(self, seller_gross: int) -> Fraction:
        """Return what all deductions take together in minor units, not rounded, when the goods bring so much."""
        return sum((deduction.exact(seller_gross) for deduction in self.deductions), Fraction(0))

    @property
    def fee_share_of_price(self) -> Fraction:
        """Return the share of (price - premium) that is platform fee: bps ÷ (10,000 + bps)."""
        return Fraction(self.platform_fee_bps, 10_000 + self.platform_fee_bps)


@dataclass(frozen=True, slots=True)
class SplitLine:
    """Show one receiver's part. `payee` is its kind, `beneficiary` who it is.

    A deduction takes `rate` of `base`; `basis` is a code of pricing.charges that says what the base is.
    """

    code: str
    label: str
    payee: SplitPayee
    amount: Money
    rate: Decimal | None = None
    evidence: str = ""
    source: str = ""
    beneficiary: str = ""
    basis: str = ""
    base: Money | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """Hold a price and its parts; the lines sum to the price exactly, a line may be zero."""

    price: Money
    seller_gross: Money
    net: Money
    lines: tuple[SplitLine, ...] = field(default=())

    def amount_of(self, payee: SplitPayee) -> Money:
        """Return what all lines of one kind receive together."""
        received = sum(line.amount.minor for line in self.lines if line.payee == payee)
        return Money(received, self.price.currency)


def split_from_net(net: Money, rules: SplitRules) -> Split:
    """Return the split of the smallest price from which the cooperative receives at least `net`.

    Raises SplitRefused when the net amount is not above zero or too large.
    """
    _check_bounds(net)
    _check_bases(rules, net.currency)
    seller_gross = _smallest_gross(net.minor, rules.deductions)
    without_premium = _smallest_leaving(seller_gross, share=rules.fee_share_of_price)
    return split_from_price(Money(without_premium, net.currency) + _premium_of(rules, net.currency), rules)


def split_from_price(price: Money, rules: SplitRules) -> Split:
    """Return who gets what of a price a buyer pays; raises SplitRefused when nothing is left for the cooperative."""
    _check_bounds(price)
    _check_bases(rules, price.currency)
    currency, premium = price.currency, _premium_of(rules, price.currency)
    without_premium = price - premium
    fee = Money(_nearest_half_down(without_premium.minor * rules.fee_share_of_price), currency)
    seller_gross = without_premium - fee
    deducted = Money(_nearest_half_down(rules.deducted(seller_gross.minor)), currency)
    net = seller_gross - deducted
    if net.minor <= 0:
        raise SplitRefused(N_("At this price nothing is left for the cooperative."))
    lines = (
        SplitLine("cooperative", N_("Cooperative"), "cooperative", net),
        *_deduction_lines(deducted, rules.deductions, seller_gross=seller_gross),
        *_premium_lines(rules.premium),
        _platform_line(fee, rules.platform_fee_bps),
    )
    return Split(price=price, seller_gross=seller_gross, net=net, lines=lines)


def _deduction_lines(
    deducted: Money, deductions: tuple[Deduction, ...], *, seller_gross: Money
) -> tuple[SplitLine, ...]:
    exact = [deduction.exact(seller_gross.minor) for deduction in deductions]
    parts = [Money(part, deducted.currency) for part in _whole_parts(exact, deducted.minor)]
    return tuple(
        SplitLine(
            code=deduction.code,
            label=deduction.label,
            payee="deduction",
            amount=part,
            rate=deduction.rate * deduction.base_share,
            evidence=deduction.evidence,
            source=deduction.source,
            beneficiary=deduction.payee,
            basis=_basis_of(deduction, seller_gross),
            base=Money(round(deduction.base_of(seller_gross.minor) * deduction.part), deducted.currency),
        )
        for deduction, part in zip(deductions, parts, strict=True)
    )


def _whole_parts(exact: Sequence[Fraction], whole: int) -> list[int]:
    """Return each exact part rounded down or up so that they sum to `whole`, the largest remainders up, ties first.

    `whole` is the rounded sum, so no line is ever a unit away from its own exact amount.
    """
    parts = [floor(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in by_remainder[: whole - sum(parts)]:
        parts[place] += 1
    return parts


def _basis_of(deduction: Deduction, seller_gross: Money) -> str:
    """Return what the base was in the end: a sale above every valuation is the highest of them itself."""
    if deduction.or_sale_if_more and deduction.base_of(seller_gross.minor) == seller_gross.minor:
        return "sale_is_highest"
    return f"{deduction.basis}_missing" if deduction.fallback else deduction.basis


def _premium_lines(premium: Money | None) -> tuple[SplitLine, ...]:
    return () if premium is None else (SplitLine("premium", N_("Community premium"), "premium", premium),)


def _platform_line(fee: Money, bps: int) -> SplitLine:
    return SplitLine("platform_fee", N_("Platform fee, paid by the buyer"), "platform", fee, Decimal(bps) / 10_000)


def _premium_of(rules: SplitRules, currency: str) -> Money:
    return rules.premium if rules.premium is not None else Money.zero(currency)


def _check_bases(rules: SplitRules, currency: str) -> None:
    if any(each.fixed_base is not None and each.fixed_base.currency != currency for each in rules.deductions):
        raise CurrencyMismatch("a charge has its base in another currency than the price")


def _check_bounds(amount: Money) -> None:
    if amount.minor <= 0:
        raise SplitRefused(N_("Enter an amount above zero."))
    if amount.minor > LARGEST_MINOR:
        raise SplitRefused(N_("This amount is too large. Check it."))


def _nearest_half_down(exact: Fraction) -> int:
    return ceil(exact - _HALF)


def _smallest_gross(net: int, deductions: tuple[Deduction, ...]) -> int:
    """Return the smallest seller gross that leaves at least `net` after all deductions.

    Each charge on "the sale, or a valuation where that is more" has a bend at the valuation, so what is left is concave
    in the gross and equals the smallest of its straight pieces. To reach the net is to reach it on every piece.
    """
    bends = sorted({each.fixed_base.minor for each in deductions if each.or_sale_if_more and each.fixed_base})
    return max(_smallest_on_piece(net, deductions, begins_at=bend) for bend in (0, *bends))


def _smallest_on_piece(net: int, deductions: tuple[Deduction, ...], *, begins_at: int) -> int:
    """Solve one straight piece: valuations up to `begins_at` are below the sale, the others above it."""
    share, fixed = Fraction(0), Fraction(0)
    for each in deductions:
        if each.fixed_base is None or (each.or_sale_if_more and each.fixed_base.minor <= begins_at):
            share += each.share
        else:
            fixed += each.share * each.fixed_base.minor
    return ceil((net - _HALF + fixed) / (1 - share))


def _smallest_leaving(rest: int, *, share: Fraction) -> int:
    # What stays of n is n - nearest(share·n) = floor((1 - share)·n + ½); solve "at least rest" for the smallest n.
    return ceil((rest - _HALF) / (1 - share))
