"""Read what a visit saw. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from marketplace.compliance.answers import Answers
from marketplace.compliance.vocabulary import ACTIVITIES, SITE_STATUSES, codes
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.onboarding.checklists import checklist_for, not_well, read_checklist
from marketplace.onboarding.renewals import next_visit

SHORTEST_FINDINGS: Final = 20
LONGEST_FINDINGS: Final = 4_000
MOST_PHOTOS: Final = 8
# A visit is entered soon after it; an older one tells nothing about today.
OLDEST_VISIT: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Seen:
    """A visit as it is told. `site_status` and `activity` belong to visits of a site; no next day means the usual."""

    visited_on: date
    visitors: str
    checklist: dict[str, Any]
    findings: str
    site_status: int | None
    activity: str
    next_visit_on: date | None

    @property
    def comes_again_on(self) -> date:
        """Return the day by which somebody goes there again."""
        return self.next_visit_on or next_visit(self.visited_on, all_well=not not_well(self.checklist))


def read_visit(form: Mapping[str, str], *, is_site: bool, today: date) -> Seen:
    """Return what was seen; raise InvalidInput naming every field that needs another answer."""
    read = Answers(form)
    visited_on = read.day("visited_on", empty=N_("Enter the day of the visit."))
    if visited_on is not None and visited_on > today:
        read.refuse("visited_on", N_("This day is still to come."))
    if visited_on is not None and visited_on < today - OLDEST_VISIT:
        read.refuse("visited_on", N_("Enter a visit within 60 days of it."))
    visitors = read.line("visitors", empty=N_("Enter who was there for Pact."), most=200)
    checklist: dict[str, Any] = {}
    try:
        checklist = read_checklist(checklist_for(is_site=is_site), form)
    except InvalidInput as error:
        read.errors.update(error.fields)
    status = read.choice("site_status", codes(SITE_STATUSES)) if is_site else ""
    activity = read.choice("activity", codes(ACTIVITIES)) if is_site else ""
    findings = read.line("findings", most=LONGEST_FINDINGS)
    if len(findings) < SHORTEST_FINDINGS:
        read.refuse("findings", N_("Write at least 20 letters, so that somebody else understands it."))
    again = read.day("next_visit_on")
    if again is not None and visited_on is not None and again <= visited_on:
        read.refuse("next_visit_on", N_("The next visit comes after this one."))
    read.finish()
    return Seen(
        visited_on=visited_on or today,
        visitors=visitors,
        checklist=checklist,
        findings=findings,
        site_status=int(status) if is_site else None,
        activity=activity,
        next_visit_on=again,
    )
