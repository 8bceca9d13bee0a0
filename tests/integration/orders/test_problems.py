"""Reported problems: who may end them, and that nobody decides alone about much money."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from marketplace.core.actor import StaffRole
from marketplace.core.clock import SetClock
from marketplace.core.errors import InvalidInput, TransitionRefused
from marketplace.core.money import Money
from marketplace.ledger import chart
from marketplace.ledger.queries import balance
from marketplace.orders import services
from marketplace.orders.answers import Reason, Receipt
from marketplace.orders.models import ProblemReport, Shipment
from marketplace.orders.transitions import Action
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import STONE
from tests.builders.orders import confirmed_order, delivered_order, parcel, shipped_order
from tests.people import actor, person

LARGE = {**STONE, "price": {**STONE["price"], "wanted": "6000"}}
DAMAGED = Reason("damaged", "A chip on the corner.")
REFUND = Reason("refund", "The photos show the chip.")


def test_bob_takes_his_report_back_and_accepts(uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    services.report_problem(sale.as_buyer(), order=sale.order, reason=DAMAGED)
    with pytest.raises(TransitionRefused):
        services.advance(sale.as_buyer(), order=sale.order, action=Action.ACCEPT)
    with pytest.raises(TransitionRefused):
        services.report_problem(sale.as_buyer(), order=sale.order, reason=DAMAGED)

    services.withdraw_problem(sale.as_buyer(), order=sale.order)
    services.advance(sale.as_buyer(), order=sale.order, action=Action.ACCEPT)

    assert sale.order.state == "releasing"
    assert uow.session.scalars(select(ProblemReport.resolution)).all() == ["withdrawn"]
    uow.check_audited()


def test_a_refund_empties_what_was_held(uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    services.report_problem(sale.as_buyer(), order=sale.order, reason=DAMAGED)

    services.decide(sale.as_staff("zawadi"), order=sale.order, decision=REFUND)

    assert sale.order.state == "refunding"
    assert not balance(uow.session, chart.held(sale.order.id), "USD")
    owed = balance(uow.session, chart.refund_payable(sale.order.id), "USD")
    assert owed == Money(sale.order.price_minor, "USD")
    uow.check_audited()


def test_above_the_threshold_a_second_person_must_decide_the_same(uow: UnitOfWork) -> None:
    sale = delivered_order(uow, steps=LARGE)
    services.report_problem(sale.as_buyer(), order=sale.order, reason=DAMAGED)
    services.decide(sale.as_staff("zawadi"), order=sale.order, decision=REFUND)
    assert (sale.order.state, sale.order.proposed_resolution) == ("delivered", "refund")
    with pytest.raises(TransitionRefused):
        services.resolve(sale.as_staff("zawadi"), order=sale.order, decision=REFUND)
    with pytest.raises(TransitionRefused):
        services.resolve(sale.as_staff("juma"), order=sale.order, decision=Reason("continue", "It is fine so."))

    services.decide(sale.as_staff("juma"), order=sale.order, decision=REFUND)

    report = uow.session.scalars(select(ProblemReport)).one()
    assert report.proposed_by == sale.staff["zawadi"].id
    assert report.resolved_by == sale.staff["juma"].id
    assert sale.order.state == "refunding"
    uow.check_audited()


def test_the_database_itself_refuses_one_person_as_two(uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    report = services.report_problem(sale.as_buyer(), order=sale.order, reason=DAMAGED)
    uow.session.flush()
    zawadi = person(uow, "Zawadi", StaffRole.MODERATOR)

    for column in ("proposed_by", "reported_by"):
        statement = text(
            f"UPDATE problem_report SET {column} = :who, resolved_by = :who, resolution = 'refund' WHERE id = :id"
        )
        with pytest.raises(IntegrityError), uow.session.begin_nested():
            uow.session.execute(statement, {"who": zawadi.id, "id": report.id})


def test_who_acted_on_a_large_order_does_not_release_it(uow: UnitOfWork, clock: SetClock) -> None:
    sale = shipped_order(uow, steps=LARGE)
    services.prove_delivery(sale.as_staff("frida"), order=sale.order, proof="DHL POD 88, B. Jewels")
    services.advance(sale.as_buyer(), order=sale.order, action=Action.ACCEPT)
    clock.advance(timedelta(hours=25))
    uow.now = clock.now()

    with pytest.raises(services.NotTheSamePerson):
        services.advance(sale.as_staff("frida"), order=sale.order, action=Action.APPROVE_RELEASE)
    services.advance(sale.as_staff("gina"), order=sale.order, action=Action.APPROVE_RELEASE)

    assert sale.order.state == "releasing"


def test_a_parcel_received_while_it_was_called_late_is_received(uow: UnitOfWork) -> None:
    sale = shipped_order(uow)
    services.report_problem(sale.as_buyer(), order=sale.order, reason=Reason("not_arrived", "It has not come yet."))

    services.receive(sale.as_buyer(), order=sale.order, receipt=Receipt(seal_intact=False, weight_mg=684))

    assert sale.order.state == "delivered"
    assert sale.order.held_since is not None, "only a decision or the buyer ends the problem"
    shipment = uow.session.scalars(select(Shipment)).one()
    assert (shipment.seal_intact, shipment.received_weight_mg) == (False, 684)
    services.withdraw_problem(sale.as_buyer(), order=sale.order)
    assert sale.order.next_due_at is not None


def test_the_papers_of_a_parcel_must_fit_the_order(uow: UnitOfWork) -> None:
    sale = confirmed_order(uow)
    wrong = parcel(sale.order, weight_mg=700, insured=Money(1, "USD"))

    with pytest.raises(InvalidInput) as refused:
        services.ship(sale.as_cooperative(), order=sale.order, parcel=wrong)

    assert set(refused.value.fields) == {"weight", "insured"}
    assert sale.order.state == "confirmed"


def test_a_tracking_number_belongs_to_one_order(uow: UnitOfWork) -> None:
    first = shipped_order(uow)
    used = uow.session.scalars(select(Shipment)).one().tracking
    second = confirmed_order(uow, number=2, buyer_name="carol")

    with pytest.raises(InvalidInput) as refused:
        services.ship(second.as_cooperative(), order=second.order, parcel=parcel(second.order, tracking=used))

    assert set(refused.value.fields) == {"tracking"}
    assert first.order.state == "shipped"


def test_a_viewer_of_the_cooperative_changes_nothing(uow: UnitOfWork) -> None:
    from marketplace.core.actor import MemberRole
    from tests.people import member

    sale = confirmed_order(uow)
    vera = member(uow, "Vera", sale.order.cooperative_id, role=MemberRole.VIEWER)

    with pytest.raises(TransitionRefused):
        services.ship(uow.acting_as(actor(uow.session, vera)), order=sale.order, parcel=parcel(sale.order))
