"""A buyer is faster than the reviewer of the next version."""

import pytest
from sqlalchemy import select, text

from marketplace.audit.models import AuditEvent
from marketplace.jobs.app import queue
from marketplace.jobs.tasks import import_tasks
from marketplace.lots import services as lots
from marketplace.lots.models import Lot
from marketplace.lots.services.availability import CLOSE_CASES
from marketplace.moderation import services
from marketplace.moderation.errors import CaseClosed
from marketplace.moderation.models import ModerationCase
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import STONE, published_lot
from tests.builders.moderation import decided, moderator, waiting_lot
from tests.people import actor

JOBS = text("SELECT args->>'lot_id' FROM procrastinate_jobs WHERE task_name = 'moderation.close_cases_of_lot'")
REASONS = {"approve": (), "changes": ("PHOTO_UNCLEAR",), "refuse": ("NOT_NATURAL",)}


def on_sale_and_waiting(uow: UnitOfWork) -> tuple[ModerationCase, Lot]:
    """Put a lot on sale and send a cheaper version of it."""
    lot, _version, amina = published_lot(uow)
    as_amina = uow.acting_as(actor(uow.session, amina))
    lots.save_step(as_amina, lot=lot, step="price", answers={**STONE["price"], "wanted": "900"})
    return services.submit_lot(as_amina, lot=lot), lot


@pytest.mark.parametrize("end", [lots.mark_sold, lots.take_off])
def test_the_case_of_a_lot_that_is_gone_closes_by_itself(uow: UnitOfWork, end: object) -> None:
    import_tasks()
    case, lot = on_sale_and_waiting(uow)
    lots.mark_reserved(uow, lot=lot)
    end(uow, lot=lot)  # type: ignore[operator]

    assert uow.session.scalars(JOBS).all() == [str(lot.id)]
    uow.commit()
    for _time in range(2):  # a rescued worker does a job again
        queue.tasks[CLOSE_CASES].func(lot_id=str(lot.id))
    uow.session.expire_all()

    assert (case.state, case.closed_at) == ("withdrawn", uow.now)
    entries = select(AuditEvent.action).where(AuditEvent.action == "moderation_case.withdraw")
    assert len(uow.session.scalars(entries).all()) == 1


@pytest.mark.parametrize("verdict", ["approve", "changes", "refuse"])
def test_nobody_decides_about_a_lot_that_is_sold_before_or_after_the_job(uow: UnitOfWork, verdict: str) -> None:
    case, lot = on_sale_and_waiting(uow)
    lots.mark_reserved(uow, lot=lot)
    lots.mark_sold(uow, lot=lot)
    mary = moderator(uow)

    with pytest.raises(CaseClosed):
        decided(uow, case, mary, verdict, reasons=REASONS[verdict])
    services.close_cases_of_lot(uow, lot_id=lot.id)
    with pytest.raises(CaseClosed):
        decided(uow, case, mary, verdict, reasons=REASONS[verdict])
    assert lot.state == "sold"


def test_the_job_leaves_a_case_that_may_still_be_decided(uow: UnitOfWork) -> None:
    case, lot, _amina = waiting_lot(uow)

    services.close_cases_of_lot(uow, lot_id=lot.id)

    assert case.state == "queued"


def test_a_lot_sold_with_nothing_waiting_asks_for_no_job(uow: UnitOfWork) -> None:
    lot, *_ = published_lot(uow)
    lots.mark_reserved(uow, lot=lot)
    lots.mark_sold(uow, lot=lot)

    assert uow.session.scalars(JOBS).all() == []
