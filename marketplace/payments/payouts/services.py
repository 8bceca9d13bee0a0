"""Pay cooperatives by hand: one person prepares, another approves, both leave their names; the bank's proof ends it.

Orders call these through their settlement, which moves the order too.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import select

from marketplace.core.errors import Conflict, Forbidden, TransitionRefused
from marketplace.core.ids import new_reference
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.ledger import recipes
from marketplace.ledger.recipes import Entry
from marketplace.ledger.services import post
from marketplace.payments.destinations import usable_destination
from marketplace.payments.models import Payout, PayoutDestination
from marketplace.payments.payouts import by_provider
from marketplace.payments.payouts.part_moves import (
    LONGEST_REASON,
    cancel_parts,
    confirm_part,
    fail_part,
    latest_parts,
    lock,
    make_parts,
    only_part,
    payout_has_parts,
    send_part,
    words,
)
from marketplace.payments.payouts.transitions import Action, PartState, State, allowed_actions, names, row_for
from marketplace.payments.rail_models import PayoutReturn
from marketplace.payments.rails import Rail
from marketplace.unit_of_work import UnitOfWork

_ENDED: Final = (State.FAILED, State.CANCELLED)
# What people do with a payout that the provider transfers; the rest is its own word.
_WITH_PROVIDER: Final = frozenset({Action.APPROVE, Action.CANCEL})


class SecondPersonNeeded(Forbidden):
    """Who prepared a payout, or entered its destination, does not approve it."""

    code = "second_person_needed"
    message = N_("Another finance person must approve this payout: you prepared it or entered its destination.")


class PartsOnTheirWay(Conflict):
    """A part of the payout is not back: it cannot be given up as a whole."""

    code = "parts_on_their_way"
    message = N_("A part of this payout was sent and is not back. Try the failed part again.")


class AlreadyPrepared(Conflict):
    """The order has a payout on its way."""

    code = "payout_exists"
    message = N_("This order already has a payout. Open it from the list.")


def prepare(uow: UnitOfWork, *, order_id: UUID, cooperative_id: UUID, amount: Money) -> Payout:
    """Freeze destination and amount, and take the money aside; the order is locked already.

    Raises NoUsableDestination, SecondPersonNeeded, AlreadyPrepared, Overdraft when the cooperative is not owed it, and
    NotReady or ProviderCannotPay when the provider cannot pay that account.
    """
    if _has_live_payout(uow, order_id):
        raise AlreadyPrepared
    return _prepare(uow, order_id=order_id, cooperative_id=cooperative_id, amount=amount)


def prepare_repeat(uow: UnitOfWork, *, returned: PayoutReturn) -> Payout:
    """Prepare a payout of what came back, to the destination as it was checked since; raises what `prepare` raises."""
    uow.session.refresh(returned, with_for_update=True)
    earlier = uow.session.get_one(Payout, returned.payout_id)
    repeat = uow.session.get(Payout, returned.repeat_id) if returned.repeat_id is not None else None
    if repeat is not None and repeat.state not in _ENDED:
        raise AlreadyPrepared
    payout = _prepare(
        uow,
        order_id=earlier.order_id,
        cooperative_id=earlier.cooperative_id,
        amount=Money(returned.amount_minor, returned.currency),
        is_repeat=True,
    )
    returned.repeat_id = payout.id
    uow.record("payout_return.repeat", returned, payout)
    return payout


def _prepare(
    uow: UnitOfWork, *, order_id: UUID, cooperative_id: UUID, amount: Money, is_repeat: bool = False
) -> Payout:
    destination = usable_destination(uow.session, cooperative_id, now=uow.now)
    person = uow.person()
    if destination.created_by == person:
        raise SecondPersonNeeded
    if destination.rail == Rail.STRIPE:
        by_provider.check(uow, destination=destination, amount=amount)
    payout = _new_payout(order_id, destination, amount)
    payout.is_repeat = is_repeat
    payout.prepared_by, payout.prepared_at = person, uow.now
    uow.session.add(payout)
    uow.session.flush()
    make_parts(uow, payout=payout)
    _post(uow, payout, recipes.payout_reserved(payout.id, cooperative_id, amount))
    uow.record("payout.prepare", payout, amount=amount, destination=destination.masked, rail=payout.rail)
    return payout


def approve(uow: UnitOfWork, *, payout: Payout) -> None:
    """Let the payout go: a second person's word, kept by the database too."""
    if not is_other_person(payout, uow.actor.user_id):
        raise SecondPersonNeeded
    _move(uow, payout, Action.APPROVE)
    payout.approved_by, payout.approved_at = uow.person(), uow.now
    uow.record("payout.approve", payout, amount=amount_of(payout))


