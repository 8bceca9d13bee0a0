"""When an approval, a declaration or a visit is due again, and when people are warned of it. Pure."""

from datetime import date, timedelta
from typing import Final

from marketplace.compliance.gate import ATTESTATION_LASTS

# The programmes renew their agreements with cooperatives each year.
APPROVAL_LASTS: Final = timedelta(days=365)
# Days before the end on which a letter goes out; 0 is the letter that it has ended.
WARN_OF_APPROVAL: Final = (60, 30, 7, 0)
WARN_OF_DECLARATION: Final = (30, 7, 0)
# A site with something wrong is seen again within half a year, every other within a year.
NEXT_VISIT: Final = timedelta(days=365)
NEXT_VISIT_SOON: Final = timedelta(days=182)


def approval_ends(decided_on: date) -> date:
    """Return the last day of an approval."""
    return decided_on + APPROVAL_LASTS


def declaration_ends(signed_on: date) -> date:
    """Return the last day of a signed declaration; the publication gate asks for the same."""
    return signed_on + ATTESTATION_LASTS


def warning_due(last_day: date, *, today: date, warn: tuple[int, ...]) -> int | None:
    """Return which of the warnings is due now (days before the end, 0 when it is over), or None.

    Of several that were missed only the latest is due: nobody wants three letters in one morning.
    """
    left = (last_day - today).days
    if left < 0:
        return 0 if 0 in warn else None
    due = [days for days in warn if days > 0 and left <= days]
    return min(due) if due else None


def next_visit(visited_on: date, *, all_well: bool) -> date:
    """Return the day by which a place should be seen again."""
    return visited_on + (NEXT_VISIT if all_well else NEXT_VISIT_SOON)
