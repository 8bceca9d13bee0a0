"""Warn staff of payments that are held for long: on day 60 and 75 of 90, or the same shares of a shorter maximum."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Select, func, select, tuple_

from marketplace.core.actor import CLOCK, StaffRole
from marketplace.orders.hold_limits import alarm_days, alarms_due, last_day_of_hold
from marketplace.orders.models import Order
from marketplace.orders.overlay_models import HoldAlarm
from marketplace.orders.services.telling import tell_staff
from marketplace.unit_of_work import UnitOfWork, running

BATCH: Final = 100
PAGE: Final = 25
ROLES: Final = (StaffRole.MODERATOR, StaffRole.FINANCE)


class LongHold(NamedTuple):
    """An order whose payment is held for long: its last day, the whole days left, and how many alarms are due."""

    order: Order
    last_day: datetime
    days_left: int
    stage: int


def run_alarms(make_uow: Callable[[], UnitOfWork]) -> int:
    """Write the letters that are due, at most a batch in one transaction; return how many orders they are about."""
    with running(make_uow) as uow:
        found = _unwarned(uow)
        for order in found:
            warn(uow, order=order)
    return len(found)


def warn(uow: UnitOfWork, *, order: Order) -> bool:
    """Write the alarm of the stage that is reached, once; a stage that was missed meanwhile is not told as well."""
    if order.funded_at is None:
        return False
    maximum_days = uow.settings.maximum_hold_days
    stage = alarms_due(order.funded_at, maximum_days=maximum_days, now=uow.now)
    if stage == 0 or uow.session.get(HoldAlarm, (order.id, stage)) is not None:
        return False
    alarm = HoldAlarm(order_id=order.id, stage=stage, sent_at=uow.now)
    uow.session.add(alarm)
    last_day = last_day_of_hold(order.funded_at, maximum_days=maximum_days)
    uow.acting_as(CLOCK).record("hold_alarm.send", alarm, order, stage=stage, last_day=last_day)
    more = {"last_day": last_day, "stage": stage}
    tell_staff(uow, order=order, roles=ROLES, template="hold_alarm", more=more)
    return True


def long_holds(uow: UnitOfWork, *, after: str | None = None) -> tuple[Sequence[LongHold], str | None]:
    """Return a page of the payments past their first alarm, oldest first, and where the next page begins."""
    maximum_days = uow.settings.maximum_hold_days
    wanted = _held_since_before(uow.now - timedelta(days=alarm_days(maximum_days)[0]))
    if after is not None:
        last = uow.session.execute(select(Order.funded_at, Order.id).where(Order.reference == after)).one_or_none()
        if last is not None:
            wanted = wanted.where(tuple_(Order.funded_at, Order.id) > tuple(last))
    orders = uow.session.scalars(wanted.limit(PAGE + 1)).all()
    rows = [hold_of(order, maximum_days=maximum_days, now=uow.now) for order in orders[:PAGE]]
    return [row for row in rows if row is not None], orders[PAGE - 1].reference if len(orders) > PAGE else None


def hold_of(order: Order, *, maximum_days: int, now: datetime) -> LongHold | None:
    """Return how long the order's payment may still be held; None when no money is held."""
    if order.funded_at is None or order.closed_at is not None:
        return None
    last_day = last_day_of_hold(order.funded_at, maximum_days=maximum_days)
    left = max((last_day - now) // timedelta(days=1), 0)
    return LongHold(order, last_day, left, alarms_due(order.funded_at, maximum_days=maximum_days, now=now))


def _held_since_before(moment: datetime) -> Select[Order]:
    return (
        select(Order)
        .where(Order.funded_at.is_not(None), Order.closed_at.is_(None), Order.funded_at <= moment)
        .order_by(Order.funded_at, Order.id)
    )


def _unwarned(uow: UnitOfWork) -> Sequence[Order]:
    """Lock and return the orders whose reached stage nobody was told of."""
    first, second = (timedelta(days=day) for day in alarm_days(uow.settings.maximum_hold_days))
    sent = select(func.count()).where(HoldAlarm.order_id == Order.id, HoldAlarm.stage == 2).scalar_subquery()
    sent_first = select(func.count()).where(HoldAlarm.order_id == Order.id).scalar_subquery()
    is_due = ((Order.funded_at <= uow.now - second) & (sent == 0)) | (sent_first == 0)
    wanted = _held_since_before(uow.now - first).where(is_due).limit(BATCH)
    return uow.session.scalars(wanted.with_for_update(skip_locked=True, of=Order)).all()
