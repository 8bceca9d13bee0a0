"""Who may do what with an order now, by the table. Pure."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from marketplace.core.actor import Actor, ActorKind, StaffRole
from marketplace.orders.pauses import read_periods, worked
from marketplace.orders.transitions.names import Action, MoneyMove, Party, Row
from marketplace.orders.transitions.table import ROWS


class Standing(Protocol):
    """What the rules need to know of an order; the table's row has it all."""

    state: str
    state_since: datetime
    stopped_times: list[list[str]]
    buyer_id: UUID
    buyer_user_id: UUID
    cooperative_id: UUID
    frozen_since: datetime | None
    needs_second_person: bool
    wants_verification: bool
    stopping: str | None
    extensions: list[str]
    disputed_from: str | None
    disputed_by: str | None
    settlement_by: str | None
    outcome: str | None
    is_appealable: bool
    refund_minor: int | None
    price_minor: int
    proposed_resolution: str | None
    proposed_by: UUID | None
    barred_reviewers: list[UUID]


def row_for(order: Standing, action: Action, actor: Actor, *, now: datetime) -> Row | None:
    """Return the row by which `actor` may do `action` now, or None."""
    parties = parties_of(order, actor)
    return next((row for row in _rows_from(order, parties, actor, now=now) if row.action is action), None)


def allowed_actions(order: Standing, actor: Actor, *, now: datetime) -> tuple[Action, ...]:
    """Return what `actor` may do with the order now, in the order of the table."""
    return tuple(row.action for row in _rows_from(order, parties_of(order, actor), actor, now=now))


def is_partial(order: Standing) -> bool:
    """Tell whether a part of the price, not nothing and not all, was agreed or decided to go back to the buyer."""
    return order.refund_minor is not None and 0 < order.refund_minor < order.price_minor


def is_open(row: Row, order: Standing, actor: Actor, *, now: datetime) -> bool:
    """Tell whether time, size, what went before and the second person leave the row open."""
    since = worked(since=order.state_since, now=now, pauses=read_periods(order.stopped_times))
    in_time = (row.within is None or since <= row.within) and (row.after is None or since >= row.after)
    is_frozen = order.frozen_since is not None and not row.even_frozen
    return in_time and not is_frozen and _fits(row, order) and _CHECKS.get(row.action, _anybody)(row, order, actor)


def parties_of(order: Standing, actor: Actor) -> frozenset[Party]:
    """Return as which parties `actor` stands to the order; staff with a stake in it are not staff here."""
    machines = {
        ActorKind.CLOCK: frozenset({Party.CLOCK}),
        ActorKind.PROVIDER: frozenset({Party.PROVIDER}),
        ActorKind.SYSTEM: frozenset({Party.SYSTEM}),
        ActorKind.VISITOR: frozenset[Party](),
    }
    if actor.kind in machines:
        return machines[actor.kind]
    if actor.buyer_id == order.buyer_id or actor.user_id == order.buyer_user_id:
        return frozenset({Party.BUYER})
    if order.cooperative_id in actor.memberships:
        return frozenset({Party.COOPERATIVE}) if actor.may_write_for(order.cooperative_id) else frozenset()
    return frozenset(party for role, party in _DUTIES.items() if actor.has_role(role))


_DUTIES: Final = {
    StaffRole.MODERATOR: Party.MODERATOR,
    StaffRole.VERIFIER: Party.VERIFIER,
    StaffRole.FINANCE: Party.FINANCE,
}


def _rows_from(order: Standing, parties: Collection[Party], actor: Actor, *, now: datetime) -> list[Row]:
    return [
        row for row in ROWS if row.source == order.state and row.who in parties and is_open(row, order, actor, now=now)
    ]


def _fits(row: Row, order: Standing) -> bool:
    """Tell whether the order is one the row is for."""
    return (
        (row.large is None or row.large == order.needs_second_person)
        and (row.partial is None or row.partial == is_partial(order))
        and (row.verified is None or row.verified == order.wants_verification)
        and (row.came_from is None or row.came_from == order.disputed_from)
        and (row.outcomes is None or order.outcome in row.outcomes)
        and (row.money is not MoneyMove.STOP or order.stopping is None)
    )


def _anybody(_row: Row, _order: Standing, _actor: Actor) -> bool:
    return True


def _once(row: Row, order: Standing, _actor: Actor) -> bool:
    return row.action.value not in order.extensions


def _by_its_opener(row: Row, order: Standing, _actor: Actor) -> bool:
    """Tell whether the report is the party's own; one of the clock is the buyer's."""
    return order.disputed_by in (row.who.value, Party.CLOCK.value)


def _by_the_other_side(row: Row, order: Standing, _actor: Actor) -> bool:
    return order.settlement_by is not None and order.settlement_by != row.who.value


def _appealable(_row: Row, order: Standing, _actor: Actor) -> bool:
    return order.is_appealable


def _by_a_fresh_reviewer(_row: Row, order: Standing, actor: Actor) -> bool:
    return actor.user_id not in order.barred_reviewers


def _seconded(row: Row, order: Standing, actor: Actor) -> bool:
    """Above the threshold a decision about a dispute needs the same proposal by somebody else before it."""
    if not _by_a_fresh_reviewer(row, order, actor):
        return False
    if not order.needs_second_person:
        return True
    is_proposed = order.proposed_resolution is not None
    goes_on = order.proposed_resolution == Action.CONTINUE
    return is_proposed and goes_on == (row.action is Action.CONTINUE) and order.proposed_by != actor.user_id


_CHECKS: Final[dict[Action, Callable[[Row, Standing, Actor], bool]]] = {
    Action.EXTEND_SHIPPING: _once,
    Action.EXTEND_INSPECTION: _once,
    Action.WITHDRAW_PROBLEM: _by_its_opener,
    Action.ACCEPT_SETTLEMENT: _by_the_other_side,
    Action.APPEAL: _appealable,
    Action.PROPOSE: _by_a_fresh_reviewer,
    Action.CONTINUE: _seconded,
    Action.DECIDE: _seconded,
}
