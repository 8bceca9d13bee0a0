"""Disputes: a bank takes a payment back, with a fee; won or withdrawn ones return both."""

from __future__ import annotations

from typing import Any, Final

from marketplace.sandbox import entries
from marketplace.sandbox.events import NOBODY, Caller, tell
from marketplace.sandbox.parameters import Parameters, branch, only, text
from marketplace.sandbox.refusals import Refusal, invalid, wrong_state
from marketplace.sandbox.store import Body, Transaction, new_id

FEE: Final = 1500
OUTCOMES: Final = ("won", "lost", "withdrawn")
REASONS: Final = (
    "fraudulent", "product_not_received", "product_unacceptable", "duplicate", "credit_not_processed", "general",
)  # fmt: skip
LONGEST_EVIDENCE: Final = 150_000
_EVIDENCE_DAYS: Final = 9 * 24 * 60 * 60
_OPEN: Final = frozenset({"needs_response", "under_review", "warning_needs_response", "warning_under_review"})
_TEXTS: Final = frozenset(
    {
        "access_activity_log", "billing_address", "cancellation_rebuttal", "customer_email_address", "customer_name",
        "duplicate_charge_explanation", "product_description", "refund_refusal_explanation", "service_date",
        "shipping_address", "shipping_carrier", "shipping_date", "shipping_tracking_number", "uncategorized_text",
    }
)  # fmt: skip


def open_dispute(
    tx: Transaction, paid: Body, *, amount: int | None = None, reason: str = "fraudulent", inquiry: bool = False
) -> Body:
    """Let the bank take a charge back, whole or in part; an inquiry only asks and takes nothing."""
    left = paid["amount_captured"] - paid["amount_refunded"]
    taken = left if amount is None else amount
    if not paid["paid"] or not 0 < taken <= left or reason not in REASONS or paid["disputed"]:
        raise wrong_state("This charge cannot be disputed so.", code="charge_not_disputable")
    dispute = tx.add(_dispute(paid, amount=taken, reason=reason, inquiry=inquiry, now=tx.now()))
    paid["disputed"] = True
    tx.save(paid)
    if not inquiry:
        _take(tx, dispute)
    tell(tx, "charge.dispute.created", tx.save(dispute))
    if not inquiry:
        tell(tx, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def submit_evidence(tx: Transaction, dispute: Body, parameters: Parameters, *, caller: Caller) -> Body:
    """Keep evidence, and send it to the bank unless it is only staged."""
    only(parameters, frozenset({"evidence", "expand", "metadata", "submit"}))
    given = branch(parameters, "evidence")
    only(given, _TEXTS)
    if sum(len(str(words)) for words in given.values()) > LONGEST_EVIDENCE:
        raise invalid("evidence", f"Evidence has at most {LONGEST_EVIDENCE} characters in total.")
    _check_open(dispute)
    dispute["evidence"].update(given)
    dispute["metadata"].update(branch(parameters, "metadata"))
    dispute["evidence_details"]["has_evidence"] = True
    if parameters.get("submit", "true") == "true":
        dispute["evidence_details"]["submission_count"] += 1
        dispute["status"] = "warning_under_review" if _is_inquiry(dispute) else "under_review"
    tell(tx, "charge.dispute.updated", tx.save(dispute), caller=caller)
    return dispute


def close(tx: Transaction, dispute: Body, *, caller: Caller) -> Body:
    """Accept a dispute as lost."""
    _check_open(dispute)
    return _end(tx, dispute, "lost", caller=caller)


def decide(tx: Transaction, dispute: Body, outcome: str) -> Body:
    """Let the bank decide, or the buyer withdraw; Stripe reports a withdrawn dispute as won."""
    if outcome not in OUTCOMES:
        raise Refusal(f"A dispute ends as one of {', '.join(OUTCOMES)}.")
    _check_open(dispute)
    if _is_inquiry(dispute):
        return _end(tx, dispute, "warning_closed", caller=NOBODY)
    if outcome == "lost":
        return _end(tx, dispute, "lost", caller=NOBODY)
    entry = entries.book_dispute(tx, dispute, amount=dispute["amount"], fee=-FEE)
    dispute["balance_transactions"].append(entry)
    dispute["status"] = "won"
    tell(tx, "charge.dispute.funds_reinstated", tx.save(dispute))
    return _end(tx, dispute, "won", caller=NOBODY)


def is_open(dispute: Body) -> bool:
    """Tell whether the bank has not decided."""
    return dispute["status"] in _OPEN


def _end(tx: Transaction, dispute: Body, status: str, *, caller: Caller) -> Body:
    dispute["status"] = status
    dispute["is_charge_refundable"] = status in {"won", "warning_closed"}
    tell(tx, "charge.dispute.closed", tx.save(dispute), caller=caller)
    return dispute


def _take(tx: Transaction, dispute: Body) -> None:
    entry = entries.book_dispute(tx, dispute, amount=-dispute["amount"], fee=FEE)
    dispute["balance_transactions"].append(entry)


def _check_open(dispute: Body) -> None:
    if not is_open(dispute):
        raise wrong_state("This dispute is already closed.", code="dispute_closed")


def _is_inquiry(dispute: Body) -> bool:
    return str(dispute["status"]).startswith("warning")


def _dispute(paid: Body, *, amount: int, reason: str, inquiry: bool, now: int) -> dict[str, Any]:
    return {
        "id": new_id("du"), "object": "dispute", "created": now, "livemode": False, "amount": amount,
        "balance_transactions": [], "charge": paid["id"], "currency": paid["currency"],
        "enhanced_eligibility_types": [], "evidence": {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now + _EVIDENCE_DAYS, "enhanced_eligibility": {}, "has_evidence": False, "past_due": False,
            "submission_count": 0, "submission_method": "manual",
        },
        "is_charge_refundable": inquiry, "metadata": {}, "network_reason_code": None,
        "payment_intent": paid["payment_intent"],
        "payment_method_details": {"type": "card", "card": {"brand": "visa", "case_type": "chargeback",
                                                            "network_reason_code": "10.4"}},
        "reason": reason, "status": "warning_needs_response" if inquiry else "needs_response",
    }  # fmt: skip


def dispute_named(tx: Transaction, parameters: Parameters) -> Body:
    """Return the dispute that a control form names."""
    return tx.find("dispute", text(parameters, "dispute"))
