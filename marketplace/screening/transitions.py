"""The life of a hit, as a table. Pure."""

from enum import StrEnum
from typing import Final, NamedTuple

from marketplace.core.errors import TransitionRefused
from marketplace.core.text import N_


class State(StrEnum):
    """Where a hit stands. DISMISSED: by one of two people. GONE: a side changed, and they are no longer alike."""

    OPEN = "open"
    PROPOSED = "proposed"
    DISMISSED = "dismissed"
    MATCH = "match"
    NO_MATCH = "no_match"
    GONE = "gone"


class Action(StrEnum):
    """What a person may do with it."""

    DISMISS = "dismiss"
    PROPOSE = "propose"
    CONFIRM = "confirm"
    AGREE = "agree"
    DOUBT = "doubt"
    REOPEN = "reopen"


STATE_WORDS: Final = {
    State.OPEN: N_("To decide"),
    State.PROPOSED: N_("Waits for the second person"),
    State.DISMISSED: N_("Dismissed by one person, waits for the second"),
    State.MATCH: N_("Match"),
    State.NO_MATCH: N_("No match"),
    State.GONE: N_("No longer alike"),
}


class Row(NamedTuple):
    """One legal move."""

    action: Action
    before: State
    after: State


TABLE: Final = (
    Row(Action.DISMISS, State.OPEN, State.NO_MATCH),
    Row(Action.PROPOSE, State.OPEN, State.PROPOSED),
    Row(Action.CONFIRM, State.PROPOSED, State.MATCH),
    Row(Action.DOUBT, State.PROPOSED, State.OPEN),
    Row(Action.DISMISS, State.PROPOSED, State.NO_MATCH),
    Row(Action.AGREE, State.DISMISSED, State.NO_MATCH),
    Row(Action.DOUBT, State.DISMISSED, State.OPEN),
    Row(Action.REOPEN, State.MATCH, State.OPEN),
    Row(Action.REOPEN, State.NO_MATCH, State.OPEN),
)


def legal(state: str) -> tuple[Action, ...]:
    """Return what may happen in `state`."""
    return tuple(row.action for row in TABLE if row.before == state)


def after(state: str, action: Action, *, by_two: bool = False) -> State:
    """Return the state that follows, or raise TransitionRefused naming what is possible instead.

    `by_two` says that one person alone does not dismiss it.
    """
    for row in TABLE:
        if row.before == state and row.action == action:
            return State.DISMISSED if by_two and action is Action.DISMISS else row.after
    raise TransitionRefused(state, action, legal=legal(state))
