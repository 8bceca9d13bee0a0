"""Commands reach the provider once, whatever breaks on the way."""

from datetime import timedelta

import pytest

from marketplace.core.actor import PROVIDER
from marketplace.http.context import make_uow
from marketplace.jobs.app import queue
from marketplace.ledger import chart
from marketplace.ledger.queries import balance
from marketplace.orders import services
from marketplace.orders.services import settlement
from marketplace.orders.transitions import Action
from marketplace.payments import outbox
from marketplace.payments.consequences import Desk
from marketplace.payments.provider import ProviderUnavailable
from marketplace.unit_of_work import UnitOfWork
from tests.integration.payments.shop import Shop, price


class Killed(Exception):
    """The worker died here."""


def pages_of(shop: Shop, reference: str) -> int:
    """Count the payment pages the provider has for an order, by what happens when each closes."""
    found, position = 0, None
    while page := shop.provider.events_since(position):
        sessions = [event for event in page if event.object_type == "checkout.session"]
        found += sum(event.raw["data"]["object"]["client_reference_id"] == reference for event in sessions)
        position = page[-1].id
    return found


def test_a_provider_that_fails_is_asked_again_later_with_the_same_key(shop: Shop) -> None:
    sale = shop.order()
    shop.sandbox.order("faults", fail_next=3)  # the client itself tries three times
    shop.work()
    command = shop.command(shop.payment(sale).id, "checkout")
    assert (command.state, command.attempts, shop.payment(sale).state) == ("waiting", 1, "creating")
    key = command.key

    shop.run("payments.resend")
    assert shop.payment(sale).state == "creating", "its back-off is not over"
    shop.let_leases_end()
    shop.run("payments.resend")

    command = shop.command(shop.payment(sale).id, "checkout")
    assert (command.state, command.attempts, command.key) == ("done", 2, key)
    assert shop.payment(sale).state == "open"


