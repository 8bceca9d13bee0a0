"""Changes of orders."""

from marketplace.orders.services.advance import advance, lock
from marketplace.orders.services.buyers import NotABuyer
from marketplace.orders.services.buying import LotChanged, buy, check_buyer, refusal, size_of
from marketplace.orders.services.clock import attend, run_due
from marketplace.orders.services.ending import cancel, decline, end_unpaid
from marketplace.orders.services.floors import set_floor
from marketplace.orders.services.holding import check_may_hold, end_hold, hold
from marketplace.orders.services.offer_clock import run_due_offers
from marketplace.orders.services.offering import accept as accept_offer
from marketplace.orders.services.offering import counter as counter_offer
from marketplace.orders.services.offering import decline as decline_offer
from marketplace.orders.services.offering import make as make_offer
from marketplace.orders.services.offering import withdraw as withdraw_offer
from marketplace.orders.services.problems import decide, propose, report_problem, resolve, withdraw_problem
from marketplace.orders.services.releasing import NotTheSamePerson
from marketplace.orders.services.shipping import prove_delivery, receive, ship

__all__ = [
    "LotChanged",
    "NotABuyer",
    "NotTheSamePerson",
    "accept_offer",
    "advance",
    "attend",
    "buy",
    "cancel",
    "check_buyer",
    "check_may_hold",
    "counter_offer",
    "decide",
    "decline",
    "decline_offer",
    "end_hold",
    "end_unpaid",
    "hold",
    "lock",
    "make_offer",
    "propose",
    "prove_delivery",
    "receive",
    "refusal",
    "report_problem",
    "resolve",
    "run_due",
    "run_due_offers",
    "set_floor",
    "ship",
    "size_of",
    "withdraw_offer",
    "withdraw_problem",
]
