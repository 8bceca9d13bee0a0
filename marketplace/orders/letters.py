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
    VERIFIERS = "verifiers"


_REFUND: Final = ((Audience.BUYER, "order_refunding_buyer"), (Audience.COOPERATIVE, "order_refunding_cooperative"))
_ACCEPTED: Final = ((Audience.BUYER, "order_accepted_buyer"), (Audience.COOPERATIVE, "order_accepted_cooperative"))
_DELIVERED: Final = ((Audience.BUYER, "order_delivered_buyer"), (Audience.COOPERATIVE, "order_delivered_cooperative"))
_PROBLEM: Final = (
    (Audience.BUYER, "order_problem_buyer"),
    (Audience.COOPERATIVE, "order_problem_cooperative"),
    (Audience.MODERATORS, "order_problem_staff"),
)
_GOES_ON: Final = ((Audience.BUYER, "order_goes_on"), (Audience.COOPERATIVE, "order_goes_on"))

_DECIDED: Final = ((Audience.BUYER, "order_decided"), (Audience.COOPERATIVE, "order_decided"))

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
    Action.START_FUNDING: ((Audience.BUYER, "order_funding_buyer"),),
    Action.FAIL_FUNDING: ((Audience.BUYER, "order_ended_buyer"),),
    Action.EXTEND_SHIPPING: ((Audience.BUYER, "order_more_time"), (Audience.COOPERATIVE, "order_more_time")),
    Action.EXTEND_INSPECTION: ((Audience.COOPERATIVE, "order_more_time"),),
    Action.MATCH: ((Audience.BUYER, "order_matched_buyer"), (Audience.COOPERATIVE, "order_matched_cooperative")),
    Action.MISMATCH: _PROBLEM,
    Action.ASK_ADJUSTMENT: ((Audience.COOPERATIVE, "order_adjustment_asked"),),
    Action.AGREE_ADJUSTMENT: ((Audience.BUYER, "order_adjustment_agreed"),),
    Action.DECLINE_ADJUSTMENT: _PROBLEM,
    Action.WITHDRAW_ADJUSTMENT: ((Audience.COOPERATIVE, "order_goes_on"),),
    Action.LAPSE_ADJUSTMENT: _PROBLEM,
    Action.REJECT: ((Audience.BUYER, "order_rejected_buyer"), (Audience.COOPERATIVE, "order_rejected_cooperative")),
    Action.SEND_BACK: ((Audience.COOPERATIVE, "order_sent_back"),),
    Action.KEEP_UNRETURNED: _ACCEPTED,
    Action.RECEIVE_RETURN: ((Audience.BUYER, "order_return_arrived"),),
    Action.PROVE_RETURN: (
        (Audience.BUYER, "order_return_arrived"),
        (Audience.COOPERATIVE, "order_return_inspect_reminder"),
    ),
    Action.REPORT_RETURN_LATE: _PROBLEM,
    Action.TAKE_BACK: _REFUND,
    Action.TAKE_BACK_BY_SILENCE: _REFUND,
    Action.CONTEST_RETURN: _PROBLEM,
    Action.REACH_BACKSTOP: _PROBLEM,
    Action.ADD_EVIDENCE: ((Audience.MODERATORS, "order_evidence_added"),),
    Action.OFFER_SETTLEMENT: (
        (Audience.BUYER, "order_settlement_offered"),
        (Audience.COOPERATIVE, "order_settlement_offered"),
    ),
    Action.ACCEPT_SETTLEMENT: _DECIDED,
    Action.DECIDE: _DECIDED,
    Action.DECIDE_BY_RULE: (*_DECIDED, (Audience.MODERATORS, "order_decided_by_rule")),
    Action.APPEAL: _PROBLEM,
    Action.LOSE_CHARGEBACK: (
        (Audience.COOPERATIVE, "order_chargeback_lost"),
        (Audience.FINANCE, "order_chargeback_lost"),
    ),
    Action.ACCEPT: _ACCEPTED,
    Action.ACCEPT_BY_SILENCE: _ACCEPTED,
    Action.RELEASE: ((Audience.FINANCE, "order_release_to_prepare"),),
    Action.APPROVE_RELEASE: ((Audience.FINANCE, "order_release_to_prepare"),),
    Action.COMPLETE_RELEASE: ((Audience.COOPERATIVE, "order_released_cooperative"),),
    Action.FAIL_RELEASE: ((Audience.COOPERATIVE, "order_release_failed"), (Audience.FINANCE, "order_release_failed")),
    Action.COMPLETE_REFUND: ((Audience.BUYER, "order_refunded_buyer"),),
    Action.FAIL_REFUND: ((Audience.FINANCE, "order_refund_failed"),),
}

# Letters to finance about the payment itself: they name what the buyer pays or gets back, in its currency.
PAYMENTS: Final = frozenset({"order_funding_late", "order_refund_failed", "order_refund_late"})

NOTICES: Final[dict[str, Audience]] = {
    "order_funding_late": Audience.FINANCE,
    "order_verification_late": Audience.VERIFIERS,
    "order_adjustment_reminder": Audience.COOPERATIVE,
    "order_return_reminder": Audience.BUYER,
    "order_return_inspect_reminder": Audience.COOPERATIVE,
    "order_evidence_reminder": Audience.COOPERATIVE,
    "order_dispute_to_decide": Audience.MODERATORS,
    "order_decision_late": Audience.MODERATORS,
    "order_confirm_reminder": Audience.COOPERATIVE,
    "order_may_cancel": Audience.BUYER,
    "order_ship_reminder": Audience.COOPERATIVE,
    "order_ship_overdue": Audience.COOPERATIVE,
    "order_inspect_reminder": Audience.BUYER,
    "order_release_waits": Audience.FINANCE,
    "order_release_late": Audience.FINANCE,
    "order_refund_late": Audience.FINANCE,
}
