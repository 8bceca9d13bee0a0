"""Move the transfers a payout is made of: each has its own reference and outcome, a failed one is tried again alone."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.compliance.models import Cooperative
from marketplace.core.errors import Conflict, FieldError, Forbidden, InvalidInput, TransitionRefused
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.ledger.recipes import Entry
from marketplace.ledger.services import post
from marketplace.payments import payout_exchange
from marketplace.payments.models import Payout, PayoutDestination
from marketplace.payments.payouts import letters
from marketplace.payments.payouts.part_amounts import amount_of_part
from marketplace.payments.payouts.parts import split
from marketplace.payments.payouts.rail_limits import in_payable
from marketplace.payments.payouts.transitions import (
    Action,
    PartAction,
    PartState,
    State,
    allowed_part_actions,
    part_row_for,
    row_for,
)
from marketplace.payments.rail_files import rail_table
from marketplace.payments.rail_models import CashReceipt, PayoutPart
from marketplace.payments.rail_table import RailRow
from marketplace.payments.rails import Rail, source_of
from marketplace.unit_of_work import UnitOfWork

LONGEST_REFERENCE: Final = 80
LONGEST_REASON: Final = 300
_DAY: Final = timedelta(hours=24)


class SeveralParts(Conflict):
    """The payout is made of several transfers."""

    code = "several_parts"
    message = N_("This payout has several parts. Send and confirm each part by itself.")


class OtherPersonRetries(Forbidden):
    """Who noted a failure does not send the money again."""

    code = "other_person_retries"
    message = N_("Another finance person must try this part again: you noted that it came back.")


class InABatch(Conflict):
    """The part waits in a batch."""

    code = "in_a_batch"
    message = N_("This payout waits in a batch. Send or cancel the batch first.")


class ProviderMoves(Conflict):
    """The provider sends and confirms the payout."""

    code = "provider_moves"
    message = N_("Stripe sends and confirms this payout by itself. Nothing is to be noted by hand.")


def make_parts(uow: UnitOfWork, *, payout: Payout) -> None:
    """Split a new payout by the limits of its rail; raise TooManyParts, NoRateForLimits."""
    rules = rules_of(uow.session, payout)
    parts = split(
        Money(payout.amount_minor, payout.currency),
        per_transaction=in_payable(uow, payout, rules.per_transaction if rules else None),
        per_day=in_payable(uow, payout, rules.per_day if rules else None),
    )
    for part in parts:
        row = _new(payout, number=part.number, attempt=1, amount=part.amount, day=part.day)
        uow.session.add(row)
        uow.record("payout_part.make", row, payout, amount=part.amount)


def rules_of(session: Session, payout: Payout) -> RailRow | None:
    """Return what the table of rails says about the payout's rail in the receiver's currency, or None."""
    country = session.get_one(Cooperative, payout.cooperative_id).country
    currency = session.get_one(PayoutDestination, payout.destination_id).currency
    return rail_table().row_for(country=country, currency=currency, rail=payout.rail, provider=payout.institution)


def latest_parts(session: Session, payout_id: UUID) -> Sequence[PayoutPart]:
    """Return the newest try of each part, by number."""
    found = select(PayoutPart).where(PayoutPart.payout_id == payout_id)
    rows = session.scalars(found.order_by(PayoutPart.number, PayoutPart.attempt)).all()
    return list({row.number: row for row in rows}.values())


def payout_has_parts(session: Session, payout_id: UUID) -> bool:
    """Tell whether the payout is made of more than one transfer."""
    return len(latest_parts(session, payout_id)) > 1


def place_of(session: Session, part: PayoutPart) -> payout_exchange.Part:
    """Return the part's amount, and what the parts before it sum to: an exchange is shared out by both."""
    before = [each for each in latest_parts(session, part.payout_id) if each.number < part.number]
    after = Money(sum(each.amount_minor for each in before), part.currency)
    return payout_exchange.Part(amount_of_part(part), after)


def received(session: Session, part: PayoutPart) -> Money:
    """Return what the cooperative gets by a transfer: of an exchanged payout, the other currency."""
    payout = session.get_one(Payout, part.payout_id)
    return payout_exchange.received(session, payout, place_of(session, part))


