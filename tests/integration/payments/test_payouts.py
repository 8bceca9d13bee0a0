"""Cooperatives are paid once, by two people, to a checked account, to the cent."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import CooperativeMember
from marketplace.audit.queries import history
from marketplace.core.actor import MemberRole, StaffRole
from marketplace.core.clock import SetClock
from marketplace.core.errors import Forbidden, InvalidInput, TransitionRefused
from marketplace.core.money import Money
from marketplace.ledger import chart
from marketplace.ledger.chart import Account
from marketplace.ledger.queries import balance, trial_balance
from marketplace.notifications.models import Message
from marketplace.orders.receivables import Stage, sums_of, waiting_for_payout
from marketplace.orders.services import settlement
from marketplace.payments import destinations
from marketplace.payments.destination_details import read_details
from marketplace.payments.destinations import NoUsableDestination, OnlySignatory
from marketplace.payments.models import Payout
from marketplace.payments.payouts.services import AlreadyPrepared, SecondPersonNeeded
from marketplace.unit_of_work import UnitOfWork
from tests.builders.orders import Sale, delivered_order
from tests.builders.payments import (
    BANK,
    MOBILE,
    approved_payout,
    entered_destination,
    prepared_payout,
    releasing_order,
    sent_payout,
    signatory,
)
from tests.people import actor, member


@pytest.fixture
def sale(uow: UnitOfWork) -> Iterator[Sale]:
    sale = releasing_order(uow)
    yield sale
    uow.check_audited()
    assert trial_balance(uow.session).is_sound


def net(sale: Sale) -> Money:
    return Money(sale.order.net_minor, sale.order.currency)


def owed(sale: Sale, account: Account) -> Money:
    return balance(sale.uow.session, account, sale.order.currency)


def letters(uow: UnitOfWork, template: str) -> list[UUID | None]:
    return list(uow.session.scalars(select(Message.user_id).where(Message.template == template)))


def test_the_cooperative_is_paid_its_part_to_the_cent(sale: Sale) -> None:
    assert [due.order.id for due in waiting_for_payout(sale.uow.session)] == [sale.order.id]
    payout = sent_payout(sale)
    assert sums_of(sale.uow.session, [sale.order.cooperative_id])[Stage.ON_ITS_WAY] == [net(sale)]

    settlement.confirm_payout(sale.as_staff("grace"), payout=payout, proof="receipt 17")

    assert (payout.state, sale.order.state) == ("confirmed", "released")
    assert Money(payout.amount_minor, payout.currency) == net(sale)
    for account in (
        chart.held(sale.order.id),
        chart.coop_payable(sale.order.cooperative_id),
        chart.coop_reserved(payout.id),
        chart.payout_in_transit(payout.id),
    ):
        assert not owed(sale, account), account.name
    assert owed(sale, chart.mobile_money("mpesa")) == -net(sale)
    assert sums_of(sale.uow.session, [sale.order.cooperative_id])[Stage.RECEIVED] == [net(sale)]
    assert waiting_for_payout(sale.uow.session) == []


def test_who_prepares_does_not_approve(sale: Sale) -> None:
    payout = prepared_payout(sale)
    with pytest.raises(SecondPersonNeeded):
        settlement.approve_payout(sale.as_staff("frida"), payout=payout)


@pytest.mark.parametrize(
    ("column", "constraint"),
    [("prepared_by", "two_people"), ("destination_entered_by", "not_who_entered_the_destination")],
)
def test_the_database_itself_refuses_one_person_for_both(sale: Sale, column: str, constraint: str) -> None:
    payout = prepared_payout(sale)
    sale.uow.session.flush()
    with pytest.raises(IntegrityError, match=constraint), sale.uow.session.begin_nested():
        sale.uow.session.execute(
            text(f"UPDATE payout SET approved_by = {column}, state = 'approved' WHERE id = :id"), {"id": payout.id}
        )


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("state = 'sent'", "approved_before_sent"),
        ("state = 'confirmed', approved_by = :other, sent_by = prepared_by, external_reference = 'X'", "has_proof"),
        ("state = 'sent', approved_by = :other", "sent_has_reference"),
    ],
)
def test_the_database_refuses_a_skipped_step(sale: Sale, change: str, constraint: str) -> None:
    payout = prepared_payout(sale)
    other = sale.as_staff("grace", StaffRole.FINANCE).actor.user_id
    sale.uow.session.flush()
    values = {"id": payout.id} | ({"other": other} if ":other" in change else {})
    with pytest.raises(IntegrityError, match=constraint), sale.uow.session.begin_nested():
        sale.uow.session.execute(text(f"UPDATE payout SET {change} WHERE id = :id"), values)


def test_a_second_payout_of_an_order_is_refused(sale: Sale) -> None:
    prepared_payout(sale)
    with pytest.raises(AlreadyPrepared):
        prepared_payout(sale)
    assert owed(sale, chart.coop_payable(sale.order.cooperative_id)) == Money(0, "USD")


def test_a_payout_is_confirmed_once(sale: Sale) -> None:
    payout = sent_payout(sale)
    settlement.confirm_payout(sale.as_staff("grace"), payout=payout, proof="receipt 17")
    with pytest.raises(TransitionRefused) as refused:
        settlement.confirm_payout(sale.as_staff("frida"), payout=payout, proof="receipt 18")
    assert refused.value.legal == ()
    assert payout.proof == "receipt 17"


def test_money_that_comes_back_is_owed_again_and_can_be_paid_again(sale: Sale) -> None:
    payout = sent_payout(sale)
    settlement.fail_payout(sale.as_staff("grace"), payout=payout, reason="number not registered")

    assert (payout.state, sale.order.state) == ("failed", "release_failed")
    assert owed(sale, chart.coop_payable(sale.order.cooperative_id)) == net(sale)
    assert not owed(sale, chart.mobile_money("mpesa"))

    again = sent_payout(sale, reference="MP-20260930-1")
    settlement.confirm_payout(sale.as_staff("grace"), payout=again, proof="receipt 19")
    assert sale.order.state == "released"
    assert sale.uow.session.scalars(select(Payout.state).order_by(Payout.prepared_at, Payout.id)).all() == [
        "failed",
        "confirmed",
    ]


@pytest.mark.parametrize("road", [prepared_payout, approved_payout])
def test_a_payout_not_sent_yet_can_be_taken_back(sale: Sale, road: object) -> None:
    payout = road(sale)  # type: ignore[operator]
    settlement.cancel_payout(sale.as_staff("frida"), payout=payout, reason="wrong day")

    assert (payout.state, sale.order.state) == ("cancelled", "releasing")
    assert owed(sale, chart.coop_payable(sale.order.cooperative_id)) == net(sale)
    assert len(waiting_for_payout(sale.uow.session)) == 1


def test_a_sent_payout_cannot_be_taken_back(sale: Sale) -> None:
    payout = sent_payout(sale)
    with pytest.raises(TransitionRefused):
        settlement.cancel_payout(sale.as_staff("frida"), payout=payout, reason="regret")


def test_a_transfer_reference_belongs_to_one_payout(sale: Sale) -> None:
    sent_payout(sale)
    payout = sale.uow.session.scalars(select(Payout)).one()
    settlement.fail_payout(sale.as_staff("grace"), payout=payout, reason="number not registered")
    again = approved_payout(sale)
    with pytest.raises(InvalidInput) as refused:
        settlement.send_payout(sale.as_staff("frida"), payout=again, reference="MP-20260929-1")
    assert set(refused.value.fields) == {"reference"}
    assert again.state == "approved"


def test_finance_staff_of_the_cooperative_does_not_pay_it(sale: Sale) -> None:
    sale.as_staff("mallory", StaffRole.FINANCE)
    user = sale.staff["mallory"]
    row = CooperativeMember(
        user_id=user.id, cooperative_id=sale.order.cooperative_id, role="viewer", added_at=sale.uow.now
    )
    sale.uow.session.add(row)
    sale.uow.record("cooperative_member.add", row)
    with pytest.raises(Forbidden):
        settlement.prepare_payout(sale.as_staff("mallory"), order=sale.order)


def test_a_moderator_moves_no_money(sale: Sale) -> None:
    with pytest.raises(Forbidden):
        settlement.prepare_payout(sale.as_staff("moses", StaffRole.MODERATOR), order=sale.order)


def test_nothing_is_prepared_before_the_buyer_accepted(uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    with pytest.raises(TransitionRefused):
        settlement.prepare_payout(sale.as_staff("frida", StaffRole.FINANCE), order=sale.order)


def test_a_new_account_waits_48_hours_and_a_check(uow: UnitOfWork, clock: SetClock) -> None:
    sale = delivered_order(uow)
    destination = entered_destination(uow, sale)
    find = destinations.usable_destination

    with pytest.raises(NoUsableDestination):
        find(uow.session, sale.order.cooperative_id, now=uow.now + timedelta(hours=49))
    destinations.verify(sale.as_staff("victor", StaffRole.FINANCE), destination=destination)
    with pytest.raises(NoUsableDestination):
        find(uow.session, sale.order.cooperative_id, now=uow.now + timedelta(hours=47, minutes=59))
    assert find(uow.session, sale.order.cooperative_id, now=uow.now + timedelta(hours=48)) is destination


def test_every_officer_is_told_of_a_new_account(uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    viola = member(uow, "viola", sale.order.cooperative_id, role=MemberRole.VIEWER)
    destination = entered_destination(uow, sale)

    assert set(letters(uow, "payout_destination_changed")) >= {sale.amina.id, viola.id, destination.created_by}


@pytest.mark.parametrize("role", [MemberRole.SECRETARY, MemberRole.VIEWER])
def test_only_a_signatory_changes_the_account(uow: UnitOfWork, role: MemberRole) -> None:
    sale = delivered_order(uow)
    other = member(uow, "otieno", sale.order.cooperative_id, role=role)
    with pytest.raises(OnlySignatory):
        destinations.enter(
            uow.acting_as(actor(uow.session, other)),
            cooperative_id=sale.order.cooperative_id,
            details=read_details(MOBILE),
            currency="USD",
        )


def test_a_change_sets_the_waiting_time_back_and_frozen_payouts_keep_theirs(sale: Sale) -> None:
    payout = prepared_payout(sale)
    zawadi = signatory(sale.uow, sale, "zawadi")
    new = destinations.enter(
        sale.uow.acting_as(actor(sale.uow.session, zawadi)),
        cooperative_id=sale.order.cooperative_id,
        details=read_details(BANK),
        currency="USD",
    )
    assert payout.destination_id != new.id
    with pytest.raises(NoUsableDestination):
        destinations.usable_destination(sale.uow.session, sale.order.cooperative_id, now=sale.uow.now)


def test_the_number_is_sealed_and_who_looks_is_noted(sale: Sale) -> None:
    destination = destinations.live_destination(sale.uow.session, sale.order.cooperative_id)
    assert destination is not None
    assert destination.masked == "•••• 5678"
    assert b"255712345678" not in destination.details_sealed

    shown = destinations.reveal(sale.as_staff("victor"), destination=destination)
    assert shown["number"] == "+255712345678"
    with pytest.raises(Forbidden):
        destinations.reveal(sale.as_staff("moses", StaffRole.MODERATOR), destination=destination)
    looked = history(sale.uow.session, kind="payout_destination", key=str(destination.id))
    assert [(row.action, row.actor_name) for row in looked][:1] == [("payout_destination.reveal", "victor")]
    assert [row.action for row in looked].count("payout_destination.reveal") == 1
