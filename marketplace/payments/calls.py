"""The call behind each kind of command; an old one of unknown outcome is looked up before it is sent again.

The provider forgets keys after a day, so after that the same key would make the same thing twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from marketplace.core.money import Money
from marketplace.payments.answers import Answer, LinkMade, PageClosed, PageOpened, Refunded, Refused, Told
from marketplace.payments.findings import Found
from marketplace.payments.provider import FundsNotThere, PaymentProvider


@dataclass(frozen=True, slots=True)
class Leased:
    """A command as it goes out: plain values, so that no transaction is needed while it does."""

    id: UUID
    kind: str
    key: str
    attempt: int
    request: dict[str, Any]
    session_id: str | None
    former_refs: tuple[str, ...]
    look_up: bool


def call(provider: PaymentProvider, leased: Leased) -> Answer:
    """Ask the provider for what the command says."""
    return _CALLS[leased.kind](provider, leased)


def amount_of(request: Mapping[str, Any]) -> Money:
    """Return the amount of a command."""
    return Money(request["amount_minor"], request["currency"])


def _open_page(provider: PaymentProvider, leased: Leased) -> Answer:
    # A page cannot be looked up by our reference, and one asked for 20 hours ago closed long since: money on it, if
    # there was any, is found by its reference in the provider's events.
    if leased.look_up:
        return Refused("unknown_outcome", "no answer for 20 hours")
    request = leased.request
    customer_id = _customer(provider, request)
    page = provider.create_checkout(
        key=leased.key,
        order_reference=request["order_reference"],
        amount=amount_of(request),
        description=request["description"],
        success_url=request["success_url"],
        cancel_url=request["cancel_url"],
        expires_at=datetime.fromisoformat(request["expires_at"]),
        customer_email=request["customer_email"],
        **({"customer_id": customer_id} if customer_id is not None else {}),
    )
    return PageOpened(page, customer_id)


def _customer(provider: PaymentProvider, request: Mapping[str, Any]) -> str | None:
    """Return who sends the bank transfer, kept at the provider with her first one; None for a card."""
    if "customer_key" not in request:
        return None
    known: str | None = request["customer_id"]
    return known or provider.create_customer(
        key=request["customer_key"], reference=request["buyer_id"], email=request["customer_email"]
    )


def _close_page(provider: PaymentProvider, leased: Leased) -> Answer:
    page = provider.expire_checkout(str(leased.session_id), key=leased.key)
    if page.status == "complete" and page.payment_status == "unpaid" and page.payment_intent_id is not None:
        # The buyer promised a bank transfer: only the payment itself can stop waiting for it.
        return PageClosed(page, provider.cancel_payment(page.payment_intent_id, key=f"{leased.key}:payment"))
    return PageClosed(page)


def _refund(provider: PaymentProvider, leased: Leased) -> Answer:
    request = leased.request
    reference = request.get("reference")
    if leased.look_up:
        for found in provider.refunds_of(request["payment_intent_id"]):
            is_ours = found.order_reference == request["order_reference"] and found.reference in (None, reference)
            if is_ours and found.id not in leased.former_refs:
                return Refunded(found)
    return Refunded(
        provider.create_refund(
            key=leased.key,
            payment_intent_id=request["payment_intent_id"],
            amount=amount_of(request),
            order_reference=request["order_reference"],
            **({"reference": reference} if reference is not None else {}),
        )
    )


def _submit_evidence(provider: PaymentProvider, leased: Leased) -> Answer:
    dispute_id = leased.request["dispute_id"]
    dispute = provider.find_dispute(dispute_id) if leased.look_up else None
    if dispute is None or not dispute.has_evidence:
        dispute = provider.submit_evidence(dispute_id, key=leased.key, text=leased.request["text"])
    return Told(Found(dispute=dispute))


def _close_dispute(provider: PaymentProvider, leased: Leased) -> Answer:
    dispute_id = leased.request["dispute_id"]
    dispute = provider.find_dispute(dispute_id) if leased.look_up else None
    if dispute is None or dispute.status != "lost":
        dispute = provider.close_dispute(dispute_id, key=leased.key)
    return Told(Found(dispute=dispute))


def _make_recipient(provider: PaymentProvider, leased: Leased) -> Answer:
    request = leased.request
    known = provider.recipients() if leased.look_up else ()
    for recipient in known:
        if recipient.reference == request["reference"]:
            return Told(Found(recipient=recipient))
    return Told(
        Found(
            recipient=provider.create_recipient(
                key=leased.key, country=request["country"], reference=request["reference"], email=request["email"]
            )
        )
    )


def _make_link(provider: PaymentProvider, leased: Leased) -> Answer:
    # A link asked for 20 hours ago is useless, and a second one does no harm.
    request = leased.request
    return LinkMade(
        provider.create_onboarding_link(
            request["recipient_id"],
            key=f"{leased.key}:late" if leased.look_up else leased.key,
            return_url=request["return_url"],
            refresh_url=request["refresh_url"],
        )
    )


def _transfer(provider: PaymentProvider, leased: Leased) -> Answer:
    request = leased.request
    known = provider.transfers_of(request["group"]) if leased.look_up else ()
    for transfer in known:
        if transfer.reference == request["reference"]:
            return Told(Found(transfer=transfer))
    if request["source_charge_id"] is None:
        _wait_for_funds(provider, amount_of(request))
    return Told(
        Found(
            transfer=provider.create_transfer(
                key=leased.key,
                recipient_id=request["recipient_id"],
                amount=amount_of(request),
                group=request["group"],
                source_charge_id=request["source_charge_id"],
                reference=request["reference"],
            )
        )
    )


def _wait_for_funds(provider: PaymentProvider, amount: Money) -> None:
    """Postpone what no single charge pays for until so much is available: a refusal would spend the key."""
    there = provider.balance().get(amount.currency)
    if there is None or there.available < amount:
        raise FundsNotThere


def _reverse(provider: PaymentProvider, leased: Leased) -> Answer:
    request = leased.request
    transfer = provider.find_transfer(request["transfer_id"]) if leased.look_up else None
    if transfer is None or not transfer.reversed:
        transfer = provider.reverse_transfer(request["transfer_id"], key=leased.key, amount=amount_of(request))
    return Told(Found(transfer=transfer))


def _pay_out(provider: PaymentProvider, leased: Leased) -> Answer:
    request = leased.request
    known = provider.bank_payouts() if leased.look_up else ()
    for payout in known:
        if payout.reference == request["reference"]:
            return Told(Found(bank_payout=payout))
    return Told(
        Found(
            bank_payout=provider.create_bank_payout(
                key=leased.key, amount=amount_of(request), reference=request["reference"]
            )
        )
    )


_CALLS: Final[Mapping[str, Callable[[PaymentProvider, Leased], Answer]]] = {
    "checkout": _open_page,
    "expiry": _close_page,
    "refund": _refund,
    "evidence": _submit_evidence,
    "dispute_close": _close_dispute,
    "recipient": _make_recipient,
    "onboarding": _make_link,
    "transfer": _transfer,
    "reversal": _reverse,
    "bank_payout": _pay_out,
}
