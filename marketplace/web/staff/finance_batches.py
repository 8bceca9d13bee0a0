"""Batches of payouts: chosen, exported for the bank, marked as sent by a second person."""

from datetime import date, datetime
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from marketplace.accounts.models import User
from marketplace.core.actor import StaffRole
from marketplace.core.errors import FieldError, InvalidInput, NotFound
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate, translate_error
from marketplace.payments.payouts import batches
from marketplace.payments.payouts.part_moves import received
from marketplace.web.staff.finance_words import BATCH_STATES, PART_STATES, RAILS

bp = Blueprint("staff_batches", __name__, url_prefix="/staff/finance/batches")
READERS = staff(StaffRole.FINANCE, StaffRole.AUDITOR)
FINANCE = staff(StaffRole.FINANCE, fresh=True)
Page = Answer | str | tuple[str, int]
TYPES = {"xml": "application/xml", "csv": "text/csv; charset=utf-8"}


@bp.get("")
@allow(READERS)
def index() -> Page:
    """List what can go into a batch, and the batches, newest first."""
    return _index(values={}, errors={})


@bp.post("")
@allow(FINANCE)
@once
def make() -> Page:
    """Freeze the chosen transfers into a batch."""
    try:
        on, chosen = _day(request.form.get("execute_on", "")), _ids(request.form.getlist("parts"))
        batch = batches.make(current_uow(), part_ids=chosen, execute_on=on)
    except InvalidInput as error:
        return _index(values=request.form, errors=_words(error)), 422
    flash(translate(N_("The batch is made. Another person marks it as sent.")), "good")
    return redirect(url_for("staff_batches.show", reference=batch.reference), code=303)


@bp.get("/<reference>")
@allow(READERS)
def show(reference: str) -> Page:
    """Show a batch and its transfers, accounts masked."""
    session = current_uow().session
    batch = batches.batch_by_reference(session, reference)
    return render_template(
        "staff/finance/batch.html",
        batch=batch,
        total=Money(batch.total_minor, batch.currency),
        parts=[(part, received(session, part)) for part in batches.parts_of(session, batch.id)],
        maker=session.get_one(User, batch.made_by).name,
        sender=session.get_one(User, batch.sent_by).name if batch.sent_by else "",
        is_maker=batch.made_by == current_uow().actor.user_id,
        is_finance=current_uow().actor.has_role(StaffRole.FINANCE),
        rails=RAILS,
        words=BATCH_STATES,
        part_words=PART_STATES,
    )


@bp.post("/<reference>/file/<kind>")
@allow(FINANCE)
def export(reference: str, kind: str) -> Response:
    """Give the file for the bank; it is noted who took it."""
    if kind not in TYPES:
        raise NotFound
    uow = current_uow()
    batch = batches.batch_by_reference(uow.session, reference)
    response = Response(batches.export(uow, batch=batch, kind=kind), content_type=TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{batch.reference}.{kind}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/<reference>/sending")
@allow(FINANCE)
@once
def send(reference: str) -> Page:
    """Mark the batch as sent, as the second person."""
    uow = current_uow()
    batches.mark_sent(uow, batch=batches.batch_by_reference(uow.session, reference))
    flash(translate(N_("Noted as sent. The bank’s statement confirms each payout.")), "good")
    return redirect(url_for("staff_batches.show", reference=reference), code=303)


@bp.post("/<reference>/cancellation")
@allow(FINANCE)
@once
def cancel(reference: str) -> Page:
    """Take the batch apart."""
    uow = current_uow()
    batches.cancel(uow, batch=batches.batch_by_reference(uow.session, reference))
    flash(translate(N_("Cancelled. Its transfers can go into another batch.")), "good")
    return redirect(url_for("staff_batches.index"), code=303)


def _index(*, values: object, errors: object) -> str:
    uow = current_uow()
    found = batches.batches(uow.session, before=_cursor())
    shown = found[: batches.PAGE]
    return render_template(
        "staff/finance/batches.html",
        ready=[(part, received(uow.session, part)) for part, _payout in batches.ready_parts(uow.session)],
        batches=[(batch, Money(batch.total_minor, batch.currency)) for batch in shown],
        next_before=shown[-1].made_at.isoformat() if len(found) > batches.PAGE else None,
        is_finance=uow.actor.has_role(StaffRole.FINANCE),
        today=uow.now.date().isoformat(),
        rails=RAILS,
        words=BATCH_STATES,
        values=values,
        errors=errors,
    )


def _words(error: InvalidInput) -> dict[str, str]:
    return {name: translate_error(field) for name, field in error.fields.items()}


def _ids(texts: list[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts]
    except ValueError:
        raise InvalidInput({"parts": FieldError(N_("Choose transfers from the list."))}) from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput({"execute_on": FieldError(N_("Enter a day, such as 2026-09-30."))}) from None


def _cursor() -> datetime | None:
    try:
        found = datetime.fromisoformat(request.args.get("before", ""))
    except ValueError:
        return None
    return found if found.tzinfo else None
