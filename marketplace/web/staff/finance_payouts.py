"""Payouts to cooperatives: prepare, approve as a second person, send, confirm with the proof."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.models import User
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate
from marketplace.orders.models import Order
from marketplace.orders.queries import order_by_reference
from marketplace.orders.receivables import waiting_for_payout
from marketplace.orders.services import settlement
from marketplace.payments import destinations, queries, taking_back
from marketplace.payments.models import Payout, PayoutDestination
from marketplace.payments.payouts.part_moves import latest_parts
from marketplace.payments.payouts.returns import waiting
from marketplace.payments.payouts.services import actions_for, amount_of
from marketplace.payments.payouts.transitions import FINAL, Action, PartState, State
from marketplace.payments.provider_models import ProviderTransfer
from marketplace.payments.rails import MOBILE_PROVIDERS
from marketplace.unit_of_work import UnitOfWork
from marketplace.web.account.places import field_errors
from marketplace.web.staff.finance_words import DONE, PAYOUT_STATES, PAYOUT_TONES, RAILS

bp = Blueprint("staff_payouts", __name__, url_prefix="/staff/payouts")
READERS = staff(StaffRole.FINANCE, StaffRole.AUDITOR)
FINANCE = staff(StaffRole.FINANCE, fresh=True)
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(READERS)
def index() -> Page:
    """List what waits: to prepare, to approve, to send, for proof; and what ended lately."""
    session = current_uow().session
    return render_template(
        "staff/finance/payouts.html",
        due=waiting_for_payout(session),
        returned=waiting(session),
        groups=[(state, queries.payouts(session, states=[state])) for state in State if state not in FINAL],
        ended=queries.payouts(session, states=FINAL)[::-1],
        words=PAYOUT_STATES,
        tones=PAYOUT_TONES,
    )


@bp.post("")
@allow(FINANCE)
@once
def prepare() -> Page:
    """Prepare the payout of an order."""
    uow = current_uow()
    order = order_by_reference(uow.session, request.form.get("order", ""))
    payout = settlement.prepare_payout(uow, order=order)
    flash(translate(N_("Prepared. Another person of finance must approve it.")), "good")
    return _to(payout)


@bp.get("/<reference>")
@allow(READERS)
def show(reference: str) -> Page:
    """Show a payout and what can be done with it."""
    return _page(_payout(reference))


@bp.post("/<reference>/destination")
@allow(FINANCE)
def reveal(reference: str) -> Page:
    """Show the full account number; it is noted who looked."""
    uow, payout = current_uow(), _payout(reference)
    destination = destinations.destination_by_id(uow.session, payout.destination_id)
    return _page(payout, revealed=destinations.reveal(uow, destination=destination))


@bp.post("/<reference>/approval")
@allow(FINANCE)
@once
def approve(reference: str) -> Page:
    """Approve as the second person."""
    return _do(reference, Action.APPROVE, lambda uow, payout: settlement.approve_payout(uow, payout=payout))


@bp.post("/<reference>/sending")
@allow(FINANCE)
@once
def send(reference: str) -> Page:
    """Note under which reference the money left."""
    text = request.form.get("reference", "")
    return _do(reference, Action.SEND, lambda uow, payout: settlement.send_payout(uow, payout=payout, reference=text))


@bp.post("/<reference>/confirmation")
@allow(FINANCE)
@once
def confirm(reference: str) -> Page:
    """Note the proof that the cooperative has the money."""
    text = request.form.get("proof", "")
    return _do(reference, Action.CONFIRM, lambda uow, payout: settlement.confirm_payout(uow, payout=payout, proof=text))


@bp.post("/<reference>/failure")
@allow(FINANCE)
@once
def fail(reference: str) -> Page:
    """Note that the money came back."""
    text = request.form.get("reason", "")
    return _do(reference, Action.FAIL, lambda uow, payout: settlement.fail_payout(uow, payout=payout, reason=text))


@bp.post("/<reference>/cancellation")
@allow(FINANCE)
@once
def cancel(reference: str) -> Page:
    """Take back a payout that was not sent."""
    text = request.form.get("reason", "")
    return _do(reference, Action.CANCEL, lambda uow, payout: settlement.cancel_payout(uow, payout=payout, reason=text))


@bp.post("/<reference>/reversal")
@allow(FINANCE)
@once
def propose_reversal(reference: str) -> Page:
    """Propose to take the provider's transfer back."""
    payout = _payout(reference)
    try:
        text = request.form.get("reversal_reason", "")
        taking_back.propose(current_uow(), transfer=_transfer(payout), reason=text)
    except InvalidInput as error:
        return _page(payout, values=request.form, errors=field_errors(error)), 422
    flash(translate(N_("Proposed. Another person of finance must agree.")), "good")
    return _to(payout)


