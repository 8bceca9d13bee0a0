"""Kinds of entries about what is told for the monitoring report, and who took the report away."""

from typing import Final

from marketplace.audit.registry.kinds import COOPERATIVE, EVIDENCE, LONG, STAFF, ActionKind
from marketplace.core.text import N_

KINDS: Final = (
    ActionKind(
        "miner_sheet.enter",
        N_("%(actor)s handed in a sheet of payments to miners."),
        EVIDENCE,
        COOPERATIVE,
        targets=("miner_sheet", "cooperative"),
        disclosures=("paid_on", "payments", "total"),
    ),
    ActionKind(
        "monitoring.export",
        N_("%(actor)s exported the monitoring report."),
        LONG,
        STAFF,
        targets=("user",),
        disclosures=("file", "filter"),
    ),
    ActionKind(
        "monitoring.withdraw",
        N_("%(actor)s withdrew a record of the monitoring report."),
        EVIDENCE,
        COOPERATIVE,
        targets=("miner_sheet", "training_session", "tax_receipt", "officer_count", "cooperative"),
    ),
    ActionKind(
        "officer_count.enter",
        N_("%(actor)s entered how many officers of a cooperative are women."),
        EVIDENCE,
        COOPERATIVE,
        targets=("officer_count", "cooperative"),
        disclosures=("counted_on", "officers", "women"),
    ),
    ActionKind(
        "tax_receipt.enter",
        N_("%(actor)s entered the receipt of a tax."),
        EVIDENCE,
        COOPERATIVE,
        targets=("tax_receipt", "cooperative"),
        disclosures=("authority", "number", "amount"),
        words=("authority",),
    ),
    ActionKind(
        "training_session.enter",
        N_("%(actor)s entered a training of miners."),
        EVIDENCE,
        COOPERATIVE,
        targets=("training_session", "cooperative"),
        disclosures=("topic", "held_on", "women", "men"),
    ),
)
