"""Whose turn it is: the states in which an order waits for its buyer, or for its cooperative. Pure."""

from typing import Final

from marketplace.orders.transitions import State
from marketplace.orders.words import OrderFacts, Reader

_BUYER: Final = frozenset({State.PENDING_PAYMENT, State.DELIVERED, State.RETURN_PENDING})
_COOPERATIVE: Final = frozenset(
    {State.FUNDED, State.CONFIRMED, State.ADJUSTMENT, State.RETURNING, State.RETURN_INSPECTION}
)


def is_turn_of(facts: OrderFacts, reader: Reader, *, settlement_by: str | None) -> bool:
    """Tell whether the order waits for the reader; in a dispute, when the other side offered an end."""
    if facts.is_frozen or facts.is_stopping:
        return False
    if facts.state is State.DISPUTED:
        return settlement_by is not None and settlement_by != reader.value
    return facts.state in (_BUYER if reader is Reader.BUYER else _COOPERATIVE)
