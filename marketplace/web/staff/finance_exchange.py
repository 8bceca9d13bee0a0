"""A payout that the bank exchanges: its rate, what it took, its proof; noted after approval, before it is sent."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.core.money import EXPONENT, Money
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate, translate_error
from marketplace.orders.services.finance_work import enter_exchange
from marketplace.payments import payout_exchange, queries
from marketplace.payments.models import Payout, PayoutDestination
from marketplace.payments.payouts.transitions import State

bp = Blueprint("staff_exchange", __name__, url_prefix="/staff/payouts/<reference>/exchange")
READERS = staff(StaffRole.FINANCE, StaffRole.AUDITOR)
FINANCE = staff(StaffRole.FINANCE, fresh=True)


@bp.get("")
@allow(READERS)
def form(reference: str) -> str:
    """Show what the cooperative gets at the reference rate, and ask for the bank's advice."""
    return _page(queries.payout_by_reference(current_uow().session, reference), values={}, errors={})


@bp.post("")
@allow(FINANCE)
@once
def enter(reference: str) -> Response | tuple[str, int]:
    """Note the exchange."""
    uow = current_uow()
    payout = queries.payout_by_reference(uow.session, reference)
    given = {name: request.form.get(name, "") for name in ("currency", "rate", "cost", "proof")}
    try:
        slip = payout_exchange.read_slip(
            given["currency"], given["rate"], given["cost"], payable=payout.currency, proof=given["proof"]
        )
        enter_exchange(uow, payout=payout, slip=slip)
    except InvalidInput as error:
        errors = {name: translate_error(field) for name, field in error.fields.items()}
        return _page(payout, values=request.form, errors=errors), 422
    flash(translate(N_("Noted. The payout can be sent now.")), "good")
    return redirect(url_for("staff_exchange.form", reference=payout.reference), code=303)


def _page(payout: Payout, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    destination = uow.session.get_one(PayoutDestination, payout.destination_id)
    currency = values.get("currency") or destination.currency
    found = payout_exchange.exchange_of(uow.session, payout)
    is_known = currency != payout.currency and currency in EXPONENT
    return render_template(
        "staff/finance/exchange.html",
        payout=payout,
        amount=Money(payout.amount_minor, payout.currency),
        offer=payout_exchange.offer(uow, payout, currency) if is_known else None,
        exchange=found,
        given=Money(found.given_minor, found.given_currency) if found else None,
        cost=Money(found.cost_minor, payout.currency) if found else None,
        gain=Money(found.worth_minor - found.cost_minor, payout.currency) if found else None,
        is_open=payout.state == State.APPROVED,
        values=values or {"currency": currency},
        errors=errors,
    )
