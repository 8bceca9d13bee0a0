"""Stripe: payment pages, payments, bank transfers and refunds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

import stripe

from marketplace.core.money import Money
from marketplace.payments.provider import (
    LARGEST_PAGE,
    CashReceipt,
    Checkout,
    CheckoutState,
    CheckoutStatus,
    Payment,
    ProviderRefused,
    Refund,
)
from marketplace.payments.stripe_amounts import from_stripe, to_stripe
from marketplace.payments.stripe_client import StripeConnection, id_of, moment, rate_of, reference_of, translated

if TYPE_CHECKING:
    from stripe.params.checkout import (
        SessionCreateParams,
        SessionCreateParamsLineItem,
        SessionCreateParamsPaymentIntentData,
        SessionCreateParamsPaymentMethodOptions,
    )

_CHECKOUT_STATES: Final[Mapping[str, CheckoutState]] = {"open": "open", "complete": "complete", "expired": "expired"}
# Which of Stripe's bank transfers takes which currency; euros go to an account in the named country.
_TRANSFERS: Final = {"USD": "us_bank_transfer", "EUR": "eu_bank_transfer", "GBP": "gb_bank_transfer"}
BANK_TRANSFER_CURRENCIES: Final = frozenset(_TRANSFERS)
_EURO_ACCOUNT_IN: Final = "DE"
# The lines of Stripe's books about a refund: they may stand in another currency.
_BOOKED: Final = ("balance_transaction", "failure_balance_transaction")


class StripePayments(StripeConnection):
    """Take payments and give them back."""

    def create_checkout(
        self,
        *,
        key: str,
        order_reference: str,
        amount: Money,
        description: str,
        success_url: str,
        cancel_url: str,
        expires_at: datetime,
        customer_email: str | None,
        customer_id: str | None = None,
    ) -> Checkout:
        """Open a payment page hosted by Stripe, for a card or for the bank transfer of a customer."""
        by_transfer = customer_id is not None
        params: SessionCreateParams = {
            "mode": "payment",
            "allowed_payment_method_types": ["customer_balance" if by_transfer else "card"],
            "payment_method_options": _method_options(amount.currency, by_transfer=by_transfer),
            "line_items": [_line(amount, description)],
            "success_url": success_url,
            "cancel_url": cancel_url,
            "expires_at": int(expires_at.timestamp()),
            "client_reference_id": order_reference,
            "metadata": {"order_reference": order_reference},
            "payment_intent_data": _intent_data(order_reference, description),
        }
        if customer_id is not None:
            params["customer"] = customer_id
        elif customer_email is not None:
            params["customer_email"] = customer_email
        with translated(changes=True):
            session = self._client.v1.checkout.sessions.create(params, {"idempotency_key": key})
        # A key sent again after the page was paid or expired is answered with the page as it first was.
        return Checkout(
            session_id=session.id,
            url=session.url or "",
            expires_at=moment(session.expires_at),
            payment_intent_id=id_of(session.payment_intent),
        )

    def find_checkout(self, session_id: str) -> CheckoutStatus:
        """Return how a payment page stands now."""
        with translated(changes=False):
            return _checkout_status(self._client.v1.checkout.sessions.retrieve(session_id))

    def expire_checkout(self, session_id: str, *, key: str) -> CheckoutStatus:
        """Close a payment page; one already complete or expired is answered as it stands."""
        try:
            with translated(changes=True):
                return _checkout_status(
                    self._client.v1.checkout.sessions.expire(session_id, None, {"idempotency_key": key})
                )
        except ProviderRefused:
            # Stripe has no code of its own for "not open any more": the page itself tells.
            status = self.find_checkout(session_id)
            if status.status == "open":
                raise
            return status

    def find_payment(self, payment_intent_id: str) -> Payment:
        """Return a payment with its fee."""
        with translated(changes=False):
            intent = self._client.v1.payment_intents.retrieve(
                payment_intent_id, {"expand": ["latest_charge.balance_transaction"]}
            )
        charge = intent.latest_charge if isinstance(intent.latest_charge, stripe.Charge) else None
        entry = charge.balance_transaction if charge else None
        return Payment(
            id=intent.id,
            status=intent.status,
            amount_received=from_stripe(intent.amount_received, intent.currency),
            charge_id=charge.id if charge else None,
            fee=from_stripe(entry.fee, entry.currency) if isinstance(entry, stripe.BalanceTransaction) else None,
            balance_transaction_id=id_of(entry),
            order_reference=reference_of(intent.metadata),
            customer_id=id_of(intent.customer),
            missing=_missing(intent),
            method_fingerprint=_fingerprint(charge),
            booked=_moved(entry),
            provider_rate=rate_of(entry.exchange_rate) if isinstance(entry, stripe.BalanceTransaction) else None,
        )

    def create_refund(
        self, *, key: str, payment_intent_id: str, amount: Money, order_reference: str, reference: str | None = None
    ) -> Refund:
        """Return all or part of a captured payment to its card or bank account."""
        more = {"reference": reference} if reference is not None else {}
        with translated(changes=True):
            refund = self._client.v1.refunds.create(
                {
                    "payment_intent": payment_intent_id,
                    "amount": to_stripe(amount),
                    "reason": "requested_by_customer",
                    "metadata": {"order_reference": order_reference, **more},
                    "expand": list(_BOOKED),
                },
                {"idempotency_key": key},
            )
        return _refund(refund)

    def find_refund(self, refund_id: str) -> Refund:
        """Return how a refund stands now."""
        with translated(changes=False):
            return _refund(self._client.v1.refunds.retrieve(refund_id, {"expand": list(_BOOKED)}))

    def refunds_of(self, payment_intent_id: str) -> Sequence[Refund]:
        """Return every refund of a payment, the oldest first."""
        with translated(changes=False):
            page = self._client.v1.refunds.list(
                {
                    "payment_intent": payment_intent_id,
                    "limit": LARGEST_PAGE,
                    "expand": [f"data.{field}" for field in _BOOKED],
                }
            )
            return [_refund(refund) for refund in page.auto_paging_iter()][::-1]

    def create_customer(self, *, key: str, reference: str, email: str | None) -> str:
        """Keep a customer, whom bank transfers belong to, and return Stripe's id."""
        with translated(changes=True):
            params: stripe.params.CustomerCreateParams = {"metadata": {"reference": reference}}
            if email is not None:
                params["email"] = email
            return self._client.v1.customers.create(params, {"idempotency_key": key}).id

    def cancel_payment(self, payment_intent_id: str, *, key: str) -> Payment:
        """Stop waiting for a bank transfer; a payment already made or canceled is answered as it stands."""
        try:
            with translated(changes=True):
                self._client.v1.payment_intents.cancel(payment_intent_id, None, {"idempotency_key": key})
        except ProviderRefused:
            found = self.find_payment(payment_intent_id)
            if found.status not in ("succeeded", "canceled"):
                raise
            return found
        return self.find_payment(payment_intent_id)

    def cash_receipts_of(self, customer_id: str) -> Sequence[CashReceipt]:
        """Return every bank transfer that arrived from a customer, the oldest first."""
        with translated(changes=False):
            page = self._client.v1.customers.cash_balance_transactions.list(customer_id, {"limit": LARGEST_PAGE})
            return [_cash_receipt(moved, customer_id) for moved in page.auto_paging_iter() if moved.type == "funded"][
                ::-1
            ]


