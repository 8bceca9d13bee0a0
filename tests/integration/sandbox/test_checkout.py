"""A buyer meets the payment page; the provider sees what came of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import requests

from marketplace.core.money import Money
from marketplace.payments.provider import PaymentProvider, ProviderRefused
from tests.integration.sandbox.conftest import PRICE, open_checkout, provider_of
from tests.integration.sandbox.processes import Sandbox, wait_until


def test_bob_pays_and_returns_to_the_shop(sandbox: Sandbox, provider: PaymentProvider) -> None:
    checkout = open_checkout(provider)
    page = requests.get(checkout.url, timeout=5)
    assert "USD 1,240.00" in page.text
    assert "Tanzanite, 3.42 ct, rough" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    paid = sandbox.pay(checkout.session_id)
    assert paid.status_code == 303
    assert paid.headers["Location"] == f"https://shop.example/orders/1?session={checkout.session_id}"
    status = provider.find_checkout(checkout.session_id)
    assert (status.status, status.payment_status, status.amount) == ("complete", "paid", PRICE)


def test_a_payment_shows_the_fee_that_stripe_kept(sandbox: Sandbox, provider: PaymentProvider) -> None:
    checkout = open_checkout(provider)
    sandbox.pay(checkout.session_id)
    status = provider.find_checkout(checkout.session_id)
    assert status.payment_intent_id is not None
    payment = provider.find_payment(status.payment_intent_id)
    # 124,000 cents x 2.9 % = 3,596, and 30 more
    assert payment.fee == Money(3_626, "USD")
    assert (payment.status, payment.amount_received) == ("succeeded", PRICE)
    assert payment.order_reference == status.order_reference
    line = provider.balance_transactions_since(None)[-1]
    assert (line.id, line.source_id) == (payment.balance_transaction_id, payment.charge_id)
    assert line.net == line.amount - line.fee


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("4000 0000 0000 0002", "Your card was declined."),
        ("4000 0000 0000 9995", "Your card has insufficient funds."),
        ("4111 1111 1111 1111", "Enter one of the test card numbers"),
    ],
)
def test_a_refused_card_is_explained_and_another_one_pays(
    sandbox: Sandbox, provider: PaymentProvider, number: str, words: str
) -> None:
    checkout = open_checkout(provider)
    refused = sandbox.pay(checkout.session_id, number)
    assert refused.status_code == 422
    assert words in refused.text
    assert f'value="{number}"' in refused.text
    assert provider.find_checkout(checkout.session_id).payment_status == "unpaid"
    assert sandbox.pay(checkout.session_id).status_code == 303
    assert provider.find_checkout(checkout.session_id).payment_status == "paid"


def test_sending_the_form_ten_times_at_once_pays_once(sandbox: Sandbox, provider: PaymentProvider) -> None:
    checkout = open_checkout(provider)
    known = provider.balance_transactions_since(None)
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: sandbox.pay(checkout.session_id).status_code, range(10)))
    assert answers == [303] * 10
    assert len(provider.balance_transactions_since(None)) == len(known) + 1


def test_an_expired_page_takes_no_money(sandbox: Sandbox, provider: PaymentProvider) -> None:
    checkout = open_checkout(provider)
    assert provider.expire_checkout(checkout.session_id, key=f"expire-{checkout.session_id}").status == "expired"
    assert sandbox.pay(checkout.session_id).status_code == 410
    assert provider.find_checkout(checkout.session_id).payment_status == "unpaid"


def test_expiring_a_paid_page_answers_that_it_is_paid(sandbox: Sandbox, provider: PaymentProvider) -> None:
    checkout = open_checkout(provider)
    sandbox.pay(checkout.session_id)
    status = provider.expire_checkout(checkout.session_id, key=f"expire-{checkout.session_id}")
    assert (status.status, status.payment_status) == ("complete", "paid")


def test_a_page_expires_by_itself_when_its_time_has_come(own_sandbox: Sandbox) -> None:
    provider = provider_of(own_sandbox)
    checkout = open_checkout(provider)
    own_sandbox.order("clock", advance_seconds=2_399)
    assert provider.find_checkout(checkout.session_id).status == "open"
    own_sandbox.order("clock", advance_seconds=60)
    assert provider.find_checkout(checkout.session_id).status == "expired"
    wait_until(lambda: own_sandbox.deliveries()["sent"] == 1, why="the shop is told")
    assert [event.type for event in provider.events_since(None)] == ["checkout.session.expired"]
    provider.close()


def test_a_page_shorter_than_stripe_allows_is_refused(provider: PaymentProvider) -> None:
    with pytest.raises(ProviderRefused) as refused:
        provider.create_checkout(
            key="too-short", order_reference="order-0", amount=PRICE, description="Ruby",
            success_url="https://shop.example/", cancel_url="https://shop.example/",
            expires_at=datetime.now(UTC) + timedelta(minutes=29), customer_email=None,
        )  # fmt: skip
    assert "greater than or equal to" in refused.value.detail


def test_a_wrong_key_is_refused(sandbox: Sandbox) -> None:
    answer = requests.get(f"{sandbox.url}/v1/balance", auth=("sk_test_of_mallory", ""), timeout=5)
    assert answer.status_code == 401
    assert "mallory" not in answer.text


def test_shillings_of_uganda_are_shown_as_people_write_them(provider: PaymentProvider) -> None:
    # UGX has no decimals, yet Stripe writes UGX 5,000 as 500000.
    checkout = open_checkout(provider, amount=Money(5_000, "UGX"))
    assert provider.find_checkout(checkout.session_id).amount == Money(5_000, "UGX")
