"""Disputes: who may end them and how, and that nobody decides alone about much money."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from marketplace.core.actor import StaffRole
from marketplace.core.clock import SetClock
from marketplace.core.errors import InvalidInput, TransitionRefused
from marketplace.core.money import Money
from marketplace.core.storage import LocalStore
from marketplace.ledger import chart
from marketplace.ledger.queries import balance
from marketplace.orders import services
from marketplace.orders.answers import Reason, Receipt
from marketplace.orders.decisions import Decision
from marketplace.orders.models import ProblemReport, SettlementOffer, Shipment
from marketplace.orders.queries import net_of, price_of
from marketplace.orders.services import freezes
from marketplace.orders.services.evidence import key_of_evidence
from marketplace.orders.services.freezes import LiftedByTheBank
from marketplace.orders.transitions import Action
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import STONE, photo
from tests.builders.orders import Sale, confirmed_order, delivered_order, parcel, pass_time, shipped_order
from tests.people import actor, person

LARGE = {**STONE, "price": {**STONE["price"], "wanted": "6000"}}
DAMAGED = Reason("damaged", "A chip on the corner.")
REFUND = Decision("refund", "The photos show the chip.")


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

    assert (sale.order.state, sale.order.outcome) == ("decided", "refund")
    assert balance(uow.session, chart.held(sale.order.id), "USD") == price_of(sale.order), "a week to appeal first"
    pass_time(sale, timedelta(days=7))
    assert sale.order.state == "refunding"
    assert not balance(uow.session, chart.held(sale.order.id), "USD")
    owed = balance(uow.session, chart.refund_payable(sale.order.id), "USD")
    assert owed == Money(sale.order.price_minor, "USD")
    uow.check_audited()


def test_above_the_threshold_a_second_person_must_decide_the_same(uow: UnitOfWork) -> None:
    sale = delivered_order(uow, steps=LARGE)
    services.report_problem(sale.as_buyer(), order=sale.order, reason=DAMAGED)
    services.decide(sale.as_staff("zawadi"), order=sale.order, decision=REFUND)
    assert (sale.order.state, sale.order.proposed_resolution) == ("disputed", "refund")
    with pytest.raises(TransitionRefused):
        services.resolve(sale.as_staff("zawadi"), order=sale.order, decision=REFUND)
    with pytest.raises(TransitionRefused):
        services.resolve(sale.as_staff("juma"), order=sale.order, decision=Decision("continue", "It is fine so."))

    services.decide(sale.as_staff("juma"), order=sale.order, decision=REFUND)

    report = uow.session.scalars(select(ProblemReport)).one()
    assert report.proposed_by == sale.staff["zawadi"].id
    assert report.resolved_by == sale.staff["juma"].id
    assert sale.order.state == "decided"
    uow.check_audited()


def test_the_database_itself_refuses_one_person_as_two(uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    services.report_problem(sale.as_buyer(), order=sale.order, reason=DAMAGED)
    uow.session.flush()
    report = uow.session.scalars(select(ProblemReport)).one()
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

    assert sale.order.state == "disputed", "only a decision, an agreement or the buyer ends the dispute"
    shipment = uow.session.scalars(select(Shipment)).one()
    assert (shipment.seal_intact, shipment.received_weight_mg) == (False, 684)
    services.withdraw_problem(sale.as_buyer(), order=sale.order)
    assert (sale.order.state, sale.order.disputed_from) == ("delivered", None)
    assert sale.order.deadline_at == uow.now + timedelta(days=7), "the inspection begins when the goods are looked at"


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


def disputed_order(uow: UnitOfWork, **other: Any) -> Sale:
    sale = delivered_order(uow, **other)
    services.report_problem(sale.as_buyer(), order=sale.order, reason=DAMAGED)
    return sale


def test_a_split_gives_each_side_its_part_to_the_cent(uow: UnitOfWork) -> None:
    sale = disputed_order(uow)
    half = Decision("split", "Both sides are right in part.", Money(30_003, "USD"))
    services.decide(sale.as_staff("zawadi"), order=sale.order, decision=half)

    pass_time(sale, timedelta(days=7))

    assert sale.order.state == "refunding"
    assert balance(uow.session, chart.refund_payable(sale.order.id), "USD") == Money(30_003, "USD")
    assert balance(uow.session, chart.coop_payable(sale.order.cooperative_id), "USD") == net_of(sale.order)
    assert not balance(uow.session, chart.held(sale.order.id), "USD")
    uow.check_audited()


def test_the_second_person_must_name_the_same_part(uow: UnitOfWork) -> None:
    sale = disputed_order(uow, steps=LARGE)
    services.decide(
        sale.as_staff("zawadi"), order=sale.order, decision=Decision("split", "In part.", Money(30_000, "USD"))
    )
    services.decide(
        sale.as_staff("juma"), order=sale.order, decision=Decision("split", "In part.", Money(40_000, "USD"))
    )
    assert (sale.order.state, sale.order.proposed_by) == ("disputed", sale.staff["juma"].id), "a proposal of his own"

    services.decide(
        sale.as_staff("zawadi"), order=sale.order, decision=Decision("split", "Agreed.", Money(40_000, "USD"))
    )

    assert (sale.order.state, sale.order.refund_minor) == ("decided", 40_000)


def test_goods_go_back_before_the_refund_when_that_was_decided(uow: UnitOfWork) -> None:
    sale = disputed_order(uow)
    services.decide(sale.as_staff("zawadi"), order=sale.order, decision=Decision("return", "Send it back first."))
    pass_time(sale, timedelta(days=7))
    assert sale.order.state == "return_pending"

    services.send_back(sale.as_buyer(), order=sale.order, parcel=parcel(sale.order, tracking="BACK 7"))
    services.receive_return(sale.as_cooperative(), order=sale.order, receipt=Receipt(seal_intact=True, weight_mg=684))
    services.take_back(sale.as_cooperative(), order=sale.order)

    assert balance(uow.session, chart.refund_payable(sale.order.id), "USD") == price_of(sale.order)


def test_an_offer_of_one_side_that_the_other_takes_is_carried_out_at_once(uow: UnitOfWork) -> None:
    sale = disputed_order(uow)
    services.offer_settlement(sale.as_buyer(), order=sale.order, refund=Money(20_000, "USD"), text="For the chip.")
    with pytest.raises(TransitionRefused):
        services.accept_settlement(sale.as_buyer(), order=sale.order)
    services.offer_settlement(
        sale.as_cooperative(), order=sale.order, refund=Money(10_000, "USD"), text="It is a small chip."
    )

    services.accept_settlement(sale.as_buyer(), order=sale.order)

    assert (sale.order.state, sale.order.refund_minor) == ("refunding", 10_000)
    states = uow.session.scalars(select(SettlementOffer.state).order_by(SettlementOffer.made_at, SettlementOffer.id))
    assert states.all() == ["replaced", "accepted"]
    uow.check_audited()


def test_an_appeal_goes_to_somebody_else_and_is_the_last_word(uow: UnitOfWork) -> None:
    sale = disputed_order(uow)
    services.decide(sale.as_staff("zawadi"), order=sale.order, decision=REFUND)
    with pytest.raises(TransitionRefused):
        services.appeal(sale.as_buyer(), order=sale.order, text="Who won does not appeal.")
    services.appeal(sale.as_cooperative(), order=sale.order, text="The photos show another stone.")
    with pytest.raises(TransitionRefused):
        services.decide(sale.as_staff("zawadi"), order=sale.order, decision=REFUND)

    services.decide(sale.as_staff("juma"), order=sale.order, decision=Decision("release", "It is another stone."))

    assert sale.order.state == "releasing", "carried out at once"
    kinds = uow.session.scalars(select(ProblemReport.kind).order_by(ProblemReport.reported_at, ProblemReport.id)).all()
    assert kinds == ["damaged", "appeal"]


def test_who_appeals_too_late_is_told_what_is_legal(uow: UnitOfWork) -> None:
    sale = disputed_order(uow)
    services.decide(sale.as_staff("zawadi"), order=sale.order, decision=REFUND)
    pass_time(sale, timedelta(days=7))

    with pytest.raises(TransitionRefused) as refused:
        services.appeal(sale.as_cooperative(), order=sale.order, text="The photos show another stone.")

    assert refused.value.legal == ()


@pytest.mark.parametrize("where", ["shipped", "delivered"])
def test_on_the_last_day_the_rule_decides_and_the_money_follows_the_goods(uow: UnitOfWork, where: str) -> None:
    sale = delivered_order(uow) if where == "delivered" else shipped_order(uow)
    services.report_problem(sale.as_buyer(), order=sale.order, reason=DAMAGED)
    assert sale.order.funded_at is not None
    pass_time(sale, sale.order.funded_at + timedelta(days=80) - sale.uow.now - timedelta(minutes=1))
    assert sale.order.state == "disputed"

    pass_time(sale, timedelta(minutes=1))

    assert (sale.order.state, sale.order.outcome) == ("decided", "release" if where == "delivered" else "refund")
    report = uow.session.scalars(select(ProblemReport)).one()
    assert (report.by_rule, report.resolved_by) == (True, None)
    pass_time(sale, timedelta(days=4))
    assert sale.order.state == ("releasing" if where == "delivered" else "refunding"), "within 85 days"


def test_an_order_that_would_hold_the_money_too_long_is_forced_to_an_end(uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    assert sale.order.funded_at is not None
    sale.order.deadline_at = sale.order.funded_at + timedelta(days=200)
    services.extend_inspection(sale.as_buyer(), order=sale.order, laboratory="SSEF, Basel")

    pass_time(sale, timedelta(days=80))
    assert sale.order.state == "decided"
    pass_time(sale, timedelta(days=4))

    assert sale.order.state == "releasing"
    uow.check_audited()


def test_evidence_is_kept_with_its_photo(uow: UnitOfWork, tmp_path: Path) -> None:
    sale = disputed_order(uow)
    store = LocalStore(tmp_path)

    rows = services.add_evidence(
        sale.as_buyer(), order=sale.order, text="See the corner.", photos=[photo(), photo(2)], store=store
    )

    assert [(row.party, row.text) for row in rows] == [("buyer", "See the corner."), ("buyer", "")]
    assert store.exists(key_of_evidence(str(rows[0].photo_sha256)))
    with pytest.raises(InvalidInput) as refused:
        services.add_evidence(
            sale.as_cooperative(), order=sale.order, text="Not a photo.", photos=[b"%PDF-1.7"], store=store
        )
    assert set(refused.value.fields) == {"photo"}
    uow.check_audited()


def test_a_frozen_order_stands_still_and_gets_its_time_back(uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    deadline = sale.order.deadline_at
    assert deadline is not None
    held = services.freeze(sale.as_staff("zawadi"), order=sale.order, kind="compliance", reason="A name to check.")
    with pytest.raises(TransitionRefused):
        services.advance(sale.as_buyer(), order=sale.order, action=Action.ACCEPT)
    with pytest.raises(services.AlreadyFrozen):
        services.freeze(sale.as_staff("juma"), order=sale.order, kind="compliance", reason="Again.")
    pass_time(sale, timedelta(days=20))
    assert sale.order.state == "delivered"
    with pytest.raises(services.NotLiftedAlone):
        services.lift(sale.as_staff("zawadi"), freeze=held, reason="Nothing found.")

    services.lift(sale.as_staff("juma"), freeze=held, reason="Nothing found.")

    assert sale.order.deadline_at == deadline + timedelta(days=20)
    services.advance(sale.as_buyer(), order=sale.order, action=Action.ACCEPT)
    assert sale.order.state == "releasing"
    uow.check_audited()


def test_an_order_stops_while_one_of_two_freezes_is_open(uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    first = services.freeze(sale.as_staff("zawadi"), order=sale.order, kind="compliance", reason="A name to check.")
    second = services.freeze(sale.as_provider(), order=sale.order, kind="chargeback", reason="dp_1")

    services.lift(sale.as_staff("juma"), freeze=first, reason="Nothing found.")
    assert sale.order.frozen_since is not None
    with pytest.raises(LiftedByTheBank):
        services.lift(sale.as_staff("juma"), freeze=second, reason="Nothing found.")
    assert sale.order.frozen_since is not None

    freezes.end(sale.as_provider(), freeze=second, reason="won")
    assert sale.order.frozen_since is None


def test_what_was_accepted_while_frozen_is_released_when_it_is_lifted(uow: UnitOfWork) -> None:
    sale = disputed_order(uow)
    services.decide(sale.as_staff("zawadi"), order=sale.order, decision=REFUND)
    held = services.freeze(sale.as_staff("zawadi"), order=sale.order, kind="compliance", reason="A name to check.")
    pass_time(sale, timedelta(days=30))
    assert sale.order.state == "decided"

    services.lift(sale.as_staff("juma"), freeze=held, reason="Nothing found.")
    pass_time(sale, timedelta(days=8))

    assert sale.order.state == "refunding"
