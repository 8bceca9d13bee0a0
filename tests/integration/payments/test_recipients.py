"""Cooperatives are paid through the provider, and our own bank gets what is left; whatever breaks on the way."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.ledger import chart
from marketplace.ledger.queries import balance
from marketplace.payments import bank_payouts, outbox, recipients, transfers
from marketplace.payments.models import Payout, ProviderCommand
from marketplace.payments.provider_models import BankPayout, ProviderTransfer
from marketplace.payments.rails import OUR_BANK
from marketplace.payments.recipients import NotReady
from marketplace.payments.taking_back import NotSent
from tests.builders.orders import Sale
from tests.builders.payments import approved_payout, take_back, usable_destination
from tests.integration.payments.onboarding import BACK, accepted, ready, requested
from tests.integration.payments.shop import Shop
from tests.integration.sandbox.banks import tell_bank


def usd(minor: int) -> Money:
    return Money(minor, "USD")


@pytest.fixture
def shop(own_shop: Shop) -> Shop:
    return own_shop


def approved(shop: Shop) -> tuple[Sale, Payout]:
    """Let an order go the whole way until two people approved the cooperative's payout."""
    sale = accepted(shop)
    usable_destination(sale)
    payout = approved_payout(sale)
    shop.uow.commit()
    return sale, payout


def transfer_of(shop: Shop, payout: Payout) -> ProviderTransfer:
    return shop.uow.session.scalars(select(ProviderTransfer).where(ProviderTransfer.payout_id == payout.id)).one()


def age(shop: Shop, kind: str) -> None:
    """Let a command's answer be lost yesterday."""
    command = shop.uow.session.scalars(select(ProviderCommand).where(ProviderCommand.kind == kind)).one()
    command.state, command.attempts, command.done_at = "waiting", 1, None
    command.first_sent_at = shop.uow.clock.wall() - outbox.LOOK_UP_AFTER - timedelta(seconds=1)
    command.key = f"forgotten-{command.key}"
    shop.uow.record("provider_command.test", command)
    shop.uow.commit()


def test_a_cooperative_becomes_ready_on_its_own_page(shop: Shop) -> None:
    sale = shop.order()
    account = requested(shop, sale)
    assert (account.state, "external_account" in account.wanted) == ("onboarding", True)
    assert recipients.request_recipient(
        shop.uow, cooperative_id=account.cooperative_id, country="DE", email=None
    ) is account  # fmt: skip
    ready(shop, sale)
    shop.uow.session.refresh(account)

    assert (account.state, account.wanted) == ("ready", [])
    now = shop.uow.clock.wall()
    assert account.link_expires_at is not None
    assert recipients.live_link(account, now_wall=account.link_expires_at - timedelta(seconds=1)) == account.link_url
    assert recipients.live_link(account, now_wall=account.link_expires_at) is None
    assert now < account.link_expires_at

    tell_bank(shop.sandbox, "accounts/restrict", account=account.provider_ref)
    shop.deliver()
    shop.uow.session.refresh(account)
    assert (account.state, account.wanted) == ("restricted", ["individual.verification.document"])


def test_a_country_the_provider_does_not_pay_is_told_to_finance(shop: Shop) -> None:
    account = requested(shop, shop.order(), country="TZ")
    assert (account.state, shop.problems()) == ("failed", ["refused"])
    with pytest.raises(NotReady):
        recipients.request_link(shop.uow, account=account, return_url=BACK, refresh_url=BACK)


def test_a_payout_goes_out_of_its_own_charge_while_the_money_is_still_pending(shop: Shop) -> None:
    sale, payout = approved(shop)
    ready(shop, sale)
    transfer = transfers.request_transfer(shop.uow, payout=payout)
    shop.sandbox.order("faults", cut_next=1)  # the answer is lost, the key makes the second call harmless
    shop.uow.commit()
    shop.work()
    shop.deliver()
    shop.uow.session.refresh(transfer)

    assert (transfer.state, transfer.amount_minor) == ("sent", sale.order.net_minor)
    found = shop.provider.transfers_of(sale.order.reference)
    assert [(each.id, each.reference) for each in found] == [(transfer.provider_ref, payout.reference)]
    in_transit = balance(shop.uow.session, chart.payout_in_transit(payout.id), "USD")
    assert in_transit == usd(sale.order.net_minor)
    assert shop.books().is_even


def test_an_old_transfer_of_unknown_outcome_is_looked_up_before_it_is_sent_again(shop: Shop) -> None:
    sale, payout = approved(shop)
    ready(shop, sale)
    transfers.request_transfer(shop.uow, payout=payout)
    shop.work()
    age(shop, "transfer")
    shop.run("payments.resend")

    assert len(shop.provider.transfers_of(sale.order.reference)) == 1
    assert transfer_of(shop, payout).state == "sent"
    assert shop.books().is_even


