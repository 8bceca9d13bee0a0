"""The words of the machine of an order: states, moves, parties, and the shape of a row. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class State(StrEnum):
    """Where an order stands."""

    PENDING_PAYMENT = "pending_payment"
    FUNDING = "funding"
    FUNDED = "funded"
    CONFIRMED = "confirmed"
    AT_VERIFICATION = "at_verification"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    ADJUSTMENT = "adjustment"
    RETURN_PENDING = "return_pending"
    RETURNING = "returning"
    RETURN_INSPECTION = "return_inspection"
    DISPUTED = "disputed"
    DECIDED = "decided"
    ACCEPTED = "accepted"
    RELEASING = "releasing"
    RELEASED = "released"
    RELEASE_FAILED = "release_failed"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"
    SPLIT_SETTLED = "split_settled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Action(StrEnum):
    """What moves an order."""

    CAPTURE = "capture"
    START_FUNDING = "start_funding"
    FAIL_FUNDING = "fail_funding"
    STOP_PAYMENT = "stop_payment"
    LAPSE = "lapse"
    ABANDON = "abandon"
    EXPIRE = "expire"
    CONFIRM = "confirm"
    DECLINE = "decline"
    CANCEL = "cancel"
    CANCEL_UNCONFIRMED = "cancel_unconfirmed"
    REFUND_UNCONFIRMED = "refund_unconfirmed"
    EXTEND_SHIPPING = "extend_shipping"
    SHIP = "ship"
    REFUND_UNSHIPPED = "refund_unshipped"
    MATCH = "match"
    MISMATCH = "mismatch"
    RECEIVE = "receive"
    PROVE_DELIVERY = "prove_delivery"
    REPORT_LATE = "report_late"
    EXTEND_INSPECTION = "extend_inspection"
    ACCEPT = "accept"
    ACCEPT_BY_SILENCE = "accept_by_silence"
    ASK_ADJUSTMENT = "ask_adjustment"
    AGREE_ADJUSTMENT = "agree_adjustment"
    DECLINE_ADJUSTMENT = "decline_adjustment"
    WITHDRAW_ADJUSTMENT = "withdraw_adjustment"
    LAPSE_ADJUSTMENT = "lapse_adjustment"
    REJECT = "reject"
    SEND_BACK = "send_back"
    KEEP_UNRETURNED = "keep_unreturned"
    RECEIVE_RETURN = "receive_return"
    PROVE_RETURN = "prove_return"
    REPORT_RETURN_LATE = "report_return_late"
    TAKE_BACK = "take_back"
    TAKE_BACK_BY_SILENCE = "take_back_by_silence"
    CONTEST_RETURN = "contest_return"
    REPORT_PROBLEM = "report_problem"
    WITHDRAW_PROBLEM = "withdraw_problem"
    ADD_EVIDENCE = "add_evidence"
    OFFER_SETTLEMENT = "offer_settlement"
    ACCEPT_SETTLEMENT = "accept_settlement"
    PROPOSE = "propose"
    CONTINUE = "continue"
    DECIDE = "decide"
    REACH_BACKSTOP = "reach_backstop"
    DECIDE_BY_RULE = "decide_by_rule"
    APPEAL = "appeal"
    CARRY_OUT = "carry_out"
    LOSE_CHARGEBACK = "lose_chargeback"
    RELEASE = "release"
    APPROVE_RELEASE = "approve_release"
    COMPLETE_RELEASE = "complete_release"
    FAIL_RELEASE = "fail_release"
    RETRY_RELEASE = "retry_release"
    COMPLETE_REFUND = "complete_refund"
    FAIL_REFUND = "fail_refund"
    RETRY_REFUND = "retry_refund"


class Party(StrEnum):
    """Who may make a move."""

    BUYER = "buyer"
    COOPERATIVE = "cooperative"
    MODERATOR = "moderator"
    VERIFIER = "verifier"
    FINANCE = "finance"
    CLOCK = "clock"
    PROVIDER = "provider"
    SYSTEM = "system"


class MoneyMove(StrEnum):
    """What a move does with the money."""

    NONE = "none"
    STOP = "stop"  # the provider is asked to close the payment page
    HOLD = "hold"
    REFUND = "refund"
    RETRY_REFUND = "retry_refund"
    RELEASE = "release"
    SPLIT = "split"  # the agreed part goes back to the buyer, the rest is shared out
    LOSE = "lose"  # the buyer's bank took it; its own entries empty what was held


class LotMove(StrEnum):
    """What a move does with the claim and the lot."""

    KEEP = "keep"
    CONSUME = "consume"
    OFFER_AGAIN = "offer_again"
    TAKE_OFF = "take_off"  # the claim ends, the lot is not offered before somebody looked at it
    SELL = "sell"


class Outcome(StrEnum):
    """How a dispute ends: who has the money, and whether the goods travel back first."""

    RELEASE = "release"
    REFUND = "refund"
    SPLIT = "split"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Row:
    """One move. `within` and `after` count from `state_since`; None in a condition means "whatever".

    `large`: above the threshold of two persons. `partial`: a part of the price was agreed to go back. `verified`: the
    goods travel by an independent check. `came_from`: the state a dispute interrupted. `outcomes`: what was decided.
    `even_frozen`: open while a chargeback or a compliance hold freezes the order.
    """

    action: Action
    source: State
    target: State
    who: Party
    money: MoneyMove = MoneyMove.NONE
    lot: LotMove = LotMove.KEEP
    within: timedelta | None = None
    after: timedelta | None = None
    large: bool | None = None
    partial: bool | None = None
    verified: bool | None = None
    came_from: State | None = None
    outcomes: frozenset[Outcome] | None = None
    even_frozen: bool = False

    @property
    def stays(self) -> bool:
        """Tell whether the state does not change."""
        return self.source is self.target
