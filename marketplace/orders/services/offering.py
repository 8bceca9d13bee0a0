"""Offers of one side of an order to the other: a lower price, or the end of a dispute."""

from marketplace.core.errors import Forbidden
from marketplace.core.money import Money
from marketplace.orders.models import Order, SettlementOffer
from marketplace.orders.queries import open_settlement
from marketplace.orders.transitions import Party, parties_of
from marketplace.unit_of_work import UnitOfWork


def make_offer(uow: UnitOfWork, *, order: Order, kind: str, refund: Money, text: str) -> SettlementOffer:
    """Write the offer down in place of an open one: an offer of the other side is answered by it."""
    party = next(iter(parties_of(order, uow.actor) & {Party.BUYER, Party.COOPERATIVE}), None)
    if party is None or uow.actor.user_id is None:
        raise Forbidden
    before = open_settlement(uow.session, order.id)
    if before is not None:
        answer_offer(uow, offer=before, state="replaced")
        uow.session.flush()
    offer = SettlementOffer(
        order_id=order.id,
        kind=kind,
        party=party.value,
        refund_minor=refund.minor,
        currency=refund.currency,
        text=text,
        state="open",
        made_by=uow.actor.user_id,
        made_at=uow.now,
    )
    uow.session.add(offer)
    uow.record("settlement_offer.make", offer, order, kind=kind, refund=refund)
    return offer


def answer_offer(uow: UnitOfWork, *, offer: SettlementOffer, state: str) -> None:
    """Close an offer: accepted, declined, replaced, withdrawn or lapsed."""
    offer.state, offer.answered_at = state, uow.now
    uow.record("settlement_offer.close", offer, state=state)
