"""What both parties read while a bank asks for a payment back; keys are the readers of `words.py`."""

from typing import Final

from marketplace.core.text import N_

CHARGEBACK_WORDS: Final = N_("stopped, the bank asks for the payment back")
CHARGEBACK_MONEY: Final[dict[str, str]] = {
    "buyer": N_("Your bank asks us for the payment of %(price)s back. Nothing is paid out until your bank decides."),
    "cooperative": N_(
        "The buyer's bank asks for the payment back. You will be paid %(net)s if the bank decides for you."
    ),
}
CHARGEBACK_NEXT: Final[dict[str, str]] = {
    "buyer": N_("We answer your bank, then your bank decides. If you did not want this, tell your bank now."),
    "cooperative": N_("We answer the bank, then the bank decides. Keep the papers of the parcel."),
}
