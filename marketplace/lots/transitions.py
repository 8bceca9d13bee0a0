"""The states of a lot, and who may move it: one row a legal move."""

from enum import StrEnum
from typing import Final, NamedTuple

from marketplace.core.errors import TransitionRefused


class State(StrEnum):
    """Where a lot stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    PUBLISHED = "published"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    SOLD = "sold"


class Action(StrEnum):
    """What is done to a lot."""

    EDIT = "edit"
    SUBMIT = "submit"
    PUBLISH = "publish"
    SEND_BACK = "send_back"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    SELL = "sell"
    TAKE_OFF = "take_off"
    REOPEN = "reopen"
    CORRECT = "correct"
    UNDO = "undo"
    DROP = "drop"
    EXPIRE = "expire"


class Who(StrEnum):
    """Who may do it: a writing officer of the cooperative, a moderator, or an order that ends."""

    WRITER = "writer"
    MODERATOR = "moderator"
    ORDER = "order"


class Row(NamedTuple):
    """One legal move. `on_sale`: True when it needs an approved version on sale, False without one, None for either."""

    action: Action
    source: State
    target: State
    who: Who
    on_sale: bool | None = None


_D, _S, _C, _P = State.DRAFT, State.SUBMITTED, State.CHANGES_REQUESTED, State.PUBLISHED
_W, _M, _O = Who.WRITER, Who.MODERATOR, Who.ORDER
ROWS: Final = (
    Row(Action.EDIT, _D, _D, _W),
    Row(Action.EDIT, _S, _S, _W),
    Row(Action.EDIT, _C, _C, _W),
    Row(Action.EDIT, _P, _P, _W),
    Row(Action.SUBMIT, _D, _S, _W),
    Row(Action.SUBMIT, _S, _S, _W),
    Row(Action.SUBMIT, _C, _S, _W),
    Row(Action.SUBMIT, _P, _S, _W),
    Row(Action.PUBLISH, _S, _P, _M),
    Row(Action.SEND_BACK, _S, _C, _M),
    # The approved version stays on sale when a newer one is refused.
    Row(Action.REFUSE, _S, State.REFUSED, _M, on_sale=False),
    Row(Action.REFUSE, _S, _P, _M, on_sale=True),
    # After an appeal was right: the very version that was sent back or refused is looked at again.
    Row(Action.REOPEN, State.REFUSED, _S, _M, on_sale=False),
    Row(Action.REOPEN, _C, _S, _M),
    Row(Action.REOPEN, _P, _S, _M),
    # After it was closed for want of an answer, the version that was sent back is looked at again.
    Row(Action.REOPEN, _D, _S, _M, on_sale=False),
    # A small correction of a lot on sale; what was sent just before stands in `submitted`.
    Row(Action.CORRECT, _S, _P, _W, on_sale=True),
    Row(Action.UNDO, _P, _C, _M, on_sale=True),
    # A change of a lot on sale is taken back; the approved version is on sale as before.
    Row(Action.DROP, _S, _P, _W, on_sale=True),
    Row(Action.DROP, _C, _P, _W, on_sale=True),
    # Nobody answered what was sent back.
    Row(Action.EXPIRE, _C, _D, _M, on_sale=False),
    Row(Action.EXPIRE, _C, _P, _M, on_sale=True),
    Row(Action.WITHDRAW, _D, State.WITHDRAWN, _W),
    Row(Action.WITHDRAW, _S, State.WITHDRAWN, _W),
    Row(Action.WITHDRAW, _C, State.WITHDRAWN, _W),
    Row(Action.WITHDRAW, _P, State.WITHDRAWN, _W),
    Row(Action.SELL, _P, State.SOLD, _O, on_sale=True),
    Row(Action.SELL, _S, State.SOLD, _O, on_sale=True),
    Row(Action.SELL, _C, State.SOLD, _O, on_sale=True),
    Row(Action.TAKE_OFF, _P, State.WITHDRAWN, _O, on_sale=True),
    Row(Action.TAKE_OFF, _S, State.WITHDRAWN, _O, on_sale=True),
    Row(Action.TAKE_OFF, _C, State.WITHDRAWN, _O, on_sale=True),
)
FINAL: Final = frozenset({State.REFUSED, State.WITHDRAWN, State.SOLD})


def row_for(state: str, action: Action, *, on_sale: bool) -> Row:
    """Return the row of a move, or raise TransitionRefused naming the legal ones."""
    for row in ROWS:
        if row.source == state and row.action == action and row.on_sale in {None, on_sale}:
            return row
    raise TransitionRefused(state, action, legal=legal_actions(state, on_sale=on_sale))


def legal_actions(state: str, *, on_sale: bool) -> tuple[Action, ...]:
    """Return every action legal in a state, whoever does it."""
    found = (row.action for row in ROWS if row.source == state and row.on_sale in {None, on_sale})
    return tuple(dict.fromkeys(found))
