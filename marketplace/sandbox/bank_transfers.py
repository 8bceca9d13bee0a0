"""Pay by bank transfer: the page promises it, money arrives on the customer's balance and is applied to the payment."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final

from marketplace.sandbox import entries, objects
from marketplace.sandbox.customers import cash_of, move_cash
from marketplace.sandbox.events import NOBODY, Caller, tell
from marketplace.sandbox.parameters import Parameters, branch, only, text
from marketplace.sandbox.refusals import invalid, wrong_state
from marketplace.sandbox.store import Body, Transaction

METHOD: Final = "customer_balance"
_TYPES: Final = {
    "usd": "us_bank_transfer", "eur": "eu_bank_transfer", "gbp": "gb_bank_transfer", "jpy": "jp_bank_transfer",
    "mxn": "mx_bank_transfer",
}  # fmt: skip


def check(tx: Transaction, parameters: Parameters, *, currency: str) -> str:
    """Return the customer of a page for bank transfers; refuse what Stripe refuses."""
    customer_id = text(parameters, "customer")
    tx.find("customer", customer_id)
    options = branch(branch(parameters, "payment_method_options"), METHOD)
    only(options, frozenset({"bank_transfer", "funding_type"}))
    if options.get("funding_type") != "bank_transfer":
        raise invalid("payment_method_options[customer_balance][funding_type]", "funding_type must be bank_transfer.")
    kind = branch(options, "bank_transfer").get("type")
    if currency not in _TYPES or kind != _TYPES[currency]:
        raise invalid(
            "payment_method_options[customer_balance][bank_transfer][type]",
            f"The currency {currency} cannot be paid by {kind}.",
        )
    return customer_id


def promise(tx: Transaction, session: Body) -> Body:
    """Complete the page: the buyer will send the money; cash she has already is used at once."""
    intent = tx.add(objects.payment_intent(session, now=tx.now()))
    intent["status"] = "requires_action"
    _show_instructions(intent)
    session.update(payment_intent=intent["id"], status="complete", url=None)
    tx.save(session)
    tell(tx, "payment_intent.created", intent)
    tell(tx, "payment_intent.requires_action", tx.save(intent))
    tell(tx, "checkout.session.completed", session)
    _apply_cash(tx, intent)
    return intent


def arrive(tx: Transaction, customer_id: str, *, currency: str, amount: int, first: str | None = None) -> None:
    """Take in a bank transfer and apply it to the customer's waiting payments: `first`, then the oldest."""
    kind = _TYPES.get(currency, "us_bank_transfer")
    sender = _sender(tx.find("customer", customer_id), kind)
    details = {"bank_transfer": {"type": kind, "reference": first, kind: sender}}
    move_cash(tx, customer_id, currency=currency, amount=amount, kind="funded", details=details)
    waiting = [
        intent
        for intent in reversed(tx.all_of("payment_intent"))
        if intent["customer"] == customer_id and intent["currency"] == currency
        and intent["status"] == "requires_action"
    ]  # fmt: skip
    for intent in sorted(waiting, key=lambda each: each["id"] != first):
        _apply_cash(tx, intent)


def cancel(tx: Transaction, intent: Body, *, caller: Caller = NOBODY) -> Body:
    """Stop waiting for a transfer; what was applied already stands on the customer's cash balance again."""
    _unapply(tx, intent)
    intent.update(status="canceled", canceled_at=tx.now(), cancellation_reason=None, next_action=None)
    tell(tx, "payment_intent.canceled", tx.save(intent), caller=caller)
    return intent


def fail(tx: Transaction, session: Body) -> None:
    """Let an awaited transfer fail at the bank."""
    intent = tx.find("payment_intent", session["payment_intent"] or "")
    if intent["status"] != "requires_action":
        raise wrong_state(f"This payment does not wait for money: {intent['status']}.", code="wrong_state")
    _unapply(tx, intent)
    intent.update(status="requires_payment_method", next_action=None)
    intent["last_payment_error"] = {
        "type": "invalid_request_error", "code": "payment_intent_payment_attempt_failed",
        "message": "The bank transfer failed.",
    }  # fmt: skip
    tell(tx, "payment_intent.payment_failed", tx.save(intent))
    tell(tx, "checkout.session.async_payment_failed", session)


def _apply_cash(tx: Transaction, intent: Body) -> None:
    used = min(cash_of(tx, intent["customer"], intent["currency"]), intent["amount"] - intent["_funded"])
    if used <= 0:
        return
    details = {"payment_intent": intent["id"]}
    move_cash(tx, intent["customer"], currency=intent["currency"], amount=-used, kind="applied_to_payment",
              details=details)  # fmt: skip
    intent["_funded"] += used
    if intent["_funded"] < intent["amount"]:
        _show_instructions(intent)
        tell(tx, "payment_intent.partially_funded", tx.save(intent))
        return
    _settle(tx, intent)


def _settle(tx: Transaction, intent: Body) -> None:
    session = tx.find("checkout.session", intent["_session"])
    paid = objects.transfer_charge(intent, now=tx.now())
    tx.add(paid)
    paid["balance_transaction"] = entries.book_charge(tx, paid)["id"]
    intent.update(status="succeeded", amount_received=intent["amount"], latest_charge=paid["id"], next_action=None,
                  payment_method=paid["payment_method"])  # fmt: skip
    session.update(payment_status="paid")
    for kind, subject in (
        ("charge.succeeded", paid),
        ("payment_intent.succeeded", intent),
        ("checkout.session.async_payment_succeeded", session),
    ):
        tell(tx, kind, tx.save(subject))


def _sender(customer: Body, kind: str) -> dict[str, str]:
    """Return what the sending bank tells: in Europe the account's last digits, elsewhere only a name."""
    name = str(customer["email"] or customer["id"])
    if kind != "eu_bank_transfer":
        return {"sender_name": name}
    digits = int(sha256(name.encode()).hexdigest(), 16) % 10_000
    return {"bic": "SANDDEFF", "iban_last4": f"{digits:04d}", "sender_name": name}


def _unapply(tx: Transaction, intent: Body) -> None:
    if not intent["_funded"]:
        return
    move_cash(tx, intent["customer"], currency=intent["currency"], amount=intent["_funded"],
              kind="unapplied_from_payment", details={"payment_intent": intent["id"]})  # fmt: skip
    intent["_funded"] = 0


def _show_instructions(intent: Body) -> None:
    intent["next_action"] = {
        "type": "display_bank_transfer_instructions",
        "display_bank_transfer_instructions": _instructions(intent),
    }


def _instructions(intent: Body) -> dict[str, Any]:
    return {
        "amount_remaining": intent["amount"] - intent["_funded"], "currency": intent["currency"],
        "financial_addresses": [
            {"type": "iban", "supported_networks": ["sepa"],
             "iban": {"account_holder_name": "Payment sandbox", "bic": "SANDDEFF", "country": "DE",
                      "iban": "DE00 0000 0000 0000 0000 00"}}
        ],
        "hosted_instructions_url": None, "reference": intent["_reference"],
        "type": _TYPES.get(intent["currency"], "us_bank_transfer"),
    }  # fmt: skip
