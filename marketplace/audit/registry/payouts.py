"""Kinds of entries about payouts and commands to the provider."""

from typing import Final

from marketplace.audit.registry.kinds import BUYER, COOPERATIVE, EVIDENCE, LONG, SHORT, STAFF, ActionKind
from marketplace.core.text import N_

KINDS: Final = (
    ActionKind("payout_batch.cancel", N_("%(actor)s cancelled a batch of payouts."), LONG, STAFF),
    ActionKind("payout_batch.export", N_("%(actor)s exported a batch of payouts."), LONG, STAFF, disclosures=("kind",)),
    ActionKind("payout_batch.make", N_("%(actor)s made a batch of payouts."), LONG, STAFF, disclosures=("total",)),
    ActionKind("payout_batch.send", N_("%(actor)s sent a batch of payouts."), LONG, STAFF),
    ActionKind(
        "payout_destination.doubt",
        N_("%(actor)s doubted the place where payouts go."),
        LONG,
        COOPERATIVE,
        disclosures=("masked",),
    ),
    ActionKind(
        "payout_destination.enter",
        N_("%(actor)s entered the place where payouts go."),
        LONG,
        COOPERATIVE,
        disclosures=("masked", "rail"),
    ),
    ActionKind("payout_destination.fingerprint", N_("A place where payouts go got its fingerprint."), EVIDENCE, STAFF),
    ActionKind("payout_destination.retire", N_("An earlier place where payouts go was retired."), LONG, COOPERATIVE),
    ActionKind(
        "payout_destination.reveal", N_("%(actor)s opened the sealed place where payouts go."), LONG, COOPERATIVE
    ),
    ActionKind(
        "payout_destination.verify",
        N_("%(actor)s verified the place where payouts go."),
        LONG,
        COOPERATIVE,
        disclosures=("masked",),
    ),
    ActionKind(
        "payout_exchange.enter",
        N_("%(actor)s entered how the bank exchanged a payout."),
        LONG,
        STAFF,
        targets=("payout_exchange", "payout"),
        disclosures=("given", "cost", "rate", "proof"),
    ),
    ActionKind("payout_part.cancel", N_("A part of a payout was cancelled."), EVIDENCE, COOPERATIVE),
    ActionKind(
        "payout_part.confirm", N_("A part of a payout was confirmed."), LONG, COOPERATIVE, disclosures=("proof",)
    ),
    ActionKind(
        "payout_part.enter_batch",
        N_("A part of a payout entered a batch."),
        EVIDENCE,
        STAFF,
        targets=("payout_part", "payout_batch"),
    ),
    ActionKind("payout_part.fail", N_("A part of a payout failed."), LONG, COOPERATIVE, disclosures=("reason",)),
    ActionKind(
        "payout_part.leave_batch",
        N_("A part of a payout left its batch."),
        EVIDENCE,
        STAFF,
        targets=("payout_part", "payout_batch"),
    ),
    ActionKind(
        "payout_part.make",
        N_("A part of a payout was made."),
        EVIDENCE,
        COOPERATIVE,
        targets=("payout_part", "payout"),
        disclosures=("amount",),
    ),
    ActionKind("payout_part.retry", N_("A part of a payout was tried again."), EVIDENCE, COOPERATIVE),
    ActionKind("payout_part.send", N_("A part of a payout was sent."), LONG, COOPERATIVE, disclosures=("reference",)),
    ActionKind(
        "payout_return.note",
        N_("A payout came back."),
        LONG,
        COOPERATIVE,
        targets=("payout_return", "payout", "payout_part"),
        disclosures=("amount", "reason"),
    ),
    ActionKind(
        "payout_return.repeat",
        N_("%(actor)s repeated a payout that came back."),
        LONG,
        COOPERATIVE,
        targets=("payout_return", "payout"),
    ),
    ActionKind(
        "provider_command.answer",
        N_("The provider answered a command."),
        EVIDENCE,
        STAFF,
        disclosures=("state", "error"),
    ),
    ActionKind(
        "provider_command.drop",
        N_("A command to the provider was dropped."),
        EVIDENCE,
        STAFF,
        targets=("provider_command", "payment"),
    ),
    ActionKind(
        "provider_command.end_lease",
        N_("A stuck command to the provider was freed."),
        EVIDENCE,
        STAFF,
        disclosures=("attempt",),
    ),
    ActionKind("provider_command.finish", N_("A command to the provider was done."), EVIDENCE, STAFF),
    ActionKind(
        "provider_command.lease", N_("A command to the provider was begun."), EVIDENCE, STAFF, disclosures=("attempt",)
    ),
    ActionKind(
        "provider_command.postpone",
        N_("A command to the provider waits for another try."),
        EVIDENCE,
        STAFF,
        disclosures=("attempt", "error"),
    ),
    ActionKind(
        "provider_command.retry",
        N_("%(actor)s tried a command to the provider again."),
        LONG,
        STAFF,
        disclosures=("reason",),
    ),
    ActionKind("provider_command.wait", N_("A command to the provider waits for news."), EVIDENCE, STAFF),
    ActionKind(
        "provider_command.write", N_("A command to the provider was written."), EVIDENCE, STAFF, disclosures=("kind",)
    ),
    ActionKind(
        "provider_customer.keep",
        N_("The number of a buyer at the provider was kept."),
        LONG,
        STAFF,
        disclosures=("provider_ref",),
    ),
    ActionKind(
        "provider_settlement.keep",
        N_("What the provider counted for a payment was kept."),
        EVIDENCE,
        STAFF,
        targets=("provider_settlement", "payment"),
        disclosures=("gross", "fee", "worth"),
    ),
    ActionKind(
        "provider_transfer.fail", N_("A transfer at the provider failed."), EVIDENCE, STAFF, disclosures=("reason",)
    ),
    ActionKind(
        "provider_transfer.request",
        N_("A transfer at the provider was requested."),
        EVIDENCE,
        STAFF,
        disclosures=("amount",),
    ),
    ActionKind(
        "provider_transfer.request_reversal", N_("A transfer was asked back from the provider."), EVIDENCE, STAFF
    ),
    ActionKind(
        "provider_transfer.reverse",
        N_("A transfer at the provider was taken back."),
        EVIDENCE,
        STAFF,
        disclosures=("amount",),
    ),
    ActionKind(
        "provider_transfer.send",
        N_("A transfer at the provider was sent."),
        EVIDENCE,
        STAFF,
        disclosures=("provider_ref",),
    ),
    ActionKind(
        "recipient_account.keep_link",
        N_("The link to the account at the provider was kept."),
        SHORT,
        COOPERATIVE,
        disclosures=("expires_at",),
    ),
    ActionKind(
        "recipient_account.note",
        N_("The provider told how the account stands."),
        LONG,
        COOPERATIVE,
        disclosures=("state", "wanted"),
    ),
    ActionKind("recipient_account.refuse", N_("The provider refused the account."), LONG, COOPERATIVE),
    ActionKind(
        "recipient_account.request",
        N_("%(actor)s asked for an account at the provider."),
        LONG,
        COOPERATIVE,
        disclosures=("country",),
    ),
    ActionKind(
        "recipient_account.request_link",
        N_("%(actor)s asked for a link to the account at the provider."),
        SHORT,
        COOPERATIVE,
    ),
    ActionKind("refund.complete", N_("A refund arrived."), EVIDENCE, BUYER),
    ActionKind("refund.fail", N_("A refund failed."), EVIDENCE, BUYER, disclosures=("failed_entry",)),
    ActionKind(
        "refund.request",
        N_("A refund was requested."),
        EVIDENCE,
        BUYER,
        targets=("refund", "payment"),
        disclosures=("amount", "reason"),
    ),
    ActionKind("refund.send", N_("A refund was sent."), EVIDENCE, BUYER, disclosures=("provider_ref",)),
    ActionKind("refund.try_again", N_("A refund was tried again."), EVIDENCE, BUYER, disclosures=("tries",)),
    ActionKind(
        "sharing_rule.enter",
        N_("%(actor)s entered how a payout is shared."),
        LONG,
        COOPERATIVE,
        disclosures=("members", "parts"),
    ),
    ActionKind(
        "unmatched_receipt.close",
        N_("%(actor)s closed a receipt that nothing explained."),
        LONG,
        STAFF,
        disclosures=("remedy",),
    ),
    ActionKind(
        "unmatched_receipt.look_again",
        N_("A receipt that nothing explained was looked at again."),
        LONG,
        STAFF,
        disclosures=("why",),
    ),
    ActionKind(
        "unmatched_receipt.open",
        N_("A receipt came that nothing explains."),
        LONG,
        STAFF,
        disclosures=("amount", "why"),
    ),
    ActionKind(
        "unmatched_receipt.propose",
        N_("%(actor)s proposed what to do with an unexplained receipt."),
        LONG,
        STAFF,
        disclosures=("remedy", "reason"),
    ),
    ActionKind(
        "unmatched_receipt.refuse", N_("%(actor)s refused what was proposed for an unexplained receipt."), LONG, STAFF
    ),
)
