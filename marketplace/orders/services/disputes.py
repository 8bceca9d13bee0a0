"""Disputes: reported, settled between the sides, decided by staff, appealed once."""

from marketplace.core.errors import FieldError, InvalidInput, TransitionRefused
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.orders.answers import Reason
from marketplace.orders.decisions import Decision, check_decision, outcome_of_refund
from marketplace.orders.models import Order, SettlementOffer
from marketplace.orders.queries import open_settlement, price_of
from marketplace.orders.services.advance import advance, lock
from marketplace.orders.services.offering import make_offer
from marketplace.orders.transitions import Action, Outcome, State, allowed_actions
from marketplace.payments.charging import check_step
from marketplace.unit_of_work import UnitOfWork


def report_problem(uow: UnitOfWork, *, order: Order, reason: Reason) -> Order:
    """Open a dispute: nothing is released until it is settled, decided or withdrawn."""
    return advance(uow, order=order, action=Action.REPORT_PROBLEM, problem=reason.kind, note=reason.text)


def withdraw_problem(uow: UnitOfWork, *, order: Order) -> Order:
    """Take the report back; the order goes on."""
    return advance(uow, order=order, action=Action.WITHDRAW_PROBLEM)


def offer_settlement(uow: UnitOfWork, *, order: Order, refund: Money, text: str) -> SettlementOffer:
    """Offer the other side how to end the dispute: how much of the price goes back. It replaces an open offer."""
    if not 0 <= refund.minor <= order.price_minor:
        raise InvalidInput({"refund": FieldError(N_("Enter an amount between nothing and the whole price."))})
    if refund != price_of(order):
        check_step(refund, field="refund")
    advance(uow, order=order, action=Action.OFFER_SETTLEMENT, refund=refund, note=text)
    offer = make_offer(uow, order=order, kind="settlement", refund=refund, text=text)
    order.settlement_by = offer.party
    uow.record("order.note_offer", order, party=offer.party)
    return offer


def accept_settlement(uow: UnitOfWork, *, order: Order) -> Order:
    """Take what the other side offers: it is carried out at once, nobody appeals."""
    lock(uow.session, order)
    offer = open_settlement(uow.session, order.id)
    if offer is None:
        legal = [action.value for action in allowed_actions(order, uow.actor, now=uow.now)]
        raise TransitionRefused(order.state, Action.ACCEPT_SETTLEMENT, legal=legal)
    refund = Money(offer.refund_minor, offer.currency)
    outcome = outcome_of_refund(refund, price_of(order))
    return advance(uow, order=order, action=Action.ACCEPT_SETTLEMENT, outcome=outcome.value, refund=refund)


def decide(uow: UnitOfWork, *, order: Order, decision: Decision) -> Order:
    """Decide the dispute; for a large order nobody proposed this for yet, propose it to a second person instead."""
    lock(uow.session, order)
    _check(order, decision)
    if _is_seconded(order, decision) and _action_of(decision) in allowed_actions(order, uow.actor, now=uow.now):
        return resolve(uow, order=order, decision=decision)
    return propose(uow, order=order, decision=decision)


def propose(uow: UnitOfWork, *, order: Order, decision: Decision) -> Order:
    """Propose a decision about a large order; somebody else must take the same one."""
    advance(uow, order=order, action=Action.PROPOSE, decision=decision.kind, note=decision.text)
    order.proposed_resolution, order.proposed_by = decision.kind, uow.actor.user_id
    order.proposed_refund_minor = decision.refund.minor if decision.refund is not None else None
    uow.record("order.note_proposal", order, decision=decision.kind, refund_minor=order.proposed_refund_minor)
    return order


def resolve(uow: UnitOfWork, *, order: Order, decision: Decision) -> Order:
    """Decide: above the threshold a second person does this, with the very decision that was proposed."""
    lock(uow.session, order)
    _check(order, decision)
    action = _action_of(decision)
    if not _is_seconded(order, decision):
        legal = [each.value for each in allowed_actions(order, uow.actor, now=uow.now)]
        raise TransitionRefused(order.state, action, legal=legal)
    if action is Action.CONTINUE:
        return advance(uow, order=order, action=action, note=decision.text)
    facts = {"refund": decision.refund} if decision.kind == Outcome.SPLIT else {}
    return advance(uow, order=order, action=action, outcome=decision.kind, note=decision.text, **facts)


def appeal(uow: UnitOfWork, *, order: Order, text: str) -> Order:
    """Ask for another reviewer, once, before the money moves."""
    return advance(uow, order=order, action=Action.APPEAL, problem="appeal", note=text)


def _check(order: Order, decision: Decision) -> None:
    if order.state != State.DISPUTED or order.disputed_from is None:
        return  # the table refuses it with what is legal
    check_decision(decision, came_from=order.disputed_from, price=price_of(order))


def _action_of(decision: Decision) -> Action:
    return Action.CONTINUE if decision.kind == Action.CONTINUE else Action.DECIDE


def _is_seconded(order: Order, decision: Decision) -> bool:
    """Tell whether a large order has the same proposal, amount included; a small one needs none."""
    if not order.needs_second_person:
        return True
    refund = decision.refund.minor if decision.refund is not None else None
    return (order.proposed_resolution, order.proposed_refund_minor) == (decision.kind, refund)
