"""The machine of an order: which action leads from where to where, by whom, with which money. Pure."""

from marketplace.orders.transitions.names import Action, LotMove, MoneyMove, Outcome, Party, Row, State
from marketplace.orders.transitions.rules import Standing, allowed_actions, is_open, is_partial, parties_of, row_for
from marketplace.orders.transitions.table import (
    CANCELLATIONS,
    CHANGE_OF_MIND,
    CONFIRMATION_EXPECTED,
    COOL_OFF,
    FINAL,
    FORCED,
    HELD,
    INTERRUPTED,
    PROBLEM_STATES,
    ROWS,
)

__all__ = [
    "CANCELLATIONS",
    "CHANGE_OF_MIND",
    "CONFIRMATION_EXPECTED",
    "COOL_OFF",
    "FINAL",
    "FORCED",
    "HELD",
    "INTERRUPTED",
    "PROBLEM_STATES",
    "ROWS",
    "Action",
    "LotMove",
    "MoneyMove",
    "Outcome",
    "Party",
    "Row",
    "Standing",
    "State",
    "allowed_actions",
    "is_open",
    "is_partial",
    "parties_of",
    "row_for",
]
