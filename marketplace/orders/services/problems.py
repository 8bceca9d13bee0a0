"""Reported problems: while one is open no clock accepts and nothing is released."""

from datetime import datetime
from typing import Final

from marketplace.core.errors import NotFound
from marketplace.orders import deadlines
from marketplace.orders.answers import Reason
from marketplace.orders.models import Order, ProblemReport
from marketplace.orders.queries import open_problem
from marketplace.orders.services.advance import advance
from marketplace.orders.transitions import Action, State, allowed_actions
from marketplace.unit_of_work import UnitOfWork

LATE: Final = Reason("not_arrived", "The courier did not bring the parcel within 20 days.")


def report_problem(uow: UnitOfWork, *, order: Order, reason: Reason) -> ProblemReport:
    """Hold the order until staff decided or the buyer withdrew the report."""
    advance(uow, order=order, action=Action.REPORT_PROBLEM, problem=reason.kind, note=reason.text)
    return _open(uow, order, reason)


def report_late(uow: UnitOfWork, *, order: Order) -> ProblemReport:
    """Hold an order whose parcel is late; the clock does this."""
    advance(uow, order=order, action=Action.REPORT_LATE, problem=LATE.kind, note=LATE.text)
    return _open(uow, order, LATE)


def withdraw_problem(uow: UnitOfWork, *, order: Order) -> Order:
    """Take the report back; the order goes on."""
    return _go_on(uow, order, Action.WITHDRAW_PROBLEM, resolution="withdrawn", note="")


def decide(uow: UnitOfWork, *, order: Order, decision: Reason) -> Order:
    """Resolve the problem; for a large order nobody proposed this for yet, propose it to a second person instead."""
    if Action(decision.kind) in allowed_actions(order, uow.actor, now=uow.now):
        return resolve(uow, order=order, decision=decision)
    return propose(uow, order=order, decision=decision)


def propose(uow: UnitOfWork, *, order: Order, decision: Reason) -> Order:
    """Propose a decision about a large order; somebody else must take the same one."""
    advance(uow, order=order, action=Action.PROPOSE, decision=decision.kind, note=decision.text)
    order.proposed_resolution, order.proposed_by = decision.kind, uow.actor.user_id
    uow.record("order.note_proposal", order, decision=decision.kind)
    return order


def resolve(uow: UnitOfWork, *, order: Order, decision: Reason) -> Order:
    """Decide: the order goes on, or the buyer is refunded. Above the threshold a second person does this."""
    if decision.kind == Action.CONTINUE:
        return _go_on(uow, order, Action.CONTINUE, resolution=decision.kind, note=decision.text)
    report = _report(uow, order)
    report.proposed_by = order.proposed_by
    advance(uow, order=order, action=Action.REFUND, note=decision.text)
    _close(uow, report, order, resolution=decision.kind, note=decision.text)
    return order


def _open(uow: UnitOfWork, order: Order, reason: Reason) -> ProblemReport:
    order.held_since, order.next_due_at = uow.now, None
    report = ProblemReport(
        order_id=order.id,
        kind=reason.kind,
        text=reason.text,
        reported_by=uow.actor.user_id,
        reported_at=uow.now,
    )
    uow.session.add(report)
    uow.record("problem_report.open", report, order, kind=reason.kind)
    return report


def _go_on(uow: UnitOfWork, order: Order, action: Action, *, resolution: str, note: str) -> Order:
    report = _report(uow, order)
    report.proposed_by = order.proposed_by
    advance(uow, order=order, action=action, note=note)
    _close(uow, report, order, resolution=resolution, note=note)
    _resume_clock(order, now=uow.now)
    uow.record("order.resume", order, deadline=order.deadline_at)
    return order


def _resume_clock(order: Order, *, now: datetime) -> None:
    """Give back the time that was left when the problem was reported; inspection notices go out again."""
    # The time of a state entered meanwhile was not used up before it began.
    held_since, order.held_since = max(order.held_since or now, order.state_since), None
    order.proposed_resolution = order.proposed_by = None
    if order.deadline_at is not None:
        order.deadline_at = deadlines.resumed_deadline(order.deadline_at, held_since=held_since, now=now)
    if order.state == State.DELIVERED:
        order.reminded_stage, order.reminded_at = 0, None
    order.next_due_at = deadlines.next_due(
        State(order.state), since=order.state_since, deadline_at=order.deadline_at, stage=order.reminded_stage
    )


def _close(uow: UnitOfWork, report: ProblemReport, order: Order, *, resolution: str, note: str) -> None:
    report.resolution, report.resolution_note = resolution, note
    report.resolved_by, report.resolved_at = uow.actor.user_id, uow.now
    uow.record("problem_report.close", report, order, resolution=resolution)


def _report(uow: UnitOfWork, order: Order) -> ProblemReport:
    report = open_problem(uow.session, order.id)
    if report is None:
        raise NotFound
    return report
