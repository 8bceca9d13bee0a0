"""States of payments, refunds, commands and payouts in words."""

from typing import Final

from marketplace.core.text import N_
from marketplace.payments.bank_statements.clues import Why
from marketplace.payments.comparison import Side, What
from marketplace.payments.liveness import TooOld
from marketplace.payments.payouts.transitions import Action, State

PAYMENT_STATES: Final = {
    "creating": N_("page is being opened"),
    "open": N_("waiting for the buyer"),
    "paid": N_("paid"),
    "expired": N_("page closed"),
    "failed": N_("page could not be opened"),
}
REFUND_STATES: Final = {
    "decided": N_("refund decided"),
    "sent": N_("refund on its way"),
    "done": N_("refunded"),
    "failed": N_("refund failed"),
}
COMMAND_KINDS: Final = {
    "checkout": N_("Open a payment page"),
    "expiry": N_("Close a payment page"),
    "refund": N_("Give money back"),
    "evidence": N_("Answer a buyer’s bank"),
    "dispute_close": N_("Accept that a buyer’s bank took money back"),
    "recipient": N_("Open a cooperative’s account"),
    "onboarding": N_("Open the form of a cooperative’s account"),
    "transfer": N_("Pay a cooperative through the provider"),
    "reversal": N_("Take a payment to a cooperative back"),
    "bank_payout": N_("Move money to our bank"),
}
COMMAND_STATES: Final = {
    "waiting": N_("waiting"),
    "leased": N_("being sent"),
    "done": N_("done"),
    "failed": N_("refused"),
}
COMMAND_TONES: Final = {"waiting": "warn", "leased": "info", "done": "good", "failed": "bad"}
NEWS_STATES: Final = {
    "quarantined": N_("in quarantine"),
    "received": N_("waits to be applied"),
    "applied": N_("applied"),
    "ignored": N_("needs nothing"),
}
DIFFERENCES: Final = {
    What.LEDGER_ONLY: N_("Our ledger has it, the other side does not"),
    What.OTHER_ONLY: N_("The other side has it, our ledger does not"),
    What.AMOUNT: N_("The amounts differ"),
    What.TWICE: N_("Our ledger has it more than once"),
}
SIDES: Final = {Side.PROVIDER: N_("Payment provider"), Side.BANK: N_("Bank")}
TOO_OLD: Final = {
    TooOld.COMMAND: N_("A command has waited for more than 15 minutes. Look whether the worker runs."),
    TooOld.NEWS: N_("News has waited for more than 15 minutes. Look whether the worker runs."),
    TooOld.SWEEP: N_("The provider’s books were not read for more than 2 hours."),
    TooOld.SILENCE: N_("Buyers are paying, and the provider told nothing for 6 hours. Look whether webhooks arrive."),
    TooOld.FUNDS: N_("A payout has waited for money at the provider for more than 7 days. Look at our balance there."),
}
PAYOUT_STATES: Final = {
    State.PREPARED: N_("waits for approval"),
    State.APPROVED: N_("waits to be sent"),
    State.SENT: N_("waits for proof"),
    State.CONFIRMED: N_("received"),
    State.FAILED: N_("came back"),
    State.CANCELLED: N_("cancelled"),
}
PAYOUT_TONES: Final = {
    State.PREPARED: "warn",
    State.APPROVED: "warn",
    State.SENT: "info",
    State.CONFIRMED: "good",
    State.FAILED: "bad",
    State.CANCELLED: "info",
}
RAILS: Final = {
    "bank": N_("Bank transfer"),
    "mobile_money": N_("Mobile money"),
    "cash": N_("Cash with a signed receipt"),
    "stripe": N_("Transfer by Stripe"),
}
DONE: Final = {
    Action.APPROVE: N_("Approved. It can be sent now."),
    Action.CANCEL: N_("Cancelled. The cooperative is owed the money as before."),
    Action.SEND: N_("Noted as sent. Add the proof when the cooperative has it."),
    Action.CONFIRM: N_("Confirmed. The order is closed and the cooperative was told."),
    Action.FAIL: N_("Noted. The cooperative is owed the money again and was told."),
}
PART_STATES: Final = {
    "waiting": N_("waits to be sent"),
    "sent": N_("waits for proof"),
    "confirmed": N_("received"),
    "failed": N_("came back"),
    "cancelled": N_("cancelled"),
}
BATCH_STATES: Final = {"made": N_("made"), "sent": N_("sent"), "cancelled": N_("cancelled")}
REMEDIES: Final = {
    "send_back": N_("Send it back to who sent it"),
    "credit": N_("Keep it as credit of a buyer"),
    "owe_again": N_("A payout came back: owe it again"),
    "bank_charge": N_("A charge of the bank"),
    "bank_correction": N_("The bank gave a charge back, or paid interest"),
    "explained": N_("It was matched after all"),
}
WHYS: Final = {
    Why.NO_REFERENCE: N_("The text names nothing of ours."),
    Why.UNKNOWN_REFERENCE: N_("The text has a reference, but we have no such order or payout."),
    Why.WRONG_ACCOUNT: N_("The order waits for this money. But buyers pay to the payment service, not here."),
    Why.OTHER_AMOUNT: N_("The text names an order of another amount."),
    Why.OTHER_CURRENCY: N_("The text names an order in another currency."),
    Why.PAID_ALREADY: N_("The order it names is paid already."),
    Why.ORDER_ENDED: N_("The order it names ended without a payment."),
    Why.PART_OTHER_AMOUNT: N_("The text names a part of a payout with another amount or currency."),
    Why.PART_NOT_EXPECTED: N_("The part of a payout it names is not on its way."),
    Why.OWN_STAKE: N_("Who imported the file belongs to the cooperative. Another person must look again."),
    Why.PROVIDER_UNKNOWN: N_("It looks like a payout of Stripe, but Stripe’s books do not show it yet."),
    Why.LEFT: N_("Money left, and the text names nothing of ours."),
}
