"""The shapes of Stripe's objects, filled from what the sandbox knows."""

from __future__ import annotations

from typing import Any, Final

from marketplace.sandbox.amounts import fee_of
from marketplace.sandbox.cards import Card
from marketplace.sandbox.store import Body, new_id

API_VERSION: Final = "2026-10-28.endive"
_SETTLES_AFTER_SECONDS: Final = 2 * 24 * 60 * 60


def payment_intent(session: Body, *, now: int) -> Body:
    """Return the payment of a checkout session before any card was tried."""
    wanted = session["_payment_intent_data"]
    return {
        "id": new_id("pi"), "object": "payment_intent", "created": now, "livemode": False,
        "amount": session["amount_total"], "amount_capturable": 0, "amount_received": 0,
        "currency": session["currency"], "capture_method": "automatic", "confirmation_method": "automatic",
        "client_secret": None, "customer": None, "description": wanted.get("description"),
        "allowed_payment_method_types": ["card"], "last_payment_error": None,
        "latest_charge": None, "metadata": wanted.get("metadata", {}),
        "next_action": None, "on_behalf_of": None, "payment_method": None, "payment_method_types": ["card"],
        "processing": None, "receipt_email": session["customer_email"], "shipping": None, "source": None,
        "statement_descriptor": None, "status": "requires_payment_method", "canceled_at": None,
        "cancellation_reason": None, "transfer_data": None, "transfer_group": wanted.get("transfer_group"),
        "_session": session["id"],
    }  # fmt: skip


def charge(intent: Body, card: Card, *, now: int) -> Body:
    """Return one attempt to charge a card: paid, or failed when the card refuses."""
    paid = card.refusal is None
    return {
        "id": new_id("ch"), "object": "charge", "created": now, "livemode": False,
        "amount": intent["amount"], "amount_captured": intent["amount"] if paid else 0, "amount_refunded": 0,
        "balance_transaction": None, "billing_details": {"address": None, "email": None, "name": None, "phone": None},
        "captured": paid, "currency": intent["currency"], "customer": None,
        "description": intent["description"], "disputed": False,
        "failure_code": card.refusal, "failure_message": card.message,
        "fraud_details": {}, "metadata": intent["metadata"],
        "outcome": {
            "network_status": "approved_by_network" if paid else "declined_by_network",
            "reason": card.reason, "risk_level": "normal", "seller_message": card.message or "Payment complete.",
            "type": "authorized" if paid else "issuer_declined",
        },
        "paid": paid, "payment_intent": intent["id"], "payment_method": new_id("pm"),
        "payment_method_details": {"type": "card", "card": _card_details(card)},
        "receipt_email": intent["receipt_email"], "receipt_url": None, "refunded": False,
        "status": "succeeded" if paid else "failed", "transfer_group": intent["transfer_group"],
    }  # fmt: skip


def _card_details(card: Card) -> dict[str, Any]:
    return {
        "brand": "visa", "country": "US", "exp_month": 12, "exp_year": 2040, "funding": "credit",
        "last4": card.number[-4:], "network": "visa", "three_d_secure": None, "wallet": None,
    }  # fmt: skip


def charge_entry(paid: Body, *, now: int) -> Body:
    """Return the balance transaction of a captured charge, less Stripe's fee."""
    fee = fee_of(paid["amount"])
    details = [{"amount": fee, "application": None, "currency": paid["currency"],
                "description": "Stripe processing fees", "type": "stripe_fee"}]  # fmt: skip
    return _entry(paid, "charge", amount=paid["amount"], fee=fee, fee_details=details, now=now)


def refund_entry(returned: Body, *, now: int) -> Body:
    """Return the balance transaction of a refund; Stripe keeps the fee of the charge."""
    return _entry(returned, "refund", amount=-returned["amount"], fee=0, fee_details=[], now=now)


def refund_failure_entry(returned: Body, *, now: int) -> Body:
    """Return the balance transaction that brings a failed refund back."""
    return _entry(returned, "refund_failure", amount=returned["amount"], fee=0, fee_details=[], now=now)


def _entry(source: Body, kind: str, *, amount: int, fee: int, fee_details: list[dict[str, Any]], now: int) -> Body:
    return {
        "id": new_id("txn"), "object": "balance_transaction", "created": now,
        "amount": amount, "available_on": now + _SETTLES_AFTER_SECONDS, "currency": source["currency"],
        "description": source["description"], "exchange_rate": None, "fee": fee, "fee_details": fee_details,
        "net": amount - fee, "reporting_category": kind, "source": source["id"], "status": "pending",
        "balance_type": "payments", "type": kind,
    }  # fmt: skip


def refund(paid: Body, *, amount: int, reason: str | None, metadata: dict[str, str], now: int) -> Body:
    """Return money going back to the card of a charge."""
    return {
        "id": new_id("re"), "object": "refund", "created": now,
        "amount": amount, "balance_transaction": None, "charge": paid["id"], "currency": paid["currency"],
        "description": None, "destination_details": {"type": "card", "card": {"type": "refund"}},
        "failure_balance_transaction": None, "failure_reason": None, "metadata": metadata,
        "payment_intent": paid["payment_intent"], "pending_reason": None, "reason": reason,
        "receipt_number": None, "source_transfer_reversal": None, "status": "succeeded", "transfer_reversal": None,
    }  # fmt: skip


def event(kind: str, subject: Body, *, request_id: str | None, key: str | None, now: int) -> Body:
    """Return the event that tells of a change, with the object as it is now."""
    return {
        "id": new_id("evt"), "object": "event", "created": now, "livemode": False, "api_version": API_VERSION,
        "data": {"object": public(subject)}, "pending_webhooks": 1,
        "request": {"id": request_id, "idempotency_key": key}, "type": kind,
    }  # fmt: skip


def public(body: Body) -> Body:
    """Return an object without what the sandbox keeps for itself."""
    return {name: value for name, value in body.items() if not name.startswith("_")}
