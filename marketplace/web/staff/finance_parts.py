"""The transfers of one payout: each is sent, confirmed, noted as returned and tried again by itself."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate, translate_error
from marketplace.orders.services import payout_parts
from marketplace.payments.models import Payout
from marketplace.payments.payouts.part_amounts import amount_of_part
from marketplace.payments.payouts.part_moves import latest_parts, rules_of
from marketplace.payments.payouts.returns import TOLD_BY_OTHERS, return_of, returns_of, waiting
from marketplace.payments.payouts.transitions import allowed_part_actions
from marketplace.payments.queries import payout_by_reference
from marketplace.payments.rail_models import PayoutPart
from marketplace.payments.rails import Rail
from marketplace.web.staff.finance_words import PART_STATES

bp = Blueprint("staff_parts", __name__, url_prefix="/staff/finance/parts")
READERS = staff(StaffRole.FINANCE, StaffRole.AUDITOR)
FINANCE = staff(StaffRole.FINANCE, fresh=True)
Page = Response | str | tuple[str, int]
Change = Callable[..., object]


@bp.get("/<reference>")
@allow(READERS)
def index(reference: str) -> Page:
    """Show the transfers of a payout."""
    return _page(_payout(reference), values={}, errors={})


@bp.post("/<reference>/<uuid:part_id>/sending")
@allow(FINANCE)
@once
def send(reference: str, part_id: UUID) -> Page:
    """Note that a part left our account."""
    return _do(reference, part_id, payout_parts.send, "reference")


@bp.post("/<reference>/<uuid:part_id>/confirmation")
@allow(FINANCE)
@once
def confirm(reference: str, part_id: UUID) -> Page:
    """Note the proof of a part."""
    return _do(reference, part_id, payout_parts.confirm, "proof")


@bp.post("/<reference>/<uuid:part_id>/failure")
@allow(FINANCE)
@once
def fail(reference: str, part_id: UUID) -> Page:
    """Note that a part came back."""
    return _do(reference, part_id, payout_parts.fail, "reason")


@bp.post("/<reference>/<uuid:part_id>/retry")
@allow(FINANCE)
@once
def retry(reference: str, part_id: UUID) -> Page:
    """Make a new try of a failed part, as another person."""
    return _do(reference, part_id, payout_parts.retry)


@bp.post("/<reference>/<uuid:part_id>/return")
@allow(FINANCE)
@once
def come_back(reference: str, part_id: UUID) -> Page:
    """Note that a part came back after it was confirmed."""
    return _do(reference, part_id, payout_parts.come_back, "reason")


@bp.post("/<reference>/<uuid:part_id>/repeat")
@allow(FINANCE)
@once
def pay_again(reference: str, part_id: UUID) -> Page:
    """Prepare another payout of a part that came back after it was confirmed."""
    uow, payout = current_uow(), _payout(reference)
    returned = return_of(uow.session, part_id)
    if returned is None or returned.payout_id != payout.id:
        raise NotFound
    repeat = payout_parts.pay_again(uow, returned=returned)
    flash(translate(N_("Prepared. Another person of finance must approve it.")), "good")
    return redirect(url_for("staff_payouts.show", reference=repeat.reference), code=303)


def _do(reference: str, part_id: UUID, change: Change, *fields: str) -> Page:
    """Make a change of a part; it takes the fields of the form under their own names."""
    uow, payout = current_uow(), _payout(reference)
    part = uow.session.get(PayoutPart, part_id)
    if part is None or part.payout_id != payout.id:
        raise NotFound
    try:
        change(uow, payout=payout, part=part, **{name: request.form.get(name, "") for name in fields})
    except InvalidInput as error:
        errors = {name: translate_error(field) for name, field in error.fields.items()}
        return _page(payout, values=request.form, errors=errors), 422
    flash(translate(N_("Noted.")), "good")
    return redirect(url_for("staff_parts.index", reference=payout.reference), code=303)


def _payout(reference: str) -> Payout:
    return payout_by_reference(current_uow().session, reference)


def _page(payout: Payout, *, values: object, errors: object) -> str:
    uow = current_uow()
    is_finance = uow.actor.has_role(StaffRole.FINANCE)
    is_by_provider = payout.rail == Rail.STRIPE
    is_open = is_finance and payout.state in ("approved", "sent") and not is_by_provider
    person = uow.actor.user_id
    return render_template(
        "staff/finance/parts.html",
        payout=payout,
        parts=[
            (
                part,
                amount_of_part(part),
                allowed_part_actions(part.state, is_other=part.failed_by != person) if is_open else (),
            )
            for part in latest_parts(uow.session, payout.id)
        ],
        returns=returns_of(uow.session, payout.id),
        to_repeat={returned.id for returned, _payout_of in waiting(uow.session)} if is_finance else set(),
        can_note_return=is_finance and payout.rail not in TOLD_BY_OTHERS,
        is_by_provider=is_by_provider,
        rules=rules_of(uow.session, payout),
        words=PART_STATES,
        values=values,
        errors=errors,
    )
