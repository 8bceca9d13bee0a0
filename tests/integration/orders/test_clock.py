"""The clock: notices, deadlines, and never an acceptance that nobody was warned of."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.core.clock import SetClock
from marketplace.lots.queries import listing_of
from marketplace.notifications.models import Message
from marketplace.orders import services
from marketplace.orders.answers import Reason
from marketplace.orders.decisions import Decision
from marketplace.orders.models import LotClaim
from marketplace.orders.queries import open_problem
from marketplace.orders.transitions import Action
from marketplace.payments.models import ProviderCommand
from marketplace.unit_of_work import UnitOfWork
from tests.builders.orders import (
    Sale,
    confirmed_order,
    delivered_order,
    funded_order,
    placed_order,
    shipped_order,
)

Tick = Callable[[Sale, timedelta], None]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def tick(uow: UnitOfWork, clock: SetClock) -> Tick:
    """Let time pass, then let the clock attend to the order until it has nothing to do."""

    def pass_time(sale: Sale, step: timedelta) -> None:
        clock.advance(step)
        uow.now = clock.now()
        while services.attend(uow, order_id=sale.order.id):
            uow.session.flush()
        uow.check_audited()

    return pass_time


def letters(sale: Sale) -> list[str]:
    found = (
        select(Message.template).where(Message.template.startswith("order_")).order_by(Message.created_at, Message.id)
    )
    return list(sale.uow.session.scalars(found))


def test_an_unpaid_order_asks_the_provider_first_and_expires_with_its_answer(uow: UnitOfWork, tick: Tick) -> None:
    sale = placed_order(uow)
    tick(sale, timedelta(minutes=29))
    assert sale.order.stopping is None

    tick(sale, timedelta(minutes=1))

    assert (sale.order.state, sale.order.stopping) == ("pending_payment", "expired")
    assert "expiry" in uow.session.scalars(select(ProviderCommand.kind)).all()
    claim = uow.session.scalars(select(LotClaim)).one()
    assert claim.state == "settling", "time alone never frees a claim whose payment may still come"
    services.end_unpaid(sale.as_provider(), order=sale.order)
    assert (sale.order.state, claim.state) == ("expired", "released")
    assert listing_of(uow.session, sale.lot.id).availability == "available"  # type: ignore[union-attr]


def test_a_silent_cooperative_is_reminded_twice_then_the_buyer_may_cancel_then_is_refunded(
    uow: UnitOfWork, tick: Tick
) -> None:
    sale = funded_order(uow)
    before = len(letters(sale))

    for _ in range(3):
        tick(sale, DAY)
    assert letters(sale)[before:] == ["order_confirm_reminder", "order_confirm_reminder", "order_may_cancel"]
    tick(sale, 4 * DAY - HOUR)
    assert sale.order.state == "funded"
    tick(sale, HOUR)

    assert sale.order.state == "refunding"
    assert sale.lot.state == "withdrawn"


def test_nothing_shipped_in_ten_days_is_refunded(uow: UnitOfWork, tick: Tick) -> None:
    sale = confirmed_order(uow)
    tick(sale, 5 * DAY)
    tick(sale, 2 * DAY)
    assert letters(sale)[-2:] == ["order_ship_reminder", "order_ship_overdue"]

    tick(sale, 3 * DAY)

    assert sale.order.state == "refunding"


def test_a_parcel_that_is_late_becomes_a_problem_for_staff(uow: UnitOfWork, tick: Tick) -> None:
    sale = shipped_order(uow)

    tick(sale, 20 * DAY)

    assert (sale.order.state, sale.order.disputed_from) == ("disputed", "shipped")
    report = open_problem(uow.session, sale.order.id)
    assert report is not None
    assert (report.kind, report.reported_by) == ("not_arrived", None)


def test_silence_accepts_after_two_notices(uow: UnitOfWork, tick: Tick) -> None:
    sale = delivered_order(uow)
    before = len(letters(sale))
    tick(sale, 4 * DAY)
    tick(sale, 2 * DAY)
    assert letters(sale)[before:] == ["order_inspect_reminder", "order_inspect_reminder"]
    tick(sale, DAY - HOUR)
    assert sale.order.state == "delivered"

    tick(sale, HOUR)

    assert sale.order.state == "releasing"
    assert sale.lot.state == "sold"


def test_a_worker_that_slept_warns_first_and_accepts_a_day_later(uow: UnitOfWork, tick: Tick) -> None:
    sale = delivered_order(uow)

    tick(sale, 30 * DAY)
    assert sale.order.state == "delivered"
    assert sale.order.deadline_at == uow.now + DAY
    assert letters(sale)[-1] == "order_inspect_reminder"
    tick(sale, DAY - timedelta(minutes=1))
    assert sale.order.state == "delivered"

    tick(sale, timedelta(minutes=1))
    assert sale.order.state == "releasing"


def test_a_problem_stops_the_clock_and_its_end_gives_the_time_back(uow: UnitOfWork, tick: Tick) -> None:
    sale = delivered_order(uow)
    tick(sale, 2 * DAY)
    services.report_problem(sale.as_buyer(), order=sale.order, reason=Reason("weight", "It weighs 3.10 carats."))
    tick(sale, 40 * DAY)
    assert sale.order.state == "disputed"

    services.decide(sale.as_staff("zawadi"), order=sale.order, decision=Decision("continue", "A scale was wrong."))

    assert sale.order.state == "delivered"
    assert sale.order.deadline_at == uow.now + 5 * DAY
    tick(sale, 2 * DAY)
    tick(sale, 2 * DAY)
    tick(sale, DAY)
    assert sale.order.state == "releasing"


def test_finance_is_told_of_a_release_that_waits(uow: UnitOfWork, tick: Tick) -> None:
    sale = delivered_order(uow)
    sale.as_staff("frida")
    services.advance(sale.as_buyer(), order=sale.order, action=Action.ACCEPT)

    tick(sale, 3 * DAY)

    assert letters(sale)[-1] == "order_release_late"
    assert sale.order.next_due_at is None


def test_the_minutes_run_attends_to_each_order_and_skips_what_is_not_due(uow: UnitOfWork, clock: SetClock) -> None:
    from marketplace.http.context import make_uow

    first = placed_order(uow)
    clock.advance(timedelta(minutes=10))
    uow.now = clock.now()
    second = placed_order(uow, number=2, buyer_name="carol")
    uow.commit()
    clock.advance(timedelta(minutes=20))

    assert services.run_due(make_uow) == 1

    uow.session.expire_all()
    assert (first.order.stopping, second.order.stopping) == ("expired", None)
