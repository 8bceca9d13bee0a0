"""Recipients fill in their page, are sent money, and our own bank is paid out to; never more than there is."""

from __future__ import annotations

import pytest
import requests

from marketplace.core.money import Money
from marketplace.payments.provider import Payment, PaymentProvider, ProviderRefused
from marketplace.payments.provider_recipients import Balance, Transfer
from tests.integration.sandbox.banks import fill_in, new_recipient, tell_bank
from tests.integration.sandbox.conftest import open_checkout, provider_of
from tests.integration.sandbox.processes import Sandbox


@pytest.fixture
def own_provider(own_sandbox: Sandbox) -> PaymentProvider:
    """The provider over a sandbox whose balance nobody else moves."""
    return provider_of(own_sandbox)


@pytest.fixture
def paid(own_sandbox: Sandbox, own_provider: PaymentProvider) -> Payment:
    """The only payment: USD 1,240.00, of which 36.26 is the fee."""
    checkout = open_checkout(own_provider)
    own_sandbox.pay(checkout.session_id)
    return own_provider.find_payment(own_provider.find_checkout(checkout.session_id).payment_intent_id or "")


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def send(provider: PaymentProvider, recipient_id: str, minor: int, *, charge: str | None = None) -> Transfer:
    return provider.create_transfer(
        key=f"transfer-{recipient_id}-{minor}-{charge}", recipient_id=recipient_id, amount=usd(minor), group="OR-1",
        source_charge_id=charge, reference="PO-1",
    )  # fmt: skip


def test_a_recipient_takes_money_only_after_her_page(sandbox: Sandbox, provider: PaymentProvider) -> None:
    recipient = provider.create_recipient(key="mama", country="DE", reference="coop-1", email=None)
    assert (recipient.is_submitted, recipient.takes_transfers) == (False, False)
    assert "external_account" in recipient.wanted
    with pytest.raises(ProviderRefused) as refused:
        send(provider, recipient.id, 1)
    assert refused.value.reason == "insufficient_capabilities_for_transfer"
    answer = fill_in(sandbox, provider, recipient.id)
    assert (answer.status_code, answer.headers["Location"]) == (303, "https://shop.example/back")
    ready = provider.find_recipient(recipient.id)
    assert (ready.is_submitted, ready.takes_transfers, ready.is_paid_out, ready.wanted) == (True, True, True, ())
    assert ready in provider.recipients()
    assert tell_bank(sandbox, "accounts/restrict", account=recipient.id) == 200
    assert not provider.find_recipient(recipient.id).takes_transfers


def test_a_link_is_good_once(sandbox: Sandbox, provider: PaymentProvider) -> None:
    recipient = provider.create_recipient(key="once", country="DE", reference="coop-2", email=None)
    link = provider.create_onboarding_link(
        recipient.id, key="link", return_url="https://shop.example/", refresh_url="https://shop.example/"
    )
    form = {"holder": "Mama Madini", "number": "12345678"}
    wrong = requests.post(link.url, data={**form, "number": "1"}, timeout=5)
    assert (wrong.status_code, "8 to 34 characters" in wrong.text) == (422, True)
    assert requests.post(link.url, data=form, allow_redirects=False, timeout=5).status_code == 303
    assert requests.get(link.url, timeout=5).status_code == 410


def test_a_country_without_payouts_is_refused(provider: PaymentProvider) -> None:
    with pytest.raises(ProviderRefused) as refused:
        provider.create_recipient(key="tz", country="TZ", reference="coop-3", email=None)
    assert refused.value.reason == "country_unsupported"


def test_pending_money_is_sent_only_out_of_its_own_charge(
    own_sandbox: Sandbox, own_provider: PaymentProvider, paid: Payment
) -> None:
    recipient_id = new_recipient(own_sandbox, own_provider)
    assert own_provider.balance() == {"USD": Balance(usd(0), usd(120_374))}
    with pytest.raises(ProviderRefused) as refused:
        send(own_provider, recipient_id, 1)
    assert refused.value.reason == "balance_insufficient"
    sent = send(own_provider, recipient_id, 100_000, charge=paid.charge_id)
    assert (sent.amount, sent.group, sent.reference) == (usd(100_000), "OR-1", "PO-1")
    assert own_provider.balance() == {"USD": Balance(usd(0), usd(20_374))}
    assert own_provider.transfers_of("OR-1") == [sent]
    with pytest.raises(ProviderRefused):
        send(own_provider, recipient_id, 24_001, charge=paid.charge_id)


def test_money_becomes_available_with_time(own_sandbox: Sandbox, own_provider: PaymentProvider, paid: Payment) -> None:
    del paid
    recipient_id = new_recipient(own_sandbox, own_provider)
    own_sandbox.order("clock", advance_seconds=2 * 24 * 60 * 60)
    assert own_provider.balance() == {"USD": Balance(usd(120_374), usd(0))}
    with pytest.raises(ProviderRefused):
        send(own_provider, recipient_id, 120_375)
    assert send(own_provider, recipient_id, 120_374).balance_transaction_id is not None


def test_the_time_money_is_pending_can_be_set(own_sandbox: Sandbox, own_provider: PaymentProvider) -> None:
    own_sandbox.order("settling", seconds=0)
    own_sandbox.pay(open_checkout(own_provider).session_id)
    assert own_provider.balance() == {"USD": Balance(usd(120_374), usd(0))}


def test_a_transfer_comes_back_in_parts_and_never_more(
    own_sandbox: Sandbox, own_provider: PaymentProvider, paid: Payment
) -> None:
    sent = send(own_provider, new_recipient(own_sandbox, own_provider), 100_000, charge=paid.charge_id)
    back = own_provider.reverse_transfer(sent.id, key="back-1", amount=usd(30_000))
    assert (back.reversed, [amount for _, amount in back.reversal_entries]) == (usd(30_000), [usd(30_000)])
    assert own_provider.reverse_transfer(sent.id, key="back-1", amount=usd(30_000)).reversed == usd(30_000)
    with pytest.raises(ProviderRefused):
        own_provider.reverse_transfer(sent.id, key="back-2", amount=usd(70_001))


def test_a_payout_takes_available_money_only_and_may_come_back(
    own_sandbox: Sandbox, own_provider: PaymentProvider, paid: Payment
) -> None:
    del paid
    with pytest.raises(ProviderRefused) as refused:
        own_provider.create_bank_payout(key="early", amount=usd(1), reference="BP-1")
    assert refused.value.reason == "balance_insufficient"
    own_sandbox.order("clock", advance_seconds=2 * 24 * 60 * 60)
    payout = own_provider.create_bank_payout(key="all", amount=usd(120_374), reference="BP-2")
    assert (payout.status, own_provider.balance()["USD"].available) == ("pending", usd(0))
    tell_bank(own_sandbox, "payouts", payout=payout.id, outcome="paid")
    assert own_provider.find_bank_payout(payout.id).status == "paid"
    tell_bank(own_sandbox, "payouts", payout=payout.id, outcome="failed")  # banks do, even after "paid"
    failed = own_provider.find_bank_payout(payout.id)
    assert (failed.status, failed.failure) == ("failed", "The bank account has been closed.")
    assert own_provider.balance()["USD"].available == usd(120_374)
    assert own_provider.bank_payouts() == [failed]
    lines = own_provider.balance_transactions_since(None)[-2:]
    assert [(line.type, line.net) for line in lines] == [("payout", usd(-120_374)), ("payout_failure", usd(120_374))]
    assert [payout.balance_transaction_id, failed.failure_balance_transaction_id] == [line.id for line in lines]
