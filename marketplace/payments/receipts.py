"""Apply what the provider says about a payment or a refund: rules only go forward, so repeats change nothing."""

from dataclasses import replace
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.core.money import Money
from marketplace.payments import provider
from marketplace.payments.buyer_credit import use_credit
from marketplace.payments.consequences import Consequences
from marketplace.payments.findings import APPLIED, NOT_OURS, NOT_YET, Found, Outcome
from marketplace.payments.models import Payment, Refund
from marketplace.payments.problems import Kind, open_problem
from marketplace.payments.verdicts import WRONG, Capture, Expected, Verdict, capture_of, judge
from marketplace.unit_of_work import UnitOfWork

BANK_TRANSFER: Final = "bank_transfer"
FAILED: Final = frozenset({"failed", "canceled"})


def apply_to_payment(uow: UnitOfWork, found: Found, consequences: Consequences) -> Outcome:
    """Note how a payment stands; one that does not fit to the cent and the order is quarantined, never guessed at."""
    known = _payment_of(uow.session, found)
    if known is None:
        return _unknown_payment(uow, found)
    consequences.lock_order(uow, known.order_id)
    uow.session.refresh(known, with_for_update={"key_share": True})
    expected = Expected(known.order_reference, Money(known.amount_minor, known.currency))
    verdict = judge(expected, found.page, found.payment)
    if verdict in WRONG:
        open_problem(
            uow, kind=Kind(verdict), subject=f"payment {known.id}", order_id=known.order_id, detail=_told(found)
        )
        return Outcome("quarantined", verdict.value)
    capture = capture_of(found.payment) if found.payment is not None else None
    if verdict is Verdict.PAID and capture is not None:
        _mark_paid(uow, known, found=found, capture=capture, consequences=consequences)
    elif verdict is Verdict.CLOSED:
        close_payment(uow, payment=known, state="expired", consequences=consequences)
    elif verdict is Verdict.FAILED:
        _mark_failed(uow, known, consequences)
    elif verdict is Verdict.STARTED and found.payment is not None:
        _mark_started(uow, known, found.payment, consequences)
    elif found.payment is not None and found.payment.status == "succeeded":
        return NOT_YET
    return APPLIED


def _mark_paid(
    uow: UnitOfWork, payment: Payment, *, found: Found, capture: Capture, consequences: Consequences
) -> None:
    if payment.state == "paid":
        return
    payment.state, payment.paid_at = "paid", uow.now
    if payment.session_id is None and found.page is not None:
        payment.session_id = found.page.session_id
    payment.payment_intent_id, payment.charge_id = capture.payment_intent_id, capture.charge_id
    payment.balance_transaction_id, payment.fee_minor = capture.balance_transaction_id, _fee_paid(capture)
    payment.missing_minor = None
    uow.record("payment.receive", payment, gross=capture.gross, fee=capture.fee, charge=capture.charge_id)
    if payment.method == BANK_TRANSFER:
        use_credit(uow, payment=payment, cash=found.cash)
        capture = replace(capture, methods=(*capture.methods, *_senders(found)))
    consequences.payment_paid(uow, payment, capture)


def _senders(found: Found) -> list[str]:
    """Return the accounts that the customer's bank transfers came from, each once and in a stable order."""
    return sorted({receipt.sender for receipt in found.cash if receipt.sender is not None})


def _fee_paid(capture: Capture) -> int | None:
    """Return the fee in the currency paid; one in another currency stands with the provider's exchange."""
    return None if capture.is_exchanged else capture.fee.minor


def _mark_started(uow: UnitOfWork, payment: Payment, found: provider.Payment, consequences: Consequences) -> None:
    """Note that a bank transfer was promised, and how much of it is missing once a part arrived."""
    if payment.state not in ("creating", "open"):
        return
    if payment.started_at is None:
        payment.started_at, payment.payment_intent_id = uow.now, found.id
        uow.record("payment.start", payment)
        consequences.payment_started(uow, payment)
    missing = found.missing
    if missing is None or not 0 < missing.minor < payment.amount_minor or missing.minor == payment.missing_minor:
        return
    if payment.missing_minor is None or missing.minor < payment.missing_minor:
        payment.missing_minor = missing.minor
        uow.record("payment.fall_short", payment, missing=missing)
        consequences.payment_short(uow, payment, missing)


def _mark_failed(uow: UnitOfWork, payment: Payment, consequences: Consequences) -> None:
    if payment.state not in ("creating", "open"):
        return
    payment.state = "failed"
    uow.record("payment.close", payment, state=payment.state)
    consequences.payment_failed(uow, payment)


def close_payment(uow: UnitOfWork, *, payment: Payment, state: str, consequences: Consequences) -> None:
    """Note that nothing more can be paid here (`expired` or `failed`); paid stays paid. The order is locked already."""
    if payment.state not in ("creating", "open"):
        return
    payment.state = state
    uow.record("payment.close", payment, state=state)
    consequences.payment_closed(uow, payment)


def _payment_of(session: Session, found: Found) -> Payment | None:
    """Find our payment by the page, the payment, or the order's reference on either."""
    ways = []
    if found.page is not None:
        ways += [Payment.session_id == found.page.session_id, Payment.order_reference == found.page.order_reference]
    if found.payment is not None:
        ways += [Payment.payment_intent_id == found.payment.id]
        ways += [Payment.order_reference == found.payment.order_reference]
    rows = session.scalars(select(Payment).where(or_(*ways))).all()
    # The provider's own ids weigh more than the reference written on the object.
    by_id = [row for row in rows if _has_its_id(row, found)]
    return next(iter([*by_id, *rows]), None)


