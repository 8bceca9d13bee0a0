"""Deadlines of a closed region move once, exactly, and back only by what nobody used yet."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.audit.leaf import plain
from marketplace.audit.queries import history
from marketplace.compliance.models import Cooperative
from marketplace.compliance.services import regions
from marketplace.compliance.services.oversight import SamePerson
from marketplace.compliance.staff_forms import Closure
from marketplace.core.clock import SetClock
from marketplace.core.errors import Conflict, Forbidden
from marketplace.http.context import make_uow
from marketplace.notifications.models import Message
from marketplace.orders import services
from marketplace.orders.answers import Reason
from marketplace.orders.models import Order
from marketplace.orders.overlay_models import DeadlinePause
from marketplace.orders.services.pausing import shift, shift_deadlines
from marketplace.orders.transitions import Action, allowed_actions
from marketplace.unit_of_work import UnitOfWork
from tests.builders.compliance import closed, compliance
from tests.builders.orders import Sale, confirmed_order, delivered_order, funded_order, placed_order

DAY = timedelta(days=1)
SHIP = 10 * DAY


def moved(uow: UnitOfWork, sale: Sale) -> timedelta:
    """Shift, and return how much later than usual the deadline to ship now is."""
    shift(uow, order_id=sale.order.id)
    uow.session.flush()
    assert sale.order.deadline_at is not None
    return sale.order.deadline_at - sale.order.state_since - SHIP


def told(uow: UnitOfWork) -> list[str]:
    letters = select(Message.address).where(Message.template == "order_deadline_moved").order_by(Message.address)
    return list(uow.session.scalars(letters))


def test_three_closed_days_give_three_days_once_and_both_are_told(uow: UnitOfWork) -> None:
    sale = confirmed_order(uow)
    start = sale.order.state_since
    closed(uow, starts_at=start + 2 * DAY, ends_at=start + 5 * DAY)

    assert [moved(uow, sale), moved(uow, sale), moved(uow, sale)] == [3 * DAY] * 3

    assert told(uow) == sorted([sale.bob.email, sale.amina.email])
    entries = history(uow.session, kind="order", key=str(sale.order.id))
    shifts = [row.details for row in entries if row.action == "deadline_pause.shift"]
    ends = [plain(start + SHIP), plain(start + SHIP + 3 * DAY)]
    assert [[each["before"], each["after"]] for each in shifts] == [ends]
    # the reminder after five days comes three days later as well
    assert sale.order.next_due_at == start + 8 * DAY
    uow.check_audited()


def test_two_declarations_about_the_same_days_count_once(uow: UnitOfWork) -> None:
    sale = confirmed_order(uow)
    start = sale.order.state_since
    closed(uow, starts_at=start + 3 * DAY, ends_at=start + 6 * DAY, name="late")
    assert moved(uow, sale) == 3 * DAY

    closed(uow, starts_at=start + 2 * DAY, ends_at=start + 5 * DAY, name="early")

    assert moved(uow, sale) == 4 * DAY  # days 2 to 6 together


def test_ending_early_takes_back_the_days_to_come_and_keeps_those_that_passed(uow: UnitOfWork) -> None:
    sale = confirmed_order(uow)
    start = sale.order.state_since
    closure = closed(uow, starts_at=start, ends_at=start + 8 * DAY)
    assert moved(uow, sale) == 8 * DAY
    mary = compliance(uow, "mary")
    mary.now = uow.now = start + 2 * DAY

    regions.end(mary, closure_id=closure.id, reason="The road is open again since today.")

    assert moved(uow, sale) == 2 * DAY
    with pytest.raises(Conflict):
        regions.end(mary, closure_id=closure.id, reason="The road is open again since today.")


def test_a_declaration_that_one_person_made_moves_nothing(uow: UnitOfWork) -> None:
    sale = confirmed_order(uow)
    mary = compliance(uow, "mary")
    row = regions.declare(mary, closure=Closure("TZ", "", uow.now, uow.now + DAY, "The river took the only road."))

    assert moved(uow, sale) == timedelta()
    with pytest.raises(SamePerson):
        regions.confirm(mary, closure_id=row.id)
    with pytest.raises(Forbidden):
        regions.confirm(sale.as_buyer(), closure_id=row.id)
    regions.end(mary, closure_id=row.id, reason="Declared for the wrong country, sorry.")
    with pytest.raises(Conflict):
        regions.confirm(compliance(uow, "peter"), closure_id=row.id)


@pytest.mark.parametrize(
    ("country", "region", "days"),
    [
        ("TZ", "", 1),  # where the cooperative is
        ("DE", "", 1),  # where the buyer is
        ("DE", "hamburg ", 1),  # where the goods go
        ("TZ", "Nowhere", 0),
        ("KE", "", 0),
    ],
)
def test_only_orders_with_somebody_there_move(uow: UnitOfWork, country: str, region: str, days: int) -> None:
    sale = confirmed_order(uow)
    closed(uow, starts_at=uow.now, ends_at=uow.now + DAY, country=country, region=region)

    assert moved(uow, sale) == days * DAY


def test_a_region_is_named_as_the_cooperative_wrote_it(uow: UnitOfWork) -> None:
    sale = confirmed_order(uow)
    district = uow.session.get_one(Cooperative, sale.order.cooperative_id).district
    closed(uow, starts_at=uow.now, ends_at=uow.now + DAY, region=district.upper())

    assert moved(uow, sale) == DAY


def test_each_stretch_of_the_road_is_shifted_by_its_own_days(uow: UnitOfWork, clock: SetClock) -> None:
    sale = funded_order(uow)
    start = uow.now
    closed(uow, starts_at=start, ends_at=start + 5 * DAY)
    shift(uow, order_id=sale.order.id)
    assert sale.order.deadline_at == start + 12 * DAY
    uow.now = start + 2 * DAY

    services.advance(sale.as_cooperative(), order=sale.order, action=Action.CONFIRM)

    assert sale.order.state_since == start + 2 * DAY
    assert moved(uow, sale) == 3 * DAY  # of the five closed days three were still to come
    uow.check_audited()


def test_the_last_day_for_a_decision_stays(uow: UnitOfWork) -> None:
    sale = confirmed_order(uow)
    for month in range(3):
        begin = uow.now + 30 * month * DAY
        closed(uow, starts_at=begin, ends_at=begin + 30 * DAY, name=str(month))

    shift(uow, order_id=sale.order.id)

    # by then somebody must have decided, wherever the parties are
    assert sale.order.funded_at is not None
    assert sale.order.deadline_at == sale.order.backstop_at == sale.order.funded_at + 80 * DAY


def test_a_payment_page_closes_at_its_time_wherever_the_buyer_is(uow: UnitOfWork) -> None:
    sale = placed_order(uow)
    closed(uow, starts_at=uow.now, ends_at=uow.now + DAY)
    before = sale.order.deadline_at

    assert not shift(uow, order_id=sale.order.id)
    assert sale.order.deadline_at == before


def test_the_worker_moves_all_of_them_and_then_nothing_more(app: Flask, uow: UnitOfWork) -> None:
    sale = confirmed_order(uow)
    elsewhere = confirmed_order(uow, number=2, buyer_name="carol")
    shop = uow.session.get_one(Cooperative, elsewhere.order.cooperative_id)
    shop.country = "KE"
    uow.record("cooperative.amend", shop)
    start = uow.now
    closed(uow, starts_at=start, ends_at=start + DAY)
    uow.commit()

    assert (shift_deadlines(make_uow), shift_deadlines(make_uow)) == (1, 0)

    deadlines = dict(uow.session.execute(select(Order.id, Order.deadline_at)).all())
    assert deadlines[sale.order.id] == start + SHIP + DAY
    assert deadlines[elsewhere.order.id] == start + SHIP
    assert uow.session.scalars(select(DeadlinePause.given)).all() == [DAY]


def test_a_dispute_that_ends_in_a_closure_counts_the_closure_once(uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    start, days = sale.order.state_since, sale.order.inspection_days
    closed(uow, starts_at=start + 2 * DAY, ends_at=start + 10 * DAY)
    shift(uow, order_id=sale.order.id)
    assert sale.order.deadline_at == start + (days + 8) * DAY

    uow.now = start + 4 * DAY
    services.report_problem(sale.as_buyer(), order=sale.order, reason=Reason("damaged", "One corner is chipped."))
    shift(uow, order_id=sale.order.id)
    uow.now = start + 6 * DAY
    services.withdraw_problem(sale.as_buyer(), order=sale.order)
    shift(uow, order_id=sale.order.id)

    # Two days were worked before the closure, the rest begins when it ends on day 10.
    assert sale.order.deadline_at == start + (10 + days - 2) * DAY
    assert not shift(uow, order_id=sale.order.id)
    uow.check_audited()


def test_a_closure_that_a_dispute_outlasts_gives_nothing_afterwards(uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    start, days = sale.order.state_since, sale.order.inspection_days
    closed(uow, starts_at=start + 2 * DAY, ends_at=start + 10 * DAY)
    shift(uow, order_id=sale.order.id)
    uow.now = start + 4 * DAY
    services.report_problem(sale.as_buyer(), order=sale.order, reason=Reason("damaged", "One corner is chipped."))
    uow.now = start + 12 * DAY
    services.withdraw_problem(sale.as_buyer(), order=sale.order)
    shift(uow, order_id=sale.order.id)

    assert sale.order.deadline_at == start + (12 + days - 2) * DAY


def test_reminders_of_a_dispute_wait_although_its_last_day_cannot(uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    services.report_problem(sale.as_buyer(), order=sale.order, reason=Reason("damaged", "One corner is chipped."))
    start, last = uow.now, sale.order.deadline_at
    assert sale.order.next_due_at == start + 5 * DAY
    closed(uow, starts_at=start + DAY, ends_at=start + 4 * DAY)

    assert not shift(uow, order_id=sale.order.id), "the last day for a decision stays"

    assert (sale.order.next_due_at, sale.order.deadline_at) == (start + 8 * DAY, last)
    assert told(uow) == []
    uow.check_audited()


def test_the_buyer_may_not_leave_for_silence_that_force_majeure_explains(uow: UnitOfWork) -> None:
    sale = funded_order(uow)
    start = uow.now
    closed(uow, starts_at=start + 2 * DAY, ends_at=start + 5 * DAY)
    shift(uow, order_id=sale.order.id)

    uow.now = start + 5 * DAY
    assert Action.CANCEL_UNCONFIRMED not in allowed_actions(sale.order, sale.as_buyer().actor, now=uow.now)
    uow.now = start + 6 * DAY  # two days before the closure and one after it
    assert Action.CANCEL_UNCONFIRMED in allowed_actions(sale.order, sale.as_buyer().actor, now=uow.now)