def only_part(uow: UnitOfWork, payout: Payout) -> PayoutPart:
    """Return the one part of a payout; raise SeveralParts."""
    parts = latest_parts(uow.session, payout.id)
    if len(parts) != 1:
        raise SeveralParts
    return parts[0]


def send_part(
    uow: UnitOfWork, *, payout: Payout, part: PayoutPart, reference: str, batch_id: UUID | None = None
) -> None:
    """Note that one part left our account; a part in a batch leaves with the batch.

    Raises InABatch, InvalidInput, ExchangeMissing.
    """
    _refuse_by_hand(payout)
    mark_sent(uow, payout=payout, part=part, reference=reference, batch_id=batch_id)
    payout_exchange.refuse_other_currency(uow.session, payout)
    sent = payout_exchange.sending(uow.session, payout, _source(payout), part=place_of(uow.session, part))
    _post(uow, payout, part, sent)
    letters.part_sent(uow, payout=payout, part=part, parts=latest_parts(uow.session, payout.id))


def mark_sent(uow: UnitOfWork, *, payout: Payout, part: PayoutPart, reference: str, batch_id: UUID | None) -> None:
    """Move a part to sent, and its payout with the first one; what that posts is the caller's."""
    reference = words(reference, "reference", most=LONGEST_REFERENCE)
    lock(uow, payout, part)
    if part.batch_id != batch_id:
        raise InABatch
    _refuse_used_reference(uow, part, reference)
    if payout.state != State.SENT and row_for(payout.state, Action.SEND) is None:
        raise TransitionRefused(payout.state, PartAction.SEND, legal=())
    _refuse_full_day(uow, payout, part)
    _move(uow, part, PartAction.SEND)
    part.sent_by, part.sent_at, part.external_reference = uow.person(), uow.now, reference
    uow.record("payout_part.send", part, reference=reference)
    if payout.state != State.SENT:
        payout.state = State.SENT.value
        payout.sent_by, payout.sent_at, payout.external_reference = part.sent_by, uow.now, reference
        uow.record("payout.send", payout, reference=reference)


def confirm_part(uow: UnitOfWork, *, payout: Payout, part: PayoutPart, proof: str) -> None:
    """Note the proof of one part; with the last one the payout is confirmed."""
    _refuse_by_hand(payout)
    proof = words(proof, "proof", most=LONGEST_REFERENCE)
    lock(uow, payout, part)
    if payout.rail == Rail.CASH and uow.session.get(CashReceipt, part.id) is None:
        raise InvalidInput({"proof": N_("Cash is confirmed by the signed receipt. Upload its photo or PDF.")})
    _move(uow, part, PartAction.CONFIRM)
    part.confirmed_by, part.confirmed_at, part.proof = uow.person(), uow.now, proof
    confirmed = payout_exchange.confirming(uow.session, payout, part=place_of(uow.session, part))
    _post(uow, payout, part, confirmed)
    uow.record("payout_part.confirm", part, proof=proof)
    parts = latest_parts(uow.session, payout.id)
    letters.part_confirmed(uow, payout=payout, part=part, parts=parts)
    if all(each.state == PartState.CONFIRMED for each in parts):
        payout.state = State.CONFIRMED.value
        payout.confirmed_by, payout.confirmed_at, payout.proof = part.confirmed_by, uow.now, proof
        uow.record("payout.confirm", payout, proof=proof)


def fail_part(uow: UnitOfWork, *, payout: Payout, part: PayoutPart, reason: str) -> None:
    """Note that the money of one part came back: it stays aside for the next try."""
    _refuse_by_hand(payout)
    reason = words(reason, "reason", most=LONGEST_REASON)
    lock(uow, payout, part)
    _move(uow, part, PartAction.FAIL)
    part.failed_by, part.failed_at, part.failure = uow.person(), uow.now, reason
    back = payout_exchange.part_failing(uow.session, payout, _source(payout), part=place_of(uow.session, part))
    _post(uow, payout, part, back)
    uow.record("payout_part.fail", part, reason=reason)
    letters.part_returned(uow, payout=payout, part=part, parts=latest_parts(uow.session, payout.id))


