"""Stripe behind the payment provider's words; only the modules stripe_… import stripe."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

import stripe

from marketplace.payments.provider import LARGEST_PAGE, BalanceTransaction, ForgedEvent, ProviderEvent
from marketplace.payments.stripe_amounts import from_stripe
from marketplace.payments.stripe_client import API_VERSION, RETRIES, TIMEOUT_SECONDS, id_of, moment, translated
from marketplace.payments.stripe_disputes import StripeDisputes
from marketplace.payments.stripe_payments import StripePayments
from marketplace.payments.stripe_recipients import StripeRecipients
from marketplace.payments.webhook_signature import is_genuine

__all__ = ["API_VERSION", "RETRIES", "TIMEOUT_SECONDS", "StripeProvider"]

# A first read walks back to the oldest line; more pages than this mean that something is wrong.
_MOST_PAGES: Final = 2_000

# A movement of a customer's cash has no address of its own: the customer is what is looked at.
CASH_MOVED: Final = "customer_cash_balance_transaction"

_Item = TypeVar("_Item", stripe.Event, stripe.BalanceTransaction)


class StripeProvider(StripePayments, StripeDisputes, StripeRecipients):
    """All that the marketplace asks of Stripe, over one connection."""

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


def _after(read: Callable[[Any], stripe.ListObject[_Item]], after_id: str | None, *, limit: int) -> list[_Item]:
    """Return what comes after a cursor, the oldest first, though Stripe lists the newest first."""
    size = min(limit, LARGEST_PAGE)
    with translated(changes=False):
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


def _balance_transaction(entry: stripe.BalanceTransaction) -> BalanceTransaction:
    return BalanceTransaction(
        id=entry.id,
        type=entry.type,
        source_id=id_of(entry.source),
        amount=from_stripe(entry.amount, entry.currency),
        fee=from_stripe(entry.fee, entry.currency),
        net=from_stripe(entry.net, entry.currency),
        created=moment(entry.created),
    )


def _event(raw: dict[str, Any]) -> ProviderEvent:
    subject = raw["data"]["object"]
    return ProviderEvent(
        id=raw["id"],
        type=raw["type"],
        # The balance and a few others have no id; nobody fetches them again.
        object_id=subject["customer"] if subject["object"] == CASH_MOVED else subject.get("id", ""),
        object_type=subject["object"],
        created=moment(raw["created"]),
        raw=raw,
    )