def test_a_transfer_that_comes_back_is_told_to_finance(shop: Shop) -> None:
    sale, payout = approved(shop)
    ready(shop, sale)
    transfer = transfers.request_transfer(shop.uow, payout=payout)
    shop.work()
    take_back(sale, transfer_of(shop, payout))
    shop.work()
    shop.deliver()
    shop.uow.session.refresh(transfer)

    assert (transfer.state, transfer.reversed_minor) == ("reversed", transfer.amount_minor)
    assert shop.problems() == ["returned"]
    assert not balance(shop.uow.session, chart.payout_in_transit(payout.id), "USD")
    assert shop.books().is_even
    with pytest.raises(NotSent):
        take_back(sale, transfer)


def test_a_transfer_to_a_cooperative_that_is_not_ready_is_not_asked_for(shop: Shop) -> None:
    sale, payout = approved(shop)
    with pytest.raises(NotReady):
        transfers.request_transfer(shop.uow, payout=payout)
    account = ready(shop, sale)
    tell_bank(shop.sandbox, "accounts/restrict", account=account.provider_ref)  # and nobody told us yet
    transfer = transfers.request_transfer(shop.uow, payout=payout)
    shop.uow.commit()
    shop.work()
    shop.uow.session.refresh(transfer)

    assert (transfer.state, shop.problems()) == ("failed", ["refused", "returned"])
    assert shop.books().is_even


def test_our_bank_is_paid_what_is_available_and_it_may_come_back(shop: Shop) -> None:
    shop.paid_order()
    shop.sandbox.order("clock", advance_seconds=2 * 24 * 60 * 60)
    payout = bank_payouts.request_bank_payout(shop.uow, amount=usd(10_000))
    shop.uow.commit()
    shop.work()
    shop.deliver()
    shop.uow.session.refresh(payout)
    assert (payout.state, balance(shop.uow.session, chart.bank(OUR_BANK), "USD")) == ("pending", usd(10_000))

    for outcome in ("in_transit", "paid", "failed"):
        tell_bank(shop.sandbox, "payouts", payout=payout.provider_ref, outcome=outcome)
        shop.deliver()
        shop.uow.session.refresh(payout)
        assert payout.state == outcome
    assert not balance(shop.uow.session, chart.bank(OUR_BANK), "USD")
    assert (payout.failure, shop.problems()) == ("The bank account has been closed.", ["returned"])
    assert shop.books().is_even


def test_a_returned_payout_no_news_told_of_is_found_by_the_sweep(shop: Shop) -> None:
    shop.paid_order()
    shop.sandbox.order("clock", advance_seconds=2 * 24 * 60 * 60)
    bank_payouts.request_bank_payout(shop.uow, amount=usd(10_000))
    shop.work()
    shop.sandbox.order("faults", drop_next=10)
    payout = shop.uow.session.scalars(select(BankPayout)).one()
    tell_bank(shop.sandbox, "payouts", payout=payout.provider_ref, outcome="failed")

    assert shop.books().is_even
    assert shop.uow.session.scalars(select(BankPayout.state)).one() == "failed"


def test_more_than_is_available_is_refused_and_nothing_moves(shop: Shop) -> None:
    shop.paid_order()  # still pending
    payout = bank_payouts.request_bank_payout(shop.uow, amount=usd(1))
    shop.uow.commit()
    shop.work()
    shop.uow.session.refresh(payout)

    assert (payout.state, shop.problems()) == ("failed", ["refused"])
    assert payout.failure is not None
    assert payout.failure.startswith("balance_insufficient")
    assert shop.books().is_even
    with pytest.raises(InvalidInput):
        bank_payouts.request_bank_payout(shop.uow, amount=usd(0))


def test_an_old_payout_of_unknown_outcome_is_looked_up_before_it_is_sent_again(shop: Shop) -> None:
    shop.paid_order()
    shop.sandbox.order("clock", advance_seconds=2 * 24 * 60 * 60)
    bank_payouts.request_bank_payout(shop.uow, amount=usd(10_000))
    shop.work()
    age(shop, "bank_payout")
    shop.run("payments.resend")

    assert len(shop.provider.bank_payouts()) == 1
    assert shop.books().is_even


def test_an_old_recipient_of_unknown_outcome_is_looked_up_before_it_is_made_again(shop: Shop) -> None:
    sale = shop.order()
    requested(shop, sale)
    age(shop, "recipient")
    shop.run("payments.resend")

    assert len(shop.provider.recipients()) == 1
