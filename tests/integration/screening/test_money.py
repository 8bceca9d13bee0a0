"""What screening holds: payouts, large orders, and buyers who are on a list."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import Buyer
from marketplace.compliance.models import Cooperative
from marketplace.core.actor import StaffRole
from marketplace.core.clock import SetClock
from marketplace.orders.compliance_checks import PayoutUnderScreening
from marketplace.orders.screening_checks import (
    AccountStopped,
    LargeOrderWaits,
    ListsTooOld,
    ScreeningStale,
    refuse_large_order,
)
from marketplace.orders.services import settlement
from marketplace.orders.services.buyers import check_may_deal
from marketplace.screening.services import decisions
from marketplace.screening.services.screening import screen_buyer, screen_cooperative
from marketplace.unit_of_work import UnitOfWork
from tests.builders.orders import Sale, funded_order
from tests.builders.payments import approved_payout, prepared_payout, releasing_order
from tests.builders.screening import WHY, all_lists, confirmed, hits, moderator, put_in_force, un_list
from tests.people import member


def cooperative_of(sale: Sale) -> Cooperative:
    return sale.uow.session.get_one(Cooperative, sale.order.cooperative_id)


def test_a_payout_is_screened_anew_and_waits_for_a_hit(uow: UnitOfWork) -> None:
    sale = releasing_order(uow)
    put_in_force(uow, un_list(cooperative_of(sale).legal_name, kind="ENTITY"))
    payout = prepared_payout(sale)
    (hit,) = hits(uow)
    with pytest.raises(PayoutUnderScreening, match=hit.reference):
        settlement.approve_payout(sale.as_staff("grace", StaffRole.FINANCE), payout=payout)
    mary = moderator(uow, "Mary")
    decisions.dismiss(mary, hit=hit, reason=WHY)
    with pytest.raises(PayoutUnderScreening, match=hit.reference):  # one person is not enough
        settlement.approve_payout(sale.as_staff("grace", StaffRole.FINANCE), payout=payout)
    decisions.agree(moderator(uow, "Peter"), hit=hit, reason=WHY)
    settlement.approve_payout(sale.as_staff("grace", StaffRole.FINANCE), payout=payout)
    assert payout.state == "approved"


def test_a_payout_waits_while_the_screening_is_stale(uow: UnitOfWork) -> None:
    sale = releasing_order(uow)
    put_in_force(uow, un_list("Davor Krasnov"))
    payout = prepared_payout(sale)
    grace = sale.as_staff("grace", StaffRole.FINANCE)
    member(uow, "Somebody New", sale.order.cooperative_id)
    with pytest.raises(ScreeningStale):
        settlement.approve_payout(grace, payout=payout)
    screen_cooperative(uow, cooperative=cooperative_of(sale))
    put_in_force(uow, un_list("Davor Krasnov", "Another Name", day="2026-09-29"))
    with pytest.raises(ScreeningStale):
        settlement.approve_payout(grace, payout=payout)
    screen_cooperative(uow, cooperative=cooperative_of(sale))
    settlement.approve_payout(grace, payout=payout)


def test_a_screening_holds_for_thirty_days(uow: UnitOfWork, clock: SetClock) -> None:
    sale = releasing_order(uow)
    put_in_force(uow, un_list("Davor Krasnov"))
    payout = prepared_payout(sale)
    grace = sale.as_staff("grace", StaffRole.FINANCE)
    grace.now += timedelta(days=30, seconds=1)
    with pytest.raises(ScreeningStale):
        settlement.approve_payout(grace, payout=payout)
    grace.now -= timedelta(seconds=1)
    settlement.approve_payout(grace, payout=payout)


def test_a_large_payout_waits_for_current_lists(uow: UnitOfWork) -> None:
    sale = releasing_order(uow)
    sale.order.needs_second_person = True
    uow.record("order.change", sale.order)
    put_in_force(uow, un_list("Davor Krasnov"))
    payout = prepared_payout(sale)
    grace = sale.as_staff("grace", StaffRole.FINANCE)
    with pytest.raises(ListsTooOld, match="OFAC, EU, UK"):
        settlement.approve_payout(grace, payout=payout)


def test_a_payout_that_is_approved_is_not_sent_under_a_hit(uow: UnitOfWork) -> None:
    sale = releasing_order(uow)
    payout = approved_payout(sale)
    put_in_force(uow, un_list(cooperative_of(sale).legal_name, kind="ENTITY"))
    screen_cooperative(uow, cooperative=cooperative_of(sale))
    with pytest.raises(PayoutUnderScreening):
        settlement.send_payout(sale.as_staff("frida", StaffRole.FINANCE), payout=payout, reference="MP1")
    payout.state = "sent"
    with (
        pytest.raises(IntegrityError, match="held by a hit"),
        uow.session.begin_nested(),
    ):
        uow.session.flush()


def test_a_match_stops_the_buyer_and_holds_her_orders(uow: UnitOfWork) -> None:
    sale = funded_order(uow)
    row = uow.session.get_one(Buyer, sale.order.buyer_id)
    put_in_force(uow, un_list(row.company, kind="ENTITY"))
    screen_buyer(uow, buyer=row)
    (hit,) = hits(uow)
    confirmed(hit, moderator(uow, "Mary"), moderator(uow, "Grace"))
    assert sale.order.frozen_since == uow.now
    with pytest.raises(AccountStopped) as refused:
        another_order(uow, sale)
    assert "sanction" not in str(refused.value)


def test_a_large_order_fails_closed_when_lists_are_old_or_a_name_waits(uow: UnitOfWork) -> None:
    sale = funded_order(uow)
    put_in_force(uow, un_list("Davor Krasnov"))  # three lists are missing now
    with pytest.raises(LargeOrderWaits):
        another_order(uow, sale, is_large=True)
    another_order(uow, sale, is_large=False)
    all_lists_again(uow)
    another_order(uow, sale, is_large=True)
    row = uow.session.get_one(Buyer, sale.order.buyer_id)
    put_in_force(uow, un_list(row.company, day="2026-09-29", kind="ENTITY"))
    screen_buyer(uow, buyer=row)
    with pytest.raises(LargeOrderWaits):
        another_order(uow, sale, is_large=True)


def all_lists_again(uow: UnitOfWork) -> None:
    all_lists(uow)


def another_order(uow: UnitOfWork, sale: Sale, *, is_large: bool = False) -> None:
    """Let the buyer look whether she may buy once more, as every purchase does."""
    check_may_deal(sale.as_buyer(), cooperative_id=sale.order.cooperative_id)
    if is_large:
        refuse_large_order(uow, buyer_id=sale.order.buyer_id, cooperative_id=sale.order.cooperative_id)
