"""Decisions about a dispute in words, and the choices staff has."""

from typing import Any
from uuid import UUID

from marketplace.core.money import Money
from marketplace.http.languages import translate as _
from marketplace.orders.decisions import DECISIONS, decisions_open
from marketplace.orders.exchange_models import OrderExchange
from marketplace.orders.models import Order, SettlementOffer
from marketplace.orders.paid_amounts import paid_part
from marketplace.orders.transitions import Outcome, State
from marketplace.web.filters import money


def decision_choices(order: Order) -> list[dict[str, str]]:
    """Return what may be decided where the goods are now; nothing while there is no dispute."""
    if order.state != State.DISPUTED or order.disputed_from is None:
        return []
    return [{"value": kind, "label": _(DECISIONS[kind])} for kind in decisions_open(order.disputed_from)]


def decision_words(kind: str, refund: Money | None) -> str:
    """Return a decision, with the part that goes back when there is one."""
    if kind == Outcome.SPLIT and refund is not None:
        return _("%(refund)s goes back to the buyer, the cooperative gets the rest", refund=money(refund))
    return _(DECISIONS[kind])


def proposal_words(order: Order) -> str | None:
    """Return what was proposed about a large order, or None."""
    if order.proposed_resolution is None:
        return None
    minor = order.proposed_refund_minor
    return decision_words(order.proposed_resolution, Money(minor, order.currency) if minor is not None else None)


def proposal_values(order: Order, *, reader_id: UUID | None) -> dict[str, str]:
    """Return the form as it was proposed, for the second person: she takes the very same decision, or another."""
    if order.proposed_resolution is None or order.proposed_by == reader_id:
        return {}
    minor = order.proposed_refund_minor
    refund = str(Money(minor, order.currency).amount) if minor is not None else ""
    return {"decision": order.proposed_resolution, "refund": refund}


def offer_view(offer: SettlementOffer | None, exchange: OrderExchange | None = None) -> dict[str, Any] | None:
    """Return an open offer of one side in words, or None; `paid` is its part of a payment in another currency."""
    if offer is None:
        return None
    refund = Money(offer.refund_minor, offer.currency)
    return {
        "by_buyer": offer.party == "buyer",
        "is_adjustment": offer.kind == "adjustment",
        "refund": refund,
        "paid": None if exchange is None else paid_part(exchange, refund),
        "text": offer.text,
        "at": offer.made_at,
    }


def outcome_words(order: Order) -> str | None:
    """Return what was decided about the order and stands, or None."""
    if order.outcome is None:
        return None
    refund = Money(order.refund_minor, order.currency) if order.refund_minor is not None else None
    return decision_words(order.outcome, refund)
