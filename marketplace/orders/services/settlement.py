"""What the provider's answers and the payouts to cooperatives do to an order.

The module as a whole is the `Consequences` of payments: jobs hand it to the outbox, the inbox and the sweep.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from marketplace.compliance.models import Cooperative
from marketplace.compliance.services import buyer_marks
from marketplace.core.errors import Forbidden, TransitionRefused
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.ledger.recipes import Entry
from marketplace.ledger.services import post
from marketplace.notifications.services import tell
from marketplace.orders.compliance_checks import refuse_under_hold, refuse_under_incident
from marketplace.orders.currencies import exchange_of
from marketplace.orders.models import Order
from marketplace.orders.paid_amounts import rate_params
from marketplace.orders.queries import net_of, price_of
from marketplace.orders.screening_checks import refuse_unscreened_payout
from marketplace.orders.services import chargebacks, provider_payouts
from marketplace.orders.services.advance import advance, lock
from marketplace.orders.services.ending import end_unpaid
from marketplace.orders.services.exchanging import decide_refund, keep_settlement, post_capture, refund_entry
from marketplace.orders.transitions import Action, Party, State, allowed_actions, parties_of
from marketplace.payments import commands
from marketplace.payments.models import Payment, Payout, Refund
from marketplace.payments.payouts import by_provider
from marketplace.payments.payouts import services as payouts
from marketplace.payments.problems import Kind, open_problem
from marketplace.payments.provider_models import ProviderTransfer
from marketplace.payments.rails import Rail
from marketplace.payments.verdicts import Capture
from marketplace.screening.services.screening import screen_cooperative
from marketplace.unit_of_work import UnitOfWork

LATE: Final = "late_payment"
chargeback_opened, chargeback_closed = chargebacks.chargeback_opened, chargebacks.chargeback_closed


class NotFinance(Forbidden):
    """Who has a stake in the order does not move its money."""

    code = "not_finance_here"
    message = N_("Only finance staff without a stake in the order can do this.")


def lock_order(uow: UnitOfWork, order_id: UUID) -> None:
    """Lock the order before its payment."""
    lock(uow.session, uow.session.get_one(Order, order_id))


def payment_paid(uow: UnitOfWork, payment: Payment, capture: Capture) -> None:
    """Fund the order; money for one that has ended is booked and goes straight back."""
    order = uow.session.get_one(Order, payment.order_id)
    for method in capture.methods:
        # Before the move, which locks the lot: a purchase locks the buyers first and the lot after them.
        buyer_marks.note_payment(uow, buyer_id=order.buyer_id, method=method)
    keep_settlement(uow, order=order, payment=payment, capture=capture)
    if order.state in (State.PENDING_PAYMENT, State.FUNDING):
        facts = {"fee": capture.fee, "external_ref": capture.balance_transaction_id}
        advance(uow, order=order, action=Action.CAPTURE, **facts)
        return
    post_capture(uow, order=order, fee=capture.fee, external_ref=capture.balance_transaction_id)
    _give_back(uow, order, payment)


def payment_started(uow: UnitOfWork, payment: Payment) -> None:
    """Wait for the promised bank transfer, however long it takes; not for one that was called off before."""
    order = uow.session.get_one(Order, payment.order_id)
    if order.state == State.PENDING_PAYMENT and order.stopping is None:
        advance(uow, order=order, action=Action.START_FUNDING)


def payment_short(uow: UnitOfWork, payment: Payment, missing: Money) -> None:
    """Tell the buyer how much of her bank transfer is missing, and until when it may come."""
    order = uow.session.get_one(Order, payment.order_id)
    params = {
        **_about(order),
        **rate_params(exchange_of(uow.session, order.id)),
        "missing": missing,
        "deadline": order.deadline_at,
    }
    tell(uow, user_id=order.buyer_user_id, template="payment_short", params=params)


def payment_failed(uow: UnitOfWork, payment: Payment) -> None:
    """End the order whose bank transfer failed, and let the lot go."""
    payment_closed(uow, payment)


def payment_closed(uow: UnitOfWork, payment: Payment) -> None:
    """End the order that nobody paid, and let the lot go."""
    order = uow.session.get_one(Order, payment.order_id)
    if order.state == State.PENDING_PAYMENT:
        end_unpaid(uow, order=order)
    elif order.state == State.FUNDING:
        advance(uow, order=order, action=Action.FAIL_FUNDING)


def refund_sent(uow: UnitOfWork, refund: Refund) -> None:
    """Count the money as on its way back, under the provider's line of its books."""
    order = uow.session.get_one(Order, refund.order_id)
    entry, rates = refund_entry(uow, order=order, refund=refund, is_back=False)
    line = refund.balance_transaction_id
    _post(uow, order, entry, key=f"{refund.id}:refund_sent:{refund.tries}", external_ref=line, rate_ids=rates)


def refund_done(uow: UnitOfWork, refund: Refund) -> None:
    """Close the order: the buyer has the money."""
    order = uow.session.get_one(Order, refund.order_id)
    if order.state == State.REFUNDING:
        advance(uow, order=order, action=Action.COMPLETE_REFUND)


def refund_failed(uow: UnitOfWork, refund: Refund, failed_entry: str | None) -> None:
    """Owe the money again; finance decides what comes next."""
    order = uow.session.get_one(Order, refund.order_id)
    if failed_entry is not None:
        entry, rates = refund_entry(uow, order=order, refund=refund, is_back=True)
        key = f"{refund.id}:refund_failed:{refund.tries}"
        _post(uow, order, entry, key=key, external_ref=failed_entry, rate_ids=rates)
    if order.state == State.REFUNDING:
        advance(uow, order=order, action=Action.FAIL_REFUND)
    else:  # the order ended before: only a person can find the buyer another way to the money
        open_problem(uow, kind=Kind.REFUSED, subject=f"refund {refund.id}", order_id=order.id, detail=refund.reason)


