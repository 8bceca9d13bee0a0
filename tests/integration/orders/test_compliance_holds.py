"""A doubt of compliance stops money and clock, tells nobody why, and is lifted by a second person."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from marketplace.compliance.models import MineSite
from marketplace.compliance.staff_forms import Hold
from marketplace.core.errors import Forbidden, TransitionRefused
from marketplace.notifications.models import Message
from marketplace.orders import services
from marketplace.orders.compliance_checks import PayoutUnderHold, open_holds
from marketplace.orders.models import OrderFreeze
from marketplace.orders.services import settlement
from marketplace.orders.services.compliance_holds import SetByYou, lift_hold, set_hold
from marketplace.orders.services.freezes import AlreadyFrozen
from marketplace.orders.transitions import Action
from marketplace.payments.models import Payout
from marketplace.unit_of_work import UnitOfWork
from tests.builders.compliance import compliance
from tests.builders.orders import Sale, delivered_order
from tests.builders.payments import prepared_payout, releasing_order

NAME = "Ivan Petrov"
DOUBT = Hold("screening", f"{NAME} is on the list of 12 August.", stops_cooperative=False)
WIDE = Hold("papers", "The export permit of the cooperative looks forged.", stops_cooperative=True)


def approved_payout(uow: UnitOfWork, sale: Sale) -> Payout:
    payout = prepared_payout(sale)
    settlement.approve_payout(sale.as_staff("approver"), payout=payout)
    return payout


def test_nothing_is_accepted_or_refunded_by_the_clock_while_it_lasts(uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    before = sale.order.deadline_at
    assert before is not None
    set_hold(compliance(uow, "mary"), order=sale.order, hold=DOUBT)

    assert (sale.order.frozen_since, sale.order.next_due_at) == (uow.now, None)
    uow.now += timedelta(days=3)
    peter = compliance(uow, "peter")
    lift_hold(peter, order=sale.order, reason="It is another man of that name.")

    assert sale.order.frozen_since is None
    assert sale.order.deadline_at == before + timedelta(days=3), "the time under the hold does not count"
    uow.check_audited()


def test_the_parties_read_neutral_words_only(uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    set_hold(compliance(uow, "mary"), order=sale.order, hold=DOUBT)
    lift_hold(compliance(uow, "peter"), order=sale.order, reason=f"{NAME} is another man.")

    parties = [sale.bob.email, sale.amina.email]
    letters = uow.session.scalars(select(Message).where(Message.template.startswith("order_checked"))).all()
    assert sorted(letter.address for letter in letters) == sorted(parties * 2)
    everything = uow.session.scalars(select(Message)).all()
    assert not any(NAME in str(letter.params) or "screening" in str(letter.params) for letter in everything)
    freezes = uow.session.scalars(select(OrderFreeze)).all()
    assert [(each.reason, each.lift_reason) for each in freezes] == [("A check takes some time.",) * 2]


def test_who_set_it_does_not_lift_it(uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    mary = compliance(uow, "mary")
    hold = set_hold(mary, order=sale.order, hold=DOUBT)

    with pytest.raises(SetByYou):
        lift_hold(mary, order=sale.order, reason="It is another man of that name.")
    with pytest.raises(AlreadyFrozen):
        set_hold(mary, order=sale.order, hold=DOUBT)
    for stranger in (sale.as_buyer(), sale.as_cooperative()):
        with pytest.raises(Forbidden):
            set_hold(stranger, order=sale.order, hold=DOUBT)
    assert [row.id for row, _order in open_holds(uow.session)] == [hold.id]
    hold.lifted_by, hold.lifted_at, hold.lifted_reason = hold.set_by, uow.now, "by myself"
    with pytest.raises(IntegrityError, match="two_people"):
        uow.session.flush()
    uow.session.rollback()


def test_a_buyer_cannot_accept_an_order_that_is_stopped(uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    set_hold(compliance(uow, "mary"), order=sale.order, hold=DOUBT)

    with pytest.raises(TransitionRefused):
        services.advance(sale.as_buyer(), order=sale.order, action=Action.ACCEPT)


def test_an_approved_payout_is_not_sent_under_a_hold(uow: UnitOfWork) -> None:
    sale = releasing_order(uow)
    payout = approved_payout(uow, sale)
    set_hold(compliance(uow, "mary"), order=sale.order, hold=DOUBT)

    with pytest.raises(PayoutUnderHold):
        settlement.send_payout(sale.as_staff("frida"), payout=payout, reference="BANK-1")

    lift_hold(compliance(uow, "peter"), order=sale.order, reason="It is another man of that name.")
    settlement.send_payout(sale.as_staff("frida"), payout=payout, reference="BANK-1")
    assert payout.state == "sent"


@pytest.mark.parametrize(("hold", "is_stopped"), [(WIDE, True), (DOUBT, False)])
def test_a_wide_hold_stops_the_cooperatives_other_payouts(uow: UnitOfWork, *, hold: Hold, is_stopped: bool) -> None:
    sale = releasing_order(uow)
    payout = approved_payout(uow, sale)
    site_of = (_site_of(uow, sale), sale.amina)
    other = delivered_order(uow, of=site_of, number=2, buyer_name="carol")
    set_hold(compliance(uow, "mary"), order=other.order, hold=hold)

    if is_stopped:
        with pytest.raises(PayoutUnderHold):
            settlement.send_payout(sale.as_staff("frida"), payout=payout, reference="BANK-1")
    else:
        settlement.send_payout(sale.as_staff("frida"), payout=payout, reference="BANK-1")
    assert payout.state == ("approved" if is_stopped else "sent")


def test_the_database_itself_sends_no_payout_under_a_hold(uow: UnitOfWork) -> None:
    sale = releasing_order(uow)
    payout = approved_payout(uow, sale)
    set_hold(compliance(uow, "mary"), order=sale.order, hold=DOUBT)
    uow.session.flush()
    past_every_check = text(
        "UPDATE payout SET state = 'sent', sent_by = approved_by, external_reference = 'B' WHERE id = :id"
    )

    with pytest.raises(IntegrityError, match="under a compliance hold"):
        uow.session.execute(past_every_check, {"id": payout.id})
    uow.session.rollback()


def _site_of(uow: UnitOfWork, sale: Sale) -> object:
    wanted = select(MineSite).where(MineSite.cooperative_id == sale.order.cooperative_id)
    return uow.session.scalars(wanted).first()
