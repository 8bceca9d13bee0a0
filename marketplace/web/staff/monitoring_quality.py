"""How good moderation was: median and 95th percentile, overturned decisions, per reviewer and per reason."""

from typing import Any

from flask import Blueprint, render_template, request

from marketplace.core.actor import StaffRole
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.moderation.reasons import BY_CODE
from marketplace.monitoring.quality import FEWEST_DECISIONS, Quality, by_reason, by_reviewer, overturned, quality
from marketplace.monitoring.quality_queries import decisions_since, waiting_cases
from marketplace.monitoring.values import Unit
from marketplace.web.filters import number, percent
from marketplace.web.filters import translate as tr
from marketplace.web.staff.monitoring import asked_for
from marketplace.web.staff.monitoring_words import written

bp = Blueprint("staff_monitoring_quality", __name__, url_prefix="/staff/monitoring/moderation")
# It tells how single colleagues work: only for those who moderate, audit, or run the house.
READERS = staff(StaffRole.MODERATOR, StaffRole.AUDITOR, StaffRole.ADMINISTRATOR)
Page = str | tuple[str, int]


@bp.get("")
@allow(READERS)
def show() -> Page:
    """Show the figures of decisions in a period."""
    uow, asked = current_uow(), asked_for(request.args)
    found = decisions_since(uow.session, asked.wanted)
    undone = overturned(found.facts)
    facts = [fact for fact in found.facts if fact.decided_at < asked.wanted.before]
    reviewers = by_reviewer(facts, undone)
    body = render_template(
        "staff/monitoring/quality.html",
        whole=_words(quality(facts, undone)),
        reviewers=[{"name": found.names[key], **_words(each)} for key, each in reviewers.items()],
        reasons=[
            {
                "name": tr(BY_CODE[each.reason].text) if each.reason in BY_CODE else each.reason,
                "given": number(each.given),
                "overturned": number(each.overturned),
            }
            for each in by_reason(facts, undone)
        ],
        waiting=waiting_cases(uow.session),
        fewest=FEWEST_DECISIONS,
        is_cut=found.is_cut,
        period=asked.wanted.period,
        **asked.form(),
    )
    return (body, 422) if asked.errors else body


def _words(each: Quality) -> dict[str, Any]:
    return {
        "decisions": number(each.decisions),
        "median": written(each.median_hours, Unit.HOURS),
        "p95": written(each.p95_hours, Unit.HOURS),
        "overturned": number(each.overturned),
        "rate": percent(each.overturn_rate) if each.overturn_rate is not None else "–",
    }
