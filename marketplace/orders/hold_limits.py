"""How long a payment may be held: the provider's maximum decides, and our own last day comes before it. Pure.

Source: providers must pay out within a time that depends on the country of the account (`config/limits.toml` names the
page and the day it was read). The order chapter of the design ends every hold by day 85 of 90 and warns on day 60 and
75; a shorter maximum is divided in the same way. A longer one (two years in the United States) lengthens nothing: no
buyer and no cooperative waits longer because our account stands elsewhere.
"""

from datetime import datetime, timedelta
from typing import Final

from marketplace.core.errors import DomainError
from marketplace.core.text import N_
from marketplace.orders.deadlines import SCHEDULES
from marketplace.orders.terms import INSPECTION_DAYS
from marketplace.orders.transitions import COOL_OFF, State

BACKSTOP_DAYS: Final = 85
# Of 90 days, 5 are kept for the payment itself: one in eighteen, and never less than a day.
USUAL_MAXIMUM: Final = 90
_SHARE_KEPT: Final = 18
# Of our 85 days, 5 are kept to carry the decision out: one in seventeen.
DECISION_DAYS: Final = 80
_SHARE_TO_CARRY_OUT: Final = 17
ALARM_DAYS: Final = (60, 75)
# Every stretch of the road before the buyer holds the goods, each with the longest time its people may take.
ROAD: Final = (State.FUNDED, State.CONFIRMED, State.SHIPPED)
_DAY: Final = timedelta(days=1)


class HoldTooShort(DomainError):
    """The payment provider does not let money rest as long as this order may take."""

    code = "hold_too_short"
    message = N_(
        "An order takes up to %(needed)s days. Our payment provider makes us end it within %(allowed)s days. "
        "So you cannot buy this lot here. We must change this: please write to us."
    )


def backstop_days(maximum_days: int) -> int:
    """Return on which day after the payment our hold ends: 85, or less where the provider's maximum is shorter."""
    kept = max(1, -(-maximum_days // _SHARE_KEPT))
    return min(BACKSTOP_DAYS, maximum_days - kept)


def decision_days(maximum_days: int) -> int:
    """Return by which day an order must be decided: 80 of our 85, so that the money can go; the same share of less."""
    within = backstop_days(maximum_days)
    return min(DECISION_DAYS, within - -(-within // _SHARE_TO_CARRY_OUT))


def last_day_of_hold(funded_at: datetime, *, maximum_days: int) -> datetime:
    """Return the last moment at which the payment may still be held; `maximum_days` is the provider's."""
    return funded_at + backstop_days(maximum_days) * _DAY


def alarm_days(maximum_days: int) -> tuple[int, int]:
    """Return on which days after the payment staff are warned: 60 and 75 of 90, the same shares of less."""
    within = min(maximum_days, USUAL_MAXIMUM)
    first, second = (day * within // USUAL_MAXIMUM for day in ALARM_DAYS)
    return first, second


def alarms_due(funded_at: datetime, *, maximum_days: int, now: datetime) -> int:
    """Return how many of the two alarms should have gone out by now."""
    return sum(funded_at + day * _DAY <= now for day in alarm_days(maximum_days))


def road_days(inspection_days: int, *, is_large: bool) -> int:
    """Return the days of the longest undisturbed road from payment to release, everybody taking all the time."""
    lengths = [SCHEDULES[state].length for state in ROAD]
    before = sum((length for length in lengths if isinstance(length, timedelta)), start=timedelta())
    whole = before + inspection_days * _DAY + (COOL_OFF if is_large else timedelta())
    return -(-whole // _DAY)


def fitted_inspection_days(wanted: int, *, maximum_days: int, is_large: bool) -> int:
    """Return the days to inspect that fit: those wanted, or fewer, but never under the week every buyer has.

    Raises HoldTooShort when not even that week fits.
    """
    allowed = decision_days(maximum_days)
    room = allowed - road_days(0, is_large=is_large)
    least = min(wanted, INSPECTION_DAYS)
    if room < least:
        raise HoldTooShort(needed=road_days(least, is_large=is_large), allowed=allowed)
    return min(wanted, room)


def check_road_fits(*, maximum_days: int) -> None:
    """Raise HoldTooShort when no order at all can end in time, however small: nobody should fill in a form then."""
    fitted_inspection_days(INSPECTION_DAYS, maximum_days=maximum_days, is_large=False)


def is_road_too_long(maximum_days: int) -> bool:
    """Tell whether no order can end within what the provider allows."""
    return decision_days(maximum_days) < road_days(INSPECTION_DAYS, is_large=False)
