"""What each move of an order is called in its timeline. Pure."""

from typing import Final

from marketplace.core.text import N_
from marketplace.orders.transitions import Action, Party

STEP_WORDS: Final[dict[Action, str]] = {
    Action.CAPTURE: N_("Payment received and held"),
    Action.STOP_PAYMENT: N_("The buyer asked to cancel"),
    Action.LAPSE: N_("The time to pay ran out"),
    Action.ABANDON: N_("Cancelled before payment"),
    Action.EXPIRE: N_("Ended without payment"),
    Action.CONFIRM: N_("The cooperative confirmed"),
    Action.DECLINE: N_("The cooperative could not deliver"),
    Action.CANCEL: N_("The buyer changed their mind"),
    Action.CANCEL_UNCONFIRMED: N_("The buyer cancelled: no confirmation came"),
    Action.REFUND_UNCONFIRMED: N_("Ended: no confirmation came"),
    Action.SHIP: N_("Handed to the courier"),
    Action.REFUND_UNSHIPPED: N_("Ended: nothing was shipped"),
    Action.RECEIVE: N_("Received by the buyer"),
    Action.PROVE_DELIVERY: N_("Delivered, proved by the carrier"),
    Action.REPORT_LATE: N_("On hold: the parcel is late"),
    Action.ACCEPT: N_("Accepted by the buyer"),
    Action.ACCEPT_BY_SILENCE: N_("Accepted: the inspection time ended"),
    Action.RELEASE: N_("Payment shared out"),
    Action.APPROVE_RELEASE: N_("Payment shared out after a second check"),
    Action.COMPLETE_RELEASE: N_("The cooperative was paid"),
    Action.FAIL_RELEASE: N_("Paying the cooperative failed"),
    Action.RETRY_RELEASE: N_("Paying the cooperative again"),
    Action.COMPLETE_REFUND: N_("Refund sent"),
    Action.FAIL_REFUND: N_("The refund failed"),
    Action.RETRY_REFUND: N_("Sending the refund again"),
    Action.REPORT_PROBLEM: N_("The buyer reported a problem"),
    Action.WITHDRAW_PROBLEM: N_("The buyer withdrew the report"),
    Action.PROPOSE: N_("Staff proposed a decision"),
    Action.CONTINUE: N_("Problem solved: the order goes on"),
    Action.START_FUNDING: N_("The payment is on its way"),
    Action.FAIL_FUNDING: N_("The payment did not arrive"),
    Action.EXTEND_SHIPPING: N_("More time to ship"),
    Action.MATCH: N_("The independent check found what was listed"),
    Action.MISMATCH: N_("The independent check found something else"),
    Action.EXTEND_INSPECTION: N_("More time to inspect: a laboratory has the goods"),
    Action.ASK_ADJUSTMENT: N_("The buyer asked for a lower price"),
    Action.AGREE_ADJUSTMENT: N_("The cooperative agreed to the lower price"),
    Action.DECLINE_ADJUSTMENT: N_("The cooperative refused the lower price"),
    Action.WITHDRAW_ADJUSTMENT: N_("The buyer no longer asks for a lower price"),
    Action.LAPSE_ADJUSTMENT: N_("On hold: no answer about the lower price"),
    Action.REJECT: N_("The buyer rejected the goods"),
    Action.SEND_BACK: N_("Sent back by the buyer"),
    Action.KEEP_UNRETURNED: N_("Accepted: nothing was sent back"),
    Action.RECEIVE_RETURN: N_("Back at the cooperative"),
    Action.PROVE_RETURN: N_("Back at the cooperative, proved by the carrier"),
    Action.REPORT_RETURN_LATE: N_("On hold: the returned parcel is late"),
    Action.TAKE_BACK: N_("The cooperative took the goods back"),
    Action.TAKE_BACK_BY_SILENCE: N_("Taken back: the cooperative did not object"),
    Action.CONTEST_RETURN: N_("The cooperative objects to what came back"),
    Action.ADD_EVIDENCE: N_("Evidence was added"),
    Action.OFFER_SETTLEMENT: N_("One side offered an end to the dispute"),
    Action.ACCEPT_SETTLEMENT: N_("Both sides agreed"),
    Action.DECIDE: N_("Staff decided"),
    Action.REACH_BACKSTOP: N_("The longest time for holding a payment is nearly over"),
    Action.DECIDE_BY_RULE: N_("Decided by the rule, because nobody decided in time"),
    Action.APPEAL: N_("Another reviewer was asked for"),
    Action.CARRY_OUT: N_("The decision is carried out"),
    Action.LOSE_CHARGEBACK: N_("The buyer's bank took the payment back"),
}
# Moves of earlier versions of the table that orders still have in their history.
FORMER_STEPS: Final = {"refund": N_("Decided: the buyer is refunded")}


# The same move of either side.
_BY_PARTY: Final[dict[tuple[str, str], str]] = {
    (Action.ADD_EVIDENCE, Party.BUYER): N_("The buyer showed what was found"),
    (Action.ADD_EVIDENCE, Party.COOPERATIVE): N_("The cooperative showed what it knows"),
    (Action.OFFER_SETTLEMENT, Party.BUYER): N_("The buyer offered an end to the dispute"),
    (Action.OFFER_SETTLEMENT, Party.COOPERATIVE): N_("The cooperative offered an end to the dispute"),
    (Action.APPEAL, Party.BUYER): N_("The buyer asked for another reviewer"),
    (Action.APPEAL, Party.COOPERATIVE): N_("The cooperative asked for another reviewer"),
}


def step_words(action: str, *, party: str = "") -> str:
    """Return the title of a move in the timeline, also of one that the table has no more; `party` made it."""
    if (action, party) in _BY_PARTY:
        return _BY_PARTY[action, party]
    return FORMER_STEPS[action] if action in FORMER_STEPS else STEP_WORDS[Action(action)]
