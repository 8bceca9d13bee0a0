"""The life of a case, as a table.

A case that two people must approve goes from its first approval to `needs_second`; when the second person does not
agree, or a reviewer leaves it to others, it is `escalated`, and somebody who has no part in it yet decides.
"""

from enum import StrEnum
from typing import Final, NamedTuple

from marketplace.core.errors import InvalidInput, TransitionRefused
from marketplace.core.text import N_


class State(StrEnum):
    """Where a case stands."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    NEEDS_SECOND = "needs_second"
    ESCALATED = "escalated"
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
    APPROVE_FIRST = "approve_first"
    DISAGREE = "disagree"
    ESCALATE = "escalate"
    WITHDRAW = "withdraw"


class Row(NamedTuple):
    """One legal move."""

    action: Action
    before: State
    after: State


VERDICTS: Final = (Action.APPROVE, Action.CHANGES, Action.REFUSE)
OPEN: Final = (State.QUEUED, State.CLAIMED, State.NEEDS_SECOND, State.ESCALATED)
NEGATIVE: Final = (State.CHANGES_REQUESTED, State.REFUSED)
TABLE: Final = (
    Row(Action.CLAIM, State.QUEUED, State.CLAIMED),
    Row(Action.CLAIM, State.CLAIMED, State.CLAIMED),
    Row(Action.CLAIM, State.NEEDS_SECOND, State.NEEDS_SECOND),
    Row(Action.CLAIM, State.ESCALATED, State.ESCALATED),
    Row(Action.RELEASE, State.CLAIMED, State.QUEUED),
    Row(Action.RELEASE, State.NEEDS_SECOND, State.NEEDS_SECOND),
    Row(Action.RELEASE, State.ESCALATED, State.ESCALATED),
    Row(Action.APPROVE, State.CLAIMED, State.APPROVED),
    Row(Action.APPROVE_FIRST, State.CLAIMED, State.NEEDS_SECOND),
    Row(Action.CHANGES, State.CLAIMED, State.CHANGES_REQUESTED),
    Row(Action.REFUSE, State.CLAIMED, State.REFUSED),
    Row(Action.ESCALATE, State.CLAIMED, State.ESCALATED),
    Row(Action.APPROVE, State.NEEDS_SECOND, State.APPROVED),
    Row(Action.DISAGREE, State.NEEDS_SECOND, State.ESCALATED),
    Row(Action.ESCALATE, State.NEEDS_SECOND, State.ESCALATED),
    Row(Action.APPROVE, State.ESCALATED, State.APPROVED),
    Row(Action.APPROVE_FIRST, State.ESCALATED, State.NEEDS_SECOND),
    Row(Action.CHANGES, State.ESCALATED, State.CHANGES_REQUESTED),
    Row(Action.REFUSE, State.ESCALATED, State.REFUSED),
    *(Row(Action.WITHDRAW, state, State.WITHDRAWN) for state in OPEN),
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


def read_verdict(text: str) -> Action:
    """Return the verdict a form names; raise InvalidInput for anything else."""
    if text not in {action.value for action in VERDICTS}:
        raise InvalidInput({"verdict": N_("Choose what you decide.")})
    return Action(text)


def move_of(verdict: Action, *, state: str, approvals_needed: int, approvals: int) -> Action:
    """Return the move that a verdict is in `state`, when so many others have approved already."""
    if verdict is Action.APPROVE:
        return Action.APPROVE if approvals + 1 >= approvals_needed else Action.APPROVE_FIRST
    return Action.DISAGREE if state == State.NEEDS_SECOND else verdict
