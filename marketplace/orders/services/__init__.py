"""Changes of orders."""

from marketplace.orders.services.advance import advance, lock
from marketplace.orders.services.bargaining import accept as accept_offer
from marketplace.orders.services.bargaining import counter as counter_offer
from marketplace.orders.services.bargaining import decline as decline_offer
from marketplace.orders.services.bargaining import make as make_offer
from marketplace.orders.services.bargaining import withdraw as withdraw_offer
from marketplace.orders.services.buyers import NotABuyer
from marketplace.orders.services.buying import LotChanged, buy, check_buyer, days_to_inspect, refusal, size_of
from marketplace.orders.services.clock import attend, run_due
from marketplace.orders.services.disputes import (
    accept_settlement,
    appeal,
    decide,
    offer_settlement,
    propose,
    report_problem,
    resolve,
    withdraw_problem,
)
from marketplace.orders.services.ending import cancel, decline, end_unpaid
from marketplace.orders.services.evidence import add_evidence, keep_evidence, read_photos
from marketplace.orders.services.floors import set_floor
from marketplace.orders.services.freezes import AlreadyFrozen, LiftedByTheBank, NotLiftedAlone, freeze, lift
from marketplace.orders.services.holding import check_may_hold, end_hold, hold
from marketplace.orders.services.inspection import (
    agree_adjustment,
    ask_adjustment,
    decline_adjustment,
    extend_inspection,
    extend_shipping,
    reject,
    withdraw_adjustment,
)
from marketplace.orders.services.offer_clock import run_due_offers
from marketplace.orders.services.releasing import NotTheSamePerson
from marketplace.orders.services.returns import contest_return, prove_return, receive_return, send_back, take_back
from marketplace.orders.services.shipping import prove_delivery, receive, ship
from marketplace.orders.services.verification import confirm_match, report_mismatch

__all__ = [
    "AlreadyFrozen",
    "LiftedByTheBank",
    "LotChanged",
    "NotABuyer",
    "NotLiftedAlone",
    "NotTheSamePerson",
    "accept_offer",
    "accept_settlement",
    "add_evidence",
    "advance",
    "agree_adjustment",
    "appeal",
    "ask_adjustment",
    "attend",
    "buy",
    "cancel",
    "check_buyer",
    "check_may_hold",
    "confirm_match",
    "contest_return",
    "counter_offer",
    "days_to_inspect",
    "decide",
    "decline",
    "decline_adjustment",
    "decline_offer",
    "end_hold",
    "end_unpaid",
    "extend_inspection",
    "extend_shipping",
    "freeze",
    "hold",
    "keep_evidence",
    "lift",
    "lock",
    "make_offer",
    "offer_settlement",
    "propose",
    "prove_delivery",
    "prove_return",
    "read_photos",
    "receive",
    "receive_return",
    "refusal",
    "reject",
    "report_mismatch",
    "report_problem",
    "resolve",
    "run_due",
    "run_due_offers",
    "send_back",
    "set_floor",
    "ship",
    "size_of",
    "take_back",
    "withdraw_adjustment",
    "withdraw_offer",
    "withdraw_problem",
]
