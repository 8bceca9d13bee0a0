"""Staff are warned of payments that are held for long, once for each stage."""

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from marketplace.core.actor import StaffRole
from marketplace.core.clock import SetClock
from marketplace.http.context import make_uow
from marketplace.notifications.models import Message
from marketplace.orders.overlay_models import HoldAlarm
from marketplace.orders.services.hold_alarms import long_holds, run_alarms
from marketplace.unit_of_work import UnitOfWork
from tests.builders.orders import funded_order
from tests.people import person

DAY = timedelta(days=1)


def letters(uow: UnitOfWork) -> list[str]:
    found = (
        select(Message.address).where(Message.template == "hold_alarm").order_by(Message.created_at, Message.address)
    )
    return list(uow.session.scalars(found))


def test_on_day_60_and_on_day_75_everybody_responsible_gets_one_letter(
    app: Flask, uow: UnitOfWork, clock: SetClock
) -> None:
    both = person(uow, "both", StaffRole.MODERATOR, StaffRole.FINANCE)
    finance = person(uow, "finance", StaffRole.FINANCE)
    person(uow, "curator", StaffRole.CURATOR)
    sale = funded_order(uow)
    uow.commit()
    paid: datetime = clock.time
    expected = []

    for days, is_told in ((59, False), (60, True), (61, False), (74, False), (75, True), (76, False), (200, False)):
        clock.time = paid + days * DAY
        assert run_alarms(make_uow) == int(is_told), days
        expected += [both.email, finance.email] if is_told else []

    # the other moderators of the test are the reviewers of the lot: they are responsible too
    found = [address for address in letters(uow) if address in {both.email, finance.email, "curator@example.org"}]
    assert found == expected
    assert [row.stage for row in uow.session.scalars(select(HoldAlarm).order_by(HoldAlarm.stage))] == [1, 2]
    assert sale.order.reference in str(uow.session.scalars(select(Message.params)).all())


def test_a_worker_that_slept_past_both_days_writes_one_letter(app: Flask, uow: UnitOfWork, clock: SetClock) -> None:
    person(uow, "finance", StaffRole.FINANCE)
    funded_order(uow)
    uow.commit()
    clock.advance(80 * DAY)

    assert [run_alarms(make_uow), run_alarms(make_uow)] == [1, 0]
    assert uow.session.scalars(select(HoldAlarm.stage)).all() == [2]


def test_the_list_has_the_oldest_first_with_the_days_left(uow: UnitOfWork) -> None:
    old = funded_order(uow)
    uow.now += 10 * DAY
    young = funded_order(uow, number=2, buyer_name="carol")
    ended = funded_order(uow, number=3, buyer_name="dora")
    ended.order.closed_at = uow.now
    paid = old.order.funded_at
    assert paid is not None

    uow.now = paid + 60 * DAY - timedelta(seconds=1)
    assert long_holds(uow) == ([], None)
    uow.now = paid + 75 * DAY
    rows, after = long_holds(uow)

    assert [(row.order.reference, row.days_left, row.stage) for row in rows] == [
        (old.order.reference, 10, 2),  # day 75 of 85
        (young.order.reference, 20, 1),  # day 65
    ]
    assert after is None
