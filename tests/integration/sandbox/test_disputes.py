"""A buyer's bank takes a payment back."""

from __future__ import annotations

import pytest

from marketplace.core.money import Money
from marketplace.payments.provider import Payment, PaymentProvider, ProviderRefused
from marketplace.payments.provider_disputes import Dispute
from tests.integration.sandbox.banks import dispute_id_of, newest_lines, tell_bank
from tests.integration.sandbox.conftest import PRICE, open_checkout
from tests.integration.sandbox.processes import Receiver, Sandbox, wait_until


@pytest.fixture
def paid(sandbox: Sandbox, provider: PaymentProvider) -> Payment:
    """The payment of USD 1,240.00 that bob made by card."""
    checkout = open_checkout(provider)
    sandbox.pay(checkout.session_id)
    return provider.find_payment(provider.find_checkout(checkout.session_id).payment_intent_id or "")


def dispute_of(sandbox: Sandbox, provider: PaymentProvider, paid: Payment, **details: object) -> Dispute:
    """Dispute a payment and return what the shop hears of it."""
    assert tell_bank(sandbox, "disputes", charge=paid.charge_id, **details) == 200
    return provider.find_dispute(dispute_id_of(sandbox, paid.charge_id))


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def test_a_dispute_takes_the_money_and_a_fee(sandbox: Sandbox, provider: PaymentProvider, paid: Payment) -> None:
    dispute = dispute_of(sandbox, provider, paid)
    assert (dispute.status, dispute.amount, dispute.charge_id) == ("needs_response", PRICE, paid.charge_id)
    assert [(entry.amount, entry.fee) for entry in dispute.entries] == [(usd(-124_000), usd(1_500))]
    line = newest_lines(provider, 1)[0]
    assert (line.id, line.type, line.net) == (dispute.entries[0].id, "adjustment", usd(-125_500))


def test_a_part_may_be_disputed(sandbox: Sandbox, provider: PaymentProvider, paid: Payment) -> None:
    assert dispute_of(sandbox, provider, paid, amount=40_000).entries[0].amount == usd(-40_000)


@pytest.mark.parametrize("outcome", ["won", "withdrawn"])
def test_a_won_or_withdrawn_dispute_returns_money_and_fee(
    sandbox: Sandbox, provider: PaymentProvider, paid: Payment, outcome: str
) -> None:
    dispute = dispute_of(sandbox, provider, paid)
    tell_bank(sandbox, "disputes/decide", dispute=dispute.id, outcome=outcome)
    ended = provider.find_dispute(dispute.id)
    assert ended.status == "won"
    assert [entry.amount + -entry.fee for entry in ended.entries] == [usd(-125_500), usd(125_500)]


def test_a_lost_dispute_returns_nothing(sandbox: Sandbox, provider: PaymentProvider, paid: Payment) -> None:
    dispute = dispute_of(sandbox, provider, paid)
    tell_bank(sandbox, "disputes/decide", dispute=dispute.id, outcome="lost")
    ended = provider.find_dispute(dispute.id)
    assert (ended.status, len(ended.entries)) == ("lost", 1)
    assert tell_bank(sandbox, "disputes/decide", dispute=dispute.id, outcome="won") == 400


def test_evidence_is_submitted_and_an_ended_dispute_takes_none(
    sandbox: Sandbox, provider: PaymentProvider, paid: Payment
) -> None:
    dispute = dispute_of(sandbox, provider, paid)
    told = provider.submit_evidence(dispute.id, key=f"evidence-{dispute.id}", text="Delivered and signed for.")
    assert (told.status, told.has_evidence) == ("under_review", True)
    assert provider.close_dispute(dispute.id, key=f"close-{dispute.id}").status == "lost"
    with pytest.raises(ProviderRefused) as refused:
        provider.submit_evidence(dispute.id, key=f"more-{dispute.id}", text="And more.")
    assert refused.value.reason == "dispute_closed"


def test_an_inquiry_takes_nothing(sandbox: Sandbox, provider: PaymentProvider, paid: Payment) -> None:
    dispute = dispute_of(sandbox, provider, paid, inquiry="1")
    assert (dispute.status, dispute.entries) == ("warning_needs_response", ())
    tell_bank(sandbox, "disputes/decide", dispute=dispute.id, outcome="won")
    assert provider.find_dispute(dispute.id).status == "warning_closed"


def test_a_disputed_payment_is_not_refunded_as_well(sandbox: Sandbox, provider: PaymentProvider, paid: Payment) -> None:
    dispute_of(sandbox, provider, paid)
    with pytest.raises(ProviderRefused) as refused:
        provider.create_refund(key=paid.id, payment_intent_id=paid.id, amount=PRICE, order_reference="order-1")
    assert refused.value.reason == "charge_disputed"


def test_a_payment_is_disputed_once_and_never_for_more(
    sandbox: Sandbox, provider: PaymentProvider, paid: Payment
) -> None:
    assert tell_bank(sandbox, "disputes", charge=paid.charge_id, amount=124_001) == 400
    assert tell_bank(sandbox, "disputes", charge=paid.charge_id) == 200
    assert tell_bank(sandbox, "disputes", charge=paid.charge_id) == 400


def test_a_card_of_its_own_is_disputed_at_once(sandbox: Sandbox, provider: PaymentProvider, receiver: Receiver) -> None:
    sandbox.pay(open_checkout(provider).session_id, "4000 0000 0000 0259")
    wait_until(lambda: len(receiver.deliveries) == 6, why="payment and dispute are told")
    assert receiver.types()[-2:] == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
