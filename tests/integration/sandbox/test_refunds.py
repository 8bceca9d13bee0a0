"""Money goes back, never more than came in."""

from __future__ import annotations

import pytest

from marketplace.core.money import Money
from marketplace.payments.provider import PaymentProvider, ProviderRefused
from tests.integration.sandbox.conftest import open_checkout
from tests.integration.sandbox.processes import Sandbox


@pytest.fixture
def paid(sandbox: Sandbox, provider: PaymentProvider) -> str:
    """The payment of USD 1,240.00 that bob made."""
    checkout = open_checkout(provider)
    sandbox.pay(checkout.session_id)
    payment_id = provider.find_checkout(checkout.session_id).payment_intent_id
    assert payment_id is not None
    return payment_id


def usd(minor: int) -> Money:
    """Return dollars from cents."""
    return Money(minor, "USD")


def test_a_payment_is_refunded_in_parts_to_the_last_cent(provider: PaymentProvider, paid: str) -> None:
    for number, part in enumerate((99_999, 24_001)):
        refund = provider.create_refund(
            key=f"{paid}-{number}", payment_intent_id=paid, amount=usd(part), order_reference="order-1"
        )
        assert (refund.status, refund.amount, refund.order_reference) == ("succeeded", usd(part), "order-1")
        assert provider.find_refund(refund.id) == refund
    assert [refund.amount.minor for refund in provider.refunds_of(paid)] == [99_999, 24_001]
    assert [line.net.minor for line in provider.balance_transactions_since(None)[-2:]] == [-99_999, -24_001]


def test_more_than_was_captured_is_refused(provider: PaymentProvider, paid: str) -> None:
    provider.create_refund(key=f"{paid}-1", payment_intent_id=paid, amount=usd(100_000), order_reference="order-1")
    with pytest.raises(ProviderRefused) as refused:
        provider.create_refund(key=f"{paid}-2", payment_intent_id=paid, amount=usd(24_001), order_reference="order-1")
    assert refused.value.reason == "amount_too_large"
    assert len(provider.refunds_of(paid)) == 1


def test_the_same_key_refunds_once(provider: PaymentProvider, paid: str) -> None:
    first, second = (
        provider.create_refund(key=f"{paid}-1", payment_intent_id=paid, amount=usd(500), order_reference="order-1")
        for _ in range(2)
    )
    assert first == second
    assert len(provider.refunds_of(paid)) == 1


def test_a_refund_that_fails_at_the_bank_brings_the_money_back(
    sandbox: Sandbox, provider: PaymentProvider, paid: str
) -> None:
    sandbox.order("faults", fail_refunds_next=1)
    refund = provider.create_refund(
        key=f"{paid}-1", payment_intent_id=paid, amount=usd(124_000), order_reference="order-1"
    )
    assert refund.status == "failed"
    lines = provider.balance_transactions_since(None)[-2:]
    assert [(line.type, line.net.minor) for line in lines] == [("refund", -124_000), ("refund_failure", 124_000)]
    assert [line.id for line in lines] == [refund.balance_transaction_id, refund.failure_balance_transaction_id]


def test_a_payment_nobody_made_is_not_refunded(provider: PaymentProvider) -> None:
    with pytest.raises(ProviderRefused) as refused:
        provider.create_refund(key="lost", payment_intent_id="pi_lost", amount=usd(1), order_reference="order-1")
    assert refused.value.reason == "resource_missing"
