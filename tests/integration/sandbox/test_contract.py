"""Stripe's own classes read the sandbox's answers, with every field they promise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import pytest
import requests
import stripe

from marketplace.core.money import Money
from marketplace.payments.provider import PaymentProvider
from marketplace.payments.stripe_provider import API_VERSION
from tests.integration.sandbox.banks import new_customer, new_recipient, tell_bank
from tests.integration.sandbox.conftest import open_checkout
from tests.integration.sandbox.processes import SECRET_KEY, Sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[stripe.StripeClient]:
    """Stripe's own client."""
    http = stripe.RequestsClient(timeout=5)
    yield stripe.StripeClient(
        SECRET_KEY, stripe_version=API_VERSION, base_addresses={"api": sandbox.url}, http_client=http
    )
    http.close()  # type: ignore[no-untyped-call]


def promised(kind: type[stripe.StripeObject]) -> set[str]:
    """Return the fields that Stripe's class says are always there and not empty."""
    return {
        name
        for name, hint in kind.__annotations__.items()
        if not name.startswith("_") and not str(hint).startswith(("Optional", "ClassVar", "typing.Optional"))
        and not str(hint).startswith("typing.ClassVar") and "NoneType" not in str(hint)
    }  # fmt: skip


def test_every_object_is_of_its_class_and_complete(
    sandbox: Sandbox, provider: PaymentProvider, client: stripe.StripeClient
) -> None:
    checkout = open_checkout(provider)
    sandbox.pay(checkout.session_id)
    session = client.v1.checkout.sessions.retrieve(
        checkout.session_id, {"expand": ["payment_intent.latest_charge.balance_transaction"]}
    )
    intent = session.payment_intent
    assert isinstance(intent, stripe.PaymentIntent)
    charge = intent.latest_charge
    assert isinstance(charge, stripe.Charge)
    refund = client.v1.refunds.create({"charge": charge.id, "amount": 100})
    event = client.v1.events.list({"limit": 1}).data[0]
    found = (
        (session, stripe.checkout.Session), (intent, stripe.PaymentIntent), (charge, stripe.Charge),
        (charge.balance_transaction, stripe.BalanceTransaction), (refund, stripe.Refund), (event, stripe.Event),
        (client.v1.balance.retrieve(), stripe.Balance),
    )  # fmt: skip
    check_all(found)


def check_all(found: Iterable[tuple[object, type[stripe.StripeObject]]]) -> None:
    """Fail for an answer of another class, or without a field its class promises."""
    for answer, kind in found:
        assert isinstance(answer, kind)
        missing = {name for name in promised(kind) if answer.to_dict().get(name) is None}
        # Optional parts of accounts that use them; Stripe leaves them out for others.
        assert missing <= {"refunds"}, f"{kind.__name__} lacks {missing}"


def test_disputes_and_bank_transfers_are_of_their_classes_and_complete(
    sandbox: Sandbox, provider: PaymentProvider, client: stripe.StripeClient
) -> None:
    customer_id = new_customer(provider)
    checkout = open_checkout(provider, customer_id=customer_id)
    sandbox.pay(checkout.session_id)
    waiting = client.v1.checkout.sessions.retrieve(checkout.session_id, {"expand": ["payment_intent"]})
    tell_bank(sandbox, "bank_transfers", session=checkout.session_id, amount=124_000)
    paid = client.v1.payment_intents.retrieve(
        str(getattr(waiting.payment_intent, "id", "")), {"expand": ["latest_charge.balance_transaction"]}
    )
    assert isinstance(paid.latest_charge, stripe.Charge)
    tell_bank(sandbox, "disputes", charge=paid.latest_charge.id)
    dispute = client.v1.disputes.list({"charge": paid.latest_charge.id}).data[0]
    check_all(
        (
            (client.v1.customers.retrieve(customer_id), stripe.Customer),
            (client.v1.customers.cash_balance.retrieve(customer_id), stripe.CashBalance),
            (waiting, stripe.checkout.Session), (waiting.payment_intent, stripe.PaymentIntent),
            (paid, stripe.PaymentIntent), (paid.latest_charge, stripe.Charge),
            (paid.latest_charge.balance_transaction, stripe.BalanceTransaction), (dispute, stripe.Dispute),
            (dispute.balance_transactions[0], stripe.BalanceTransaction),
            *(
                (moved, stripe.CustomerCashBalanceTransaction)
                for moved in client.v1.customers.cash_balance_transactions.list(customer_id)
            ),
        )
    )  # fmt: skip


