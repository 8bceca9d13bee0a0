"""Pay cooperatives by hand: one person prepares, another approves, both leave their names; the bank's proof ends it.

Orders call these through their settlement, which moves the order too.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select

from marketplace.core.errors import Conflict, Forbidden, InvalidInput, TransitionRefused
from marketplace.core.ids import new_reference
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.ledger import recipes
from marketplace.ledger.recipes import Entry
from marketplace.ledger.services import post
from marketplace.payments import payout_exchange
from marketplace.payments.destinations import usable_destination
from marketplace.payments.models import Payout, PayoutDestination
from marketplace.payments.payouts.transitions import Action, State, allowed_actions, names, row_for
from marketplace.payments.rails import source_of
from marketplace.unit_of_work import UnitOfWork

LONGEST_REFERENCE: Final = 80
LONGEST_REASON: Final = 300


class SecondPersonNeeded(Forbidden):
    """Who prepared a payout, or entered its destination, does not approve it."""

    code = "second_person_needed"
    message = N_("Another finance person must approve this payout: you prepared it or entered its destination.")


class AlreadyPrepared(Conflict):
    """The order has a payout on its way."""

    code = "payout_exists"
    message = N_("This order already has a payout. Open it from the list.")


def prepare(uow: UnitOfWork, *, order_id: UUID, cooperative_id: UUID, amount: Money) -> Payout:
    """Freeze destination and amount, and take the money aside; the order is locked already.

    Raises NoUsableDestination, SecondPersonNeeded, AlreadyPrepared, or Overdraft when the cooperative is not owed it.
    """
    destination = usable_destination(uow.session, cooperative_id, now=uow.now)
    person = _person(uow)
    if destination.created_by == person:
        raise SecondPersonNeeded
    if _has_live_payout(uow, order_id):
        raise AlreadyPrepared
    payout = _new_payout(order_id, destination, amount)
    payout.prepared_by, payout.prepared_at = person, uow.now
    uow.session.add(payout)
    uow.session.flush()
    _post(uow, payout, recipes.payout_reserved(payout.id, cooperative_id, amount))
    uow.record("payout.prepare", payout, amount=amount, destination=destination.masked, rail=payout.rail)
    return payout


def approve(uow: UnitOfWork, *, payout: Payout) -> None:
    """Let the payout go: a second person's word, kept by the database too."""
    if not is_other_person(payout, uow.actor.user_id):
        raise SecondPersonNeeded
    _move(uow, payout, Action.APPROVE)
    payout.approved_by, payout.approved_at = _person(uow), uow.now
    uow.record("payout.approve", payout, amount=amount_of(payout))


def cancel(uow: UnitOfWork, *, payout: Payout, reason: str) -> None:
    """Take back a payout that was not sent: the cooperative is owed the money as before."""
    reason = _words(reason, "reason", most=LONGEST_REASON)
    _move(uow, payout, Action.CANCEL)
    payout.failure = reason
    _post(uow, payout, recipes.payout_released(payout.id, payout.cooperative_id, amount_of(payout)))
    uow.record("payout.cancel", payout, reason=reason)


def send(uow: UnitOfWork, *, payout: Payout, reference: str) -> None:
    """Note that the money left our account under the bank's or provider's reference."""
    reference = _words(reference, "reference", most=LONGEST_REFERENCE)
    _refuse_used_reference(uow, payout, reference)
    _move(uow, payout, Action.SEND)
    payout.sent_by, payout.sent_at, payout.external_reference = _person(uow), uow.now, reference
    source = source_of(payout.rail, payout.institution)
    _post(uow, payout, *payout_exchange.sending(uow.session, payout, source))
    uow.record("payout.send", payout, reference=reference)


def confirm(uow: UnitOfWork, *, payout: Payout, proof: str) -> None:
    """Note the proof that the cooperative has the money."""
    proof = _words(proof, "proof", most=LONGEST_REFERENCE)
    _move(uow, payout, Action.CONFIRM)
    payout.confirmed_by, payout.confirmed_at, payout.proof = _person(uow), uow.now, proof
    _post(uow, payout, *payout_exchange.confirming(uow.session, payout))
    uow.record("payout.confirm", payout, proof=proof)


def fail(uow: UnitOfWork, *, payout: Payout, reason: str) -> None:
    """Note that sent money came back: the cooperative is owed it again."""
    reason = _words(reason, "reason", most=LONGEST_REASON)
    _move(uow, payout, Action.FAIL)
    payout.failure = reason
    source = source_of(payout.rail, payout.institution)
    _post(uow, payout, *payout_exchange.failing(uow.session, payout, source))
    uow.record("payout.fail", payout, reason=reason)


def amount_of(payout: Payout) -> Money:
    """Return what is paid."""
    return Money(payout.amount_minor, payout.currency)


def is_other_person(payout: Payout, user_id: UUID | None) -> bool:
    """Tell whether a person neither prepared the payout nor entered its destination."""
    return user_id not in (payout.prepared_by, payout.destination_entered_by)


def actions_for(payout: Payout, user_id: UUID | None) -> tuple[Action, ...]:
    """Return what a finance person may do with the payout now."""
    return allowed_actions(payout.state, is_other=is_other_person(payout, user_id))


def _has_live_payout(uow: UnitOfWork, order_id: UUID) -> bool:
    ended = (State.FAILED, State.CANCELLED)
    found = select(Payout.id).where(Payout.order_id == order_id, Payout.state.not_in(ended))
    return uow.session.scalar(found) is not None


def _new_payout(order_id: UUID, destination: PayoutDestination, amount: Money) -> Payout:
    return Payout(
        reference=new_reference("PO"),
        order_id=order_id,
        cooperative_id=destination.cooperative_id,
        destination_id=destination.id,
        destination_entered_by=destination.created_by,
        rail=destination.rail,
        institution=destination.institution,
        amount_minor=amount.minor,
        currency=amount.currency,
        state=State.PREPARED.value,
    )


def _move(uow: UnitOfWork, payout: Payout, action: Action) -> None:
    uow.session.refresh(payout, with_for_update=True)
    row = row_for(payout.state, action)
    if row is None:
        raise TransitionRefused(payout.state, action, legal=names(actions_for(payout, uow.actor.user_id)))
    payout.state = row.target.value


def _refuse_used_reference(uow: UnitOfWork, payout: Payout, reference: str) -> None:
    used = select(Payout.id).where(Payout.rail == payout.rail, Payout.external_reference == reference)
    if uow.session.scalar(used) is not None:
        raise InvalidInput({"reference": N_("This reference belongs to another payout. Check it.")})


def _post(uow: UnitOfWork, payout: Payout, entry: Entry, rate_ids: Sequence[str] = ()) -> None:
    post(uow, entry=entry, key=f"{payout.id}:{entry.kind}", order_id=payout.order_id, rate_ids=rate_ids)


def _words(text: str, field: str, *, most: int) -> str:
    text = " ".join(text.split())
    if not text:
        raise InvalidInput({field: N_("Fill this in.")})
    if len(text) > most:
        raise InvalidInput({field: N_("This is too long. Shorten it.")})
    return text


def _person(uow: UnitOfWork) -> UUID:
    if uow.actor.user_id is None:
        raise Forbidden
    return uow.actor.user_id
