"""What a confirmed match does to a buyer: her running orders get a compliance hold, and no new one is taken."""

from typing import Final

from sqlalchemy import select

from marketplace.accounts.models import Buyer
from marketplace.compliance.staff_forms import Hold
from marketplace.orders.compliance_checks import open_hold
from marketplace.orders.models import Order
from marketplace.orders.services.compliance_holds import set_hold
from marketplace.orders.transitions import FINAL
from marketplace.screening.models import ScreeningHit
from marketplace.unit_of_work import UnitOfWork

GROUND: Final = "screening"


def stop_buyer(uow: UnitOfWork, hit: ScreeningHit) -> int:
    """Stop the running orders of the buyer a match is about; return how many.

    The buyer is locked first, as for a purchase: one that is under way ends before, every later one finds the match.
    """
    assert hit.buyer_id is not None, "the match is about a buyer"
    uow.session.flush()
    uow.session.execute(select(Buyer.id).where(Buyer.id == hit.buyer_id).with_for_update(key_share=True))
    running = select(Order).where(Order.buyer_id == hit.buyer_id, Order.state.not_in([state.value for state in FINAL]))
    stopped = 0
    for order in uow.session.scalars(running.order_by(Order.id)).all():
        if open_hold(uow.session, order.id) is None:
            reason = f"Match {hit.reference} of screening."
            set_hold(uow, order=order, hold=Hold(GROUND, reason, stops_cooperative=False))
            stopped += 1
    return stopped
