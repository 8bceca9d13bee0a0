"""Stripe behind the payment provider's words; the only module that imports stripe."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

import stripe
from stripe import StripeClient

from marketplace.core.money import Money
from marketplace.payments.provider import (
    LARGEST_PAGE,
    BalanceTransaction,
    Checkout,
    CheckoutState,
    CheckoutStatus,
    ForgedEvent,
    Payment,
    ProviderEvent,
    ProviderRefused,
    ProviderUnavailable,
    Refund,
)
from marketplace.payments.stripe_amounts import from_stripe, to_stripe
from marketplace.payments.webhook_signature import is_genuine

if TYPE_CHECKING:
    from stripe.params.checkout import (
        SessionCreateParams,
        SessionCreateParamsLineItem,
        SessionCreateParamsPaymentIntentData,
    )

API_VERSION: Final = "2026-10-28.endive"
TIMEOUT_SECONDS: Final = (3, 15)  # to connect, to answer
RETRIES: Final = 2
# A first read walks back to the oldest line; more pages than this mean that something is wrong.
_MOST_PAGES: Final = 2_000

_CHECKOUT_STATES: Final[Mapping[str, CheckoutState]] = {"open": "open", "complete": "complete", "expired": "expired"}

# Telemetry would write an id into the home directory.
stripe.enable_telemetry = False

_Item = TypeVar("_Item", stripe.Event, stripe.BalanceTransaction)


class StripeProvider:
    """Speak to Stripe, or to the sandbox: only the key and the base address differ."""

    def __init__(self, api_key: str, webhook_secret: str, api_base: str | None = None) -> None:
        self._webhook_secret = webhook_secret
        self._http = stripe.RequestsClient(timeout=TIMEOUT_SECONDS)
        self._client = StripeClient(
            api_key,
            stripe_version=API_VERSION,
            base_addresses={"api": api_base.rstrip("/")} if api_base else None,
            max_network_retries=RETRIES,
            http_client=self._http,
        )

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
    ) -> Checkout:
        """Open a payment page hosted by Stripe."""
        params: SessionCreateParams = {
            "mode": "payment",
            "allowed_payment_method_types": ["card"],
            "payment_method_options": {"card": {"request_three_d_secure": "any"}},
            "line_items": [_line(amount, description)],
            "success_url": success_url,
            "cancel_url": cancel_url,
            "expires_at": int(expires_at.timestamp()),
            "client_reference_id": order_reference,
            "metadata": {"order_reference": order_reference},
            "payment_intent_data": _intent_data(order_reference, description),
        }
        if customer_email is not None:
            params["customer_email"] = customer_email
        with _translated(changes=True):
            session = self._client.v1.checkout.sessions.create(params, {"idempotency_key": key})
        # A key sent again after the page was paid or expired is answered with the page as it first was.
        return Checkout(
            session_id=session.id,
            url=session.url or "",
            expires_at=_moment(session.expires_at),
            payment_intent_id=_id_of(session.payment_intent),
        )

    def find_checkout(self, session_id: str) -> CheckoutStatus:
        """Return how a payment page stands now."""
        with _translated(changes=False):
            return _checkout_status(self._client.v1.checkout.sessions.retrieve(session_id))

    def expire_checkout(self, session_id: str, *, key: str) -> CheckoutStatus:
        """Close a payment page; one already complete or expired is answered as it stands."""
        try:
            with _translated(changes=True):
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
        with _translated(changes=False):
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
            balance_transaction_id=_id_of(entry),
            order_reference=_reference(intent.metadata),
        )

    def create_refund(self, *, key: str, payment_intent_id: str, amount: Money, order_reference: str) -> Refund:
        """Return all or part of a captured payment to its card."""
        with _translated(changes=True):
            refund = self._client.v1.refunds.create(
                {
                    "payment_intent": payment_intent_id,
                    "amount": to_stripe(amount),
                    "reason": "requested_by_customer",
                    "metadata": {"order_reference": order_reference},
                },
                {"idempotency_key": key},
            )
        return _refund(refund)

    def find_refund(self, refund_id: str) -> Refund:
        """Return how a refund stands now."""
        with _translated(changes=False):
            return _refund(self._client.v1.refunds.retrieve(refund_id))

    def refunds_of(self, payment_intent_id: str) -> Sequence[Refund]:
        """Return every refund of a payment, the oldest first."""
        with _translated(changes=False):
            page = self._client.v1.refunds.list({"payment_intent": payment_intent_id, "limit": LARGEST_PAGE})
            return [_refund(refund) for refund in page.auto_paging_iter()][::-1]

    def read_event(self, payload: bytes, signature: str, *, now_wall: datetime) -> ProviderEvent:
        """Return a signed event whose time is within five minutes of `now_wall`, or raise ForgedEvent."""
        if not is_genuine(payload, signature, secret=self._webhook_secret, now=now_wall):
            raise ForgedEvent
        try:
            return _event(json.loads(payload))
        except (ValueError, KeyError, TypeError) as error:
            raise ForgedEvent from error

    def events_since(self, after_id: str | None, *, limit: int = LARGEST_PAGE) -> Sequence[ProviderEvent]:
        """Return the events after one, the oldest first; Stripe keeps them 30 days."""
        found = _after(self._client.v1.events.list, after_id, limit=limit)
        return [_event(event.to_dict()) for event in found]

    def balance_transactions_since(
        self, after_id: str | None, *, limit: int = LARGEST_PAGE
    ) -> Sequence[BalanceTransaction]:
        """Return the lines of Stripe's books after one, the oldest first."""
        found = _after(self._client.v1.balance_transactions.list, after_id, limit=limit)
        return [_balance_transaction(entry) for entry in found]

    def close(self) -> None:
        """Close the connections of this thread."""
        self._http.close()  # type: ignore[no-untyped-call]


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


