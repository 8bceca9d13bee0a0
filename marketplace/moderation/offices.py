"""The calendars of Pact's offices: Monday to Friday without the public holidays of the country.

The holidays are those of the library `holidays`; a country it does not know has weekends only. Days of the Islamic
calendar are computed there, so the sighting of the moon may move one by a day.
"""

from collections.abc import Callable, Container
from datetime import date
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

import holidays
from babel.core import get_global

from marketplace.moderation.ageing import Office

_SATURDAY: Final = 5


@cache
def office_of(country: str) -> Office:
    """Return the office that works on the cases of a country (ISO 3166 alpha-2)."""
    return Office(_zone_of(country), _opening(_closed_in(country)))


def _opening(closed: Container[date]) -> Callable[[date], bool]:
    return lambda day: day.weekday() < _SATURDAY and day not in closed


def _closed_in(country: str) -> Container[date]:
    try:
        return holidays.country_holidays(country)
    except NotImplementedError:  # how the library says that it does not know the country
        return frozenset()


def _zone_of(country: str) -> ZoneInfo:
    """Return the first time zone of a country by name; UTC without one."""
    zones = sorted(zone for zone, where in get_global("zone_territories").items() if where == country)
    return ZoneInfo(zones[0] if zones else "UTC")
