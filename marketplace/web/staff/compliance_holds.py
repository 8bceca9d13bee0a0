"""Orders that compliance stopped: the doubt in words, for staff only; set by one person, lifted by another."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.queries import names_of
from marketplace.compliance.staff_forms import EVERY_GROUND, GROUNDS, read_hold, reason_of
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.orders import compliance_checks as checks
from marketplace.orders.models import Order
from marketplace.orders.queries import order_by_reference, price_of
from marketplace.orders.services import compliance_holds as holds
from marketplace.orders.transitions import FINAL
from marketplace.web.account.places import field_errors

bp = Blueprint("staff_compliance_holds", __name__, url_prefix="/staff/checks")
READERS = staff(StaffRole.MODERATOR, StaffRole.FINANCE, StaffRole.AUDITOR)
MODERATORS = staff(StaffRole.MODERATOR)
FRESH_MODERATORS = staff(StaffRole.MODERATOR, fresh=True)
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(READERS)
def index() -> str:
    """List the orders that compliance stops now."""
    rows = checks.open_holds(current_uow().session)
    return render_template("staff/holds/checks.html", rows=rows, grounds=EVERY_GROUND)


@bp.get("/<reference>")
@allow(READERS)
def order(reference: str) -> str:
    """Show the holds of an order, and what may be done."""
    return _page(_any(reference), values={}, errors={})


@bp.post("/<reference>")
@allow(MODERATORS)
@once
def set_hold(reference: str) -> Page:
    """Stop the order."""
    found = _any(reference)
    try:
        hold = read_hold(request.form)
    except InvalidInput as error:
        return _page(found, values=request.form, errors=field_errors(error)), 422
    holds.set_hold(current_uow(), order=found, hold=hold)
    flash(_(N_("The order is stopped. Both parties read that a check takes time, and nothing of the reason.")), "good")
    return _to(found)


@bp.post("/<reference>/lifting")
@allow(FRESH_MODERATORS)
@once
def lift_hold(reference: str) -> Page:
    """Let the order go on as the second person."""
    found = _any(reference)
    try:
        reason = reason_of({"reason": request.form.get("lifting", "")})
    except InvalidInput as error:
        return _page(found, values=request.form, errors={"lifting": field_errors(error)["reason"]}), 422
    holds.lift_hold(current_uow(), order=found, reason=reason)
    flash(_(N_("The order goes on. Both parties get a letter.")), "good")
    return _to(found)


def _page(found: Order, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    rows = checks.holds_of(uow.session, found.id)
    people = [str(key) for row in rows for key in (row.set_by, row.lifted_by) if key]
    is_open = any(row.lifted_at is None for row in rows)
    return render_template(
        "staff/holds/check.html",
        order=found,
        price=price_of(found),
        rows=rows,
        names=names_of(uow.session, people),
        grounds=EVERY_GROUND,
        choices=[{"value": code, "label": _(words)} for code, words in GROUNDS.items()],
        values=values,
        errors=errors,
        me=uow.actor.user_id,
        may_set=uow.actor.has_role(StaffRole.MODERATOR) and not is_open and found.state not in FINAL,
        incident=next(
            (checks.incident_holding(uow.session, found, row) for row in rows if row.lifted_at is None), None
        ),
        may_lift=uow.actor.has_role(StaffRole.MODERATOR) and is_open,
    )


def _any(reference: str) -> Order:
    return order_by_reference(current_uow().session, reference)


def _to(found: Order) -> Response:
    return redirect(url_for("staff_compliance_holds.order", reference=found.reference), code=303)
