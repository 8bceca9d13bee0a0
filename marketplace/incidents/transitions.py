"""The life of an incident as one table: what may happen, who may do it, and why. Pure."""

from enum import StrEnum
from typing import Final, NamedTuple

from marketplace.core.errors import TransitionRefused
from marketplace.core.text import N_


class State(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    DOUBTED = "doubted"
    SUBSTANTIATED = "substantiated"
    REMEDIATING = "remediating"
    CLOSING = "closing"
    CLOSED = "closed"
    UNFOUNDED = "unfounded"


class Action(StrEnum):
    """What is done to it."""

    SUBSTANTIATE = "substantiate"
    DOUBT = "doubt"
    CONFIRM = "confirm"
    KEEP = "keep"
    PLAN = "plan"
    CLOSE = "close"
    AGREE = "agree"
    SEND_BACK = "send_back"
    REOPEN = "reopen"


class Who(StrEnum):
    """Whose word it is: any moderator's, not the person's who opened it, or a second person's."""

    ANY = "any"
    NOT_OPENER = "not_opener"
    SECOND = "second"


class Row(NamedTuple):
    """One legal move. `severe`: True for severe incidents only, False for the others, None for all."""

    action: Action
    before: State
    after: State
    who: Who
    severe: bool | None
    why: str


_S, _A = State, Action
_SEVERE, _LIGHTER = True, False
TABLE: Final = (
    Row(_A.SUBSTANTIATE, _S.OPEN, _S.SUBSTANTIATED, Who.NOT_OPENER, _SEVERE, N_("Two people looked at what happened.")),
    Row(_A.SUBSTANTIATE, _S.OPEN, _S.SUBSTANTIATED, Who.ANY, _LIGHTER, N_("It did happen.")),
    Row(_A.DOUBT, _S.OPEN, _S.DOUBTED, Who.ANY, _SEVERE, N_("It seems unfounded. A second person must confirm it.")),
    Row(_A.DOUBT, _S.OPEN, _S.UNFOUNDED, Who.ANY, _LIGHTER, N_("It did not happen, or not so.")),
    Row(_A.CONFIRM, _S.DOUBTED, _S.UNFOUNDED, Who.SECOND, None, N_("Two people found it unfounded.")),
    Row(_A.KEEP, _S.DOUBTED, _S.OPEN, Who.ANY, None, N_("The doubt was not enough.")),
    Row(_A.PLAN, _S.SUBSTANTIATED, _S.REMEDIATING, Who.ANY, None, N_("There is a plan to put it right.")),
    Row(_A.CLOSE, _S.REMEDIATING, _S.CLOSING, Who.ANY, None, N_("Every step is done.")),
    Row(_A.AGREE, _S.CLOSING, _S.CLOSED, Who.SECOND, None, N_("A second person saw that it is put right.")),
    Row(_A.SEND_BACK, _S.CLOSING, _S.REMEDIATING, Who.ANY, None, N_("More has to be done.")),
    Row(_A.REOPEN, _S.CLOSED, _S.OPEN, Who.ANY, None, N_("New evidence came.")),
    Row(_A.REOPEN, _S.UNFOUNDED, _S.OPEN, Who.ANY, None, N_("New evidence came.")),
)
ENDED: Final = frozenset({State.CLOSED, State.UNFOUNDED})
STATE_WORDS: Final = {
    State.OPEN: N_("Being looked into"),
    State.DOUBTED: N_("Seems unfounded"),
    State.SUBSTANTIATED: N_("Substantiated"),
    State.REMEDIATING: N_("Being put right"),
    State.CLOSING: N_("Waits for a second person"),
    State.CLOSED: N_("Put right"),
    State.UNFOUNDED: N_("Unfounded"),
}


def row_for(state: str, action: Action, *, is_severe: bool) -> Row:
    """Return the row of a move, or raise TransitionRefused naming the legal ones."""
    for row in TABLE:
        if row.before == state and row.action == action and row.severe in {None, is_severe}:
            return row
    raise TransitionRefused(state, action, legal=legal(state))


def legal(state: str) -> tuple[Action, ...]:
    """Return what may happen in a state, whoever does it."""
    return tuple(dict.fromkeys(row.action for row in TABLE if row.before == state))
