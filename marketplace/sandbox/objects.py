"""The shapes of Stripe's objects, filled from what the sandbox knows."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final

from marketplace.sandbox.cards import Card
from marketplace.sandbox.store import Body, new_id

API_VERSION: Final = "2026-10-28.endive"


def payment_intent(session: Body, *, now: int) -> Body:
    """Return the payment of a checkout session before any card was tried."""
    wanted = session["_payment_intent_data"]
    return {
        "id": new_id("pi"), "object": "payment_intent", "created": now, "livemode": False,
        "amount": session["amount_total"], "amount_capturable": 0, "amount_received": 0,
        "currency": session["currency"], "capture_method": "automatic", "confirmation_method": "automatic",
        "client_secret": None, "customer": session["customer"], "description": wanted.get("description"),
        "allowed_payment_method_types": session["payment_method_types"], "last_payment_error": None,
        "latest_charge": None, "metadata": wanted.get("metadata", {}),
        "next_action": None, "on_behalf_of": None, "payment_method": None,
        "payment_method_types": session["payment_method_types"],
        "processing": None, "receipt_email": session["customer_email"], "shipping": None, "source": None,
        "statement_descriptor": None, "status": "requires_payment_method", "canceled_at": None,
        "cancellation_reason": None, "transfer_data": None, "transfer_group": wanted.get("transfer_group"),
        "_session": session["id"], "_funded": 0, "_reference": new_id("ref")[4:14].upper(),
    }  # fmt: skip


def charge(intent: Body, card: Card, *, now: int) -> Body:
    """Return one attempt to charge a card: paid, or failed when the card refuses."""
    paid = card.refusal is None
    return {
        **_charge(intent, paid=paid, now=now),
        "failure_code": card.refusal, "failure_message": card.message,
        "outcome": {
            "network_status": "approved_by_network" if paid else "declined_by_network",
            "reason": card.reason, "risk_level": "normal", "seller_message": card.message or "Payment complete.",
            "type": "authorized" if paid else "issuer_declined",
        },
        "payment_method_details": {"type": "card", "card": _card_details(card, intent)},
    }  # fmt: skip


def transfer_charge(intent: Body, *, now: int) -> Body:
    """Return the charge of a payment that bank transfers paid in full."""
    return {
        **_charge(intent, paid=True, now=now),
        "outcome": {
            "network_status": "approved_by_network", "reason": None, "risk_level": "not_assessed",
            "seller_message": "Payment complete.", "type": "authorized",
        },
        "payment_method_details": {"type": "customer_balance", "customer_balance": {}},
    }  # fmt: skip


def _charge(intent: Body, *, paid: bool, now: int) -> Body:
    return {
        "id": new_id("py" if intent["customer"] else "ch"), "object": "charge", "created": now, "livemode": False,
        "amount": intent["amount"], "amount_captured": intent["amount"] if paid else 0, "amount_refunded": 0,
        "balance_transaction": None, "billing_details": {"address": None, "email": None, "name": None, "phone": None},
        "captured": paid, "currency": intent["currency"], "customer": intent["customer"],
        "description": intent["description"], "disputed": False, "failure_code": None, "failure_message": None,
        "fraud_details": {}, "metadata": intent["metadata"], "paid": paid, "payment_intent": intent["id"],
        "payment_method": new_id("pm"), "receipt_email": intent["receipt_email"], "receipt_url": None,
        "refunded": False, "status": "succeeded" if paid else "failed", "transfer_group": intent["transfer_group"],
    }  # fmt: skip


def _card_details(card: Card, intent: Body) -> dict[str, Any]:
    return {
        "brand": "visa", "country": "US", "exp_month": 12, "exp_year": 2040, "fingerprint": _fingerprint(card, intent),
        "funding": "credit", "last4": card.number[-4:], "network": "visa", "three_d_secure": None, "wallet": None,
    }  # fmt: skip


def _fingerprint(card: Card, intent: Body) -> str:
    """Return 16 signs that are always the same for one card: every payer has her own, but of the shared one."""
    holder = "anybody" if card.is_shared else intent["receipt_email"] or intent["id"]
    return sha256(f"sandbox card {card.number} of {holder}".encode()).hexdigest()[:16]


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