@bp.post("/<reference>/reversal/withdrawal")
@allow(FINANCE)
@once
def withdraw_reversal(reference: str) -> Page:
    """Let the transfer stand."""
    payout = _payout(reference)
    taking_back.withdraw(current_uow(), transfer=_transfer(payout))
    flash(translate(N_("The transfer stands.")), "good")
    return _to(payout)


@bp.post("/<reference>/reversal/agreement")
@allow(FINANCE)
@once
def agree_reversal(reference: str) -> Page:
    """Agree to take it back, as the second person."""
    payout = _payout(reference)
    taking_back.agree(current_uow(), transfer=_transfer(payout))
    flash(translate(N_("The worker asks Stripe now. The books change when Stripe’s do.")), "good")
    return _to(payout)


def _transfer(payout: Payout) -> ProviderTransfer:
    """Return the provider's transfer of a payout; another rail has none."""
    found = taking_back.transfer_of_payout(current_uow().session, payout)
    if found is None:
        raise NotFound
    return found


def _do(reference: str, action: Action, change: Callable[[UnitOfWork, Payout], None]) -> Page:
    uow, payout = current_uow(), _payout(reference)
    try:
        change(uow, payout)
    except InvalidInput as error:
        return _page(payout, values=request.form, errors=field_errors(error)), 422
    flash(translate(DONE[action]), "good")
    return _to(payout)


def _payout(reference: str) -> Payout:
    return queries.payout_by_reference(current_uow().session, reference)


def _to(payout: Payout) -> Response:
    return redirect(url_for("staff_payouts.show", reference=payout.reference), code=303)


def _page(payout: Payout, *, values: object = None, errors: object = None, revealed: object = None) -> str:
    uow = current_uow()
    session = uow.session
    is_finance = uow.actor.has_role(StaffRole.FINANCE)
    parts = latest_parts(session, payout.id)
    transfer = taking_back.transfer_of_payout(session, payout)
    people = {payout.prepared_by, payout.approved_by, payout.sent_by, payout.confirmed_by}
    people |= {transfer.reversal_proposed_by, transfer.reversal_agreed_by} if transfer else set()
    return render_template(
        "staff/finance/payout.html",
        payout=payout,
        amount=amount_of(payout),
        order=session.get_one(Order, payout.order_id),
        destination=session.get_one(PayoutDestination, payout.destination_id),
        institution=MOBILE_PROVIDERS.get(payout.institution, payout.institution),
        rail=RAILS[payout.rail],
        state=State(payout.state),
        words=PAYOUT_STATES,
        actions=actions_for(payout, uow.actor.user_id) if is_finance else (),
        names={user_id: session.get_one(User, user_id).name for user_id in people - {None}},
        transfer=transfer,
        came_back=Money(transfer.reversed_minor, transfer.currency) if transfer else None,
        may_take_back=is_finance and transfer is not None and taking_back.may_take_back(transfer),
        me=uow.actor.user_id,
        is_finance=is_finance,
        count_parts=len(parts),
        count_arrived=sum(part.state == PartState.CONFIRMED for part in parts),
        revealed=revealed,
        values=values or {},
        errors=errors or {},
    )
