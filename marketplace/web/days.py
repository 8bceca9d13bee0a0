"""Days that people write into filters."""

from collections.abc import Mapping
from datetime import date

from marketplace.http.languages import translate as _


def read_day(values: Mapping[str, str], name: str, errors: dict[str, str]) -> date | None:
    """Return the day of a field; None when it is empty, or cannot be read, which is noted in `errors`."""
    if not values[name]:
        return None
    try:
        return date.fromisoformat(values[name])
    except ValueError:
        errors[name] = _("Write the date as year-month-day, for example 2026-09-29.")
        return None
