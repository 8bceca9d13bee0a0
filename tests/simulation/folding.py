"""What an order must look like after the steps it took: the table's rows, applied by a second reader."""

from dataclasses import dataclass
from typing import Any, Final

from marketplace.orders.transitions import ROWS, Hold, Row, State

EMPTIES: Final = frozenset({"refund", "release"})
KEEPS: Final = frozenset({"none", "stop", "retry_refund"})
CLAIM_AFTER: Final = {"consume": "consumed", "offer_again": "released", "take_off": "released"}


@dataclass
class Expected:
    """What must be true of an order. `held` is None once a move's effect on the money is not the whole price."""

    state: str = State.PENDING_PAYMENT
    held: int | None = 0
    claim: str = "settling"
    released: bool = False
    wrong: str = ""


def folded(order: Any, steps: list[Any]) -> Expected:
    """Apply the order's steps one after the other."""
    expected = Expected()
    for step in steps:
        row = row_of(step.action, step.source, step.target, step.party)
        if row is None or step.source != expected.state:
            expected.wrong = f"{step.action} from {step.source} to {step.target} by {step.party}"
            return expected
        expected.state = step.target
        expected.claim = CLAIM_AFTER.get(row.lot, expected.claim)
        expected.released = expected.released or row.money == "release"
        expected.held = _held(row, expected.held, order.price)
    return expected


def row_of(action: str, source: str, target: str, party: str) -> Row | None:
    """Return the row that a step went by, or None: then the step should not have been possible."""
    return next(
        (row for row in ROWS if (row.action, row.source, row.target, row.who) == (action, source, target, party)), None
    )


def _held(row: Row, before: int | None, price: int) -> int | None:
    if row.money == "hold":
        return price
    if row.money in EMPTIES:
        return 0
    return before if row.money in KEEPS else None


def is_barred(step: Any) -> bool:
    """Tell whether a step is not possible while a problem is open."""
    row = row_of(step.action, step.source, step.target, step.party)
    return row is not None and row.hold is Hold.FREE
