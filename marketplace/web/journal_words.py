"""What each kind of journal is called on staff pages."""

from typing import Final

from marketplace.core.text import N_
from marketplace.http.languages import translate as _

JOURNALS: Final[dict[str, str]] = {
    "captured": N_("Payment held"),
    "released": N_("Payment shared out"),
    "refund_decided": N_("Refund decided"),
    "refund_sent": N_("Refund sent"),
    "refund_failed": N_("Refund came back"),
    "payout_reserved": N_("Payout set aside"),
    "payout_released": N_("Payout taken back"),
    "payout_sent": N_("Payout sent"),
    "payout_confirmed": N_("Payout received"),
    "payout_failed": N_("Payout came back"),
    "payout_part_failed": N_("A part of the payout came back"),
    "chargeback_taken": N_("The buyer’s bank took the payment back"),
    "chargeback_returned": N_("The buyer’s bank gave the payment back"),
    "chargeback_frozen": N_("Held payment frozen"),
    "chargeback_unfrozen": N_("Frozen payment held again"),
    "credit_received": N_("Buyer’s credit received"),
    "credit_used": N_("Buyer’s credit used"),
    "exchanged_at_bank": N_("Exchanged at the bank"),
    "transfer_sent": N_("Transfer sent"),
    "transfer_reversed": N_("Transfer reversed"),
    "bank_funded": N_("Money moved to our bank"),
    "bank_returned": N_("Money came back from our bank"),
    "bank_charged": N_("Charge of the bank"),
    "receipt_unmatched": N_("Receipt nobody explained"),
    "receipt_credited": N_("Receipt credited to a buyer"),
    "receipt_owed_again": N_("Receipt owed to a cooperative again"),
    "receipt_sent_back": N_("Receipt sent back"),
}


def journal_kind(kind: str) -> str:
    """Return a kind of journal in words; one that is newer than these words is shown as it stands."""
    return _(JOURNALS[kind]) if kind in JOURNALS else kind
