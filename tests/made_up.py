"""Actions that tests record for want of a real one; the registry refuses every other."""

from typing import Final

ACTIONS: Final = (
    "bank_payout.test", "buyer.open", "buyer.rise", "chargeback.test", "cooperative.change", "gossip.hear",
    "order.change", "order.test", "payment.test", "payout_destination.change", "payout_destination.test",
    "provider_command.test", "provider_transfer.test", "recipient_account.test", "reference_series.enter",
    "refund.decide", "refund.finish", "user.change", "user.go_on", "user.look", "user.meet", "user.rename", "user.try",
)  # fmt: skip