def transfer_sent(uow: UnitOfWork, transfer: ProviderTransfer) -> None:
    """Wait for the provider's own word: the payout was counted as sent when it was asked for."""
    del uow, transfer


def transfer_confirmed(uow: UnitOfWork, transfer: ProviderTransfer) -> None:
    """Close the order: the cooperative's account at the provider has the money, and the cooperative is told."""
    provider_payouts.confirmed(uow, transfer=transfer)


def transfer_failed(uow: UnitOfWork, transfer: ProviderTransfer, reason: str) -> None:
    """Owe the cooperative its money again, and tell finance why."""
    payout = uow.session.get_one(Payout, transfer.payout_id)
    subject = f"transfer {transfer.id}"
    detail = f"{transfer.reference}: {reason}"
    open_problem(uow, kind=Kind.RETURNED, subject=subject, order_id=payout.order_id, detail=detail)
    provider_payouts.failed(uow, payout=payout, reason=reason)


def transfer_may_go(uow: UnitOfWork, transfer: ProviderTransfer) -> bool:
    """Hold a transfer back while compliance looks at its order or cooperative."""
    return provider_payouts.may_go(uow, transfer=transfer)


def prepare_payout(uow: UnitOfWork, *, order: Order) -> Payout:
    """Prepare the payment of the cooperative's part, and screen it anew.

    After a failed one the order is released again first.
    """
    _finance(uow, order)
    if order.state == State.RELEASE_FAILED:
        advance(uow, order=order, action=Action.RETRY_RELEASE)
    if order.state != State.RELEASING:
        raise TransitionRefused(order.state, "prepare_payout", legal=_legal(uow, order))
    payout = payouts.prepare(uow, order_id=order.id, cooperative_id=order.cooperative_id, amount=net_of(order))
    # Not refused here: a hit that was raised must outlive this transaction. The approval refuses.
    screen_cooperative(uow, cooperative=uow.session.get_one(Cooperative, order.cooperative_id))
    return payout


def approve_payout(uow: UnitOfWork, *, payout: Payout) -> None:
    """Let a payout go, as the second person; one by the provider is sent with it.

    Raises PayoutUnderIncident, PayoutUnderScreening, ScreeningStale, ListsTooOld, and PayoutUnderHold for one by the
    provider.
    """
    order = _order_of(uow, payout)
    _finance(uow, order)
    refuse_under_incident(uow.session, order=order)
    refuse_unscreened_payout(uow, order=order)
    payouts.approve(uow, payout=payout)
    if payout.rail == Rail.STRIPE:
        refuse_under_hold(uow.session, order=order)
        by_provider.send(uow, payout=payout)


def cancel_payout(uow: UnitOfWork, *, payout: Payout, reason: str) -> None:
    """Take back a payout that was not sent; the order waits for another one."""
    _finance(uow, _order_of(uow, payout))
    payouts.cancel(uow, payout=payout, reason=reason)


def send_payout(uow: UnitOfWork, *, payout: Payout, reference: str) -> None:
    """Note that the money is on its way to the cooperative, and tell it; raises PayoutUnderHold."""
    _finance(uow, _order_of(uow, payout))
    refuse_under_hold(uow.session, order=_order_of(uow, payout))
    payouts.send(uow, payout=payout, reference=reference)


def confirm_payout(uow: UnitOfWork, *, payout: Payout, proof: str) -> None:
    """Close the order: the cooperative has its money, and is told."""
    order = _order_of(uow, payout)
    _finance(uow, order)
    payouts.confirm(uow, payout=payout, proof=proof)
    if not payout.is_repeat:  # the order of a repeat was closed by the payout that came back
        advance(uow, order=order, action=Action.COMPLETE_RELEASE, payout=payout.reference)


def fail_payout(uow: UnitOfWork, *, payout: Payout, reason: str) -> None:
    """Note that the payment came back: the cooperative is owed it as before, and is told."""
    order = _order_of(uow, payout)
    _finance(uow, order)
    payouts.fail(uow, payout=payout, reason=reason)
    if not payout.is_repeat:
        advance(uow, order=order, action=Action.FAIL_RELEASE, payout=payout.reference)


def _give_back(uow: UnitOfWork, order: Order, payment: Payment) -> None:
    owed = decide_refund(uow, order=order, part=price_of(order), key=f"{order.id}:refund_decided")
    commands.request_refund(uow, payment=payment, amount=owed, reason=LATE)
    open_problem(uow, kind=Kind.LATE, subject=f"payment {payment.id}", order_id=order.id, detail=order.state)
    params = {**_about(order), **rate_params(exchange_of(uow.session, order.id)), "price": owed}
    tell(uow, user_id=order.buyer_user_id, template="payment_late", params=params)


def _about(order: Order) -> dict[str, object]:
    return {"reference": order.reference, "title": order.title, "price": price_of(order)}


def _post(
    uow: UnitOfWork, order: Order, entry: Entry, *, key: str, external_ref: str | None, rate_ids: Sequence[str]
) -> None:
    post(uow, entry=entry, key=key, order_id=order.id, external_ref=external_ref, rate_ids=rate_ids)


def _order_of(uow: UnitOfWork, payout: Payout) -> Order:
    return uow.session.get_one(Order, payout.order_id)


def _finance(uow: UnitOfWork, order: Order) -> None:
    """Lock the order and let only finance staff without a stake in it pass."""
    lock(uow.session, order)
    if Party.FINANCE not in parties_of(order, uow.actor):
        raise NotFinance


def _legal(uow: UnitOfWork, order: Order) -> list[str]:
    return [action.value for action in allowed_actions(order, uow.actor, now=uow.now)]