def _has_its_id(row: Payment, found: Found) -> bool:
    of_page = found.page is not None and row.session_id == found.page.session_id
    return of_page or (found.payment is not None and row.payment_intent_id == found.payment.id)


def _unknown_payment(uow: UnitOfWork, found: Found) -> Outcome:
    references = [each.order_reference for each in (found.page, found.payment) if each and each.order_reference]
    if not references:
        return NOT_OURS
    if found.payment is None or found.payment.status != "succeeded":
        return Outcome("ignored", "unknown order, no money")
    open_problem(uow, kind=Kind.UNKNOWN_ORDER, subject=found.payment.id, detail=_told(found))
    return Outcome("quarantined", Kind.UNKNOWN_ORDER.value)


def apply_to_refund(uow: UnitOfWork, found: provider.Refund, consequences: Consequences) -> Outcome:
    """Note how a refund stands; one we did not ask for is quarantined."""
    refund = _refund_of(uow.session, found)
    if refund is None:
        return _unknown_refund(uow, found)
    return apply_refund(uow, refund=refund, found=found, consequences=consequences)


def apply_refund(uow: UnitOfWork, *, refund: Refund, found: provider.Refund, consequences: Consequences) -> Outcome:
    """Note how a refund of ours stands at the provider."""
    consequences.lock_order(uow, refund.order_id)
    uow.session.refresh(refund, with_for_update={"key_share": True})
    if found.id in refund.former_refs:
        return Outcome("ignored", "an earlier try")
    if found.amount != Money(refund.amount_minor, refund.currency):
        open_problem(
            uow,
            kind=Kind.OTHER_AMOUNT,
            subject=f"refund {refund.id}",
            order_id=refund.order_id,
            detail=str(found.amount),
        )
        return Outcome("quarantined", Kind.OTHER_AMOUNT.value)
    _mark_sent(uow, refund, found, consequences)
    if found.status == "succeeded" and refund.state == "sent":
        refund.state, refund.done_at = "done", uow.now
        uow.record("refund.complete", refund)
        consequences.refund_done(uow, refund)
    elif found.status in FAILED and refund.state != "failed":
        if refund.state != "decided" and found.failure_balance_transaction_id is None:
            return NOT_YET
        returned = _exchanged(refund, found.returned)
        refund.returned_minor = None if returned is None else returned.minor
        fail_refund(uow, refund=refund, failed_entry=found.failure_balance_transaction_id, consequences=consequences)
    return APPLIED


def fail_refund(uow: UnitOfWork, *, refund: Refund, failed_entry: str | None, consequences: Consequences) -> None:
    """Note that the money did not reach the buyer. The order is locked already."""
    refund.state = "failed"
    uow.record("refund.fail", refund, failed_entry=failed_entry)
    consequences.refund_failed(uow, refund, failed_entry)


def _exchanged(refund: Refund, moved: Money | None) -> Money | None:
    """Return what the provider moved in a currency of its own; None in the refund's own currency."""
    return moved if moved is not None and moved.currency != refund.currency else None


def _mark_sent(uow: UnitOfWork, refund: Refund, found: provider.Refund, consequences: Consequences) -> None:
    if refund.state != "decided":
        return
    refund.provider_ref = found.id
    if found.balance_transaction_id is not None:
        refund.balance_transaction_id, refund.state = found.balance_transaction_id, "sent"
        booked = _exchanged(refund, found.booked)
        refund.booked_minor, refund.booked_currency = (
            (None, None) if booked is None else (booked.minor, booked.currency)
        )
    uow.record("refund.send", refund, provider_ref=found.id)
    if refund.state == "sent":
        consequences.refund_sent(uow, refund)


def _refund_of(session: Session, found: provider.Refund) -> Refund | None:
    known = session.scalar(
        select(Refund).where(or_(Refund.provider_ref == found.id, Refund.former_refs.contains([found.id])))
    )
    if known is not None or found.payment_intent_id is None:
        return known
    # News may come before the answer to our own call: then only the payment tells whose refund it is.
    waiting = session.scalars(
        select(Refund)
        .join(Payment, Payment.id == Refund.payment_id)
        .where(
            Payment.payment_intent_id == found.payment_intent_id,
            Payment.order_reference == found.order_reference,
            Refund.state == "decided",
            Refund.provider_ref.is_(None),
        )
    )
    return next((refund for refund in waiting if found.reference in (None, str(refund.id))), None)


def _unknown_refund(uow: UnitOfWork, found: provider.Refund) -> Outcome:
    payment = uow.session.scalar(select(Payment).where(Payment.payment_intent_id == found.payment_intent_id))
    if payment is None and found.order_reference is None:
        return NOT_OURS
    order_id = payment.order_id if payment is not None else None
    open_problem(uow, kind=Kind.UNKNOWN_REFUND, subject=found.id, order_id=order_id, detail=str(found.amount))
    return Outcome("quarantined", Kind.UNKNOWN_REFUND.value)


def _told(found: Found) -> str:
    """Return for staff what the provider said: ids, references and amounts."""
    page, payment = found.page, found.payment
    parts = [f"page {page.session_id} {page.order_reference} {page.amount}"] if page else []
    parts += [f"payment {payment.id} {payment.order_reference} {payment.amount_received}"] if payment else []
    return "; ".join(parts)
