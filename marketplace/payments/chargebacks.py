"""A buyer's bank takes a payment back: note it, post what the provider booked, answer with evidence or give in."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.core.errors import Conflict, InvalidInput
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.ledger import chargeback_recipes, chart, provider_exchange
from marketplace.ledger.queries import balance
from marketplace.ledger.recipes import Entry
from marketplace.ledger.services import post
from marketplace.payments.commands import write
from marketplace.payments.consequences import Consequences
from marketplace.payments.findings import APPLIED, NOT_YET, Outcome
from marketplace.payments.models import Payment, ProviderCommand
from marketplace.payments.problems import Kind, open_problem
from marketplace.payments.provider_disputes import LONGEST_EVIDENCE, Dispute, DisputeEntry
from marketplace.payments.provider_models import Chargeback
from marketplace.payments.provider_time import business_time
from marketplace.payments.settlements import booked_for
from marketplace.unit_of_work import UnitOfWork

EVIDENCE: Final = "evidence"
CLOSING: Final = "dispute_close"
# How far a chargeback has come; it never goes back. The provider reports a withdrawn dispute as won.
_RANK: Final = {"inquiry": 0, "open": 1, "won": 2, "lost": 2}
_CLOSED: Final = frozenset({"won", "lost"})
_STATES: Final = {
    "warning_needs_response": "inquiry",
    "warning_under_review": "inquiry",
    "warning_closed": "won",
    "needs_response": "open",
    "under_review": "open",
    "won": "won",
    "prevented": "won",
    "lost": "lost",
}


class NotOpen(Conflict):
    """The bank decided already, or the evidence was sent."""

    code = "chargeback_not_open"
    message = N_("This cannot be answered any more. Look at its state.")


def apply_dispute(uow: UnitOfWork, found: Dispute, consequences: Consequences) -> Outcome:
    """Note how a dispute stands; one that fits no payment of ours to the cent is quarantined."""
    payment = _payment_of(uow, found)
    if payment is None:
        open_problem(uow, kind=Kind.UNKNOWN_ORDER, subject=found.id, detail=f"dispute {found.charge_id} {found.amount}")
        return Outcome("quarantined", Kind.UNKNOWN_ORDER.value)
    consequences.lock_order(uow, payment.order_id)
    uow.session.refresh(payment, with_for_update={"key_share": True})
    if payment.state != "paid":
        return NOT_YET  # the capture comes first
    if found.amount.currency != payment.currency or not 0 < found.amount.minor <= payment.amount_minor:
        open_problem(
            uow, kind=Kind.OTHER_AMOUNT, subject=found.id, order_id=payment.order_id, detail=f"dispute {found.amount}"
        )
        return Outcome("quarantined", Kind.OTHER_AMOUNT.value)
    chargeback = _known(uow, found) or _new(uow, payment, found)
    for entry in found.entries:
        _book(uow, chargeback, entry)
    return _advance(uow, chargeback, found, consequences)


def request_evidence(uow: UnitOfWork, *, chargeback: Chargeback, text: str) -> None:
    """Ask the worker to send what we have to say to the bank; it can be said once, and again only after a refusal."""
    text = text.strip()
    if not text or len(text) > LONGEST_EVIDENCE or "\x00" in text:
        raise InvalidInput({"evidence": N_("Write what the bank must know, in at most 20,000 letters.")})
    _check_open(uow, chargeback)
    key = _next_key(uow.session, chargeback, EVIDENCE)
    chargeback.evidence = text
    uow.record("chargeback.answer", chargeback, length=len(text))
    request = {"dispute_id": chargeback.provider_ref, "text": text}
    write(uow, kind=EVIDENCE, subject=chargeback, key=key, request=request)


def request_close(uow: UnitOfWork, *, chargeback: Chargeback) -> None:
    """Ask the worker to accept the chargeback as lost."""
    _check_open(uow, chargeback)
    key = _next_key(uow.session, chargeback, CLOSING)
    uow.record("chargeback.give_in", chargeback)
    write(uow, kind=CLOSING, subject=chargeback, key=key, request={"dispute_id": chargeback.provider_ref})


def commands_of(session: Session, chargeback: Chargeback, kind: str) -> Sequence[ProviderCommand]:
    """Return what the provider was asked about a chargeback, oldest first: EVIDENCE or CLOSING."""
    found = select(ProviderCommand).where(ProviderCommand.kind == kind, ProviderCommand.subject_id == chargeback.id)
    return session.scalars(found.order_by(ProviderCommand.created_at, ProviderCommand.id)).all()


def may_answer(session: Session, chargeback: Chargeback) -> bool:
    """Tell whether evidence can be sent: the bank did not decide, and none was taken or is on its way."""
    return _may_ask(chargeback, commands_of(session, chargeback, EVIDENCE))


def may_give_in(session: Session, chargeback: Chargeback) -> bool:
    """Tell whether the loss can be accepted: the bank did not decide, and it was not asked for."""
    return _may_ask(chargeback, commands_of(session, chargeback, CLOSING))


def _may_ask(chargeback: Chargeback, asked: Sequence[ProviderCommand]) -> bool:
    return chargeback.state not in _CLOSED and all(command.state == "failed" for command in asked)


def _next_key(session: Session, chargeback: Chargeback, kind: str) -> str:
    """Return the key of a command; the provider keeps a refusal under its key, so another try has another one."""
    asked = commands_of(session, chargeback, kind)
    if not _may_ask(chargeback, asked):
        raise NotOpen
    return f"{kind}:{chargeback.id}:{len(asked) + 1}" if asked else f"{kind}:{chargeback.id}"


def chargeback_by_id(uow: UnitOfWork, chargeback_id: UUID) -> Chargeback:
    """Return a chargeback of a command."""
    return uow.session.get_one(Chargeback, chargeback_id)


def _check_open(uow: UnitOfWork, chargeback: Chargeback) -> None:
    uow.session.refresh(chargeback, with_for_update=True)
    if chargeback.state in _CLOSED:
        raise NotOpen


def _payment_of(uow: UnitOfWork, found: Dispute) -> Payment | None:
    ways = [Payment.charge_id == found.charge_id]
    if found.payment_intent_id is not None:
        ways.append(Payment.payment_intent_id == found.payment_intent_id)
    return uow.session.scalar(select(Payment).where(or_(*ways)))


def _known(uow: UnitOfWork, found: Dispute) -> Chargeback | None:
    return uow.session.scalar(select(Chargeback).where(Chargeback.provider_ref == found.id).with_for_update())


def _new(uow: UnitOfWork, payment: Payment, found: Dispute) -> Chargeback:
    chargeback = Chargeback(
        payment_id=payment.id,
        order_id=payment.order_id,
        provider_ref=found.id,
        state="inquiry",
        reason=found.reason,
        amount_minor=found.amount.minor,
        currency=found.amount.currency,
        frozen_minor=0,
        evidence_due=found.evidence_due,
        opened_at=uow.now,
    )
    uow.session.add(chargeback)
    uow.session.flush()
    uow.record("chargeback.open", chargeback, payment, reason=found.reason, amount=found.amount)
    open_problem(
        uow,
        kind=Kind.CHARGEBACK,
        subject=f"chargeback {chargeback.id}",
        order_id=payment.order_id,
        detail=f"{found.reason} {found.amount}",
    )
    return chargeback


def _book(uow: UnitOfWork, chargeback: Chargeback, entry: DisputeEntry) -> None:
    """Post one line of the provider's books."""
    posted, rate_ids = _entry_of(uow, chargeback, entry)
    post(
        uow,
        entry=posted,
        key=f"dispute:{entry.id}",
        order_id=chargeback.order_id,
        external_ref=entry.id,
        event_at=business_time(uow, entry.created),
        rate_ids=rate_ids,
    )


