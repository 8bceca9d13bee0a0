"""One sandbox for these tests, quiet and without faults at the start of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from marketplace.core.money import Money
from marketplace.payments.provider import Checkout, PaymentProvider
from marketplace.payments.stripe_provider import StripeProvider
from tests.integration.sandbox.processes import SECRET_KEY, WEBHOOK_SECRET, Receiver, Sandbox

PRICE = Money(124_000, "USD")


@pytest.fixture(scope="package")
def shared_receiver() -> Iterator[Receiver]:
    """A receiver for all tests."""
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture(scope="package")
def shared_sandbox(tmp_path_factory: pytest.TempPathFactory, shared_receiver: Receiver) -> Iterator[Sandbox]:
    """A sandbox for all tests."""
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox") / "state.db", shared_receiver.url)
    sandbox.start()
    yield sandbox
    sandbox.kill()


@pytest.fixture
def sandbox(shared_sandbox: Sandbox, shared_receiver: Receiver) -> Iterator[Sandbox]:
    """The sandbox without faults and with nothing left to deliver."""
    shared_sandbox.settle()
    shared_receiver.deliveries.clear()
    yield shared_sandbox
    shared_receiver.statuses.clear()
    shared_sandbox.settle()


@pytest.fixture
def receiver(sandbox: Sandbox, shared_receiver: Receiver) -> Receiver:
    """The receiver, empty."""
    return shared_receiver


@pytest.fixture
def own_sandbox(tmp_path: Path, shared_receiver: Receiver) -> Iterator[Sandbox]:
    """A sandbox that the test may kill or move in time."""
    sandbox = Sandbox(tmp_path / "state.db", shared_receiver.url)
    sandbox.start()
    yield sandbox
    sandbox.kill()


@pytest.fixture
def provider(sandbox: Sandbox) -> Iterator[PaymentProvider]:
    """The real Stripe provider, pointed at the sandbox."""
    stripe_provider = provider_of(sandbox)
    yield stripe_provider
    stripe_provider.close()


def provider_of(sandbox: Sandbox) -> StripeProvider:
    """Return the provider for a sandbox."""
    return StripeProvider(SECRET_KEY, WEBHOOK_SECRET, sandbox.url)


_numbers = count(1)


def open_checkout(
    provider: PaymentProvider, *, amount: Money = PRICE, key: str | None = None, customer_id: str | None = None
) -> Checkout:
    """Open a payment page for the next order."""
    number = next(_numbers)
    return provider.create_checkout(
        key=key or f"checkout-{number}",
        order_reference=f"order-{number}",
        amount=amount,
        description="Tanzanite, 3.42 ct, rough",
        success_url="https://shop.example/orders/1?session={CHECKOUT_SESSION_ID}",
        cancel_url="https://shop.example/lots/1",
        expires_at=datetime.now(UTC) + timedelta(minutes=40),
        customer_email="bob@example.org",
        customer_id=customer_id,
    )
