"""The life of a case, as a table."""

from enum import StrEnum
from typing import Final, NamedTuple

from marketplace.core.errors import TransitionRefused


class State(StrEnum):
    """Where a case stands."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What may happen to it; the verdicts carry the words of the form's buttons."""

    CLAIM = "claim"
    RELEASE = "release"
    APPROVE = "approve"
    CHANGES = "changes"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


class Row(NamedTuple):
    """One legal move."""

    action: Action
    before: State
    after: State


VERDICTS: Final = (Action.APPROVE, Action.CHANGES, Action.REFUSE)
OPEN: Final = (State.QUEUED, State.CLAIMED)
TABLE: Final = (
    Row(Action.CLAIM, State.QUEUED, State.CLAIMED),
    Row(Action.CLAIM, State.CLAIMED, State.CLAIMED),
    Row(Action.RELEASE, State.CLAIMED, State.QUEUED),
    Row(Action.APPROVE, State.CLAIMED, State.APPROVED),
    Row(Action.CHANGES, State.CLAIMED, State.CHANGES_REQUESTED),
    Row(Action.REFUSE, State.CLAIMED, State.REFUSED),
    Row(Action.WITHDRAW, State.QUEUED, State.WITHDRAWN),
    Row(Action.WITHDRAW, State.CLAIMED, State.WITHDRAWN),
)


def legal(state: str) -> tuple[Action, ...]:
    """Return what may happen in `state`."""
    return tuple(row.action for row in TABLE if row.before == state)


def after(state: str, action: Action) -> State:
    """Return the state that follows, or raise TransitionRefused naming what is possible instead."""
    for row in TABLE:
        if row.before == state and row.action == action:
            return row.after
    raise TransitionRefused(state, action, legal=legal(state))
