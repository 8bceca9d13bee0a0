"""An amount in another currency at the reference rates of a day, with the rates, their day and their sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final

from sqlalchemy.orm import Session

from marketplace.core.money import Money
from marketplace.ledger.exchange import Swap, TooSmall, rate_between, swap
from marketplace.payments.charging import is_charged, step_of
from marketplace.pricing.queries import units_per_usd
from marketplace.pricing.rates import RateAsOf, is_too_old

# What every rate is told against; it has none of its own.
DOLLAR: Final = "USD"
SHOWN_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class Quote:
    """A price in another currency, with the rates behind it: the older one's day, and every source."""

    swap: Swap
    rate: Decimal
    rate_ids: tuple[str, ...]
    observed_on: date
    sources: tuple[str, ...]

    @property
    def amount(self) -> Money:
        """Return what is paid."""
        return self.swap.given


def quotes(session: Session, price: Money, *, taken: Sequence[str], on: date) -> Sequence[Quote]:
    """Return the price in every other currency that is taken, can be charged, and has a rate of the days before."""
    found = (charge_in(session, price, currency, on=on) for currency in taken if currency != price.currency)
    return [each for each in found if each is not None]


def charge_in(session: Session, price: Money, currency: str, *, on: date) -> Quote | None:
    """Return the price in another currency as the provider charges it; None when it cannot, or without a rate."""
    found = quote(session, price, currency, on=on, step=step_of(currency))
    return found if found is not None and is_charged(found.amount) else None


def quote(session: Session, price: Money, currency: str, *, on: date, step: int = 1) -> Quote | None:
    """Return the price in another currency, in multiples of `step`; None without a young rate, or when it is nil."""
    of, to = (_rate(session, code, on) for code in (price.currency, currency))
    used = [rate for rate in (of, to) if isinstance(rate, RateAsOf)]
    if of is None or to is None or any(is_too_old(rate, on) for rate in used):
        return None
    exact = rate_between(_units(of), _units(to))
    try:
        exchanged = swap(price, exact, currency, step=step)
    except TooSmall:
        return None
    return Quote(
        swap=exchanged,
        rate=Context(prec=SHOWN_DIGITS, rounding=ROUND_HALF_EVEN).divide(
            Decimal(exact.numerator), Decimal(exact.denominator)
        ),
        rate_ids=tuple(rate.id for rate in used),
        observed_on=min(rate.observed_on for rate in used),
        sources=tuple(dict.fromkeys(rate.source for rate in used)),
    )


def _rate(session: Session, currency: str, on: date) -> RateAsOf | str | None:
    return DOLLAR if currency == DOLLAR else units_per_usd(session, currency, on)


def _units(rate: RateAsOf | str) -> Decimal:
    return rate.value if isinstance(rate, RateAsOf) else Decimal(1)