def _entry_of(uow: UnitOfWork, chargeback: Chargeback, entry: DisputeEntry) -> tuple[Entry, list[str]]:
    """Return what a line posts: as it stands, or beside the disputed amount when the provider exchanged it."""
    is_taken, moved, fee = entry.amount.is_negative, abs(entry.amount), entry.fee
    amount = Money(chargeback.amount_minor, chargeback.currency)
    if moved.currency == amount.currency:
        if is_taken:
            return chargeback_recipes.chargeback_taken(chargeback.id, moved, fee), []
        return chargeback_recipes.chargeback_returned(chargeback.id, moved, -fee), []
    payment = uow.session.get_one(Payment, chargeback.payment_id)
    booked, rate_ids = booked_for(
        uow,
        payment_id=payment.id,
        amount=amount,
        booked=moved,
        after=Money(payment.amount_minor, payment.currency) - amount,
        reference=entry.id,
    )
    if is_taken:
        return provider_exchange.chargeback_taken(chargeback.id, amount, booked, fee), rate_ids
    return provider_exchange.chargeback_returned(chargeback.id, amount, booked, -fee), rate_ids


def _advance(uow: UnitOfWork, chargeback: Chargeback, found: Dispute, consequences: Consequences) -> Outcome:
    state = _STATES.get(found.status)
    if state is None:
        return Outcome("quarantined", f"unknown state {found.status}"[:100])
    if found.has_evidence and chargeback.evidence_sent_at is None:
        chargeback.evidence_sent_at = uow.now
        uow.record("chargeback.note_evidence", chargeback)
    if _RANK[state] <= _RANK[chargeback.state]:
        return APPLIED
    if chargeback.state == "inquiry" and found.status not in ("warning_closed", "prevented"):
        _set(uow, chargeback, "open")
        consequences.chargeback_opened(uow, chargeback)
    if state in _CLOSED:
        if not _is_booked(uow, chargeback, state):
            return NOT_YET
        chargeback.closed_at = uow.now
        _set(uow, chargeback, state)
        consequences.chargeback_closed(uow, chargeback)
    return APPLIED


def _is_booked(uow: UnitOfWork, chargeback: Chargeback, state: str) -> bool:
    """Tell whether the provider's books already say what its state says: all is back, or all was taken."""
    withheld = balance(uow.session, chart.dispute_withheld(chargeback.id), chargeback.currency)
    return withheld == Money(0 if state == "won" else chargeback.amount_minor, chargeback.currency)


def _set(uow: UnitOfWork, chargeback: Chargeback, state: str) -> None:
    chargeback.state = state
    uow.record("chargeback.advance", chargeback, state=state)
