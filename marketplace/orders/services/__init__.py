"""Changes of orders."""

from marketplace.orders.services.advance import advance, end_unpaid, lock
from marketplace.orders.services.buying import LotChanged, NotABuyer, buy, check_buyer
from marketplace.orders.services.clock import attend, run_due
from marketplace.orders.services.problems import propose, report_problem, resolve, withdraw_problem
from marketplace.orders.services.shipping import decline, prove_delivery, receive, ship

__all__ = [
    "LotChanged",
    "NotABuyer",
    "advance",
    "attend",
    "buy",
    "check_buyer",
    "decline",
    "end_unpaid",
    "lock",
    "propose",
    "prove_delivery",
    "receive",
    "report_problem",
    "resolve",
    "run_due",
    "ship",
    "withdraw_problem",
]
