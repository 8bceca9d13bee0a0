"""Kinds of entries about payments, chargebacks and the bank."""

from typing import Final

from marketplace.audit.registry.kinds import BOTH, BUYER, COOPERATIVE, EVIDENCE, LONG, PROVIDER, STAFF, ActionKind
from marketplace.core.text import N_

KINDS: Final = (
    ActionKind("daily_report.export", N_("%(actor)s exported the daily report of money."), LONG, STAFF),
    ActionKind("paper.read", N_("%(actor)s read the paper %(target)s."), LONG, BOTH),
    ActionKind(
        "bank_match.make",
        N_("A line of the bank was matched."),
        LONG,
        STAFF,
        targets=("bank_match", "payout_part", "unmatched_receipt"),
        disclosures=("kind",),
    ),
    ActionKind(
        "bank_payout.advance", N_("A payout of the provider moved on."), EVIDENCE, STAFF, disclosures=("state",)
    ),
    ActionKind(
        "bank_payout.book", N_("A payout of the provider was booked."), EVIDENCE, STAFF, disclosures=("external_ref",)
    ),
    ActionKind(
        "bank_payout.fail",
        N_("A payout of the provider failed."),
        EVIDENCE,
        STAFF,
        disclosures=("reason",),
        excused={"reason": PROVIDER},
    ),
    ActionKind(
        "bank_payout.request", N_("A payout of the provider was requested."), EVIDENCE, STAFF, disclosures=("amount",)
    ),
    ActionKind(
        "bank_statement.import", N_("%(actor)s imported a bank statement."), LONG, STAFF, disclosures=("number",)
    ),
    ActionKind(
        "cash_receipt.keep",
        N_("%(actor)s kept a receipt for cash."),
        LONG,
        COOPERATIVE,
        targets=("cash_receipt", "payout"),
    ),
    ActionKind("chargeback.accept_loss", N_("%(actor)s agreed to give a chargeback up."), LONG, STAFF),
    ActionKind("chargeback.advance", N_("A chargeback moved on."), EVIDENCE, STAFF, disclosures=("state",)),
    ActionKind("chargeback.answer", N_("%(actor)s answered a chargeback."), LONG, STAFF, disclosures=("length",)),
    ActionKind(
        "chargeback.freeze",
        N_("A chargeback stopped an order."),
        EVIDENCE,
        STAFF,
        targets=("chargeback", "order"),
        disclosures=("frozen",),
    ),
    ActionKind("chargeback.give_in", N_("A chargeback was given up."), EVIDENCE, STAFF),
    ActionKind("chargeback.note_evidence", N_("The evidence of a chargeback was noted."), EVIDENCE, STAFF),
    ActionKind(
        "chargeback.open",
        N_("The bank of a buyer takes a payment back."),
        EVIDENCE,
        STAFF,
        targets=("chargeback", "payment"),
        disclosures=("reason", "amount"),
        excused={"reason": PROVIDER},
    ),
    ActionKind(
        "chargeback.propose_loss",
        N_("%(actor)s proposed to give a chargeback up."),
        LONG,
        STAFF,
        disclosures=("reason",),
    ),
    ActionKind("chargeback.refuse_evidence", N_("The provider refused the evidence of a chargeback."), EVIDENCE, STAFF),
    ActionKind(
        "chargeback.settle",
        N_("A chargeback was settled."),
        EVIDENCE,
        STAFF,
        targets=("chargeback", "order"),
        disclosures=("state",),
    ),
    ActionKind("chargeback.withdraw_loss", N_("%(actor)s withdrew the proposal to give a chargeback up."), LONG, STAFF),
    ActionKind(
        "daily_report.write",
        N_("The daily report of money was written."),
        EVIDENCE,
        STAFF,
        disclosures=("day", "currency", "run", "is_even"),
    ),
    ActionKind(
        "finance_note.write",
        N_("%(actor)s wrote a note of finance."),
        LONG,
        STAFF,
        disclosures=("about", "subject", "move", "reason"),
    ),
    ActionKind(
        "ledger_journal.post",
        N_("Money was posted in the books."),
        EVIDENCE,
        STAFF,
        disclosures=("key", "kind", "lines"),
    ),
    ActionKind(
        "paper.issue",
        N_("The paper %(target)s was issued."),
        EVIDENCE,
        BOTH,
        targets=("paper", "order"),
        disclosures=("number",),
    ),
    ActionKind("payment.close", N_("A payment was closed."), EVIDENCE, BUYER, disclosures=("state",)),
    ActionKind("payment.fall_short", N_("A payment was too small."), EVIDENCE, BUYER, disclosures=("missing",)),
    ActionKind(
        "payment.open", N_("A payment was opened at the provider."), EVIDENCE, BUYER, disclosures=("session_id",)
    ),
    ActionKind("payment.receive", N_("A payment arrived."), EVIDENCE, BOTH, disclosures=("gross", "fee", "charge")),
    ActionKind("payment.start", N_("A payment was started."), EVIDENCE, BUYER),
    ActionKind(
        "payment_problem.open", N_("A problem with a payment was found."), LONG, STAFF, disclosures=("kind", "subject")
    ),
    ActionKind(
        "payment_problem.resolve",
        N_("%(actor)s resolved a problem with a payment."),
        LONG,
        STAFF,
        disclosures=("note",),
    ),
    ActionKind("payout.approve", N_("%(actor)s approved a payout."), LONG, COOPERATIVE, disclosures=("amount",)),
    ActionKind("payout.cancel", N_("%(actor)s cancelled a payout."), LONG, COOPERATIVE, disclosures=("reason",)),
    ActionKind("payout.confirm", N_("%(actor)s confirmed a payout."), LONG, COOPERATIVE, disclosures=("proof",)),
    ActionKind("payout.fail", N_("A payout failed."), LONG, COOPERATIVE, disclosures=("reason",)),
    ActionKind(
        "payout.prepare",
        N_("%(actor)s prepared a payout."),
        LONG,
        COOPERATIVE,
        disclosures=("amount", "destination", "rail"),
    ),
    ActionKind("payout.send", N_("%(actor)s sent a payout."), LONG, COOPERATIVE, disclosures=("reference",)),
)