def retry_part(uow: UnitOfWork, *, payout: Payout, part: PayoutPart) -> PayoutPart:
    """Make a new try of a failed part, as somebody else than who noted the failure; the database keeps that too."""
    lock(uow, payout, part)
    if part.failed_by == uow.person():
        raise OtherPersonRetries
    is_newest = part.id in {each.id for each in latest_parts(uow.session, payout.id)}
    if payout.state != State.SENT or not is_newest or part_row_for(part.state, PartAction.RETRY) is None:
        raise TransitionRefused(part.state, PartAction.RETRY, legal=())
    again = _new(payout, number=part.number, attempt=part.attempt + 1, amount=amount_of_part(part), day=0)
    again.made_by, again.failed_before_by = uow.person(), part.failed_by
    uow.session.add(again)
    uow.record("payout_part.retry", again, part)
    return again


def cancel_parts(uow: UnitOfWork, *, payout: Payout) -> None:
    """Take back the parts that were not sent; raise InABatch when one waits in a batch."""
    for part in latest_parts(uow.session, payout.id):
        if part.state == PartState.WAITING:
            if part.batch_id is not None:
                raise InABatch
            _move(uow, part, PartAction.CANCEL)
            uow.record("payout_part.cancel", part)


def lock(uow: UnitOfWork, payout: Payout, *parts: PayoutPart) -> None:
    """Lock the payout first, then its parts, and read them anew."""
    uow.session.refresh(payout, with_for_update=True)
    for part in parts:
        uow.session.refresh(part, with_for_update=True)


def words(text: str, field: str, *, most: int) -> str:
    """Return a text in one line; raise InvalidInput for none or a longer one."""
    text = " ".join(text.split())
    if not text:
        raise InvalidInput({field: N_("Fill this in.")})
    if len(text) > most:
        raise InvalidInput({field: N_("This is too long. Shorten it.")})
    return text


def _new(payout: Payout, *, number: int, attempt: int, amount: Money, day: int) -> PayoutPart:
    again = f"R{attempt}" if attempt > 1 else ""
    return PayoutPart(
        payout_id=payout.id,
        number=number,
        attempt=attempt,
        day=day,
        reference=f"{payout.reference}-{number}{again}",
        rail=payout.rail,
        amount_minor=amount.minor,
        currency=amount.currency,
        state=PartState.WAITING.value,
    )


def _move(uow: UnitOfWork, part: PayoutPart, action: PartAction) -> None:
    row = part_row_for(part.state, action)
    if row is None:
        legal = allowed_part_actions(part.state, is_other=part.failed_by != uow.actor.user_id)
        raise TransitionRefused(part.state, action, legal=[each.value for each in legal])
    part.state = row.target.value


def _refuse_used_reference(uow: UnitOfWork, part: PayoutPart, reference: str) -> None:
    used = select(PayoutPart.id).where(PayoutPart.rail == part.rail, PayoutPart.external_reference == reference)
    if uow.session.scalar(used) is not None:
        raise InvalidInput({"reference": N_("This reference belongs to another payout. Check it.")})


def _refuse_full_day(uow: UnitOfWork, payout: Payout, part: PayoutPart) -> None:
    rules = rules_of(uow.session, payout)
    if rules is None or rules.per_day is None:
        return
    sent = uow.session.scalars(
        select(PayoutPart)
        .join(Payout, Payout.id == PayoutPart.payout_id)
        .where(
            Payout.destination_id == payout.destination_id,
            PayoutPart.state.in_([PartState.SENT, PartState.CONFIRMED]),
            PayoutPart.sent_at > uow.now - _DAY,
        )
    )
    arrived = [received(uow.session, each) for each in (*sent, part)]
    if sum(each.minor for each in arrived if each.currency == rules.per_day.currency) > rules.per_day.minor:
        limit = str(rules.per_day)
        message = N_("The receiver gets at most %(limit)s in 24 hours this way. Send this part later.")
        raise InvalidInput({"reference": FieldError(message, limit=limit)})


def _refuse_by_hand(payout: Payout) -> None:
    if payout.rail == Rail.STRIPE:
        raise ProviderMoves


def _source(payout: Payout) -> str:
    return source_of(payout.rail, payout.institution)


def _post(uow: UnitOfWork, payout: Payout, part: PayoutPart, posting: tuple[Entry, list[str]]) -> None:
    entry, rate_ids = posting
    post(uow, entry=entry, key=f"{part.id}:{entry.kind}", order_id=payout.order_id, rate_ids=rate_ids)
