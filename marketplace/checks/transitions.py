"""The life of an independent check as one table: what may happen, and who may do it. Pure."""

from enum import StrEnum
from typing import Final, NamedTuple

from marketplace.core.errors import TransitionRefused
from marketplace.core.text import N_


class State(StrEnum):
    """Where a check stands."""

    ASKED = "asked"
    ASSIGNED = "assigned"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What is done to it."""

    ASSIGN = "assign"
    HAND_BACK = "hand_back"
    FINISH = "finish"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


class Who(StrEnum):
    """Who may: a moderator, the checker it was given to, the buyer who asked."""

    MODERATOR = "moderator"
    CHECKER = "checker"
    BUYER = "buyer"


class Row(NamedTuple):
    """One legal move."""

    action: Action
    before: State
    after: State
    who: Who


TABLE: Final = (
    Row(Action.ASSIGN, State.ASKED, State.ASSIGNED, Who.MODERATOR),
    Row(Action.ASSIGN, State.ASSIGNED, State.ASSIGNED, Who.MODERATOR),
    Row(Action.HAND_BACK, State.ASSIGNED, State.ASKED, Who.CHECKER),
    Row(Action.FINISH, State.ASSIGNED, State.DONE, Who.CHECKER),
    Row(Action.DECLINE, State.ASKED, State.DECLINED, Who.MODERATOR),
    Row(Action.DECLINE, State.ASSIGNED, State.DECLINED, Who.MODERATOR),
    Row(Action.WITHDRAW, State.ASKED, State.WITHDRAWN, Who.BUYER),
)
OPEN: Final = (State.ASKED, State.ASSIGNED)
STATE_WORDS: Final = {
    State.ASKED: N_("Waits for a checker"),
    State.ASSIGNED: N_("With a checker"),
    State.DONE: N_("Done"),
    State.DECLINED: N_("Declined"),
    State.WITHDRAWN: N_("Withdrawn"),
}


def legal(state: str, *who: Who) -> tuple[Action, ...]:
    """Return what may happen in a state, by anybody or by one of `who`."""
    return tuple(row.action for row in TABLE if row.before == state and (not who or row.who in who))


def row_for(state: str, action: Action) -> Row:
    """Return the row of a move, or raise TransitionRefused naming the legal ones."""
    for row in TABLE:
        if row.before == state and row.action == action:
            return row
    raise TransitionRefused(state, action, legal=legal(state))
