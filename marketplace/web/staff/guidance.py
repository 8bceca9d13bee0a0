"""The guide of a version under review, opened for staff."""

from uuid import UUID

from flask import Blueprint, url_for

from marketplace.core.actor import StaffRole
from marketplace.core.errors import NotFound
from marketplace.core.money import Money
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.languages import translate as _
from marketplace.lots.queries import version_by_id
from marketplace.moderation import queries
from marketplace.moderation.queries.evidence import gross_of
from marketplace.web.guidance_page import guidance_page
from marketplace.web.working import charge_rows

bp = Blueprint("staff_guidance", __name__, url_prefix="/staff/moderation")


@bp.get("/<uuid:case_id>/guidance")
@allow(staff(StaffRole.MODERATOR, StaffRole.AUDITOR))
def show(case_id: UUID) -> str:
    """Show how the guide stored with this version was worked out, and whether it still comes out the same."""
    session = current_uow().session
    case = queries.case_by_id(session, case_id)
    if case.version_id is None:
        raise NotFound
    version = version_by_id(session, case.version_id)
    if not version.guidance.get("inputs"):
        raise NotFound
    return guidance_page(
        version.guidance,
        title=case.title,
        crumbs=[
            (_("Staff"), "/staff"),
            (_("Queue"), url_for("staff_moderation.queue")),
            (case.reference, url_for("staff_moderation.review", case_id=case.id)),
        ],
        address=url_for(".show", case_id=case.id),
        charges=charge_rows(version.content["price"]["lines"], gross_of(version.content)),
        price=Money(version.price_minor, version.currency),
        made_at=version.submitted_at,
    )
