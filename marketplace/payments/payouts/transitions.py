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


class PartState(StrEnum):
    """Where one transfer of a payout stands."""

    WAITING = "waiting"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class PartAction(StrEnum):
    """What moves one transfer. A retry makes a new try of the part; the failed one stays as it is."""

    SEND = "send"
    CONFIRM = "confirm"
    FAIL = "fail"
    RETRY = "retry"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class PartRow:
    """One move of a part; `others_only` keeps out who noted that it had failed."""

    action: PartAction
    source: PartState
    target: PartState
    others_only: bool = False


PART_ROWS: Final[tuple[PartRow, ...]] = (
    PartRow(PartAction.SEND, PartState.WAITING, PartState.SENT),
    PartRow(PartAction.CANCEL, PartState.WAITING, PartState.CANCELLED),
    PartRow(PartAction.CONFIRM, PartState.SENT, PartState.CONFIRMED),
    PartRow(PartAction.FAIL, PartState.SENT, PartState.FAILED),
    PartRow(PartAction.RETRY, PartState.FAILED, PartState.WAITING, others_only=True),
)


def part_row_for(state: str, action: PartAction) -> PartRow | None:
    """Return the row of a part's action in a state, or None."""
    return next((row for row in PART_ROWS if row.source == state and row.action is action), None)


def allowed_part_actions(state: str, *, is_other: bool) -> tuple[PartAction, ...]:
    """Return what a person may do with a part; `is_other` says that she did not note its failure."""
    return tuple(row.action for row in PART_ROWS if row.source == state and (is_other or not row.others_only))
