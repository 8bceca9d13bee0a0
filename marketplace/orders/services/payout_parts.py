"""What the parts of a payout do to their order: finance without a stake moves them, the last proof closes the order."""

from uuid import UUID

from marketplace.core.money import Money
from marketplace.notifications.services import tell
from marketplace.orders.models import Order
from marketplace.orders.services.advance import advance, lock
from marketplace.orders.services.settlement import NotFinance
from marketplace.orders.transitions import Action, Party, State, parties_of
from marketplace.payments.models import Payout
from marketplace.payments.payouts import part_moves, returns
from marketplace.payments.payouts import services as payouts
from marketplace.payments.payouts import transitions as payout_table
from marketplace.payments.rail_models import PayoutPart, PayoutReturn
from marketplace.unit_of_work import UnitOfWork


def send(uow: UnitOfWork, *, payout: Payout, part: PayoutPart, reference: str) -> None:
    """Note that a part left our account."""
    _finance(uow, payout)
    part_moves.send_part(uow, payout=payout, part=part, reference=reference)


def confirm(uow: UnitOfWork, *, payout: Payout, part: PayoutPart, proof: str) -> None:
    """Note a part's proof; with the last one the order is closed and the cooperative told."""
    order = _finance(uow, payout)
    part_moves.confirm_part(uow, payout=payout, part=part, proof=proof)
    is_over = payout.state == payout_table.State.CONFIRMED and not payout.is_repeat
    if is_over and order.state == State.RELEASING:
        advance(uow, order=order, action=Action.COMPLETE_RELEASE, payout=payout.reference)


def fail(uow: UnitOfWork, *, payout: Payout, part: PayoutPart, reason: str) -> None:
    """Note that a part came back."""
    _finance(uow, payout)
    part_moves.fail_part(uow, payout=payout, part=part, reason=reason)


def retry(uow: UnitOfWork, *, payout: Payout, part: PayoutPart) -> PayoutPart:
    """Make a new try of a failed part."""
    _finance(uow, payout)
    return part_moves.retry_part(uow, payout=payout, part=part)


def come_back(uow: UnitOfWork, *, payout: Payout, part: PayoutPart, reason: str) -> PayoutReturn:
    """Note that a part came back after it was confirmed: the order stays closed, the cooperative is owed the amount."""
    _finance(uow, payout)
    return returns.note(uow, payout=payout, part=part, reason=reason, source="person")


def return_at_bank(
    uow: UnitOfWork, *, payout: Payout, part: PayoutPart, reason: str, external_ref: str
) -> PayoutReturn:
    """Note that the bank's statement shows a confirmed part coming back."""
    _finance(uow, payout)
    return returns.note(uow, payout=payout, part=part, reason=reason, source="bank", external_ref=external_ref)


def wire_astray(uow: UnitOfWork, *, order_id: UUID, amount: Money, is_awaited: bool) -> None:
    """Tell the buyer that her transfer reached an account of ours that buyers do not pay to, and what to do."""
    order = uow.session.get_one(Order, order_id)
    params = {
        "reference": order.reference,
        "title": order.title,
        "amount": amount,
        "is_awaited": int(is_awaited),
        "path": f"/orders/{order.reference}",
    }
    tell(uow, user_id=order.buyer_user_id, template="wire_astray", params=params)


def pay_again(uow: UnitOfWork, *, returned: PayoutReturn) -> Payout:
    """Prepare another payout of what came back, to the destination as it was checked since."""
    _finance(uow, uow.session.get_one(Payout, returned.payout_id))
    return payouts.prepare_repeat(uow, returned=returned)


def _finance(uow: UnitOfWork, payout: Payout) -> Order:
    order = uow.session.get_one(Order, payout.order_id)
    lock(uow.session, order)
    if Party.FINANCE not in parties_of(order, uow.actor):
        raise NotFinance
    return order