def cancel(uow: UnitOfWork, *, payout: Payout, reason: str) -> None:
    """Take back a payout that was not sent: the cooperative is owed the money as before."""
    reason = words(reason, "reason", most=LONGEST_REASON)
    _move(uow, payout, Action.CANCEL)
    cancel_parts(uow, payout=payout)
    payout.failure = reason
    _post(uow, payout, recipes.payout_released(payout.id, payout.cooperative_id, amount_of(payout)))
    uow.record("payout.cancel", payout, reason=reason)


def send(uow: UnitOfWork, *, payout: Payout, reference: str) -> None:
    """Note that the money of a payout in one part left our account under the bank's or provider's reference."""
    send_part(uow, payout=payout, part=only_part(uow, payout), reference=reference)


def confirm(uow: UnitOfWork, *, payout: Payout, proof: str) -> None:
    """Note the proof that the cooperative has the money of a payout in one part."""
    confirm_part(uow, payout=payout, part=only_part(uow, payout), proof=proof)


def fail(uow: UnitOfWork, *, payout: Payout, reason: str) -> None:
    """Give up a payout whose money all came back: the cooperative is owed it again.

    The only part of a payout may still be on its way; of several, each is noted as failed first.
    """
    reason = words(reason, "reason", most=LONGEST_REASON)
    lock(uow, payout)
    if row_for(payout.state, Action.FAIL) is None:
        raise TransitionRefused(payout.state, Action.FAIL, legal=names(actions_for(payout, uow.actor.user_id)))
    for part in latest_parts(uow.session, payout.id):
        if part.state == PartState.SENT and not payout_has_parts(uow.session, payout.id):
            fail_part(uow, payout=payout, part=part, reason=reason)
        elif part.state in (PartState.SENT, PartState.CONFIRMED):
            raise PartsOnTheirWay
    cancel_parts(uow, payout=payout)
    _move(uow, payout, Action.FAIL)
    payout.failure = reason
    _post(uow, payout, recipes.payout_released(payout.id, payout.cooperative_id, amount_of(payout)))
    uow.record("payout.fail", payout, reason=reason)


def amount_of(payout: Payout) -> Money:
    """Return what is paid."""
    return Money(payout.amount_minor, payout.currency)


def is_other_person(payout: Payout, user_id: UUID | None) -> bool:
    """Tell whether a person neither prepared the payout nor entered its destination."""
    return user_id not in (payout.prepared_by, payout.destination_entered_by)


def actions_for(payout: Payout, user_id: UUID | None) -> tuple[Action, ...]:
    """Return what a finance person may do with the payout now."""
    actions = allowed_actions(payout.state, is_other=is_other_person(payout, user_id))
    return tuple(each for each in actions if payout.rail != Rail.STRIPE or each in _WITH_PROVIDER)


def _has_live_payout(uow: UnitOfWork, order_id: UUID) -> bool:
    found = select(Payout.id).where(
        Payout.order_id == order_id, Payout.state.not_in(_ENDED), Payout.is_repeat.is_(False)
    )
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


def _post(uow: UnitOfWork, payout: Payout, entry: Entry) -> None:
    post(uow, entry=entry, key=f"{payout.id}:{entry.kind}", order_id=payout.order_id)
