"""Who is told what at each move of an order. Pure: a table of templates."""

from enum import StrEnum
from typing import Final

from marketplace.orders.transitions import Action


class Audience(StrEnum):
    """To whom a letter goes."""

    BUYER = "buyer"
    COOPERATIVE = "cooperative"
    MODERATORS = "moderators"
    FINANCE = "finance"


_REFUND: Final = ((Audience.BUYER, "order_refunding_buyer"), (Audience.COOPERATIVE, "order_refunding_cooperative"))
_ACCEPTED: Final = ((Audience.BUYER, "order_accepted_buyer"), (Audience.COOPERATIVE, "order_accepted_cooperative"))
_DELIVERED: Final = ((Audience.BUYER, "order_delivered_buyer"), (Audience.COOPERATIVE, "order_delivered_cooperative"))
_PROBLEM: Final = (
    (Audience.BUYER, "order_problem_buyer"),
    (Audience.COOPERATIVE, "order_problem_cooperative"),
    (Audience.MODERATORS, "order_problem_staff"),
)
_GOES_ON: Final = ((Audience.BUYER, "order_goes_on"), (Audience.COOPERATIVE, "order_goes_on"))

LETTERS: Final[dict[Action, tuple[tuple[Audience, str], ...]]] = {
    Action.CAPTURE: ((Audience.BUYER, "order_funded_buyer"), (Audience.COOPERATIVE, "order_funded_cooperative")),
    Action.ABANDON: ((Audience.BUYER, "order_ended_buyer"),),
    Action.EXPIRE: ((Audience.BUYER, "order_ended_buyer"),),
    Action.CONFIRM: ((Audience.BUYER, "order_confirmed_buyer"),),
    Action.DECLINE: _REFUND,
    Action.CANCEL: _REFUND,
    Action.CANCEL_UNCONFIRMED: _REFUND,
    Action.REFUND_UNCONFIRMED: _REFUND,
    Action.REFUND_UNSHIPPED: _REFUND,
    Action.SHIP: ((Audience.BUYER, "order_shipped_buyer"),),
    Action.RECEIVE: _DELIVERED,
    Action.PROVE_DELIVERY: _DELIVERED,
    Action.REPORT_LATE: _PROBLEM,
    Action.REPORT_PROBLEM: _PROBLEM,
    Action.WITHDRAW_PROBLEM: _GOES_ON,
    Action.PROPOSE: ((Audience.MODERATORS, "order_decision_proposed"),),
    Action.CONTINUE: _GOES_ON,
    Action.REFUND: _REFUND,
    Action.ACCEPT: _ACCEPTED,
    Action.ACCEPT_BY_SILENCE: _ACCEPTED,
    Action.RELEASE: ((Audience.FINANCE, "order_release_to_prepare"),),
    Action.APPROVE_RELEASE: ((Audience.FINANCE, "order_release_to_prepare"),),
    Action.COMPLETE_RELEASE: ((Audience.COOPERATIVE, "order_released_cooperative"),),
    Action.FAIL_RELEASE: ((Audience.COOPERATIVE, "order_release_failed"), (Audience.FINANCE, "order_release_failed")),
    Action.COMPLETE_REFUND: ((Audience.BUYER, "order_refunded_buyer"),),
    Action.FAIL_REFUND: ((Audience.FINANCE, "order_refund_failed"),),
}

NOTICES: Final[dict[str, Audience]] = {
    "order_confirm_reminder": Audience.COOPERATIVE,
    "order_may_cancel": Audience.BUYER,
    "order_ship_reminder": Audience.COOPERATIVE,
    "order_ship_overdue": Audience.COOPERATIVE,
    "order_inspect_reminder": Audience.BUYER,
    "order_release_waits": Audience.FINANCE,
    "order_release_late": Audience.FINANCE,
    "order_refund_late": Audience.FINANCE,
}
