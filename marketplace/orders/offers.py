"""The machine of offers: what may follow an open offer, or the end of one, and who may do it. Pure; times are given.

One row a move. A negotiation is a row of offers between one buyer and the cooperative about one version of a lot; at
most one offer of it is open. While another buyer has the lot, the offers about it wait and their time stands still.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from marketplace.core.actor import Actor, ActorKind, StaffRole
from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.money import Money
from marketplace.core.text import N_


class State(StrEnum):
    """Where an offer stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    COUNTERED = "countered"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Action(StrEnum):
    """What is done in a negotiation."""

    MAKE = "make"
    ACCEPT = "accept"
    COUNTER = "counter"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


class Side(StrEnum):
    """Who made an offer."""

    BUYER = "buyer"
    COOPERATIVE = "cooperative"


class Who(StrEnum):
    """Who may make a move: whoever made the open offer, the other side, the buyer, the clock."""

    MAKER = "maker"
    ANSWERER = "answerer"
    BUYER = "buyer"
    CLOCK = "clock"


class Wait(StrEnum):
    """Whether a move is possible while another buyer has the lot."""

    NOT = "not"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Row:
    """One move. `target` is what becomes of the open offer; None for a move that begins a new one."""

    action: Action
    sources: frozenset[State]
    target: State | None
    who: Who
    wait: Wait = Wait.NOT
    opens_offer: bool = False


_ENDED: Final = frozenset({State.ACCEPTED, State.DECLINED, State.WITHDRAWN, State.EXPIRED})
_OPEN: Final = frozenset({State.OPEN})
ROWS: Final[tuple[Row, ...]] = (
    Row(Action.MAKE, _ENDED, None, Who.BUYER, opens_offer=True),
    Row(Action.ACCEPT, _OPEN, State.ACCEPTED, Who.ANSWERER),
    Row(Action.COUNTER, _OPEN, State.COUNTERED, Who.ANSWERER, opens_offer=True),
    Row(Action.DECLINE, _OPEN, State.DECLINED, Who.ANSWERER, Wait.EITHER),
    Row(Action.DECLINE, _OPEN, State.DECLINED, Who.CLOCK, Wait.EITHER),
    Row(Action.WITHDRAW, _OPEN, State.WITHDRAWN, Who.MAKER, Wait.EITHER),
    Row(Action.EXPIRE, _OPEN, State.EXPIRED, Who.CLOCK, Wait.EITHER),
)
MOST_ROUNDS: Final = 5
ANSWER_TIME: Final = timedelta(hours=48)
# After an agreement the buyer has this long to order.
ORDER_TIME: Final = timedelta(hours=48)
NOTICE: Final = timedelta(hours=12)
# What is left of an offer's time after it waited is at least this.
LEAST_AFTER_WAIT: Final = timedelta(hours=24)
# An offer below the cooperative's private floor is declined within this span, as a person would: never at once.
FLOOR_SOONEST: Final = timedelta(hours=1)
FLOOR_SPAN: Final = timedelta(hours=5)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules need of a negotiation: its newest offer, how many there were, and whether it waits.

    `is_agreed` says that the newest offer was accepted and its claim still stands, or became an order.
    `is_gone` says that this version of the lot is not on sale any more.
    """

    buyer_id: UUID
    buyer_user_id: UUID
    cooperative_id: UUID
    state: State
    made_by: Side
    rounds: int
    is_waiting: bool = False
    is_agreed: bool = False
    is_gone: bool = False


def row_for(standing: Standing, action: Action, actor: Actor) -> Row | None:
    """Return the row by which `actor` may do `action` now, or None."""
    return next((row for row in ROWS if row.action is action and _is_open(row, standing, actor)), None)


def allowed_actions(standing: Standing, actor: Actor) -> tuple[Action, ...]:
    """Return what `actor` may do now, in the order of the table."""
    return tuple(row.action for row in ROWS if _is_open(row, standing, actor))


def side_of(standing: Standing, actor: Actor) -> Side | None:
    """Return on which side `actor` may act; staff and readers of a cooperative are on neither."""
    if actor.kind is not ActorKind.PERSON:
        return None
    if actor.user_id == standing.buyer_user_id or (actor.buyer_id is not None and actor.buyer_id == standing.buyer_id):
        return Side.BUYER
    return Side.COOPERATIVE if actor.may_write_for(standing.cooperative_id) else None


def may_read(standing: Standing, actor: Actor) -> bool:
    """Tell whether `actor` may read the negotiation as staff: a moderator or an auditor."""
    return side_of(standing, actor) is None and actor.has_role(StaffRole.MODERATOR, StaffRole.AUDITOR)


def other(side: Side) -> Side:
    """Return the other side."""
    return Side.COOPERATIVE if side is Side.BUYER else Side.BUYER


def check_amount(amount: Money, *, list_price: Money, answered: Money | None, side: Side) -> None:
    """Raise InvalidInput unless an offer may name this amount.

    Never above the list price; a counter lies on the maker's own side of the offer it answers (None for a first one).
    """
    error: FieldError | None = None
    if amount.minor <= 0:
        error = FieldError(N_("Enter an amount above zero."))
    elif amount > list_price:
        error = FieldError(N_("The price is %(price)s. An offer is never above it."), price=list_price)
    elif answered is not None and (amount >= answered if side is Side.BUYER else amount <= answered):
        error = FieldError(_ON_THE_WRONG_SIDE[side], answered=answered)
    if error is not None:
        raise InvalidInput({"amount": error})


_ON_THE_WRONG_SIDE: Final = {
    Side.BUYER: N_("The cooperative asks %(answered)s. Accept it, or offer less."),
    Side.COOPERATIVE: N_("The buyer offers %(answered)s. Accept it, or ask for more."),
}


def is_below(floor: Money | None, amount: Money) -> bool:
    """Tell whether an offer is below the private floor of the cooperative."""
    return floor is not None and amount < floor


def declined_at(made_at: datetime, key: UUID) -> datetime:
    """Return when an offer below the floor is declined: at an hour that tells the buyer nothing, fixed by its key."""
    return made_at + FLOOR_SOONEST + FLOOR_SPAN * (key.int % 997) / 997


def revived_until(expires_at: datetime, *, waiting_since: datetime, now: datetime) -> datetime:
    """Return the new end of an offer's time after it waited: what was left, and at least a day."""
    return now + max(expires_at - waiting_since, LEAST_AFTER_WAIT)


def _is_open(row: Row, standing: Standing, actor: Actor) -> bool:
    if standing.state not in row.sources or not _is(row.who, standing, actor):
        return False
    if row.wait is Wait.NOT and (standing.is_waiting or standing.is_gone):
        return False
    if row.action is Action.MAKE and standing.is_agreed:
        return False
    return not row.opens_offer or standing.rounds < MOST_ROUNDS


def _is(who: Who, standing: Standing, actor: Actor) -> bool:
    if who is Who.CLOCK:
        return actor.kind is ActorKind.CLOCK
    wanted = {Who.BUYER: Side.BUYER, Who.MAKER: standing.made_by, Who.ANSWERER: other(standing.made_by)}
    return side_of(standing, actor) is wanted[who]
