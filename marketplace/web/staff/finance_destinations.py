"""Where cooperatives are paid: finance compares a new account with the papers before anything goes there."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.models import User
from marketplace.compliance.models import Cooperative
from marketplace.core.actor import StaffRole
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate
from marketplace.payments import destinations
from marketplace.payments.models import PayoutDestination
from marketplace.payments.rails import MOBILE_PROVIDERS
from marketplace.web.staff.finance_words import RAILS

bp = Blueprint("staff_destinations", __name__, url_prefix="/staff/finance/accounts")
READERS = staff(StaffRole.FINANCE, StaffRole.AUDITOR)
FINANCE = staff(StaffRole.FINANCE, fresh=True)


@bp.get("")
@allow(READERS)
def index() -> str:
    """List the accounts that nobody checked yet."""
    session = current_uow().session
    found = destinations.unverified_destinations(session)
    names = {row.id: session.get_one(Cooperative, row.cooperative_id).legal_name for row in found}
    return render_template("staff/finance/destinations.html", destinations=found, names=names, rails=RAILS)


@bp.get("/<uuid:destination_id>")
@allow(READERS)
def show(destination_id: UUID) -> str:
    """Show an account, its number masked."""
    return _page(destinations.destination_by_id(current_uow().session, destination_id))


@bp.post("/<uuid:destination_id>/number")
@allow(FINANCE)
def reveal(destination_id: UUID) -> str:
    """Show the full number; it is noted who looked."""
    uow = current_uow()
    destination = destinations.destination_by_id(uow.session, destination_id)
    return _page(destination, revealed=destinations.reveal(uow, destination=destination))


@bp.post("/<uuid:destination_id>/check")
@allow(FINANCE)
@once
def verify(destination_id: UUID) -> Response:
    """Note that the account fits the cooperative's papers."""
    uow = current_uow()
    destinations.verify(uow, destination=destinations.destination_by_id(uow.session, destination_id))
    flash(translate(N_("Checked. The officers were told.")), "good")
    return redirect(url_for("staff_destinations.index"), code=303)


def _page(destination: PayoutDestination, *, revealed: object = None) -> str:
    session = current_uow().session
    return render_template(
        "staff/finance/destination.html",
        destination=destination,
        cooperative=session.get_one(Cooperative, destination.cooperative_id),
        entered_by=session.get_one(User, destination.created_by).name,
        institution=MOBILE_PROVIDERS.get(destination.institution, destination.institution),
        rail=RAILS[destination.rail],
        is_finance=current_uow().actor.has_role(StaffRole.FINANCE),
        revealed=revealed,
    )
