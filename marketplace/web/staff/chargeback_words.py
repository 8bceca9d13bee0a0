"""Chargebacks in plain words: the bank's reasons, what convinces it, and where the money is."""

from typing import Final, NamedTuple

from marketplace.core.text import N_


class Reason(NamedTuple):
    """Why the bank asks, and what helps against it."""

    what: str
    helps: str


_PAPERS: Final = N_("Show what was agreed, how it was sent, and what you wrote to each other.")
REASONS: Final = {
    "fraudulent": Reason(
        N_("The card holder says: this payment was not mine."),
        N_("Show that the buyer signed in, gave this address, and received the parcel."),
    ),
    "product_not_received": Reason(
        N_("The buyer says that nothing arrived."),
        N_("Show the tracking number and the proof of delivery."),
    ),
    "product_unacceptable": Reason(
        N_("The buyer says that the goods are not as described."),
        N_("Show the frozen description, its photos, and that the buyer accepted the goods."),
    ),
    "duplicate": Reason(
        N_("The buyer says that the same was charged twice."),
        N_("Show that there is one payment for one order."),
    ),
    "credit_not_processed": Reason(
        N_("The buyer says that a promised refund did not come."),
        N_("Show that no refund was due, or when it was sent."),
    ),
    "unrecognized": Reason(
        N_("The card holder does not recognise the payment."),
        N_("Show who ordered, what was bought, and where it was sent."),
    ),
    "general": Reason(N_("The bank gives no exact reason."), _PAPERS),
}
OTHER: Final = Reason(N_("The bank gives a reason of its own: “%(reason)s”."), _PAPERS)
STATES: Final = {
    "inquiry": N_("question of the bank"),
    "open": N_("open"),
    "won": N_("won"),
    "lost": N_("lost"),
}
TONES: Final = {"inquiry": "info", "open": "bad", "won": "good", "lost": "warn"}
FILTERS: Final = {"open": N_("Open"), "won": N_("Won"), "lost": N_("Lost")}
EVIDENCE_STATES: Final = {
    "waiting": N_("It waits to be sent to the bank."),
    "leased": N_("It is being sent to the bank."),
    "done": N_("The bank has it and decides."),
    "failed": N_("It was refused. Read why, change it, and send it again."),
}
JOURNALS: Final = {
    "chargeback_taken": N_("The provider took the amount and its fee from our balance."),
    "chargeback_returned": N_("The provider gave the amount and its fee back."),
    "chargeback_frozen": N_("The held money of the order was frozen."),
    "chargeback_unfrozen": N_("The money is held for the order as before."),
    "chargeback_lost": N_("The amount was given up. What was not held any more is our loss."),
}
_RESULTS: Final = {
    ("inquiry", False): N_("The bank only asks. No money moved."),
    ("open", True): N_("The money is frozen until the bank decides. Nothing is paid out meanwhile."),
    ("open", False): N_("The order was paid out before. If the bank decides against us, the loss is ours."),
    ("won", True): N_("We won. The money is held for the order again, and the order goes on."),
    ("won", False): N_("We won. The amount and the fee came back to us."),
    ("lost", True): N_("We lost. The frozen money went back to the buyer’s bank."),
    ("lost", False): N_("We lost after the payout. The loss is ours; the cooperative keeps its money."),
}


def reason_of(code: str) -> Reason:
    """Return a bank's reason in words; OTHER names it as the bank does."""
    return REASONS.get(code, OTHER)


def result_of(state: str, *, is_frozen: bool) -> str:
    """Return what the state means for the money; `is_frozen` when some was still held as it opened."""
    return _RESULTS.get((state, is_frozen)) or _RESULTS[state, False]
