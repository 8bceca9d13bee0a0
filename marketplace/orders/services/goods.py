"""What a move does with the claim and the lot."""

from marketplace.lots import services as lots
from marketplace.lots.models import Lot
from marketplace.orders import claims
from marketplace.orders.models import Order
from marketplace.orders.transitions import LotMove
from marketplace.unit_of_work import UnitOfWork


def move_lot(uow: UnitOfWork, *, order: Order, move: LotMove, reason: str) -> None:
    """Do what the row says."""
    match move:
        case LotMove.CONSUME:
            claims.consume(uow, order=order)
        case LotMove.SELL:
            lots.mark_sold(uow, lot=_lot(uow, order))
        case LotMove.OFFER_AGAIN:
            _release(uow, order, reason)
            lots.mark_available(uow, lot=_lot(uow, order))
        case LotMove.TAKE_OFF:
            _release(uow, order, reason)
            lots.take_off(uow, lot=_lot(uow, order))
        case LotMove.KEEP:
            pass


def _release(uow: UnitOfWork, order: Order, reason: str) -> None:
    claims.release(uow, claim=claims.claim_of(uow.session, order.id), reason=reason)


def _lot(uow: UnitOfWork, order: Order) -> Lot:
    return uow.session.get_one(Lot, order.lot_id)
