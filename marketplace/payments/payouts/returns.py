"""Transfers that come back after they were confirmed: owed again, and paid again to a destination checked anew."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from marketplace.core.errors import Conflict, Forbidden, TransitionRefused
from marketplace.core.ids import new_id
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.ledger import chart, recipes, return_recipes
from marketplace.ledger.services import post
from marketplace.payments import payout_exchange
from marketplace.payments.destinations import doubt
from marketplace.payments.models import Payout
from marketplace.payments.payouts import letters
from marketplace.payments.payouts.part_moves import LONGEST_REASON, lock, words
from marketplace.payments.payouts.transitions import PartState, State
from marketplace.payments.rail_models import PayoutPart, PayoutReturn
from marketplace.payments.rails import Rail, source_of
from marketplace.unit_of_work import UnitOfWork

MOST: Final = 200
# Their return is told by the bank's statement and by the provider; a person does not type it in.
TOLD_BY_OTHERS: Final = frozenset({Rail.BANK, Rail.STRIPE})


class ToldByStatement(Conflict):
    """The return of such a payout is not typed in."""

    code = "told_by_statement"
    message = N_("The bank’s statement or Stripe tells when this money comes back. Import the statement.")


class ExchangedPayout(Conflict):
    """What comes back of an exchanged payout is another amount."""

    code = "exchanged_payout"
    message = N_("This payout was exchanged, so another amount comes back. Ask an administrator to book it.")


def note(
    uow: UnitOfWork, *, payout: Payout, part: PayoutPart, reason: str, source: str, external_ref: str | None = None
) -> PayoutReturn:
    """Note that a confirmed part came back and reverse its last steps; `source` is `bank` or `person`.

    Raises TransitionRefused unless the part is confirmed and did not come back, ToldByStatement, ExchangedPayout.
    """
    if source == "person" and payout.rail in TOLD_BY_OTHERS:
        raise ToldByStatement
    if payout_exchange.exchange_of(uow.session, payout) is not None:
        raise ExchangedPayout
    lock(uow, payout, part)
    refuse_unless_confirmed(uow.session, part)
    amount = Money(part.amount_minor, part.currency)
    source_account = chart.payout_source(payout.rail, source_of(payout.rail, payout.institution))
    post(
        uow,
        entry=return_recipes.payout_returned(payout.id, source_account, amount),
        key=f"{part.id}:payout_returned",
        order_id=payout.order_id,
        external_ref=external_ref,
    )
    return _owe_again(uow, payout, part, reason=reason, source=source)


def note_of_provider(uow: UnitOfWork, *, payout: Payout, part: PayoutPart, reason: str) -> PayoutReturn:
    """Owe again what the provider took back whole; each reversal is posted with the transfer already."""
    return _owe_again(uow, payout, part, reason=reason, source="provider")


def note_receipt(uow: UnitOfWork, *, part: PayoutPart, reason: str) -> PayoutReturn:
    """Keep what finance found among the unmatched receipts; the receipt's own journal owes it again."""
    payout = uow.session.get_one(Payout, part.payout_id)
    lock(uow, payout, part)
    refuse_unless_confirmed(uow.session, part)
    return _keep(uow, payout, part, reason=reason, source="bank")


def refuse_unless_confirmed(session: Session, part: PayoutPart) -> None:
    """Raise TransitionRefused unless the part is confirmed and did not come back before."""
    if part.state != PartState.CONFIRMED or return_of(session, part.id) is not None:
        raise TransitionRefused(part.state, "come_back", legal=())


def return_of(session: Session, part_id: UUID) -> PayoutReturn | None:
    """Return how a part came back after it was confirmed, or None."""
    return session.scalar(select(PayoutReturn).where(PayoutReturn.part_id == part_id))


def returns_of(session: Session, payout_id: UUID) -> dict[UUID, PayoutReturn]:
    """Return how the parts of a payout came back after they were confirmed, by part."""
    rows = session.scalars(select(PayoutReturn).where(PayoutReturn.payout_id == payout_id))
    return {row.part_id: row for row in rows}


def waiting(session: Session) -> Sequence[tuple[PayoutReturn, Payout]]:
    """Return what came back and no payout pays again yet, with the payout it belongs to, oldest first."""
    repeat = aliased(Payout)
    found = (
        select(PayoutReturn, Payout)
        .join(Payout, Payout.id == PayoutReturn.payout_id)
        .outerjoin(repeat, repeat.id == PayoutReturn.repeat_id)
        .where(repeat.id.is_(None) | repeat.state.in_((State.FAILED, State.CANCELLED)))
    )
    rows = session.execute(found.order_by(PayoutReturn.returned_at, PayoutReturn.id).limit(MOST)).all()
    return [(returned, payout) for returned, payout in rows]


def _owe_again(uow: UnitOfWork, payout: Payout, part: PayoutPart, *, reason: str, source: str) -> PayoutReturn:
    amount = Money(part.amount_minor, part.currency)
    entry = recipes.payout_released(payout.id, payout.cooperative_id, amount)
    post(uow, entry=entry, key=f"{part.id}:{entry.kind}", order_id=payout.order_id)
    return _keep(uow, payout, part, reason=reason, source=source)


def _keep(uow: UnitOfWork, payout: Payout, part: PayoutPart, *, reason: str, source: str) -> PayoutReturn:
    if source != "provider" and uow.actor.user_id is None:
        raise Forbidden
    row = PayoutReturn(
        id=new_id(),
        payout_id=payout.id,
        part_id=part.id,
        amount_minor=part.amount_minor,
        currency=part.currency,
        source=source,
        reason=words(reason, "reason", most=LONGEST_REASON),
        noted_by=uow.actor.user_id if source != "provider" else None,
        returned_at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record("payout_return.note", row, payout, part, amount=Money(part.amount_minor, part.currency), reason=reason)
    doubt(uow, destination_id=payout.destination_id)
    letters.came_back(uow, payout=payout, part=part)
    return row