def _line(amount: Money, description: str) -> SessionCreateParamsLineItem:
    currency = amount.currency.lower()
    return {
        "quantity": 1,
        "price_data": {"currency": currency, "unit_amount": to_stripe(amount), "product_data": {"name": description}},
    }


def _intent_data(order_reference: str, description: str) -> SessionCreateParamsPaymentIntentData:
    return {
        "capture_method": "automatic",
        "description": description,
        "metadata": {"order_reference": order_reference},
        "transfer_group": order_reference,
    }


def _method_options(currency: str, *, by_transfer: bool) -> SessionCreateParamsPaymentMethodOptions:
    if not by_transfer:
        return {"card": {"request_three_d_secure": "any"}}
    if currency not in _TRANSFERS:
        raise ProviderRefused("currency_not_supported", f"no bank transfer takes {currency}")
    kind = _TRANSFERS[currency]
    place = {"eu_bank_transfer": {"country": _EURO_ACCOUNT_IN}} if currency == "EUR" else {}
    transfer = {"type": kind, **place}
    return {"customer_balance": {"funding_type": "bank_transfer", "bank_transfer": transfer}}  # type: ignore[typeddict-item]


def _missing(intent: stripe.PaymentIntent) -> Money | None:
    shown = intent.next_action and getattr(intent.next_action, "display_bank_transfer_instructions", None)
    return from_stripe(shown.amount_remaining or 0, intent.currency) if shown else None


