"""Refunds: never more than was captured and not yet returned."""

from __future__ import annotations

from typing import Final

from marketplace.sandbox import entries, faults, objects
from marketplace.sandbox.amounts import LARGEST, check_last_digit, display
from marketplace.sandbox.events import NOBODY, Caller, tell
from marketplace.sandbox.parameters import Parameters, branch, only, text, whole
from marketplace.sandbox.refusals import invalid, missing, wrong_state
from marketplace.sandbox.store import Body, Transaction

_KNOWN: Final = frozenset({"amount", "charge", "expand", "metadata", "payment_intent", "reason"})
_REASONS: Final = frozenset({"duplicate", "fraudulent", "requested_by_customer"})


def refund(tx: Transaction, parameters: Parameters, *, caller: Caller) -> Body:
    """Return all or part of a captured charge to its card."""
    only(parameters, _KNOWN)
    reason = parameters.get("reason")
    if reason is not None and reason not in _REASONS:
        raise invalid("reason", f"Invalid reason: {reason}")
    paid = _charge(tx, parameters)
    if paid["disputed"] and not any(
        each["is_charge_refundable"] for each in tx.all_of("dispute") if each["charge"] == paid["id"]
    ):
        raise wrong_state(f"Charge {paid['id']} has been charged back; it cannot be refunded.", code="charge_disputed")
    left = paid["amount_captured"] - paid["amount_refunded"]
    if left == 0:
        raise wrong_state(f"Charge {paid['id']} has already been refunded.", code="charge_already_refunded")
    amount = whole(parameters, "amount", least=1, most=LARGEST) if "amount" in parameters else left
    check_last_digit(amount, paid["currency"], field="amount")
    if amount > left:
        raise wrong_state(
            f"Refund amount ({display(amount, paid['currency'])}) is greater than unrefunded amount on charge "
            f"({display(left, paid['currency'])})",
            code="amount_too_large",
        )
    returned = objects.refund(paid, amount=amount, reason=reason, metadata=branch(parameters, "metadata"), now=tx.now())
    if faults.take(tx, "pend_refunds_next"):
        returned.update(status="pending", pending_reason="processing")
    _book(tx, paid, returned, caller=caller)
    if faults.take(tx, "fail_refunds_next"):
        _fail(tx, paid, returned, caller=caller)
    return returned


def settle(tx: Transaction, returned: Body, *, arrives: bool) -> Body:
    """Let a pending refund arrive at the buyer's bank, or fail there."""
    if returned["status"] != "pending":
        raise wrong_state(f"This refund is {returned['status']}, not pending.", code="wrong_state")
    if arrives:
        returned["status"] = "succeeded"
        tell(tx, "refund.updated", tx.save(returned))
    else:
        _fail(tx, tx.find("charge", returned["charge"]), returned, caller=NOBODY)
    return returned


def _charge(tx: Transaction, parameters: Parameters) -> Body:
    if "payment_intent" in parameters:
        intent = tx.find("payment_intent", text(parameters, "payment_intent"))
        if intent["status"] != "succeeded":
            raise wrong_state(
                f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.",
                code="payment_intent_unexpected_state",
            )
        return tx.find("charge", intent["latest_charge"])
    if "charge" in parameters:
        return tx.find("charge", text(parameters, "charge"))
    raise missing("payment_intent")


def _book(tx: Transaction, paid: Body, returned: Body, *, caller: Caller) -> None:
    returned["balance_transaction"] = entries.book_refund(tx, returned, paid)["id"]
    tx.add(returned)
    paid["amount_refunded"] += returned["amount"]
    paid["refunded"] = paid["amount_refunded"] == paid["amount_captured"]
    tell(tx, "refund.created", returned, caller=caller)
    tell(tx, "charge.refunded", tx.save(paid), caller=caller)


def _fail(tx: Transaction, paid: Body, returned: Body, *, caller: Caller) -> None:
    entry = entries.book_refund_failure(tx, returned, paid)
    returned.update(status="failed", failure_reason="expired_or_canceled_card", failure_balance_transaction=entry["id"])
    paid["amount_refunded"] -= returned["amount"]
    paid["refunded"] = False
    tx.save(paid)
    tell(tx, "refund.failed", tx.save(returned), caller=caller)
