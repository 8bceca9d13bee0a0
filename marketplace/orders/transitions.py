"""The machine of an order: which action leads from where to where, by whom, with which money. Pure.

One row a move. `advance()` in services applies a row; nothing else changes an order's state.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from marketplace.core.actor import Actor, ActorKind, StaffRole


class State(StrEnum):
    """Where an order stands."""

    PENDING_PAYMENT = "pending_payment"
    FUNDED = "funded"
    CONFIRMED = "confirmed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    RELEASING = "releasing"
    RELEASED = "released"
    RELEASE_FAILED = "release_failed"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Action(StrEnum):
    """What moves an order."""

    CAPTURE = "capture"
    STOP_PAYMENT = "stop_payment"
    LAPSE = "lapse"
    ABANDON = "abandon"
    EXPIRE = "expire"
    CONFIRM = "confirm"
    DECLINE = "decline"
    CANCEL = "cancel"
    CANCEL_UNCONFIRMED = "cancel_unconfirmed"
    REFUND_UNCONFIRMED = "refund_unconfirmed"
    SHIP = "ship"
    REFUND_UNSHIPPED = "refund_unshipped"
    RECEIVE = "receive"
    PROVE_DELIVERY = "prove_delivery"
    REPORT_LATE = "report_late"
    ACCEPT = "accept"
    ACCEPT_BY_SILENCE = "accept_by_silence"
    RELEASE = "release"
    APPROVE_RELEASE = "approve_release"
    COMPLETE_RELEASE = "complete_release"
    FAIL_RELEASE = "fail_release"
    RETRY_RELEASE = "retry_release"
    COMPLETE_REFUND = "complete_refund"
    FAIL_REFUND = "fail_refund"
    RETRY_REFUND = "retry_refund"
    REPORT_PROBLEM = "report_problem"
    WITHDRAW_PROBLEM = "withdraw_problem"
    PROPOSE = "propose"
    CONTINUE = "continue"
    REFUND = "refund"


class Party(StrEnum):
    """Who may make a move."""

    BUYER = "buyer"
    COOPERATIVE = "cooperative"
    MODERATOR = "moderator"
    FINANCE = "finance"
    CLOCK = "clock"
    PROVIDER = "provider"
    SYSTEM = "system"


class MoneyMove(StrEnum):
    """What a move does with the money."""

    NONE = "none"
    STOP = "stop"  # the provider is asked to close the payment page
    HOLD = "hold"
    REFUND = "refund"
    RETRY_REFUND = "retry_refund"
    RELEASE = "release"


class LotMove(StrEnum):
    """What a move does with the claim and the lot."""

    KEEP = "keep"
    CONSUME = "consume"
    OFFER_AGAIN = "offer_again"
    TAKE_OFF = "take_off"  # the claim ends, the lot is not offered before somebody looked at it
    SELL = "sell"


class Hold(StrEnum):
    """Whether a move is possible while a problem is open."""

    FREE = "free"
    HELD = "held"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Row:
    """One move. `within` and `after` count from `state_since`; `large` None means orders of any size."""

    action: Action
    source: State
    target: State
    who: Party
    money: MoneyMove = MoneyMove.NONE
    lot: LotMove = LotMove.KEEP
    hold: Hold = Hold.FREE
    within: timedelta | None = None
    after: timedelta | None = None
    large: bool | None = None

    @property
    def stays(self) -> bool:
        """Tell whether the state does not change."""
        return self.source is self.target


A, S, P, M, L = Action, State, Party, MoneyMove, LotMove
CHANGE_OF_MIND: Final = timedelta(minutes=60)
CONFIRMATION_EXPECTED: Final = timedelta(hours=72)
COOL_OFF: Final = timedelta(hours=24)
PROBLEM_STATES: Final = (S.FUNDED, S.CONFIRMED, S.SHIPPED, S.DELIVERED)
CANCELLATIONS: Final = (A.STOP_PAYMENT, A.CANCEL, A.CANCEL_UNCONFIRMED)
FINAL: Final = frozenset({S.RELEASED, S.REFUNDED, S.CANCELLED, S.EXPIRED})


def _problem_rows() -> Iterator[Row]:
    for state in PROBLEM_STATES:
        yield Row(A.REPORT_PROBLEM, state, state, P.BUYER)
        yield Row(A.WITHDRAW_PROBLEM, state, state, P.BUYER, hold=Hold.HELD)
        yield Row(A.PROPOSE, state, state, P.MODERATOR, hold=Hold.HELD, large=True)
        yield Row(A.CONTINUE, state, state, P.MODERATOR, hold=Hold.HELD)
        yield Row(A.REFUND, state, S.REFUNDING, P.MODERATOR, M.REFUND, L.TAKE_OFF, hold=Hold.HELD)


ROWS: Final[tuple[Row, ...]] = (
    Row(A.CAPTURE, S.PENDING_PAYMENT, S.FUNDED, P.PROVIDER, M.HOLD, L.CONSUME),
    Row(A.STOP_PAYMENT, S.PENDING_PAYMENT, S.PENDING_PAYMENT, P.BUYER, M.STOP),
    Row(A.LAPSE, S.PENDING_PAYMENT, S.PENDING_PAYMENT, P.CLOCK, M.STOP),
    Row(A.ABANDON, S.PENDING_PAYMENT, S.CANCELLED, P.PROVIDER, lot=L.OFFER_AGAIN),
    Row(A.EXPIRE, S.PENDING_PAYMENT, S.EXPIRED, P.PROVIDER, lot=L.OFFER_AGAIN),
    Row(A.CONFIRM, S.FUNDED, S.CONFIRMED, P.COOPERATIVE),
    Row(A.DECLINE, S.FUNDED, S.REFUNDING, P.COOPERATIVE, M.REFUND, L.TAKE_OFF),
    Row(A.CANCEL, S.FUNDED, S.REFUNDING, P.BUYER, M.REFUND, L.OFFER_AGAIN, within=CHANGE_OF_MIND),
    Row(A.CANCEL_UNCONFIRMED, S.FUNDED, S.REFUNDING, P.BUYER, M.REFUND, L.TAKE_OFF, after=CONFIRMATION_EXPECTED),
    Row(A.REFUND_UNCONFIRMED, S.FUNDED, S.REFUNDING, P.CLOCK, M.REFUND, L.TAKE_OFF),
    Row(A.SHIP, S.CONFIRMED, S.SHIPPED, P.COOPERATIVE),
    Row(A.REFUND_UNSHIPPED, S.CONFIRMED, S.REFUNDING, P.CLOCK, M.REFUND, L.TAKE_OFF),
    Row(A.RECEIVE, S.SHIPPED, S.DELIVERED, P.BUYER, hold=Hold.EITHER),
    Row(A.PROVE_DELIVERY, S.SHIPPED, S.DELIVERED, P.MODERATOR, hold=Hold.EITHER),
    Row(A.REPORT_LATE, S.SHIPPED, S.SHIPPED, P.CLOCK),
    Row(A.ACCEPT, S.DELIVERED, S.ACCEPTED, P.BUYER, lot=L.SELL),
    Row(A.ACCEPT_BY_SILENCE, S.DELIVERED, S.ACCEPTED, P.CLOCK, lot=L.SELL),
    Row(A.RELEASE, S.ACCEPTED, S.RELEASING, P.SYSTEM, M.RELEASE, large=False),
    Row(A.APPROVE_RELEASE, S.ACCEPTED, S.RELEASING, P.FINANCE, M.RELEASE, after=COOL_OFF, large=True),
    Row(A.COMPLETE_RELEASE, S.RELEASING, S.RELEASED, P.FINANCE),
    Row(A.FAIL_RELEASE, S.RELEASING, S.RELEASE_FAILED, P.FINANCE),
    Row(A.RETRY_RELEASE, S.RELEASE_FAILED, S.RELEASING, P.FINANCE),
    Row(A.COMPLETE_REFUND, S.REFUNDING, S.REFUNDED, P.PROVIDER),
    Row(A.FAIL_REFUND, S.REFUNDING, S.REFUND_FAILED, P.PROVIDER),
    Row(A.RETRY_REFUND, S.REFUND_FAILED, S.REFUNDING, P.FINANCE, M.RETRY_REFUND),
    *_problem_rows(),
)


class Standing(Protocol):
    """What the rules need to know of an order; the table's row has it all."""

    state: str
    state_since: datetime
    buyer_id: UUID
    buyer_user_id: UUID
    cooperative_id: UUID
    held_since: datetime | None
    needs_second_person: bool
    stopping: str | None
    proposed_resolution: str | None
    proposed_by: UUID | None


