"""The settings of sanctions screening, and what may not go together there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from config.parsing import Reader

if TYPE_CHECKING:
    from config.settings import Settings

# Publishers change their lists every few days; a demonstration lives longer than its made-up lists.
DAYS, DAYS_OF_DEMONSTRATION = 10, 3_650


def screening_settings(read: Reader, *, is_demonstration: bool) -> dict[str, Any]:
    """Return how old lists may be, and whether the market runs without any."""
    days = DAYS_OF_DEMONSTRATION if is_demonstration else DAYS
    return {
        "screening_list_days": read.number("SCREENING_LIST_DAYS", days, at_least=1, at_most=DAYS_OF_DEMONSTRATION),
        "screening_without_lists": read.yes_or_no("SCREENING_WITHOUT_LISTS", default=is_demonstration),
    }


def wrong_screening(settings: Settings) -> tuple[tuple[bool, str], ...]:
    """Return each rule: whether it is broken, and its words."""
    return (
        (
            settings.is_production and settings.screening_without_lists,
            "SCREENING_WITHOUT_LISTS is for development, tests and a demonstration only",
        ),
        (
            settings.is_production and settings.screening_list_days > 30,
            "SCREENING_LIST_DAYS is at most 30 in production",
        ),
    )
