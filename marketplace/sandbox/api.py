"""The part of Stripe's HTTP API that takes payments and gives them back; `connect_api` has the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response

from marketplace.sandbox import bank_transfers, checkout, customers, listing, refunds
from marketplace.sandbox.answering import Call, answer
from marketplace.sandbox.parameters import only
from marketplace.sandbox.refusals import wrong_state
from marketplace.sandbox.store import Body, Transaction

bp = Blueprint("api", __name__, url_prefix="/v1")

READ_ONLY: Final = frozenset({"expand"})
_KINDS: Final[Mapping[str, str]] = {
    "accounts": "account",
    "balance_transactions": "balance_transaction",
    "charges": "charge",
    "checkout/sessions": "checkout.session",
    "customers": "customer",
    "disputes": "dispute",
    "events": "event",
    "payment_intents": "payment_intent",
    "payouts": "payout",
    "refunds": "refund",
    "transfers": "transfer",
}


@bp.get("/balance")
def read_balance() -> Response:
    """Give the balance."""
    return answer(lambda tx, _call: listing.balance(tx))


@bp.get("/checkout/sessions", defaults={"name": "checkout/sessions"})
@bp.get("/<any(accounts, refunds, balance_transactions, disputes, events, payouts, transfers):name>")
def read_page(name: str) -> Response:
    """Give one page of a list."""
    return answer(lambda tx, call: listing.page(tx, _KINDS[name], call.parameters, path=call.path))


@bp.get("/checkout/sessions/<object_id>", defaults={"name": "checkout/sessions"})
@bp.get(
    "/<any(accounts, balance_transactions, charges, customers, disputes, events, payment_intents, payouts, refunds,"
    " transfers):name>/<object_id>"
)
def read_one(name: str, object_id: str) -> Response:
    """Give one object."""

    def work(tx: Transaction, call: Call) -> Body:
        only(call.parameters, READ_ONLY)
        return listing.shown(tx, tx.find(_KINDS[name], object_id))

    return answer(work)


@bp.post("/checkout/sessions")
def open_session() -> Response:
    """Open a checkout session."""
    return answer(
        lambda tx, call: listing.shown(tx, checkout.open_session(tx, call.parameters, base_url=call.base_url))
    )


@bp.post("/checkout/sessions/<session_id>/expire")
def expire_session(session_id: str) -> Response:
    """Close an open checkout session."""

    def work(tx: Transaction, call: Call) -> Body:
        only(call.parameters, READ_ONLY)
        return listing.shown(tx, checkout.expire(tx, tx.find("checkout.session", session_id), caller=call.caller))

    return answer(work)


@bp.post("/payment_intents/<intent_id>/cancel")
def cancel_payment(intent_id: str) -> Response:
    """Cancel a payment that waits for a bank transfer; one whose page is open ends with the page."""

    def work(tx: Transaction, call: Call) -> Body:
        only(call.parameters, READ_ONLY | {"cancellation_reason"})
        intent = tx.find("payment_intent", intent_id)
        if intent["status"] in {"succeeded", "canceled"}:
            raise wrong_state(
                f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}.",
                code="payment_intent_unexpected_state",
            )
        if tx.find("checkout.session", intent["_session"])["status"] == "open":
            raise wrong_state(
                "You can't cancel the PaymentIntent for a Checkout Session. Expire the Checkout Session instead.",
                code="payment_intent_unexpected_state",
            )
        return listing.shown(tx, bank_transfers.cancel(tx, intent, caller=call.caller))

    return answer(work)


@bp.post("/refunds")
def make_refund() -> Response:
    """Return money to a card."""
    return answer(lambda tx, call: listing.shown(tx, refunds.refund(tx, call.parameters, caller=call.caller)))


@bp.post("/customers")
def make_customer() -> Response:
    """Keep a customer, whose cash balance takes bank transfers."""
    return answer(lambda tx, call: listing.shown(tx, customers.make(tx, call.parameters)))


@bp.get("/customers/<customer_id>/cash_balance")
def read_cash_balance(customer_id: str) -> Response:
    """Give what a customer sent and no payment used."""
    return answer(lambda tx, _call: customers.cash_balance(tx, tx.find("customer", customer_id)))


@bp.get("/customers/<customer_id>/cash_balance_transactions")
def read_cash_transactions(customer_id: str) -> Response:
    """Give one page of what moved a customer's cash balance."""

    def work(tx: Transaction, call: Call) -> Body:
        tx.find("customer", customer_id)
        kind = customers.CASH_TRANSACTION
        return listing.page(tx, kind, call.parameters, path=call.path, within={"customer": customer_id})

    return answer(work)
