"""What a move changes on the order besides its state: disputes opened and closed, agreed amounts, goods that came."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, cast

from marketplace.core.money import Money
from marketplace.orders import deadlines
from marketplace.orders.decisions import net_of_shares, shares_after_refund
from marketplace.orders.models import Order, ProblemReport
from marketplace.orders.queries import open_problem, open_settlement, price_of, problems_of, refund_of
from marketplace.orders.services.offering import answer_offer
from marketplace.orders.services.planning import plan
from marketplace.orders.transitions import INTERRUPTED, Action, Outcome, Party, Row, State
from marketplace.unit_of_work import UnitOfWork

_AGREED: Final = frozenset({Action.AGREE_ADJUSTMENT, Action.ACCEPT_SETTLEMENT, Action.DECIDE, Action.DECIDE_BY_RULE})
_RESOLUTIONS: Final = {
    Action.WITHDRAW_PROBLEM: "withdrawn",
    Action.CONTINUE: "continue",
    Action.ACCEPT_SETTLEMENT: "settled",
    Action.LOSE_CHARGEBACK: "refund",
}
# Where the goods are when they come while their loss is disputed.
_ARRIVALS: Final = {
    Action.RECEIVE: State.DELIVERED,
    Action.PROVE_DELIVERY: State.DELIVERED,
    Action.RECEIVE_RETURN: State.RETURN_INSPECTION,
}
_ANSWERS: Final = {
    Action.AGREE_ADJUSTMENT: "accepted",
    Action.ACCEPT_SETTLEMENT: "accepted",
    Action.DECLINE_ADJUSTMENT: "declined",
    Action.WITHDRAW_ADJUSTMENT: "withdrawn",
}
# What both agreed to, and what was looked at twice, stands.
_LAST_WORD: Final = frozenset({Action.ACCEPT_SETTLEMENT, Action.APPEAL})
NOTHING_TOLD: Final = {"problem": "other", "note": ""}


def follow(
    uow: UnitOfWork, *, order: Order, row: Row, facts: Mapping[str, object], deadline_was: datetime | None
) -> None:
    """Do what belongs to the move; `deadline_was` is the deadline of the state it left."""
    if row.action in _AGREED:
        _agree(order, row, facts)
    if row.source in (State.ADJUSTMENT, State.DISPUTED) and not row.stays:
        _close_offer(uow, order, row.action)
    if row.action in _LAST_WORD:
        order.is_appealable = False
    if row.target is State.DISPUTED and not row.stays:
        _open(uow, order, row, facts=facts, deadline_was=deadline_was)
    elif row.source is State.DISPUTED and not row.stays:
        _close(uow, order, row, facts)
    elif row.source is State.DISPUTED and row.action in _ARRIVALS:
        order.disputed_from = _ARRIVALS[row.action].value
        if order.disputed_from == State.DELIVERED:
            order.delivered_at = uow.now


def remember_the_interrupted(order: Order, row: Row) -> None:
    """Note where a dispute came from and who opened it, together with the state; an appeal has it already."""
    if row.target is State.DISPUTED and not row.stays and row.action is not Action.APPEAL:
        came_from = row.source if row.source in INTERRUPTED else State.DELIVERED
        order.disputed_from, order.disputed_by = came_from.value, row.who.value


def _close_offer(uow: UnitOfWork, order: Order, action: Action) -> None:
    offer = open_settlement(uow.session, order.id)
    if offer is not None:
        answer_offer(uow, offer=offer, state=_ANSWERS.get(action, "lapsed"))


def _agree(order: Order, row: Row, facts: Mapping[str, object]) -> None:
    """Freeze what goes back and how the rest is shared; a full refund and a full payment need neither."""
    outcome, refund = Outcome(cast(str, facts.get("outcome", Outcome.SPLIT))), cast(Money | None, facts.get("refund"))
    if outcome is Outcome.RELEASE and order.provisional_minor is not None and order.refund_minor:
        outcome, refund = Outcome.SPLIT, refund_of(order)  # in full means what the assay made it
    order.outcome = outcome.value if row.action is not Action.AGREE_ADJUSTMENT else None
    agree_on(order, refund if outcome is Outcome.SPLIT else None)


def agree_on(order: Order, refund: Money | None) -> None:
    """Freeze how much goes back to the buyer and how the rest is shared; nothing when no part does."""
    order.refund_minor = order.settled_split = order.settled_net_minor = None
    if refund:
        order.refund_minor = refund.minor
        order.settled_split = shares_after_refund(order.split, refund=refund, price=price_of(order))
        order.settled_net_minor = net_of_shares(order.settled_split)


def _open(
    uow: UnitOfWork, order: Order, row: Row, *, facts: Mapping[str, object], deadline_was: datetime | None
) -> None:
    told = {**NOTHING_TOLD, **facts}
    report = ProblemReport(
        order_id=order.id,
        kind=str(told["problem"]),
        text=str(told["note"]),
        reported_by=uow.actor.user_id,
        reported_at=uow.now,
        opened_as=row.who.value,
        came_from=cast(str, order.disputed_from),
        deadline_was=deadline_was if row.action is not Action.APPEAL else _first_deadline(uow, order),
    )
    uow.session.add(report)
    uow.record("problem_report.open", report, order, kind=report.kind, by=row.who)


def _close(uow: UnitOfWork, order: Order, row: Row, facts: Mapping[str, object]) -> None:
    report = open_problem(uow.session, order.id)
    assert report is not None, "a disputed order has an open report"
    resolution = _RESOLUTIONS.get(row.action, order.outcome)
    report.resolution, report.resolution_note, report.resolved_at = resolution, str(facts.get("note", "")), uow.now
    report.refund_minor = order.refund_minor
    report.by_rule = row.action is Action.DECIDE_BY_RULE
    report.proposed_by = order.proposed_by
    if row.who in (Party.BUYER, Party.MODERATOR) and row.action is not Action.ACCEPT_SETTLEMENT:
        report.resolved_by = uow.actor.user_id
    uow.record("problem_report.close", report, order, resolution=resolution)
    if row.action is Action.DECIDE:
        deciders = (order.proposed_by, uow.actor.user_id)
        order.barred_reviewers = [*order.barred_reviewers, *(each for each in deciders if each is not None)]
    order.proposed_resolution = order.proposed_refund_minor = order.proposed_by = order.settlement_by = None
    if row.action in (Action.WITHDRAW_PROBLEM, Action.CONTINUE):
        _go_on(order, report, now=uow.now)


def _go_on(order: Order, report: ProblemReport, *, now: datetime) -> None:
    """Give back the time that was left when the dispute began; inspection notices go out again."""
    order.disputed_from = order.disputed_by = order.outcome = None
    # The time of a state that began meanwhile was not used up before it began.
    if report.deadline_was is not None and order.state == report.came_from:
        order.deadline_at = deadlines.resumed_deadline(report.deadline_was, held_since=report.reported_at, now=now)
    plan(order)


def _first_deadline(uow: UnitOfWork, order: Order) -> datetime | None:
    """Return the deadline of the state that the first dispute interrupted: an appeal may lead back to it."""
    return problems_of(uow.session, order.id)[-1].deadline_was
