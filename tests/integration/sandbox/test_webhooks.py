"""Events arrive signed, and misbehave only as asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import stripe

from marketplace.payments.provider import ForgedEvent, PaymentProvider
from tests.integration.sandbox.conftest import open_checkout
from tests.integration.sandbox.processes import WEBHOOK_SECRET, Receiver, Sandbox, wait_until

IN_ORDER = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
]


def pay(sandbox: Sandbox, provider: PaymentProvider) -> str:
    """Let bob pay, and return the session."""
    checkout = open_checkout(provider)
    assert sandbox.pay(checkout.session_id).status_code == 303
    return checkout.session_id


def newest_event_id(provider: PaymentProvider) -> str | None:
    """Walk the list of events page by page, as the sweep does, to its end."""
    cursor = None
    while page := provider.events_since(cursor, limit=7):
        cursor = page[-1].id
    return cursor


def test_a_payment_is_told_in_order_and_signed(sandbox: Sandbox, provider: PaymentProvider, receiver: Receiver) -> None:
    session_id = pay(sandbox, provider)
    wait_until(lambda: len(receiver.deliveries) == 4, why="four events arrive")
    assert receiver.types() == IN_ORDER
    last = receiver.deliveries[-1]
    event = provider.read_event(last.payload, last.signature, now_wall=datetime.now(UTC))
    assert (event.type, event.object_id) == ("checkout.session.completed", session_id)
    assert event.object_type == "checkout.session"
    theirs = stripe.Webhook.construct_event(last.payload, last.signature, WEBHOOK_SECRET)
    assert theirs.id == event.id
    assert newest_event_id(provider) == event.id


@pytest.mark.parametrize("away", [timedelta(seconds=310), timedelta(seconds=-310)], ids=["old", "from the future"])
def test_an_event_out_of_its_time_is_forged(
    sandbox: Sandbox, provider: PaymentProvider, receiver: Receiver, away: timedelta
) -> None:
    pay(sandbox, provider)
    wait_until(lambda: bool(receiver.deliveries), why="an event arrives")
    first = receiver.deliveries[0]
    with pytest.raises(ForgedEvent):
        provider.read_event(first.payload, first.signature, now_wall=datetime.now(UTC) + away)


def test_a_changed_event_is_forged(sandbox: Sandbox, provider: PaymentProvider, receiver: Receiver) -> None:
    pay(sandbox, provider)
    wait_until(lambda: bool(receiver.deliveries), why="an event arrives")
    first = receiver.deliveries[0]
    with pytest.raises(ForgedEvent):
        provider.read_event(first.payload + b" ", first.signature, now_wall=datetime.now(UTC))


def test_events_are_delivered_twice_on_demand(sandbox: Sandbox, provider: PaymentProvider, receiver: Receiver) -> None:
    sandbox.order("faults", duplicate_next=4)
    pay(sandbox, provider)
    wait_until(lambda: len(receiver.deliveries) == 8, why="every event arrives twice")
    assert len({delivery.event["id"] for delivery in receiver.deliveries}) == 4


def test_held_events_arrive_in_reverse(sandbox: Sandbox, provider: PaymentProvider, receiver: Receiver) -> None:
    sandbox.order("faults", hold=1)
    pay(sandbox, provider)
    assert sandbox.deliveries()["held"] == 4
    sandbox.order("release")
    wait_until(lambda: len(receiver.deliveries) == 4, why="the held events arrive")
    assert receiver.types() == IN_ORDER[::-1]


def test_a_dropped_event_is_found_by_reading_the_list(
    sandbox: Sandbox, provider: PaymentProvider, receiver: Receiver
) -> None:
    newest = newest_event_id(provider)
    sandbox.order("faults", drop_next=3)
    pay(sandbox, provider)
    wait_until(lambda: len(receiver.deliveries) == 1, why="the one kept event arrives")
    assert receiver.types() == IN_ORDER[3:]
    assert [event.type for event in provider.events_since(newest)] == IN_ORDER


def test_a_delayed_event_waits(sandbox: Sandbox, provider: PaymentProvider, receiver: Receiver) -> None:
    sandbox.order("faults", delay_ms=400)
    pay(sandbox, provider)
    assert (sandbox.deliveries()["waiting"], receiver.types()) == (4, [])
    wait_until(lambda: len(receiver.deliveries) == 4, why="the delayed events arrive")


def test_an_event_is_sent_again_until_the_shop_takes_it(
    sandbox: Sandbox, provider: PaymentProvider, receiver: Receiver
) -> None:
    receiver.statuses[:] = [500, 302, 200, 200, 200]
    pay(sandbox, provider)
    wait_until(lambda: len(receiver.deliveries) == 6, why="two refused events come again")
    assert sorted(set(receiver.types())) == sorted(IN_ORDER)
