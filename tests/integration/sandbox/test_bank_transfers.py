"""Bob pays by bank transfer; his money arrives exact, short, in excess, late or not at all."""

from __future__ import annotations

import pytest
import requests

from marketplace.core.money import Money
from marketplace.payments.provider import Payment, PaymentProvider, ProviderRefused
from tests.integration.sandbox.banks import new_customer, newest_lines, tell_bank
from tests.integration.sandbox.conftest import PRICE, open_checkout
from tests.integration.sandbox.processes import Receiver, Sandbox, wait_until


@pytest.fixture
def customer(provider: PaymentProvider) -> str:
    """Bob, as the provider knows him."""
    return new_customer(provider)


@pytest.fixture
def session_id(sandbox: Sandbox, provider: PaymentProvider, customer: str) -> str:
    """The page on which bob promised to send USD 1,240.00."""
    checkout = open_checkout(provider, customer_id=customer)
    promised = sandbox.pay(checkout.session_id)
    assert promised.status_code == 200
    assert "Send USD 1,240.00" in promised.text
    return checkout.session_id


def payment_of(provider: PaymentProvider, session_id: str) -> Payment:
    return provider.find_payment(provider.find_checkout(session_id).payment_intent_id or "")


def test_a_promise_is_not_a_payment(provider: PaymentProvider, session_id: str) -> None:
    status = provider.find_checkout(session_id)
    assert (status.status, status.payment_status) == ("complete", "unpaid")
    payment = payment_of(provider, session_id)
    assert (payment.status, payment.missing, payment.fee) == ("requires_action", PRICE, None)


def test_the_exact_amount_pays(sandbox: Sandbox, provider: PaymentProvider, session_id: str, customer: str) -> None:
    assert tell_bank(sandbox, "bank_transfers", session=session_id, amount=124_000) == 200
    payment = payment_of(provider, session_id)
    # 0.5 % of 124,000 cents is 620, at most 500
    assert (payment.status, payment.amount_received, payment.fee) == ("succeeded", PRICE, Money(500, "USD"))
    assert provider.find_checkout(session_id).payment_status == "paid"
    assert [receipt.amount for receipt in provider.cash_receipts_of(customer)] == [PRICE]
    line = newest_lines(provider, 1)[0]
    assert (line.type, line.net) == ("payment", Money(123_500, "USD"))


def test_a_short_amount_waits_for_the_rest(sandbox: Sandbox, provider: PaymentProvider, session_id: str) -> None:
    known = newest_lines(provider, 1)
    tell_bank(sandbox, "bank_transfers", session=session_id, amount=123_999)
    payment = payment_of(provider, session_id)
    assert (payment.status, payment.missing) == ("requires_action", Money(1, "USD"))
    assert newest_lines(provider, 1) == known, "nothing is ours before all of it is there"
    tell_bank(sandbox, "bank_transfers", session=session_id, amount=1)
    assert payment_of(provider, session_id).status == "succeeded"


def test_an_excess_stays_the_customers_and_pays_the_next_order(
    sandbox: Sandbox, provider: PaymentProvider, session_id: str, customer: str
) -> None:
    tell_bank(sandbox, "bank_transfers", session=session_id, amount=124_000 + 5_000)
    assert payment_of(provider, session_id).amount_received == PRICE
    second = open_checkout(provider, amount=Money(7_000, "USD"), customer_id=customer)
    assert "Send USD 20.00" in sandbox.pay(second.session_id).text


def test_a_late_transfer_stays_the_customers(
    sandbox: Sandbox, provider: PaymentProvider, session_id: str, customer: str
) -> None:
    intent_id = payment_of(provider, session_id).id
    tell_bank(sandbox, "bank_transfers", session=session_id, amount=1_000)
    assert provider.cancel_payment(intent_id, key=f"cancel-{intent_id}").status == "canceled"
    tell_bank(sandbox, "bank_transfers", session=session_id, amount=123_000)
    assert payment_of(provider, session_id).amount_received == Money(0, "USD")
    cash = requests.get(
        f"{sandbox.url}/v1/customers/{customer}/cash_balance", auth=("sk_test_of_the_tests", ""), timeout=5
    )
    assert cash.json()["available"] == {"usd": 124_000}


def test_canceling_a_paid_transfer_answers_that_it_is_paid(
    sandbox: Sandbox, provider: PaymentProvider, session_id: str
) -> None:
    tell_bank(sandbox, "bank_transfers", session=session_id, amount=124_000)
    intent_id = payment_of(provider, session_id).id
    assert provider.cancel_payment(intent_id, key=f"cancel-{intent_id}").status == "succeeded"


def test_the_shop_is_told_of_every_step(
    sandbox: Sandbox, provider: PaymentProvider, customer: str, receiver: Receiver
) -> None:
    checkout = open_checkout(provider, customer_id=customer)
    sandbox.pay(checkout.session_id)
    tell_bank(sandbox, "bank_transfers", session=checkout.session_id, amount=100)
    tell_bank(sandbox, "bank_transfers", session=checkout.session_id, amount=123_900)
    wait_until(lambda: len(receiver.deliveries) == 12, why="every event arrives")
    assert receiver.types() == [
        "customer.created",
        "payment_intent.created",
        "payment_intent.requires_action",
        "checkout.session.completed",
        "customer_cash_balance_transaction.created",
        "customer_cash_balance_transaction.created",
        "payment_intent.partially_funded",
        "customer_cash_balance_transaction.created",
        "customer_cash_balance_transaction.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.async_payment_succeeded",
    ]


def test_a_transfer_may_fail(sandbox: Sandbox, provider: PaymentProvider, session_id: str) -> None:
    assert tell_bank(sandbox, "bank_transfers/fail", session=session_id) == 200
    assert payment_of(provider, session_id).status == "requires_payment_method"
    assert tell_bank(sandbox, "bank_transfers/fail", session=session_id) == 400


def test_a_currency_no_bank_transfer_takes_is_refused(provider: PaymentProvider, customer: str) -> None:
    with pytest.raises(ProviderRefused) as refused:
        open_checkout(provider, amount=Money(100_000, "TZS"), customer_id=customer)
    assert refused.value.reason == "currency_not_supported"


def test_a_refund_of_a_transfer_may_be_pending(sandbox: Sandbox, provider: PaymentProvider, session_id: str) -> None:
    tell_bank(sandbox, "bank_transfers", session=session_id, amount=124_000)
    intent_id = payment_of(provider, session_id).id
    sandbox.order("faults", pend_refunds_next=1)
    refund = provider.create_refund(key=intent_id, payment_intent_id=intent_id, amount=PRICE, order_reference="order-1")
    assert refund.status == "pending"
    tell_bank(sandbox, "refunds", refund=refund.id, outcome="succeeded")
    assert provider.find_refund(refund.id).status == "succeeded"
    assert tell_bank(sandbox, "refunds", refund=refund.id, outcome="failed") == 400
    assert newest_lines(provider, 1)[0].type == "payment_refund"
