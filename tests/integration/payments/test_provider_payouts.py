"""A cooperative with a checked account at Stripe is paid by a transfer: asked for once, confirmed by the provider."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from marketplace.compliance.staff_forms import Hold
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.ledger import chart
from marketplace.ledger.chart import Account
from marketplace.ledger.queries import balance
from marketplace.notifications.models import Message
from marketplace.orders.compliance_checks import PayoutUnderHold
from marketplace.orders.services import compliance_holds, payout_parts, settlement
from marketplace.payments import destinations, outbox, taking_back
from marketplace.payments.finance_queries import figures
from marketplace.payments.models import PaymentProblem, Payout, ProviderCommand
from marketplace.payments.payouts import returns
from marketplace.payments.payouts.by_provider import ProviderCannotPay
from marketplace.payments.payouts.part_moves import ProviderMoves, only_part
from marketplace.payments.payouts.services import actions_for
from marketplace.payments.provider_models import ProviderTransfer
from marketplace.payments.recipients import NotReady
from tests.builders.orders import Sale
from tests.builders.payments import approved_payout, prepared_payout, take_back
from tests.integration.payments.onboarding import paid_by_stripe
from tests.integration.payments.shop import Shop
from tests.integration.sandbox.banks import tell_bank

NOTHING = Money(0, "USD")
DOUBT = Hold("screening", "The name is on a list.", stops_cooperative=False)


@pytest.fixture
def shop(own_shop: Shop) -> Iterator[Shop]:
    yield own_shop
    own_shop.work()
    assert own_shop.books().is_even


def net(sale: Sale) -> Money:
    return Money(sale.order.net_minor, sale.order.currency)


def owed(shop: Shop, account: Account) -> Money:
    return balance(shop.uow.session, account, "USD")


def transfer_of(shop: Shop, payout: Payout) -> ProviderTransfer:
    return shop.uow.session.scalars(select(ProviderTransfer).where(ProviderTransfer.payout_id == payout.id)).one()


def states(shop: Shop, sale: Sale, payout: Payout) -> tuple[str, str, str]:
    """Return how transfer, payout and order stand."""
    shop.uow.session.expire_all()
    return transfer_of(shop, payout).state, payout.state, shop.order_now(sale).state


def paid(shop: Shop) -> tuple[Sale, Payout]:
    sale = paid_by_stripe(shop)
    payout = approved_payout(sale)
    shop.work()
    shop.deliver()
    return sale, payout


def test_the_second_word_sends_the_answer_books_and_the_news_confirms(shop: Shop) -> None:
    sale = paid_by_stripe(shop)
    payout = prepared_payout(sale)
    assert [each.value for each in actions_for(payout, sale.staff["victor"].id)] == ["approve", "cancel"]
    settlement.approve_payout(sale.as_staff("grace", StaffRole.FINANCE), payout=payout)
    shop.uow.commit()
    assert states(shop, sale, payout) == ("decided", "sent", "releasing")
    assert owed(shop, chart.payout_in_transit(payout.id)) == NOTHING
    assert actions_for(payout, sale.staff["victor"].id) == ()

    shop.sandbox.order("faults", cut_next=1)  # the answer is lost; the key makes the second call harmless
    shop.work()
    shop.let_leases_end()
    shop.run("payments.resend")
    assert states(shop, sale, payout) == ("sent", "sent", "releasing")
    assert owed(shop, chart.payout_in_transit(payout.id)) == net(sale)

    for delivery in [each for each in shop.news() for _ in range(2)]:  # told twice, applied once
        assert shop.post(delivery) == 200
    shop.work()
    assert states(shop, sale, payout) == ("sent", "confirmed", "released")
    assert payout.proof == transfer_of(shop, payout).provider_ref
    assert (payout.confirmed_by, only_part(shop.uow, payout).state) == (None, "confirmed")
    for account in (
        chart.payout_in_transit(payout.id),
        chart.coop_reserved(payout.id),
        chart.coop_payable(sale.order.cooperative_id),
    ):
        assert owed(shop, account) == NOTHING
    assert len(shop.provider.transfers_of(sale.order.reference)) == 1


def test_without_news_the_sweep_confirms(shop: Shop) -> None:
    sale = paid_by_stripe(shop)
    shop.sandbox.order("faults", drop_next=10)
    payout = approved_payout(sale)
    shop.work()
    assert states(shop, sale, payout)[1] == "sent"
    shop.run("payments.sweep")
    assert states(shop, sale, payout) == ("sent", "confirmed", "released")


def test_a_person_notes_nothing_about_a_transfer(shop: Shop) -> None:
    sale = paid_by_stripe(shop)
    payout = approved_payout(sale)
    finance = sale.as_staff("frida")
    with pytest.raises(ProviderMoves):
        settlement.send_payout(finance, payout=payout, reference="by hand")
    with pytest.raises(ProviderMoves):
        settlement.confirm_payout(finance, payout=payout, proof="seen")
    with pytest.raises(ProviderMoves):
        settlement.fail_payout(finance, payout=payout, reason="no")
    assert payout.state == "sent"


def test_a_currency_the_table_does_not_have_is_said_before_anything_is_prepared(shop: Shop) -> None:
    sale = paid_by_stripe(shop, country="DE")  # the order is in US dollars, Germany is paid in euros
    with pytest.raises(ProviderCannotPay) as refused:
        prepared_payout(sale)
    assert str(refused.value) == "Stripe does not pay USD to an account in DE. Ask for a bank account."


def test_another_account_than_the_one_checked_is_not_paid(shop: Shop) -> None:
    sale = paid_by_stripe(shop)
    destination = destinations.live_destination(shop.uow.session, sale.order.cooperative_id)
    assert destination is not None
    destination.fingerprint = "of another account"
    shop.uow.record("payout_destination.test", destination)
    with pytest.raises(ProviderCannotPay, match="not the one Stripe knows"):
        prepared_payout(sale)


def test_an_account_the_provider_restricts_before_the_second_word_is_not_paid(shop: Shop) -> None:
    sale = paid_by_stripe(shop)
    payout = prepared_payout(sale)
    shop.uow.commit()
    account = shop.provider.recipients()[0]
    tell_bank(shop.sandbox, "accounts/restrict", account=account.id)
    shop.deliver()
    with pytest.raises(NotReady), shop.uow.session.begin_nested():
        settlement.approve_payout(sale.as_staff("grace", StaffRole.FINANCE), payout=payout)
    shop.uow.session.expire_all()
    assert payout.state == "prepared"


def test_a_refused_transfer_is_owed_again_and_finance_reads_why(shop: Shop) -> None:
    sale = paid_by_stripe(shop)
    tell_bank(shop.sandbox, "accounts/restrict", account=shop.provider.recipients()[0].id)  # nobody told us yet
    payout = approved_payout(sale)
    shop.work()

    assert states(shop, sale, payout) == ("failed", "failed", "release_failed")
    assert "insufficient_capabilities_for_transfer" in str(payout.failure)
    assert owed(shop, chart.coop_payable(sale.order.cooperative_id)) == net(sale)
    details = shop.uow.session.scalars(select(PaymentProblem.detail).where(PaymentProblem.kind == "returned"))
    assert "insufficient_capabilities_for_transfer" in details.one()


def test_a_transfer_under_a_hold_is_not_approved_and_one_that_waits_is_held_back(shop: Shop) -> None:
    sale = paid_by_stripe(shop)
    payout = approved_payout(sale)
    compliance_holds.set_hold(sale.as_staff("mary", StaffRole.MODERATOR), order=sale.order, hold=DOUBT)
    shop.work()
    assert states(shop, sale, payout)[0] == "decided"
    command = shop.uow.session.scalars(select(ProviderCommand).where(ProviderCommand.kind == "transfer")).one()
    assert (command.state, command.attempts, command.last_error) == ("waiting", 0, outbox.HELD_BACK)

    compliance_holds.lift_hold(
        sale.as_staff("moses", StaffRole.MODERATOR), order=sale.order, reason="Another person of that name"
    )
    shop.let_leases_end()
    shop.run("payments.resend")
    shop.deliver()
    assert states(shop, sale, payout) == ("sent", "confirmed", "released")


def test_a_hold_stops_the_second_word(shop: Shop) -> None:
    sale = paid_by_stripe(shop)
    payout = prepared_payout(sale)
    compliance_holds.set_hold(sale.as_staff("mary", StaffRole.MODERATOR), order=sale.order, hold=DOUBT)
    shop.uow.commit()
    with pytest.raises(PayoutUnderHold), shop.uow.session.begin_nested():
        settlement.approve_payout(sale.as_staff("grace", StaffRole.FINANCE), payout=payout)


def test_money_no_single_charge_pays_for_waits_until_it_is_available(shop: Shop) -> None:
    sale = paid_by_stripe(shop)
    payout = approved_payout(sale)
    command = shop.uow.session.scalars(select(ProviderCommand).where(ProviderCommand.kind == "transfer")).one()
    command.request = {**command.request, "source_charge_id": None}
    shop.uow.record("provider_command.test", command)
    shop.work()
    assert states(shop, sale, payout)[0] == "decided"
    assert shop.provider.transfers_of(sale.order.reference) == []
    shop.uow.session.refresh(command)
    assert command.last_error == outbox.NO_FUNDS
    found = figures(shop.uow.session)
    assert (found.oldest_command, found.oldest_for_funds) == (None, command.created_at)

    shop.sandbox.order("clock", advance_seconds=2 * 24 * 60 * 60)
    shop.let_leases_end()
    shop.run("payments.resend")
    assert states(shop, sale, payout)[0] == "sent"


def test_a_transfer_taken_back_before_the_news_fails_the_payout(shop: Shop) -> None:
    sale = paid_by_stripe(shop)
    payout = approved_payout(sale)
    shop.sandbox.order("faults", drop_next=10)
    shop.work()
    take_back(sale, transfer_of(shop, payout))
    shop.work()
    assert states(shop, sale, payout) == ("reversed", "failed", "release_failed")
    assert owed(shop, chart.payout_in_transit(payout.id)) == NOTHING
    assert owed(shop, chart.coop_payable(sale.order.cooperative_id)) == net(sale)


def test_a_transfer_taken_back_after_it_was_confirmed_is_paid_again_once_the_account_was_checked(shop: Shop) -> None:
    sale, payout = paid(shop)
    take_back(sale, transfer_of(shop, payout))
    shop.work()
    shop.deliver()
    assert states(shop, sale, payout) == ("reversed", "confirmed", "released")
    assert owed(shop, chart.coop_payable(sale.order.cooperative_id)) == net(sale)
    ((returned, _payout),) = returns.waiting(shop.uow.session)
    assert (returned.source, returned.noted_by, returned.amount_minor) == ("provider", None, sale.order.net_minor)
    told = select(Message.user_id).where(Message.template == "payout_came_back")
    assert sale.amina.id in set(shop.uow.session.scalars(told))

    with pytest.raises(destinations.NoUsableDestination):
        payout_parts.pay_again(sale.as_staff("frida"), returned=returned)
    destination = destinations.live_destination(shop.uow.session, sale.order.cooperative_id)
    assert destination is not None
    destinations.verify(sale.as_staff("victor"), destination=destination)
    again = payout_parts.pay_again(sale.as_staff("frida"), returned=returned)
    settlement.approve_payout(sale.as_staff("grace"), payout=again)
    shop.work()
    shop.deliver()

    assert states(shop, sale, again) == ("sent", "confirmed", "released")
    assert owed(shop, chart.coop_payable(sale.order.cooperative_id)) == NOTHING
    assert returns.waiting(shop.uow.session) == []
    assert len(shop.provider.transfers_of(sale.order.reference)) == 2


def test_one_person_alone_takes_nothing_back(shop: Shop) -> None:
    sale, payout = paid(shop)
    transfer = transfer_of(shop, payout)
    taking_back.propose(sale.as_staff("frida"), transfer=transfer, reason="It went to the wrong account.")
    with pytest.raises(taking_back.ProposedByYou):
        taking_back.agree(sale.as_staff("frida"), transfer=transfer)
    with pytest.raises(taking_back.NothingProposed):
        taking_back.propose(sale.as_staff("grace"), transfer=transfer, reason="Again.")
    taking_back.withdraw(sale.as_staff("grace"), transfer=transfer)
    with pytest.raises(taking_back.NothingProposed):
        taking_back.agree(sale.as_staff("grace"), transfer=transfer)
    shop.work()
    assert states(shop, sale, payout) == ("sent", "confirmed", "released")


def test_without_a_reason_nothing_is_proposed(shop: Shop) -> None:
    sale, payout = paid(shop)
    for reason in ("", "  ", "x" * 1001, "a\x00b"):
        with pytest.raises(InvalidInput):
            taking_back.propose(sale.as_staff("frida"), transfer=transfer_of(shop, payout), reason=reason)


def test_a_transfer_the_provider_cannot_take_back_may_be_proposed_again(shop: Shop) -> None:
    sale, payout = paid(shop)
    transfer = transfer_of(shop, payout)
    known = transfer.provider_ref
    transfer.provider_ref = "tr_gone"  # the provider answers that it knows no such transfer
    shop.uow.record("provider_transfer.test", transfer)
    take_back(sale, transfer)
    shop.work()
    shop.uow.session.refresh(transfer)
    assert (transfer.reversal_proposed_by, transfer.reversal_agreed_by, transfer.state) == (None, None, "sent")
    assert "refused" in shop.problems()

    transfer.provider_ref = known
    shop.uow.record("provider_transfer.test", transfer)
    take_back(sale, transfer)
    shop.work()
    shop.deliver()
    assert states(shop, sale, payout)[0] == "reversed"
