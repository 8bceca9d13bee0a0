"""How an order is paid and how long that may take. Pure.

Source: the claim table of the design ("checkout 30 min card / 3 working days transfer").
"""

from datetime import datetime, timedelta
from typing import Final

from marketplace.core.money import Money

# What the provider takes by bank transfer.
TRANSFER_CURRENCIES: Final = frozenset({"EUR", "GBP", "USD"})
CARD_TIME: Final = timedelta(minutes=30)
TRANSFER_WORKING_DAYS: Final = 3
_FRIDAY: Final = 5  # isoweekday
_DAY: Final = timedelta(days=1)


def is_by_transfer(currency: str, *, value: Money | None, threshold_minor: int) -> bool:
    """Tell whether a payment in a currency is by bank transfer: its worth is at the threshold, and a bank takes it."""
    return value is not None and value.minor >= threshold_minor and currency in TRANSFER_CURRENCIES


def pay_until(now: datetime, *, by_transfer: bool) -> datetime:
    """Return until when a buyer may pay: half an hour by card, three working days (Monday to Friday) by transfer."""
    return after_working_days(now, TRANSFER_WORKING_DAYS) if by_transfer else now + CARD_TIME


def after_working_days(start: datetime, days: int) -> datetime:
    """Return the same time of day that many working days later; public holidays are not known."""
    at = start
    while days:
        at += _DAY
        if at.isoweekday() <= _FRIDAY:
            days -= 1
    return at
