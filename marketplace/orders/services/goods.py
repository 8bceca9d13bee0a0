"""What a move does with the claim and the lot, or with the part of it that was bought."""

from marketplace.orders import claims
from marketplace.orders.models import Order
from marketplace.orders.services.reserving import let_go, let_go_and_take_off, sell
from marketplace.orders.transitions import LotMove
from marketplace.unit_of_work import UnitOfWork


def move_lot(uow: UnitOfWork, *, order: Order, move: LotMove, reason: str) -> None:
    """Do what the row says."""
    match move:
        case LotMove.CONSUME:
            claims.consume(uow, order=order)
        case LotMove.SELL:
            sell(uow, claim=claims.claim_of(uow.session, order.id))
        case LotMove.OFFER_AGAIN:
            let_go(uow, claim=claims.claim_of(uow.session, order.id), reason=reason)
        case LotMove.TAKE_OFF:
            let_go_and_take_off(uow, claim=claims.claim_of(uow.session, order.id), reason=reason)
        case LotMove.KEEP:
            pass
