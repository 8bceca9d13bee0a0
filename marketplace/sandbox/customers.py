"""Customers and their cash balance: what came by bank transfer and no payment used yet."""

from __future__ import annotations

from typing import Any, Final

from marketplace.sandbox.events import tell
from marketplace.sandbox.parameters import Parameters, branch, only
from marketplace.sandbox.store import Body, Transaction, new_id

CASH_TRANSACTION: Final = "customer_cash_balance_transaction"
_KNOWN: Final = frozenset({"description", "email", "expand", "metadata", "name", "phone"})


def make(tx: Transaction, parameters: Parameters) -> Body:
    """Keep a new customer."""
    only(parameters, _KNOWN)
    customer = tx.add(
        {
            "id": new_id("cus"), "object": "customer", "created": tx.now(), "livemode": False, "address": None,
            "balance": 0, "currency": None, "default_source": None, "delinquent": False,
            "description": parameters.get("description"), "email": parameters.get("email"),
            "invoice_prefix": None, "metadata": branch(parameters, "metadata"), "name": parameters.get("name"),
            "phone": parameters.get("phone"), "preferred_locales": [], "shipping": None, "tax_exempt": "none",
            "test_clock": None, "_cash": {},
        }
    )  # fmt: skip
    tell(tx, "customer.created", customer)
    return customer


def cash_balance(tx: Transaction, customer: Body) -> Body:
    """Return a customer's cash balance by currency."""
    del tx
    return {
        "object": "cash_balance", "available": customer["_cash"] or None, "customer": customer["id"],
        "customer_account": None, "livemode": False,
        "settings": {"reconciliation_mode": "automatic", "using_merchant_default": True},
    }  # fmt: skip


def cash_of(tx: Transaction, customer_id: str, currency: str) -> int:
    """Return a customer's cash in one currency."""
    return int(tx.find("customer", customer_id)["_cash"].get(currency, 0))


def move_cash(tx: Transaction, customer_id: str, *, currency: str, amount: int, kind: str, details: Any) -> Body:
    """Move a customer's cash balance by a signed amount and tell of it."""
    customer = tx.find("customer", customer_id)
    customer["_cash"][currency] = customer["_cash"].get(currency, 0) + amount
    tx.save(customer)
    moved = tx.add(
        {
            "id": new_id("ccsbtxn"), "object": CASH_TRANSACTION, "created": tx.now(), "livemode": False,
            "currency": currency, "customer": customer_id, "customer_account": None,
            "ending_balance": customer["_cash"][currency], "net_amount": amount, "type": kind, kind: details,
        }
    )  # fmt: skip
    tell(tx, "customer_cash_balance_transaction.created", moved)
    return moved
