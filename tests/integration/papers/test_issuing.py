"""Papers are written after what they tell of, each once, with no number missing, and never change."""

from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from marketplace.core.clock import SetClock
from marketplace.core.money import Money
from marketplace.http.context import make_uow
from marketplace.http.database import db
from marketplace.jobs.tasks.papers import issue_waiting
from marketplace.orders import services as orders
from marketplace.orders.answers import Reason
from marketplace.orders.services import settlement
from marketplace.papers import queries, services
from marketplace.papers.documents import digest_of
from marketplace.papers.kinds import Kind
from marketplace.papers.models import Paper
from marketplace.papers.sharing import Member
from marketplace.payments.models import Payment, Refund
from marketplace.unit_of_work import UnitOfWork, running
from tests import databases
from tests.builders.orders import Sale, funded_order, placed_order
from tests.builders.payments import releasing_order, sent_payout
from tests.conftest import TODAY

TWO = (Member("M1", "Amina", 2), Member("M2", "Neema", 1))


@pytest.fixture
def real_app(tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of its own, where commits stay."""
    with databases.copy("papers") as url:
        app = databases.application(url, data_dir=tmp_path, clock=SetClock(TODAY))
        yield app
        with app.app_context():
            db.engine.dispose()


def written(uow: UnitOfWork) -> int:
    """Commit, let the worker write what is missing, and return how many papers it wrote."""
    uow.commit()
    return issue_waiting(make_uow)


def papers(uow: UnitOfWork) -> list[Paper]:
    return list(uow.session.scalars(select(Paper).order_by(Paper.id)))


def test_a_funded_order_gets_an_invoice_and_a_receipt_once(uow: UnitOfWork) -> None:
    sale = funded_order(uow)

    assert written(uow) == 2
    assert written(uow) == 0
    invoice, receipt = papers(uow)
    assert (invoice.number, receipt.number) == ("INV-2026-000001", "REC-2026-000001")
    assert invoice.total_minor == receipt.total_minor == sale.order.price_minor
    assert invoice.sha256 == digest_of(invoice.content)
    assert invoice.content["buyer"]["name"] == "bob Jewels"
    assert services.issue_invoice(uow, order=sale.order).id == invoice.id


def test_an_order_nobody_paid_gets_none(uow: UnitOfWork) -> None:
    placed_order(uow)

    assert written(uow) == 0


def test_numbers_follow_one_another_and_none_is_lost_to_a_rollback(uow: UnitOfWork) -> None:
    one, two = funded_order(uow), funded_order(uow, number=2, buyer_name="carol")
    savepoint = uow.session.begin_nested()
    assert services.issue_invoice(uow, order=one.order).serial == 1
    savepoint.rollback()

    assert services.issue_invoice(uow, order=two.order).serial == 1
    assert services.issue_invoice(uow, order=one.order).serial == 2
    (series,) = queries.numbering(uow.session)
    assert (series.kind, series.count, series.last, series.is_whole) == (Kind.INVOICE, 2, 2, True)


def refunded(uow: UnitOfWork) -> tuple[Sale, Refund]:
    sale = funded_order(uow)
    orders.decline(sale.as_cooperative(), order=sale.order, reason=Reason("sold", ""))
    refund = uow.session.scalars(select(Refund).where(Refund.order_id == sale.order.id)).one()
    return sale, refund


def test_a_refund_that_reached_the_buyer_gets_a_credit_note_naming_its_invoice(uow: UnitOfWork) -> None:
    sale, refund = refunded(uow)
    assert written(uow) == 2  # invoice and receipt; the refund is not done yet
    refund.state, refund.done_at = "done", uow.now
    uow.record("refund.finish", refund)
    settlement.refund_done(sale.as_provider(), refund)

    assert written(uow) == 1
    note = papers(uow)[-1]
    assert (note.number, note.content["refers_to"]) == ("CRN-2026-000001", "INV-2026-000001")
    assert note.total_minor == sale.order.price_minor


def test_money_that_came_too_late_was_never_invoiced_and_gets_no_credit_note(uow: UnitOfWork) -> None:
    sale = placed_order(uow)
    payment = uow.session.scalars(select(Payment).where(Payment.order_id == sale.order.id)).one()
    refund = Refund(
        order_id=sale.order.id, payment_id=payment.id, kind="full", state="done", amount_minor=1, currency="USD",
        former_refs=[], reason="late_payment", created_at=uow.now, done_at=uow.now,
    )  # fmt: skip
    uow.session.add(refund)
    uow.record("refund.finish", refund)

    assert written(uow) == 0


def test_a_confirmed_payout_gets_a_statement_with_the_members_parts(uow: UnitOfWork) -> None:
    sale = releasing_order(uow)
    services.enter_sharing_rule(sale.as_cooperative(), cooperative_id=sale.order.cooperative_id, members=TWO)
    payout = sent_payout(sale)
    settlement.confirm_payout(sale.as_staff("frida"), payout=payout, proof="SMS 7781")

    assert written(uow) == 3
    statement = next(paper for paper in papers(uow) if paper.kind == Kind.STATEMENT)
    net = Money(sale.order.net_minor, "USD")
    first, second = statement.content["members"]
    assert first["amount_minor"] + second["amount_minor"] == statement.total_minor == net.minor
    assert first["amount_minor"] == net.allocate([2, 1])[0].minor
    assert "Amina" not in str(statement.content), "papers hold codes, so that a name can be erased"
    assert queries.names_of(uow.session, statement.content["sharing_rule"]) == {"M1": "Amina", "M2": "Neema"}
    assert queries.names_of(uow.session, "") == {}


def test_a_later_rule_leaves_earlier_statements_alone(uow: UnitOfWork) -> None:
    sale = releasing_order(uow)
    as_amina = sale.as_cooperative()
    services.enter_sharing_rule(as_amina, cooperative_id=sale.order.cooperative_id, members=TWO)
    first = queries.sharing_rule(uow.session, sale.order.cooperative_id)
    services.enter_sharing_rule(as_amina, cooperative_id=sale.order.cooperative_id, members=TWO[:1])
    newest = queries.sharing_rule(uow.session, sale.order.cooperative_id)

    assert first is not None
    assert newest is not None
    assert (len(first.members), len(newest.members)) == (2, 1)


def test_nobody_changes_an_issued_paper(uow: UnitOfWork) -> None:
    sale = funded_order(uow)
    services.issue_invoice(uow, order=sale.order)
    for statement in (update(Paper).values(total_minor=1), text("DELETE FROM paper"), text("TRUNCATE paper")):
        with pytest.raises(DBAPIError, match=r"never changed|permission denied"), uow.session.begin_nested():
            uow.session.execute(statement)


def test_two_workers_at_once_write_each_paper_once_and_leave_no_gap(real_app: Flask) -> None:
    with real_app.app_context(), running(make_uow) as uow:
        for number in range(1, 7):
            funded_order(uow, number=number, buyer_name=f"buyer {number}")
    start = Barrier(2)

    def work() -> None:
        with real_app.app_context():
            start.wait()
            issue_waiting(make_uow)

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with real_app.app_context(), running(make_uow, read_only=True) as uow:
        found = papers(uow)
        assert sorted(paper.number for paper in found if paper.kind == Kind.INVOICE) == [
            f"INV-2026-{serial:06d}" for serial in range(1, 7)
        ]
        assert len(found) == 12
        assert all(series.is_whole for series in queries.numbering(uow.session))