def test_an_answer_that_was_cut_off_opens_one_page(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    sale = shop.order()
    call = outbox._call

    def cut(provider: object, leased: outbox.Leased) -> None:
        call(shop.provider, leased)
        raise ProviderUnavailable(outcome_unknown=True)

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_call", cut)
        shop.work()
    assert shop.payment(sale).state == "creating"
    shop.let_leases_end()
    shop.run("payments.resend")

    shop.provider.expire_checkout(shop.payment(sale).session_id or "", key=f"close-{sale.order.reference}")
    assert pages_of(shop, sale.order.reference) == 1


def test_a_page_paid_before_its_lost_answer_was_asked_for_again_funds_the_order(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale = shop.order()
    call = outbox._call
    opened: list[str] = []

    def cut(provider: object, leased: outbox.Leased) -> None:
        opened.append(call(shop.provider, leased).page.session_id)  # type: ignore[union-attr]
        raise ProviderUnavailable(outcome_unknown=True)

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_call", cut)
        shop.work()
    shop.sandbox.pay(opened[0])
    shop.news()  # lost
    shop.let_leases_end()
    shop.run("payments.resend")  # answered with the page as it was when it opened

    assert shop.order_now(sale).state == "funded"


@pytest.mark.parametrize("moment", ["before the call", "after the call"])
def test_a_worker_that_dies_in_between_loses_and_doubles_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    sale = shop.paid_order()
    services.cancel(sale.as_buyer(), order=sale.order)
    shop.uow.commit()
    before = balance(shop.uow.session, chart.STRIPE_CLEARING, "USD")
    call = outbox._call

    def die(provider: object, leased: outbox.Leased) -> None:
        if moment == "after the call":
            call(shop.provider, leased)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_call", die)
        with pytest.raises(Killed):
            shop.work()
    assert shop.command(shop.refund(sale).id, "refund").state == "leased"

    shop.run("payments.resend")
    assert shop.refund(sale).state == "decided", "the lease still runs"
    shop.let_leases_end()
    shop.run("payments.resend")
    shop.deliver()

    assert shop.order_now(sale).state == "refunded"
    assert before - balance(shop.uow.session, chart.STRIPE_CLEARING, "USD") == price(sale)
    assert len(shop.provider.refunds_of(shop.payment(sale).payment_intent_id or "")) == 1
    assert shop.books().is_even


def test_a_command_in_another_worker_s_hands_is_left_alone(shop: Shop) -> None:
    sale = shop.order()
    command = shop.command(shop.payment(sale).id, "checkout")
    command.state, command.leased_until = "leased", shop.uow.clock.wall() + timedelta(minutes=1)
    shop.uow.record("provider_command.test", command)
    shop.work()

    assert shop.payment(sale).state == "creating"


def test_an_old_refund_of_unknown_outcome_is_looked_up_before_it_is_sent_again(shop: Shop) -> None:
    sale = shop.paid_order()
    services.cancel(sale.as_buyer(), order=sale.order)
    refund, payment = shop.refund(sale), shop.payment(sale)
    command = shop.command(refund.id, "refund")
    # It went out yesterday under a key that the provider has forgotten, and its answer was lost.
    shop.provider.create_refund(
        key="forgotten", payment_intent_id=payment.payment_intent_id or "", amount=price(sale),
        order_reference=payment.order_reference,
    )  # fmt: skip
    command.attempts, command.first_sent_at = 1, shop.uow.clock.wall() - timedelta(hours=21)
    shop.uow.record("provider_command.test", command)
    shop.work()

    assert shop.order_now(sale).state == "refunded"
    assert len(shop.provider.refunds_of(payment.payment_intent_id or "")) == 1
    assert shop.books().is_even


def test_a_refused_page_ends_the_order_and_tells_staff(shop: Shop) -> None:
    sale = shop.order()
    command = shop.command(shop.payment(sale).id, "checkout")
    command.request = {**command.request, "expires_at": shop.uow.clock.wall().isoformat()}
    shop.uow.record("provider_command.test", command)
    shop.work()

    assert (shop.order_now(sale).state, shop.payment(sale).state) == ("expired", "failed")
    assert shop.problems() == ["refused"]


def test_no_transaction_is_open_while_the_provider_is_asked(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    sale = shop.order()
    seen: list[bool] = []
    units: list[UnitOfWork] = []
    call = outbox._call

    def make(actor: object) -> UnitOfWork:
        units.append(make_uow(PROVIDER))
        return units[-1]

    def watched(provider: object, leased: outbox.Leased) -> object:
        seen.append(any(unit.session.in_transaction() for unit in units))
        return call(shop.provider, leased)

    monkeypatch.setattr(outbox, "_call", watched)
    command_id = shop.command(shop.payment(sale).id, "checkout").id
    shop.uow.commit()
    outbox.send(Desk(make, shop.provider, settlement), command_id=command_id)

    assert seen == [False]


def test_bob_gets_his_money_back_once(shop: Shop) -> None:
    sale = shop.paid_order()
    services.cancel(sale.as_buyer(), order=sale.order)
    shop.work()
    shop.deliver()
    shop.deliver()

    assert (shop.order_now(sale).state, shop.refund(sale).state) == ("refunded", "done")
    assert not balance(shop.uow.session, chart.held(sale.order.id), "USD")
    assert not balance(shop.uow.session, chart.refund_payable(sale.order.id), "USD")
    assert shop.books().is_even


def test_a_refund_that_fails_at_the_bank_can_be_tried_again(shop: Shop) -> None:
    sale = shop.paid_order()
    shop.sandbox.order("faults", fail_refunds_next=1)
    services.cancel(sale.as_buyer(), order=sale.order)
    shop.work()
    shop.deliver()
    assert (shop.order_now(sale).state, shop.refund(sale).state) == ("refund_failed", "failed")
    assert balance(shop.uow.session, chart.refund_payable(sale.order.id), "USD") == price(sale)
    assert shop.books().is_even

    services.advance(shop.finance(sale, "frida"), order=sale.order, action=Action.RETRY_REFUND)
    shop.work()
    shop.deliver()

    assert (shop.order_now(sale).state, shop.refund(sale).tries) == ("refunded", 2)
    assert shop.books().is_even


def test_a_refund_whose_news_comes_before_its_answer_is_recognised(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    sale = shop.paid_order()
    services.cancel(sale.as_buyer(), order=sale.order)
    shop.uow.commit()
    monkeypatch.setattr(outbox, "note", lambda *_, **__: None)  # the answer is lost
    shop.work()
    shop.deliver()
    assert shop.order_now(sale).state == "refunded"
    monkeypatch.undo()
    shop.let_leases_end()
    shop.run("payments.resend")

    assert len(shop.provider.refunds_of(shop.payment(sale).payment_intent_id or "")) == 1
    assert shop.problems() == []
    assert shop.books().is_even


def test_the_worker_knows_the_tasks_the_commands_ask_for() -> None:
    assert {"payments.send", "payments.apply_news", "payments.check", "payments.sweep"} <= set(queue.tasks)
