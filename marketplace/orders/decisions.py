"""How a dispute may end, what ends it when nobody does, and how a price is shared after a part of it went back. Pure.

Source: the order chapter of the design ("decide full / split / return-then-refund", "a written default rule").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.orders.transitions import Action, Outcome, State
from marketplace.payments.charging import check_step

GO_ON: Final = Action.CONTINUE.value
DECISIONS: Final[dict[str, str]] = {
    GO_ON: N_("The order goes on"),
    Outcome.RELEASE: N_("The cooperative is paid in full"),
    Outcome.REFUND: N_("The buyer is refunded in full"),
    Outcome.SPLIT: N_("A part goes back to the buyer, the cooperative gets the rest"),
    Outcome.RETURN: N_("The buyer sends the goods back, then is refunded"),
}
# Before the parcel is with the buyer nothing can be kept or sent back; on its way back it cannot be sent again.
_OPEN: Final[Mapping[State, tuple[str, ...]]] = {
    State.FUNDED: (GO_ON, Outcome.REFUND),
    State.CONFIRMED: (GO_ON, Outcome.REFUND),
    State.AT_VERIFICATION: (GO_ON, Outcome.REFUND),
    State.SHIPPED: (GO_ON, Outcome.REFUND, Outcome.SPLIT),
    State.DELIVERED: tuple(DECISIONS),
    State.RETURNING: (GO_ON, Outcome.REFUND, Outcome.SPLIT, Outcome.RELEASE),
    State.RETURN_INSPECTION: (GO_ON, Outcome.REFUND, Outcome.SPLIT, Outcome.RELEASE),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about a dispute and why; `refund` only for a split."""

    kind: str
    text: str
    refund: Money | None = None


def decisions_open(came_from: str) -> tuple[str, ...]:
    """Return the decisions that make sense for a dispute that interrupted this state."""
    return _OPEN[State(came_from)]


def outcome_by_rule(came_from: str) -> Outcome:
    """Return how a dispute ends on the last day for a decision.

    The rule follows the goods: who has them when nobody proved the other side wrong keeps them. With the buyer, the
    cooperative is paid; anywhere else the buyer is refunded.
    """
    return Outcome.RELEASE if came_from == State.DELIVERED else Outcome.REFUND


def check_decision(decision: Decision, *, came_from: str, price: Money) -> None:
    """Raise InvalidInput when the decision does not fit where the goods are, or its part is no part of the price."""
    errors: dict[str, FieldError] = {}
    if decision.kind not in decisions_open(came_from):
        errors["decision"] = FieldError(
            N_("This cannot be decided while the goods are where they are. Choose another.")
        )
    if decision.kind == Outcome.SPLIT and not is_part(decision.refund, price):
        errors["refund"] = FieldError(N_("Enter a part of the price: more than nothing, less than all of it."))
    if errors:
        raise InvalidInput(errors)
    if decision.kind == Outcome.SPLIT and decision.refund is not None:
        check_step(decision.refund, field="refund")


def is_part(refund: Money | None, price: Money) -> bool:
    """Tell whether the amount is more than nothing and less than the price."""
    return refund is not None and refund.currency == price.currency and 0 < refund.minor < price.minor


def outcome_of_refund(refund: Money, price: Money) -> Outcome:
    """Return the outcome that gives `refund` back to the buyer."""
    if not refund.minor:
        return Outcome.RELEASE
    return Outcome.REFUND if refund == price else Outcome.SPLIT


def shares_after_refund(lines: Sequence[Mapping[str, Any]], *, refund: Money, price: Money) -> list[dict[str, Any]]:
    """Return the frozen split of a price for what is left of it: every part shrinks alike.

    The other parts are rounded down and the cooperative takes what remains, so that the parts sum to the rest and the
    odd minor unit is the cooperative's.
    """
    rest = price.minor - refund.minor
    shrunk = [{**line, "amount_minor": line["amount_minor"] * rest // price.minor} for line in lines]
    first = next(place for place, line in enumerate(shrunk) if line["payee"] == "cooperative")
    shrunk[first]["amount_minor"] += rest - sum(line["amount_minor"] for line in shrunk)
    return shrunk


def net_of_shares(lines: Sequence[Mapping[str, Any]]) -> int:
    """Return the cooperative's part in minor units."""
    return sum(line["amount_minor"] for line in lines if line["payee"] == "cooperative")