def row_for(order: Standing, action: Action, actor: Actor, *, now: datetime) -> Row | None:
    """Return the row by which `actor` may do `action` now, or None."""
    parties = parties_of(order, actor)
    return next(
        (
            row
            for row in ROWS
            if row.action is action
            and row.source == order.state
            and row.who in parties
            and is_open(row, order, actor, now=now)
        ),
        None,
    )


def allowed_actions(order: Standing, actor: Actor, *, now: datetime) -> tuple[Action, ...]:
    """Return what `actor` may do with the order now, in the order of the table."""
    parties = parties_of(order, actor)
    return tuple(
        row.action
        for row in ROWS
        if row.source == order.state and row.who in parties and is_open(row, order, actor, now=now)
    )


def is_open(row: Row, order: Standing, actor: Actor, *, now: datetime) -> bool:
    """Tell whether time, size, an open problem and the second person leave the row open."""
    since = now - order.state_since
    if row.within is not None and since > row.within:
        return False
    if row.after is not None and since < row.after:
        return False
    if row.large is not None and row.large != order.needs_second_person:
        return False
    if row.hold is not Hold.EITHER and (row.hold is Hold.HELD) != (order.held_since is not None):
        return False
    return _not_twice(row, order) and _seconded(row, order, actor)


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
    duties = {StaffRole.MODERATOR: Party.MODERATOR, StaffRole.FINANCE: Party.FINANCE}
    return frozenset(party for role, party in duties.items() if actor.has_role(role))


def _not_twice(row: Row, order: Standing) -> bool:
    return row.money is not MoneyMove.STOP or order.stopping is None


def _seconded(row: Row, order: Standing, actor: Actor) -> bool:
    """Above the threshold a decision about a problem needs the same proposal by somebody else before it."""
    if row.action not in (Action.CONTINUE, Action.REFUND) or not order.needs_second_person:
        return True
    return order.proposed_resolution == row.action and order.proposed_by != actor.user_id
