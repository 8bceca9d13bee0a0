"""Changes of orders."""

from marketplace.orders.services.advance import advance, lock
from marketplace.orders.services.buying import (
    LotChanged,
    NotABuyer,
    buy,
    check_buyer,
    days_to_inspect,
    refusal,
    size_of,
)
from marketplace.orders.services.clock import attend, run_due
from marketplace.orders.services.ending import cancel, decline, end_unpaid
from marketplace.orders.services.problems import decide, propose, report_problem, resolve, withdraw_problem
from marketplace.orders.services.releasing import NotTheSamePerson
from marketplace.orders.services.shipping import prove_delivery, receive, ship

__all__ = [
    "LotChanged",
    "NotABuyer",
    "NotTheSamePerson",
    "advance",
    "attend",
    "buy",
    "cancel",
    "check_buyer",
    "days_to_inspect",
    "decide",
    "decline",
    "end_unpaid",
    "lock",
    "propose",
    "prove_delivery",
    "receive",
    "refusal",
    "report_problem",
    "resolve",
    "run_due",
    "ship",
    "size_of",
    "withdraw_problem",
]
