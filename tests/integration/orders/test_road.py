"""The road of an order from the lot's page to the cooperative's money."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.core.clock import SetClock
from marketplace.core.errors import TransitionRefused
from marketplace.core.money import Money
from marketplace.ledger import chart
from marketplace.ledger.queries import balance, trial_balance
from marketplace.lots.queries import listing_of
from marketplace.notifications.models import Message
from marketplace.orders import services
from marketplace.orders.models import LotClaim, Order
from marketplace.orders.queries import steps_of
from marketplace.orders.services.money import shares_of
from marketplace.orders.transitions import Action
from marketplace.payments.models import Payment, ProviderCommand, Refund
from marketplace.unit_of_work import UnitOfWork
from tests.builders.orders import Sale, delivered_order, funded_order, placed_order
from tests.people import person


def held(sale: Sale) -> Money:
    return balance(sale.uow.session, chart.held(sale.order.id), sale.order.currency)


def letters(uow: UnitOfWork) -> list[str]:
    return list(uow.session.scalars(select(Message.template).where(Message.template.startswith("order_"))))


def test_an_order_freezes_what_was_agreed_and_asks_for_a_payment_page(uow: UnitOfWork) -> None:
    sale = placed_order(uow)

    order = sale.order
    assert order.state == "pending_payment"
    assert order.version_sha256 == sale.version.sha256
    assert len(order.photo_hashes) == 4
    assert sum(share.amount.minor for share in shares_of(order)) == order.price_minor
    assert order.inspection_days == 7
    assert order.deadline_at == uow.now + timedelta(minutes=30)
    payment = uow.session.scalars(select(Payment).where(Payment.order_id == order.id)).one()
    assert (payment.amount_minor, payment.currency) == (order.price_minor, order.currency)
    claim = uow.session.scalars(select(LotClaim).where(LotClaim.order_id == order.id)).one()
    assert claim.state == "settling"
    assert listing_of(uow.session, sale.lot.id).availability == "reserved"  # type: ignore[union-attr]
    uow.check_audited()


def test_the_whole_road_pays_everybody_to_the_cent(uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    order = sale.order
    assert held(sale) == Money(order.price_minor, "USD")

    services.advance(sale.as_buyer(), order=order, action=Action.ACCEPT)

    assert order.state == "releasing"
    assert not held(sale)
    owed = balance(uow.session, chart.coop_payable(order.cooperative_id), "USD")
    assert owed == Money(order.net_minor, "USD")
    assert trial_balance(uow.session).is_sound
    services.advance(sale.as_staff("frida"), order=order, action=Action.COMPLETE_RELEASE)
    assert order.state == "released"
    assert (order.deadline_at, order.next_due_at) == (None, None)
    assert order.closed_at == uow.now
    assert sale.lot.state == "sold"
    assert [step.action for step in steps_of(uow.session, order.id)] == [
        "capture", "confirm", "ship", "receive", "accept", "release", "complete_release",
    ]  # fmt: skip
    uow.check_audited()


def test_each_step_is_told_to_who_waits_for_it(uow: UnitOfWork) -> None:
    delivered_order(uow)

    assert letters(uow) == [
        "order_funded_buyer",
        "order_funded_cooperative",
        "order_confirmed_buyer",
        "order_shipped_buyer",
        "order_delivered_buyer",
        "order_delivered_cooperative",
    ]


def test_bob_changes_his_mind_within_the_hour_and_is_refunded(uow: UnitOfWork, clock: SetClock) -> None:
    sale = funded_order(uow)
    clock.advance(timedelta(minutes=59))
    uow.now = clock.now()

    services.cancel(sale.as_buyer(), order=sale.order)

    assert sale.order.state == "refunding"
    assert not held(sale)
    refund = uow.session.scalars(select(Refund).where(Refund.order_id == sale.order.id)).one()
    assert refund.amount_minor == sale.order.price_minor
    assert listing_of(uow.session, sale.lot.id).availability == "available"  # type: ignore[union-attr]
    services.advance(sale.as_provider(), order=sale.order, action=Action.COMPLETE_REFUND)
    assert sale.order.state == "refunded"
    uow.check_audited()


def test_bob_is_too_late_after_an_hour_but_may_cancel_when_nobody_confirms(uow: UnitOfWork, clock: SetClock) -> None:
    sale = funded_order(uow)
    clock.advance(timedelta(minutes=61))
    uow.now = clock.now()
    with pytest.raises(TransitionRefused) as refused:
        services.cancel(sale.as_buyer(), order=sale.order)
    assert refused.value.legal == ("report_problem",)

    clock.advance(timedelta(hours=72))
    uow.now = clock.now()
    services.cancel(sale.as_buyer(), order=sale.order)

    assert sale.order.state == "refunding"
    assert sale.lot.state == "withdrawn"
    assert steps_of(uow.session, sale.order.id)[-1].action == "cancel_unconfirmed"


def test_a_cancelled_payment_ends_only_with_the_providers_answer(uow: UnitOfWork) -> None:
    sale = placed_order(uow)

    services.cancel(sale.as_buyer(), order=sale.order)

    assert sale.order.state == "pending_payment"
    claim = uow.session.scalars(select(LotClaim).where(LotClaim.order_id == sale.order.id)).one()
    assert claim.state == "settling"
    kinds = uow.session.scalars(select(ProviderCommand.kind).order_by(ProviderCommand.created_at)).all()
    assert sorted(kinds) == ["checkout", "expiry"]
    with pytest.raises(TransitionRefused):
        services.cancel(sale.as_buyer(), order=sale.order)
    services.end_unpaid(sale.as_provider(), order=sale.order)
    assert sale.order.state == "cancelled"
    assert claim.state == "released"
    uow.check_audited()


def test_a_payment_that_beats_the_cancellation_is_held_and_may_be_taken_back(uow: UnitOfWork) -> None:
    from tests.builders.orders import fund

    sale = placed_order(uow)
    services.cancel(sale.as_buyer(), order=sale.order)

    fund(sale)

    assert sale.order.state == "funded"
    services.cancel(sale.as_buyer(), order=sale.order)
    assert sale.order.state == "refunding"


def test_nobody_skips_a_step_or_acts_for_somebody_else(uow: UnitOfWork) -> None:
    sale = funded_order(uow)
    outsider = sale.as_staff("olga")

    for acting, action in [
        (sale.as_buyer(), Action.CONFIRM),
        (sale.as_cooperative(), Action.CANCEL),
        (sale.as_buyer(), Action.ACCEPT),
        (outsider, Action.DECIDE),
        (sale.as_provider(), Action.CAPTURE),
        (sale.as_provider(), Action.COMPLETE_REFUND),
    ]:
        with pytest.raises(TransitionRefused):
            services.advance(acting, order=sale.order, action=action)
    assert sale.order.state == "funded"


def test_a_large_order_waits_a_day_and_for_a_second_person(uow: UnitOfWork, clock: SetClock) -> None:
    from tests.builders.lots import STONE

    steps = {**STONE, "price": {**STONE["price"], "wanted": "6000"}}
    sale = delivered_order(uow, steps=steps)
    assert sale.order.needs_second_person
    assert sale.order.inspection_days == 14
    services.advance(sale.as_buyer(), order=sale.order, action=Action.ACCEPT)
    assert sale.order.state == "accepted"
    with pytest.raises(TransitionRefused):
        services.advance(sale.as_staff("frida"), order=sale.order, action=Action.APPROVE_RELEASE)

    clock.advance(timedelta(hours=24))
    uow.now = clock.now()
    services.advance(sale.as_staff("frida"), order=sale.order, action=Action.APPROVE_RELEASE)

    assert sale.order.state == "releasing"
    assert not held(sale)


def test_a_refund_that_fails_is_tried_again(uow: UnitOfWork) -> None:
    sale = funded_order(uow)
    services.cancel(sale.as_buyer(), order=sale.order)
    services.advance(sale.as_provider(), order=sale.order, action=Action.FAIL_REFUND)
    uow.session.scalars(select(Refund)).one().state = "failed"

    services.advance(sale.as_staff("frida"), order=sale.order, action=Action.RETRY_REFUND)

    assert sale.order.state == "refunding"
    assert not held(sale)


def test_staff_with_a_stake_is_no_staff_here(uow: UnitOfWork) -> None:
    from marketplace.core.actor import StaffRole
    from marketplace.orders.transitions import allowed_actions
    from tests.people import actor

    sale = placed_order(uow)
    admin = person(uow, "Ada", StaffRole.ADMINISTRATOR)

    assert allowed_actions(sale.order, actor(uow.session, admin), now=uow.now) == ()
    assert isinstance(sale.order, Order)
