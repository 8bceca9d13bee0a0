"""What an order must look like after the steps it took: the table's rows, applied by a second reader."""

from dataclasses import dataclass
from typing import Any, Final

from marketplace.orders.transitions import ROWS, Row, State

EMPTIES: Final = frozenset({"refund", "release", "split", "lose"})
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
        row = row_of(step, is_partial=0 < order.refund < order.price)
        if row is None or step.source != expected.state:
            expected.wrong = f"{step.action} from {step.source} to {step.target} by {step.party}"
            return expected
        expected.state = step.target
        expected.claim = CLAIM_AFTER.get(row.lot, expected.claim)
        expected.released = expected.released or row.money in ("release", "split")
        expected.held = _held(row, expected.held, order.price)
    return expected


def row_of(step: Any, *, is_partial: bool) -> Row | None:
    """Return the row that a step went by, or None: then the step should not have been possible.

    Where two rows lead the same way, one of them divides the money: it is for orders of which a part goes back.
    """
    way = (step.action, step.source, step.target, step.party)
    found = [row for row in ROWS if (row.action, row.source, row.target, row.who) == way]
    fitting = [row for row in found if (row.money == "split") == is_partial]
    return next(iter([*fitting, *found]), None)


def _held(row: Row, before: int | None, price: int) -> int | None:
    if row.money == "hold":
        return price
    if row.money in EMPTIES:
        return 0
    return before if row.money in KEEPS else None


def is_barred(step: Any) -> bool:
    """Tell whether a step is not possible while the order is frozen."""
    row = row_of(step, is_partial=False)
    return row is not None and not row.even_frozen