def _after(read: Callable[[Any], stripe.ListObject[_Item]], after_id: str | None, *, limit: int) -> list[_Item]:
    """Return what comes after a cursor, the oldest first, though Stripe lists the newest first."""
    size = min(limit, LARGEST_PAGE)
    with _translated(changes=False):
        if after_id is not None:
            return list(reversed(read({"limit": size, "ending_before": after_id}).data))
        page: stripe.ListObject[_Item] = read({"limit": LARGEST_PAGE})
        oldest: list[_Item] = page.data
        for _ in range(_MOST_PAGES):
            if not page.has_more:
                break
            page = read({"limit": LARGEST_PAGE, "starting_after": page.data[-1].id})
            oldest = oldest[-LARGEST_PAGE:] + page.data
        return list(reversed(oldest))[:size]


@contextmanager
def _translated(*, changes: bool) -> Iterator[None]:
    """Raise Stripe's errors in our words; only a call that changes something has an unknown outcome."""
    try:
        yield
    except stripe.RateLimitError as error:
        raise ProviderUnavailable(outcome_unknown=False) from error
    except (stripe.APIConnectionError, stripe.APIError) as error:
        raise ProviderUnavailable(outcome_unknown=changes) from error
    except stripe.StripeError as error:
        reason = error.code or (error.error.type if error.error else None) or type(error).__name__
        raise ProviderRefused(str(reason), error.user_message or "") from error


def _checkout_status(session: stripe.checkout.Session) -> CheckoutStatus:
    return CheckoutStatus(
        session_id=session.id,
        status=_CHECKOUT_STATES[session.status or ""],
        # "no_payment_required" cannot come from our sessions; anything but paid is unpaid.
        payment_status="paid" if session.payment_status == "paid" else "unpaid",
        payment_intent_id=_id_of(session.payment_intent),
        amount=from_stripe(session.amount_total or 0, session.currency or ""),
        order_reference=_reference(session.metadata),
    )


def _refund(refund: stripe.Refund) -> Refund:
    return Refund(
        id=refund.id,
        status=refund.status or "pending",
        amount=from_stripe(refund.amount, refund.currency),
        balance_transaction_id=_id_of(refund.balance_transaction),
        failure_balance_transaction_id=_id_of(getattr(refund, "failure_balance_transaction", None)),
        payment_intent_id=_id_of(refund.payment_intent),
        order_reference=_reference(refund.metadata),
    )


def _balance_transaction(entry: stripe.BalanceTransaction) -> BalanceTransaction:
    return BalanceTransaction(
        id=entry.id,
        type=entry.type,
        source_id=_id_of(entry.source),
        amount=from_stripe(entry.amount, entry.currency),
        fee=from_stripe(entry.fee, entry.currency),
        net=from_stripe(entry.net, entry.currency),
        created=_moment(entry.created),
    )


def _event(raw: dict[str, Any]) -> ProviderEvent:
    subject = raw["data"]["object"]
    return ProviderEvent(
        id=raw["id"],
        type=raw["type"],
        # The balance and a few others have no id; nobody fetches them again.
        object_id=subject.get("id", ""),
        object_type=subject["object"],
        created=_moment(raw["created"]),
        raw=raw,
    )


def _id_of(reference: Any) -> str | None:
    """Return the id of a field that holds an id or the whole object."""
    return reference if reference is None or isinstance(reference, str) else str(reference.id)


def _reference(metadata: Any) -> str | None:
    """Return our own reference, which foreign objects on the account do not carry."""
    return metadata.to_dict().get("order_reference") if metadata is not None else None


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)
