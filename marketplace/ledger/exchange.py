"""Exchange between two currencies: what is given for an agreed amount, parts of it, and what each event posts. Pure.

An amount is exchanged once, by one exact rate, and rounded once to the minor unit of the currency that is given. What
the given amount is worth at the same rate goes through the position; what the rounding left over, at most about half a
minor unit of either currency, goes to `rounding`. So the position always stands at the rate.

Source: the design's row "exchange": fx_position:USD → x:USD and y:EUR → fx_position:EUR, the rate stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from marketplace.core.money import CurrencyMismatch, Money, exponent_of
from marketplace.ledger import chart
from marketplace.ledger.chart import Account
from marketplace.ledger.recipes import Entry, Line


class TooSmall(ValueError):
    """The amount is worth less than half a minor unit of the other currency."""


class NotAPart(ValueError):
    """The part lies outside of what was exchanged."""


@dataclass(frozen=True, slots=True)
class Swap:
    """An agreed amount, what is given for it in another currency, and what that is worth at the same rate."""

    agreed: Money
    given: Money
    worth: Money

    @property
    def odd(self) -> Money:
        """Return what rounding left over, in the agreed currency; below zero when the given amount is worth more."""
        return self.agreed - self.worth


def rate_between(units_per_usd_of: Decimal, units_per_usd_to: Decimal) -> Fraction:
    """Return how many units of one currency one unit of another is, exactly, from both rates to the US dollar."""
    if units_per_usd_of <= 0 or units_per_usd_to <= 0:
        raise ValueError("an exchange rate is above zero")
    return Fraction(units_per_usd_to) / Fraction(units_per_usd_of)


def swap(agreed: Money, rate: Fraction, currency: str, *, step: int = 1) -> Swap:
    """Exchange an amount above zero at `rate` units of `currency` for one; raise TooSmall when that is nothing.

    What is given is a multiple of `step` minor units, rounded half to even: what can be paid in that currency.
    """
    if agreed.minor <= 0:
        raise ValueError("an exchange is of an amount above zero")
    if currency == agreed.currency:
        raise CurrencyMismatch("an exchange is between two currencies")
    exact = Fraction(agreed.amount) * rate * 10 ** exponent_of(currency)
    given = Money(step * round(exact / step), currency)
    if not given:
        raise TooSmall(f"{agreed} is nothing in {currency}")
    return Swap(agreed, given, Money.from_decimal(Fraction(given.amount) / rate, agreed.currency))


def part_of(whole: Swap, part: Money, *, after: Money, step: int = 1) -> Swap:
    """Return a part of an exchange, when the parts before it sum to `after`; raise NotAPart.

    Parts are counted from running sums, so that all parts together are the whole to the last minor unit of both
    currencies, in whatever order and size they come. What each gives is a multiple of `step`, as the whole is.
    """
    upto = after + part
    if part.minor <= 0 or after.is_negative or upto > whole.agreed:
        raise NotAPart(f"{part} after {after} is no part of {whole.agreed}")
    return Swap(
        agreed=part,
        given=_share(whole, whole.given, upto, step=step) - _share(whole, whole.given, after, step=step),
        worth=_share(whole, whole.worth, upto) - _share(whole, whole.worth, after),
    )


def captured(order_id: UUID, whole: Swap, fee: Money) -> Entry:
    """Hold the price of an order that was paid in another currency; the provider kept its fee in that currency."""
    fees = (Line(chart.STRIPE_FEES, chart.STRIPE_CLEARING, fee),) if fee else ()
    return Entry("captured", (*_arrives(chart.STRIPE_CLEARING, chart.held(order_id), whole), *fees))


def refund_decided(order_id: UUID, part: Swap) -> Entry:
    """Owe the buyer the held amount, or a part, in the currency she paid."""
    return Entry("refund_decided", leaves(chart.held(order_id), chart.refund_payable(order_id), part))


def payout_sent(payout_id: UUID, source: Account, whole: Swap, cost: Money) -> Entry:
    """Send another currency than the payable's: the bank took `cost`; what it took beyond the worth is a loss."""
    arriving = Line(chart.payout_in_transit(payout_id), chart.FX_POSITION, whole.given)
    return Entry("payout_sent", (arriving, *_paid_for(source, whole.worth, cost)))


def payout_confirmed(payout_id: UUID, whole: Swap) -> Entry:
    """Count the other currency as received: what was reserved is used up."""
    lines = leaves(chart.coop_reserved(payout_id), chart.payout_in_transit(payout_id), whole)
    return Entry("payout_confirmed", lines)


def payout_part_failed(payout_id: UUID, source: Account, part: Swap, cost: Money) -> Entry:
    """Take back a sent part that came back: the bank gives back its cost, the payout keeps the part aside."""
    return Entry("payout_part_failed", _turned(payout_sent(payout_id, source, part, cost).lines))


def exchanged_at_bank(source: Account, target: Account, *, sold: Money, bought: Money, worth: Money) -> Entry:
    """Exchange money of our own: the position takes what the sold amount is worth, the difference is gain or loss."""
    lines = [Line(chart.FX_POSITION, source, sold), Line(target, chart.FX_POSITION, min(bought, worth))]
    if bought < worth:
        lines.append(Line(chart.FX_GAIN_LOSS, chart.FX_POSITION, worth - bought))
    if bought > worth:
        lines.append(Line(target, chart.FX_GAIN_LOSS, bought - worth))
    return Entry("exchanged_at_bank", _real(*lines))


def leaves(source: Account, target: Account, part: Swap) -> tuple[Line, ...]:
    """Take an agreed amount out of `source` and give `target` the other currency for it."""
    other = Line(chart.FX_POSITION, target, part.given)
    if part.odd.is_negative:
        through, odd = part.agreed, Line(chart.ROUNDING, chart.FX_POSITION, -part.odd)
    else:
        through, odd = part.worth, Line(source, chart.ROUNDING, part.odd)
    return _real(Line(source, chart.FX_POSITION, through), odd, other)


def valued(positions: Mapping[str, Money], units_per_usd: Mapping[str, Decimal], currency: str) -> dict[str, Money]:
    """Return what each position is worth in one currency at the day's rates; those without a rate are left out."""
    of = units_per_usd.get(currency)
    return {
        code: Money.from_decimal(Fraction(position.amount) * rate_between(units_per_usd[code], of), currency)
        for code, position in positions.items()
        if of is not None and code in units_per_usd
    }


def _arrives(source: Account, target: Account, part: Swap) -> tuple[Line, ...]:
    """Take the other currency in at `source` and give `target` the agreed amount for it."""
    return _turned(leaves(target, source, part))


def _turned(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return tuple(Line(line.credit, line.debit, line.amount) for line in lines)


def _paid_for(source: Account, worth: Money, cost: Money) -> tuple[Line, ...]:
    lines = [Line(chart.FX_POSITION, source, min(worth, cost))]
    if cost > worth:
        lines.append(Line(chart.FX_GAIN_LOSS, source, cost - worth))
    if cost < worth:
        lines.append(Line(chart.FX_POSITION, chart.FX_GAIN_LOSS, worth - cost))
    return _real(*lines)


def _share(whole: Swap, total: Money, upto: Money, *, step: int = 1) -> Money:
    return Money(step * round(Fraction(total.minor * upto.minor, whole.agreed.minor * step)), total.currency)


def _real(*lines: Line) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.amount)