def _fingerprint(charge: stripe.Charge | None) -> str | None:
    """Return Stripe's name of the card or account behind a charge; a bank transfer out of a balance has none."""
    details = charge.payment_method_details if charge else None
    method = getattr(details, details.type, None) if details else None
    return getattr(method, "fingerprint", None)


def _cash_receipt(moved: stripe.CustomerCashBalanceTransaction, customer_id: str) -> CashReceipt:
    amount = from_stripe(moved.net_amount, moved.currency)
    return CashReceipt(moved.id, customer_id, amount, moment(moved.created), sender=_sender(moved))


def _sender(moved: stripe.CustomerCashBalanceTransaction) -> str | None:
    """Return what names the account a transfer came from: its bank, last digits and holder.

    Banks of the United States tell only the holder's name, which strangers share: there it is None.
    """
    transfer = getattr(getattr(moved, "funded", None), "bank_transfer", None)
    for kind, bank, digits in _ACCOUNTS:
        account = getattr(transfer, kind, None)
        parts = [getattr(account, name, None) for name in (bank, digits, "sender_name")]
        if all(parts):
            return "|".join(str(part).strip().casefold() for part in parts)
    return None


_ACCOUNTS: Final = (
    ("eu_bank_transfer", "bic", "iban_last4"),
    ("gb_bank_transfer", "sort_code", "account_number_last4"),
)


def _checkout_status(session: stripe.checkout.Session) -> CheckoutStatus:
    return CheckoutStatus(
        session_id=session.id,
        status=_CHECKOUT_STATES[session.status or ""],
        # "no_payment_required" cannot come from our sessions; anything but paid is unpaid.
        payment_status="paid" if session.payment_status == "paid" else "unpaid",
        payment_intent_id=id_of(session.payment_intent),
        amount=from_stripe(session.amount_total or 0, session.currency or ""),
        order_reference=reference_of(session.metadata),
    )


def _moved(entry: object) -> Money | None:
    """Return what a line of Stripe's books moved before its fee."""
    return abs(from_stripe(entry.amount, entry.currency)) if isinstance(entry, stripe.BalanceTransaction) else None


def _refund(refund: stripe.Refund) -> Refund:
    back = getattr(refund, "failure_balance_transaction", None)
    return Refund(
        id=refund.id,
        status=refund.status or "pending",
        amount=from_stripe(refund.amount, refund.currency),
        balance_transaction_id=id_of(refund.balance_transaction),
        failure_balance_transaction_id=id_of(back),
        payment_intent_id=id_of(refund.payment_intent),
        order_reference=reference_of(refund.metadata),
        reference=refund.metadata.to_dict().get("reference") if refund.metadata is not None else None,
        booked=_moved(refund.balance_transaction),
        returned=_moved(back),
    )
