"""The journey of the cooperative's own lots: what happened, and what happened next."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from marketplace.custody.rules.chain import Recorder
from marketplace.custody.services.recording import Capacity
from marketplace.http.access import MEMBER, WRITER, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.lots.models import Lot
from marketplace.lots.queries import lot_of_cooperative
from marketplace.web.custody_page import Places, form_page, journey_page, record_from_form

bp = Blueprint("cooperative_custody", __name__, url_prefix="/cooperative/lots")
CAPACITY = Capacity(Recorder.COOPERATIVE)


@bp.get("/<reference>/journey")
@allow(MEMBER)
def show(reference: str) -> str:
    """Show what is recorded, and what may be recorded now."""
    lot = _own(reference)
    may_write = current_uow().actor.may_write_for(lot.cooperative_id)
    return journey_page(lot, _places(lot), capacities={_("What happened next?"): CAPACITY} if may_write else {})


@bp.get("/<reference>/journey/<kind>")
@allow(WRITER)
def ask(reference: str, kind: str) -> str:
    """Ask about one event."""
    lot = _own(reference)
    return form_page(lot, kind, _places(lot), values={}, errors={}, capacity=CAPACITY)


@bp.post("/<reference>/journey/<kind>")
@allow(WRITER)
@once
def record(reference: str, kind: str) -> Response | tuple[str, int]:
    """Record one event."""
    lot = _own(reference)
    places = _places(lot)
    errors = record_from_form(lot, kind, CAPACITY)
    if errors:
        return form_page(lot, kind, places, values=request.form, errors=errors, capacity=CAPACITY), 422
    flash(_("Recorded."), "good")
    return redirect(places.journey, code=303)


def _own(reference: str) -> Lot:
    uow = current_uow()
    return lot_of_cooperative(uow.session, reference, uow.actor)


def _places(lot: Lot) -> Places:
    return Places(
        journey=url_for("cooperative_custody.show", reference=lot.reference),
        form=lambda kind: url_for("cooperative_custody.ask", reference=lot.reference, kind=kind),
        back=url_for("cooperative_lots.show", reference=lot.reference),
        back_words=_("Your lot"),
    )