def test_recipients_transfers_and_payouts_are_of_their_classes_and_complete(
    sandbox: Sandbox, provider: PaymentProvider, client: stripe.StripeClient
) -> None:
    sandbox.order("settling", seconds=0)
    sandbox.pay(open_checkout(provider, amount=Money(90_000_000, "USD")).session_id)  # disputes took what there was
    sandbox.order("settling", seconds=2 * 24 * 60 * 60)
    account_id = new_recipient(sandbox, provider)
    link = client.v1.account_links.create(
        {
            "account": account_id, "type": "account_onboarding",
            "return_url": "https://shop.example/", "refresh_url": "https://shop.example/",
        }
    )  # fmt: skip
    transfer = client.v1.transfers.create({"amount": 100, "currency": "usd", "destination": account_id})
    reversal = client.v1.transfers.reversals.create(transfer.id, {"amount": 1})
    payout = client.v1.payouts.create({"amount": 100, "currency": "usd"})
    check_all(
        (
            (client.v1.accounts.retrieve(account_id), stripe.Account), (link, stripe.AccountLink),
            (transfer, stripe.Transfer), (reversal, stripe.TransferReversal), (payout, stripe.Payout),
            (client.v1.payouts.cancel(payout.id), stripe.Payout), (client.v1.balance.retrieve(), stripe.Balance),
        )
    )  # fmt: skip


def test_lists_turn_their_pages_both_ways(
    sandbox: Sandbox, provider: PaymentProvider, client: stripe.StripeClient
) -> None:
    started = int(datetime.now(UTC).timestamp())
    for _ in range(3):
        sandbox.pay(open_checkout(provider).session_id)
    entries = client.v1.balance_transactions
    ids = [entry.id for entry in entries.list({"limit": 2}).auto_paging_iter()]
    assert len(ids) == len(set(ids)) >= 3
    first = entries.list({"limit": 2})
    assert first.has_more
    assert [entry.id for entry in entries.list({"starting_after": first.data[1].id, "limit": 1})] == [ids[2]]
    assert [entry.id for entry in entries.list({"ending_before": ids[2], "limit": 1})] == [ids[1]]
    assert len(entries.list({"created": {"gte": started}, "type": "charge", "limit": 100})) >= 3
    assert entries.retrieve(ids[0]).id == ids[0]
    assert [line.id for line in provider.balance_transactions_since(ids[2])] == [ids[1], ids[0]]


def test_the_balance_is_the_sum_of_its_transactions(
    sandbox: Sandbox, provider: PaymentProvider, client: stripe.StripeClient
) -> None:
    sandbox.pay(open_checkout(provider).session_id)
    net = sum(entry.net for entry in client.v1.balance_transactions.list({"currency": "usd"}).auto_paging_iter())
    balance = client.v1.balance.retrieve().to_dict()
    parts = [*balance["available"], *balance["pending"]]
    assert sum(part["amount"] for part in parts if part["currency"] == "usd") == net


def test_a_payment_of_a_session_ends_with_its_session(
    sandbox: Sandbox, provider: PaymentProvider, client: stripe.StripeClient
) -> None:
    checkout = open_checkout(provider)
    sandbox.pay(checkout.session_id, "4000000000000002")
    intent_id = provider.find_checkout(checkout.session_id).payment_intent_id or ""
    with pytest.raises(stripe.InvalidRequestError, match="Expire the Checkout Session instead"):
        client.v1.payment_intents.cancel(intent_id)
    provider.expire_checkout(checkout.session_id, key=f"expire-{checkout.session_id}")
    assert provider.find_payment(intent_id).status == "canceled"


def test_the_control_page_works_without_a_program(sandbox: Sandbox) -> None:
    page = requests.post(f"{sandbox.url}/control/faults", data={"fail_next": "2"}, timeout=5)
    assert page.history[0].status_code == 303
    assert 'name="fail_next" type="number" min="0" max="1000" value="2"' in page.text
    foreign = requests.post(
        f"{sandbox.url}/control/faults", data={"fail_next": "9"}, headers={"Sec-Fetch-Site": "cross-site"}, timeout=5
    )
    assert foreign.status_code == 403
