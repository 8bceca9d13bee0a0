"""The life of a cooperative's application, as a table."""

from enum import StrEnum
from typing import Final, NamedTuple

from marketplace.core.errors import TransitionRefused


class State(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    REFUSED = "refused"
    SUSPENDED = "suspended"


class Action(StrEnum):
    """What may happen to it."""

    AMEND = "amend"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    REFUSE = "refuse"
    SUSPEND = "suspend"
    LIFT = "lift"
    REOPEN = "reopen"


class Row(NamedTuple):
    """One legal move."""

    action: Action
    before: State
    after: State


TABLE: Final = (
    Row(Action.AMEND, State.DRAFT, State.DRAFT),
    Row(Action.AMEND, State.CHANGES_REQUESTED, State.CHANGES_REQUESTED),
    Row(Action.SUBMIT, State.DRAFT, State.SUBMITTED),
    Row(Action.SUBMIT, State.CHANGES_REQUESTED, State.SUBMITTED),
    Row(Action.WITHDRAW, State.SUBMITTED, State.DRAFT),
    Row(Action.APPROVE, State.SUBMITTED, State.APPROVED),
    Row(Action.REQUEST_CHANGES, State.SUBMITTED, State.CHANGES_REQUESTED),
    Row(Action.REFUSE, State.SUBMITTED, State.REFUSED),
    # After an appeal was right, the same application is looked at again.
    Row(Action.REOPEN, State.REFUSED, State.SUBMITTED),
    Row(Action.REOPEN, State.CHANGES_REQUESTED, State.SUBMITTED),
    Row(Action.SUSPEND, State.APPROVED, State.SUSPENDED),
    Row(Action.LIFT, State.SUSPENDED, State.APPROVED),
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
