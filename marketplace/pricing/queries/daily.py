"""The price of the day as it goes out by text message."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from marketplace.pricing.daily_text import FINENESSES, DayPrice
from marketplace.pricing.queries.prices import RateMissing, todays_prices
from marketplace.pricing.queries.rates import units_per_usd
from marketplace.pricing.rates import age_in_days


def price_of_the_day(session: Session, currency: str, on: date) -> DayPrice | None:
    """Return the price of gold in a currency by the rates of a date, or None without a rate of either."""
    try:
        prices = [price for price in todays_prices(session, currency, on) if price.metal == "gold"]
    except RateMissing:
        return None
    if not prices:
        return None
    exchange = units_per_usd(session, currency, on) if currency != "USD" else None
    newest = prices[0]
    oldest = min(newest.observed_on, exchange.observed_on) if exchange else newest.observed_on
    by_fineness = {price.fineness_permille: price.per_gram for price in prices}
    return DayPrice(
        currency=currency,
        per_gram={fineness: by_fineness[Decimal(fineness)] for fineness in FINENESSES},
        observed_on=oldest,
        age_days=age_in_days(oldest, on),
        stale=newest.stale,
        too_old=newest.too_old,
        sources=(newest.source, exchange.source) if exchange else (newest.source,),
    )
