"""Reads that turn rates into amounts people read: conversion with its rates, and today's prices a gram."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from sqlalchemy.orm import Session

from marketplace.core.errors import Unavailable
from marketplace.core.money import Money, convert
from marketplace.core.text import N_
from marketplace.pricing.gold import exact_usd_per_fine_gram
from marketplace.pricing.queries.rates import rate_as_of, units_per_usd
from marketplace.pricing.rates import GOLD_SERIES, RateAsOf, age_in_days, is_stale, is_too_old

PUBLIC_FINENESSES: Final = tuple(Decimal(permille) for permille in (999, 916, 875, 750))
_METALS: Final = (
    ("gold", GOLD_SERIES, PUBLIC_FINENESSES),
    ("silver", "XAG/USD", (Decimal(999),)),
    ("platinum", "XPT/USD", (Decimal(999),)),
)


class RateMissing(Unavailable):
    """There is no rate for a currency on a date."""

    code = "rate_missing"
    message = N_("There is no exchange rate for %(currency)s yet.")


@dataclass(frozen=True, slots=True)
class Converted:
    """Hold an amount in another currency with the rates used, the date of the oldest and whether one is stale."""

    money: Money
    rate_ids: tuple[str, ...]
    observed_on: date | None
    sources: tuple[str, ...]
    stale: bool


@dataclass(frozen=True, slots=True)
class MetalPrice:
    """Hold the reference price of one gram of a metal at a fineness, with source, date and age of the rate used."""

    metal: str
    fineness_permille: Decimal
    per_gram: Money
    source: str
    licence: str
    observed_on: date
    age_days: int
    stale: bool
    too_old: bool
    rate_ids: tuple[str, ...]


def convert_between(session: Session, money: Money, currency: str, on: date) -> Converted:
    """Return money in another currency by the rates of a date, rounded once; raises RateMissing without a rate."""
    if money.currency == currency:
        return Converted(money, (), None, (), stale=False)
    of, to = _rate(session, money.currency, on), _rate(session, currency, on)
    used = tuple(rate for rate in (of, to) if rate is not None)
    return Converted(
        money=convert(money, _units(of), _units(to), currency),
        rate_ids=tuple(rate.id for rate in used),
        observed_on=min(rate.observed_on for rate in used),
        sources=tuple(dict.fromkeys(rate.source for rate in used)),
        stale=any(is_stale(rate, on) for rate in used),
    )


def todays_prices(session: Session, currency: str, on: date) -> tuple[MetalPrice, ...]:
    """Return the price a gram of gold at 999, 916, 875 and 750, of silver and platinum at 999, in a currency.

    A metal without a rate is left out; raises RateMissing when the currency has none.
    """
    exchange = _rate(session, currency, on)
    prices = []
    for metal, series, finenesses in _METALS:
        rate = rate_as_of(session, series, on)
        if rate is not None:
            prices += [_price(metal, fineness, rate=rate, exchange=exchange, on=on, currency=currency)
                       for fineness in finenesses]  # fmt: skip
    return tuple(prices)


def _price(
    metal: str, fineness: Decimal, *, rate: RateAsOf, exchange: RateAsOf | None, on: date, currency: str
) -> MetalPrice:
    exact = exact_usd_per_fine_gram(rate.value) * Fraction(fineness) / 1000 * Fraction(_units(exchange))
    used = (rate,) if exchange is None else (rate, exchange)
    return MetalPrice(
        metal=metal,
        fineness_permille=fineness,
        per_gram=Money.from_decimal(exact, currency),
        source=rate.source,
        licence=rate.licence,
        observed_on=rate.observed_on,
        age_days=age_in_days(rate.observed_on, on),
        stale=any(is_stale(each, on) for each in used),
        too_old=any(is_too_old(each, on) for each in used),
        rate_ids=tuple(each.id for each in used),
    )


def _rate(session: Session, currency: str, on: date) -> RateAsOf | None:
    if currency == "USD":
        return None
    rate = units_per_usd(session, currency, on)
    if rate is None:
        raise RateMissing(currency=currency)
    return rate


def _units(rate: RateAsOf | None) -> Decimal:
    return Decimal(1) if rate is None else rate.value
