"""What the provider's word about a transfer does to a payout and its order."""

from marketplace.orders.compliance_checks import PayoutUnderHold, refuse_under_hold
from marketplace.orders.models import Order
from marketplace.orders.services.advance import advance
from marketplace.orders.transitions import Action
from marketplace.payments.models import Payout
from marketplace.payments.payouts import by_provider, returns
from marketplace.payments.provider_models import ProviderTransfer
from marketplace.payments.rails import Rail
from marketplace.unit_of_work import UnitOfWork


def confirmed(uow: UnitOfWork, *, transfer: ProviderTransfer) -> None:
    """Count the payout as received, once; the order is locked already."""
    payout = uow.session.get_one(Payout, transfer.payout_id)
    if payout.rail != Rail.STRIPE or not by_provider.confirm(uow, payout=payout, transfer=transfer):
        return
    if not payout.is_repeat:
        advance(uow, order=_order_of(uow, payout), action=Action.COMPLETE_RELEASE, payout=payout.reference)


def failed(uow: UnitOfWork, *, payout: Payout, reason: str) -> None:
    """Owe the money again: the transfer was refused, or came back whole. The order is locked already."""
    if payout.rail != Rail.STRIPE:
        return
    part = by_provider.confirmed_part(uow, payout)
    if part is not None:
        returns.note_of_provider(uow, payout=payout, part=part, reason=reason)
    elif by_provider.fail(uow, payout=payout, reason=reason) and not payout.is_repeat:
        advance(uow, order=_order_of(uow, payout), action=Action.FAIL_RELEASE, payout=payout.reference, note=reason)


def may_go(uow: UnitOfWork, *, transfer: ProviderTransfer) -> bool:
    """Tell whether compliance lets the money leave now."""
    try:
        refuse_under_hold(uow.session, order=_order_of(uow, uow.session.get_one(Payout, transfer.payout_id)))
    except PayoutUnderHold:
        return False
    return True


def _order_of(uow: UnitOfWork, payout: Payout) -> Order:
    return uow.session.get_one(Order, payout.order_id)
