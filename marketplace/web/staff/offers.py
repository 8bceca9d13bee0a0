"""Negotiations as staff read them: who offered what, and when. Nobody at Pact answers for anybody."""

from flask import Blueprint, render_template, request

from marketplace.core.actor import StaffRole
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.orders import offer_queries as queries
from marketplace.web.offer_view import rows_of, talk_view

bp = Blueprint("staff_offers", __name__, url_prefix="/staff/offers")
READERS = staff(StaffRole.MODERATOR, StaffRole.AUDITOR)


@bp.get("")
@allow(READERS)
def index() -> str:
    """List every negotiation, last moved first."""
    uow = current_uow()
    page = queries.talks_for_staff(uow.session, now=uow.now, after=request.args.get("after"))
    return render_template("staff/offers/list.html", offers=rows_of(page, reader=None), after=page.after)


@bp.get("/<reference>")
@allow(READERS)
def show(reference: str) -> str:
    """Show a negotiation; the private floor is not on this page."""
    uow = current_uow()
    negotiation = queries.negotiation_by_reference(uow.session, reference)
    talk = queries.talk_of(uow.session, negotiation, now=uow.now)
    return render_template("staff/offers/offer.html", **talk_view(uow, talk, reader=None))
