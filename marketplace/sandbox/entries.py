"""The sandbox's own books: one balance transaction for each time that money moves."""

from __future__ import annotations

from typing import Any, Final

from marketplace.sandbox.amounts import fee_of, transfer_fee_of
from marketplace.sandbox.exchange import Counted, counted
from marketplace.sandbox.refusals import wrong_state
from marketplace.sandbox.store import Body, Transaction, new_id

_BY_TRANSFER: Final = "customer_balance"


def book_charge(tx: Transaction, paid: Body) -> Body:
    """Book a captured charge less its fee; it is pending until it settles."""
    by_transfer = paid["payment_method_details"]["type"] == _BY_TRANSFER
    money = counted(tx, paid["amount"], paid["currency"])
    fee = transfer_fee_of(money.amount) if by_transfer else fee_of(money.amount)
    kind = "payment" if by_transfer else "charge"
    return _book(tx, paid, kind, money=money, fee=fee, available_on=tx.settled_on())


def book_refund(tx: Transaction, returned: Body, paid: Body) -> Body:
    """Book a refund, taken from the money of its charge whether that settled or not; the charge's fee is kept."""
    kind = "payment_refund" if paid["payment_method_details"]["type"] == _BY_TRANSFER else "refund"
    money = counted(tx, -returned["amount"], returned["currency"])
    return _book(tx, returned, kind, money=money, available_on=_available_with(tx, paid))


def book_refund_failure(tx: Transaction, returned: Body, paid: Body) -> Body:
    """Book the return of a failed refund."""
    by_transfer = paid["payment_method_details"]["type"] == _BY_TRANSFER
    kind = "payment_failure_refund" if by_transfer else "refund_failure"
    money = counted(tx, returned["amount"], returned["currency"])
    return _book(tx, returned, kind, money=money, available_on=_available_with(tx, paid))


def book_dispute(tx: Transaction, dispute: Body, *, amount: int, fee: int) -> Body:
    """Book money that a dispute takes or gives back at once; a negative fee is a returned one."""
    money = counted(tx, amount, dispute["currency"])
    return _book(tx, dispute, "adjustment", money=money, fee=fee, available_on=tx.now())


def book_transfer(tx: Transaction, transfer: Body, *, source: Body | None) -> Body:
    """Book a transfer; one out of a charge waits for the charge's money."""
    available_on = _available_with(tx, source) if source is not None else tx.now()
    return _book(tx, transfer, "transfer", money=_own(transfer, -transfer["amount"]), available_on=available_on)


def book_reversal(tx: Transaction, reversal: Body) -> Body:
    """Book money that comes back from a connected account."""
    return _book(tx, reversal, "transfer_refund", money=_own(reversal, reversal["amount"]), available_on=tx.now())


def book_payout(tx: Transaction, payout: Body, *, kind: str, amount: int) -> Body:
    """Book a payout, or its return: `payout`, `payout_failure` or `payout_cancel`."""
    return _book(tx, payout, kind, money=_own(payout, amount), available_on=tx.now())


def balances(tx: Transaction) -> dict[str, dict[str, int]]:
    """Return `available` and `pending` by currency."""
    sums: dict[str, dict[str, int]] = {"available": {}, "pending": {}}
    for entry in tx.all_of("balance_transaction"):
        part = sums["available" if entry["available_on"] <= tx.now() else "pending"]
        part[entry["currency"]] = part.get(entry["currency"], 0) + entry["net"]
    return sums


def check_available(tx: Transaction, amount: int, currency: str) -> None:
    """Refuse to send more than is available."""
    if amount > balances(tx)["available"].get(currency, 0):
        raise wrong_state(
            "You have insufficient available funds in your Stripe account. Money that is still pending cannot be sent.",
            code="balance_insufficient",
        )


def _available_with(tx: Transaction, paid: Body) -> int:
    entry = tx.find("balance_transaction", paid["balance_transaction"])
    return max(tx.now(), int(entry["available_on"]))


def _own(source: Body, amount: int) -> Counted:
    """Count what moves between balances: nothing is exchanged."""
    return Counted(amount, source["currency"], None)


def _book(tx: Transaction, source: Body, kind: str, *, money: Counted, available_on: int, fee: int = 0) -> Body:
    details: list[dict[str, Any]] = [
        {"amount": fee, "application": None, "currency": money.currency, "description": "Stripe fees",
         "type": "stripe_fee"}
    ] if fee else []  # fmt: skip
    return tx.add(
        {
            "id": new_id("txn"), "object": "balance_transaction", "created": tx.now(),
            "amount": money.amount, "available_on": available_on, "currency": money.currency,
            "description": source.get("description"), "exchange_rate": money.rate, "fee": fee, "fee_details": details,
            "net": money.amount - fee, "reporting_category": _CATEGORIES.get(kind, kind), "source": source["id"],
            "status": "pending", "balance_type": "payments", "type": kind,
        }
    )  # fmt: skip


# https://docs.stripe.com/reports/reporting-categories
_CATEGORIES: Final = {
    "adjustment": "dispute",
    "payment": "charge",
    "payment_failure_refund": "refund_failure",
    "payment_refund": "refund",
    "payout_cancel": "payout_reversal",
    "payout_failure": "payout_reversal",
    "transfer_refund": "transfer_reversal",
}
