"""Transfers to connected accounts, and their way back; payouts to our own bank account."""

from __future__ import annotations

from typing import Final

from marketplace.sandbox import accounts, entries
from marketplace.sandbox.amounts import LARGEST
from marketplace.sandbox.events import NOBODY, Caller, tell
from marketplace.sandbox.parameters import Parameters, branch, only, text, whole
from marketplace.sandbox.refusals import invalid, wrong_state
from marketplace.sandbox.store import Body, Transaction, new_id

_KNOWN: Final = frozenset(
    {"amount", "currency", "description", "destination", "expand", "metadata", "source_transaction", "transfer_group"}
)
_PAYOUT_KNOWN: Final = frozenset({"amount", "currency", "description", "expand", "metadata", "statement_descriptor"})
_ARRIVES_AFTER: Final = 2 * 24 * 60 * 60
OUTCOMES: Final = ("in_transit", "paid", "failed")


def transfer(tx: Transaction, parameters: Parameters, *, caller: Caller) -> Body:
    """Send money to a connected account: out of one charge, or out of what is available."""
    only(parameters, _KNOWN)
    amount = whole(parameters, "amount", least=1, most=LARGEST)
    currency = text(parameters, "currency").lower()
    destination = tx.find("account", text(parameters, "destination"))
    accounts.check_receives(destination)
    source = _source(tx, parameters, amount=amount, currency=currency)
    if source is None:
        entries.check_available(tx, amount, currency)
    sent = {
        "id": new_id("tr"), "object": "transfer", "created": tx.now(), "livemode": False, "amount": amount,
        "amount_reversed": 0, "balance_transaction": None, "currency": currency,
        "description": parameters.get("description"), "destination": destination["id"],
        "destination_payment": new_id("py"), "metadata": branch(parameters, "metadata"),
        "reversals": {"object": "list", "data": [], "has_more": False, "url": "/v1/transfers"}, "reversed": False,
        "source_transaction": source["id"] if source else None, "source_type": "card",
        "transfer_group": parameters.get("transfer_group") or (source["transfer_group"] if source else None),
    }  # fmt: skip
    sent["balance_transaction"] = entries.book_transfer(tx, sent, source=source)["id"]
    tx.add(sent)
    tell(tx, "transfer.created", sent, caller=caller)
    return sent


def _source(tx: Transaction, parameters: Parameters, *, amount: int, currency: str) -> Body | None:
    if "source_transaction" not in parameters:
        return None
    source = tx.find("charge", text(parameters, "source_transaction"))
    entry = tx.find("balance_transaction", source["balance_transaction"])
    if entry["currency"] != currency:
        raise invalid("currency", f"The currency must be that of the source's balance: {entry['currency']}.")
    used = sum(
        each["amount"] - each["amount_reversed"]
        for each in tx.all_of("transfer")
        if each["source_transaction"] == source["id"]
    )
    # What was refunded counts as its part of what the charge brought, also where that was exchanged.
    brought = entry["amount"] - entry["amount"] * source["amount_refunded"] // source["amount_captured"]
    left = brought - used
    if source["disputed"] or amount > left:
        raise wrong_state(
            f"The transfer is for {amount}, but only {left} of this charge is left to send.",
            code="balance_insufficient",
        )
    return source


def reverse(tx: Transaction, sent: Body, parameters: Parameters, *, caller: Caller) -> Body:
    """Take back all or part of a transfer."""
    only(parameters, frozenset({"amount", "description", "expand", "metadata"}))
    left = sent["amount"] - sent["amount_reversed"]
    amount = whole(parameters, "amount", least=1, most=LARGEST) if "amount" in parameters else left
    if amount > left or not left:
        raise wrong_state(f"Only {left} of this transfer is left to reverse.", code="amount_too_large")
    reversal = {
        "id": new_id("trr"), "object": "transfer_reversal", "created": tx.now(), "amount": amount,
        "balance_transaction": None, "currency": sent["currency"], "destination_payment_refund": None,
        "metadata": branch(parameters, "metadata"), "source_refund": None, "transfer": sent["id"],
    }  # fmt: skip
    reversal["balance_transaction"] = entries.book_reversal(tx, reversal)["id"]
    tx.add(reversal)
    sent["amount_reversed"] += amount
    sent["reversed"] = sent["amount_reversed"] == sent["amount"]
    sent["reversals"]["data"].append(reversal)
    tell(tx, "transfer.reversed", tx.save(sent), caller=caller)
    return reversal


def pay_out(tx: Transaction, parameters: Parameters, *, caller: Caller) -> Body:
    """Send available money to our own bank account."""
    only(parameters, _PAYOUT_KNOWN)
    amount = whole(parameters, "amount", least=1, most=LARGEST)
    currency = text(parameters, "currency").lower()
    entries.check_available(tx, amount, currency)
    payout = {
        "id": new_id("po"), "object": "payout", "created": tx.now(), "livemode": False, "amount": amount,
        "application_fee": None, "application_fee_amount": None, "arrival_date": tx.now() + _ARRIVES_AFTER,
        "automatic": False, "balance_transaction": None, "currency": currency,
        "description": parameters.get("description"), "destination": new_id("ba"),
        "failure_balance_transaction": None, "failure_code": None, "failure_message": None,
        "metadata": branch(parameters, "metadata"), "method": "standard", "original_payout": None,
        "payout_method": None, "reconciliation_status": "not_applicable", "reversed_by": None, "source_type": "card",
        "statement_descriptor": parameters.get("statement_descriptor"), "status": "pending", "trace_id": None,
        "type": "bank_account",
    }  # fmt: skip
    payout["balance_transaction"] = entries.book_payout(tx, payout, kind="payout", amount=-amount)["id"]
    tx.add(payout)
    tell(tx, "payout.created", payout, caller=caller)
    return payout


def cancel_payout(tx: Transaction, payout: Body, *, caller: Caller) -> Body:
    """Take back a payout that has not left yet."""
    if payout["status"] != "pending":
        raise wrong_state(f"A payout that is {payout['status']} cannot be canceled.", code="payout_not_cancelable")
    _return(tx, payout, kind="payout_cancel")
    payout["status"] = "canceled"
    tell(tx, "payout.canceled", tx.save(payout), caller=caller)
    return payout


def move_payout(tx: Transaction, payout: Body, outcome: str) -> Body:
    """Let the bank take a payout on its way, count it as arrived, or send it back, even after it said it arrived."""
    if outcome not in OUTCOMES or payout["status"] in {"failed", "canceled"}:
        raise wrong_state(f"A payout that is {payout['status']} cannot become {outcome}.", code="wrong_state")
    payout["status"] = outcome
    if outcome == "failed":
        payout.update(failure_code="account_closed", failure_message="The bank account has been closed.")
        _return(tx, payout, kind="payout_failure")
    kind = "payout.updated" if outcome == "in_transit" else f"payout.{outcome}"
    tell(tx, kind, tx.save(payout), caller=NOBODY)
    return payout


def _return(tx: Transaction, payout: Body, *, kind: str) -> None:
    entry = entries.book_payout(tx, payout, kind=kind, amount=payout["amount"])
    payout["failure_balance_transaction"] = entry["id"]
