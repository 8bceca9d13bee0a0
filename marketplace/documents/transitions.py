"""The life of a document as one table: what may happen, who may do it, and why. Pure."""

from enum import StrEnum
from typing import Final, NamedTuple

from marketplace.core.errors import TransitionRefused
from marketplace.core.text import N_


class State(StrEnum):
    """Where a version of a document stands."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"


class Action(StrEnum):
    """What is done to it."""

    ACCEPT = "accept"
    REJECT = "reject"
    TAKE_BACK = "take_back"
    EXPIRE = "expire"


class Who(StrEnum):
    """Whose word it is: a moderator's who did not upload it, or the clock's."""

    REVIEWER = "reviewer"
    CLOCK = "clock"


class Row(NamedTuple):
    """One legal move."""

    action: Action
    before: State
    after: State
    who: Who
    why: str


_S, _A = State, Action
TABLE: Final = (
    Row(_A.ACCEPT, _S.PENDING, _S.ACCEPTED, Who.REVIEWER, N_("Somebody at Pact read it and found it right.")),
    Row(_A.REJECT, _S.PENDING, _S.REJECTED, Who.REVIEWER, N_("It cannot be used; the reason says why.")),
    Row(_A.TAKE_BACK, _S.ACCEPTED, _S.REJECTED, Who.REVIEWER, N_("It was accepted, and found wrong later.")),
    Row(_A.EXPIRE, _S.PENDING, _S.EXPIRED, Who.CLOCK, N_("Its last day was over before anybody read it.")),
    Row(_A.EXPIRE, _S.ACCEPTED, _S.EXPIRED, Who.CLOCK, N_("Its last day is over.")),
)
STATE_WORDS: Final = {
    State.PENDING: N_("Waits for Pact"),
    State.ACCEPTED: N_("Accepted"),
    State.REJECTED: N_("Refused"),
    State.EXPIRED: N_("Over"),
}


def after(state: str, action: Action) -> State:
    """Return where a move leads, or raise TransitionRefused naming the legal ones."""
    for row in TABLE:
        if row.before == state and row.action == action:
            return row.after
    raise TransitionRefused(state, action, legal=legal(state))


def legal(state: str) -> tuple[Action, ...]:
    """Return what may happen in a state, whoever does it."""
    return tuple(row.action for row in TABLE if row.before == state)
