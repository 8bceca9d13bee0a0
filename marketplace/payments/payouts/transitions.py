"""The machine of a payout as one table. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a payout stands."""

    PREPARED = "prepared"
    APPROVED = "approved"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What moves a payout."""

    APPROVE = "approve"
    CANCEL = "cancel"
    SEND = "send"
    CONFIRM = "confirm"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Row:
    """One move; `others_only` keeps out who prepared the payout and who entered its destination."""

    action: Action
    source: State
    target: State
    others_only: bool = False


ROWS: Final[tuple[Row, ...]] = (
    Row(Action.APPROVE, State.PREPARED, State.APPROVED, others_only=True),
    Row(Action.CANCEL, State.PREPARED, State.CANCELLED),
    Row(Action.CANCEL, State.APPROVED, State.CANCELLED),
    Row(Action.SEND, State.APPROVED, State.SENT),
    Row(Action.CONFIRM, State.SENT, State.CONFIRMED),
    Row(Action.FAIL, State.SENT, State.FAILED),
)
FINAL: Final = frozenset({State.CONFIRMED, State.FAILED, State.CANCELLED})


def row_for(state: str, action: Action) -> Row | None:
    """Return the row of an action in a state, or None."""
    return next((row for row in ROWS if row.source == state and row.action is action), None)


def allowed_actions(state: str, *, is_other: bool) -> tuple[Action, ...]:
    """Return what a finance person may do; `is_other` says that she neither prepared it nor entered its destination."""
    return tuple(row.action for row in ROWS if row.source == state and (is_other or not row.others_only))


def names(actions: Iterable[Action]) -> list[str]:
    """Return the actions as stable words."""
    return [action.value for action in actions]
