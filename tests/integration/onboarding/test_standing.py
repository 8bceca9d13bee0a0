import pytest
from sqlalchemy import select

from marketplace.compliance.models import Cooperative
from marketplace.lots.models import LotListing
from marketplace.moderation.services import lift_suspension
from marketplace.notifications.models import Message
from marketplace.onboarding.services import standing
from marketplace.orders import services as orders
from marketplace.orders.compliance_checks import PayoutUnderSuspension
from marketplace.orders.services import settlement
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import published_lot
from tests.builders.onboarding import acting, moderator
from tests.builders.payments import approved_payout, releasing_order
from tests.people import buyer

WHY = "The licence was taken back by the mining office."


def test_a_suspension_ends_the_holds_of_buyers_and_tells_them(uow: UnitOfWork) -> None:
    lot, *_ = published_lot(uow)
    cooperative = uow.session.get_one(Cooperative, lot.cooperative_id)
    bob, _row = buyer(uow, "bob", level=3)
    claim = orders.hold(acting(uow, bob), lot_reference=lot.reference)
    mary = acting(uow, moderator(uow, "mary"))

    stopped = standing.suspend(mary, cooperative=cooperative, reason=WHY)

    assert (stopped.claims, claim.state) == (1, "released")
    assert uow.session.get_one(LotListing, lot.id).availability == "withheld"
    told = select(Message.user_id).where(Message.template == "claim_released")
    assert uow.session.scalars(told).all() == [bob.id]
    lift_suspension(acting(uow, moderator(uow, "juma")), cooperative=cooperative, reason=WHY)
    assert uow.session.get_one(LotListing, lot.id).availability == "available"


def test_no_payout_leaves_while_its_cooperative_is_suspended(uow: UnitOfWork) -> None:
    sale = releasing_order(uow)
    payout = approved_payout(sale)
    cooperative = uow.session.get_one(Cooperative, sale.order.cooperative_id)
    standing.suspend(acting(uow, moderator(uow, "mary")), cooperative=cooperative, reason=WHY)
    frida = sale.as_staff("frida")

    with pytest.raises(PayoutUnderSuspension):
        settlement.send_payout(frida, payout=payout, reference="BANK-1")
    assert payout.state == "approved"
    lift_suspension(acting(uow, moderator(uow, "juma")), cooperative=cooperative, reason=WHY)
    settlement.send_payout(frida, payout=payout, reference="BANK-1")

    assert payout.state == "sent"
