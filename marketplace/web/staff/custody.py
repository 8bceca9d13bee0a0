"""The journey of any lot for staff: their own checks, and what a field officer enters for a cooperative."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from marketplace.core.actor import StaffRole
from marketplace.core.errors import Forbidden
from marketplace.custody.rules.chain import Recorder
from marketplace.custody.services.recording import Capacity
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.lots.models import Lot
from marketplace.lots.queries import lot_by_reference
from marketplace.web.custody_page import Places, form_page, journey_page, record_from_form

bp = Blueprint("staff_custody", __name__, url_prefix="/staff/lots")
READERS = staff(StaffRole.MODERATOR, StaffRole.VERIFIER, StaffRole.AUDITOR)
RECORDERS = staff(StaffRole.MODERATOR, StaffRole.VERIFIER)
_OWN_KINDS = frozenset({"assayed", "valued", "inspected", "tagged", "stored"})
OWN = Capacity(Recorder.STAFF)
ON_BEHALF = Capacity(Recorder.COOPERATIVE, enters_for=True)


@bp.get("/<reference>/journey")
@allow(READERS)
def show(reference: str) -> str:
    """Show what is recorded, what staff may record, and what may be entered on behalf."""
    lot = lot_by_reference(current_uow().session, reference)
    may_write = current_uow().actor.has_role(StaffRole.MODERATOR, StaffRole.VERIFIER)
    capacities = {_("Record as Pact"): OWN, _("Enter on behalf of the cooperative"): ON_BEHALF} if may_write else {}
    return journey_page(lot, _places(lot), capacities=capacities)


@bp.get("/<reference>/journey/<kind>")
@allow(RECORDERS)
def ask(reference: str, kind: str) -> str:
    """Ask about one event."""
    lot = lot_by_reference(current_uow().session, reference)
    return form_page(lot, kind, _places(lot), values={}, errors={}, capacity=_capacity(lot, kind))


@bp.post("/<reference>/journey/<kind>")
@allow(RECORDERS)
@once
def record(reference: str, kind: str) -> Response | tuple[str, int]:
    """Record one event, as Pact or on behalf of the cooperative."""
    lot = lot_by_reference(current_uow().session, reference)
    places, capacity = _places(lot), _capacity(lot, kind)
    errors = record_from_form(lot, kind, capacity)
    if errors:
        return form_page(lot, kind, places, values=request.form, errors=errors, capacity=capacity), 422
    flash(_("Recorded."), "good")
    return redirect(places.journey, code=303)


def _capacity(lot: Lot, kind: str) -> Capacity:
    """Return as whom the form is filled in; what Pact records itself needs no word, the rest is on behalf."""
    if lot.cooperative_id in current_uow().actor.memberships:
        raise Forbidden  # nobody checks, or enters for, a cooperative she is an officer of
    is_own = kind in _OWN_KINDS and request.values.get("for") != "cooperative"
    return OWN if is_own else ON_BEHALF


def _places(lot: Lot) -> Places:
    return Places(
        journey=url_for("staff_custody.show", reference=lot.reference),
        form=lambda kind: url_for("staff_custody.ask", reference=lot.reference, kind=kind),
        back="/staff",
        back_words=_("Staff"),
        icglr=url_for("staff_lot_icglr.show", reference=lot.reference) if _takes_records() else "",
    )


def _takes_records() -> bool:
    return current_uow().actor.has_role(StaffRole.MODERATOR)
