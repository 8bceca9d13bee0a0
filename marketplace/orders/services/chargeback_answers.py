"""Finance answers a bank that takes a payment back; only people without a stake in the order behind it."""

from marketplace.orders.services.finance_work import check_no_stake
from marketplace.payments import chargebacks, giving_in
from marketplace.payments.provider_models import Chargeback
from marketplace.unit_of_work import UnitOfWork


def answer(uow: UnitOfWork, *, chargeback: Chargeback, text: str) -> None:
    """Send evidence to the bank."""
    check_no_stake(uow, chargeback.order_id)
    chargebacks.request_evidence(uow, chargeback=chargeback, text=text)


def propose_loss(uow: UnitOfWork, *, chargeback: Chargeback, reason: str) -> None:
    """Propose to give the money up."""
    check_no_stake(uow, chargeback.order_id)
    giving_in.propose_loss(uow, chargeback=chargeback, reason=reason)


def withdraw_loss(uow: UnitOfWork, *, chargeback: Chargeback) -> None:
    """Take the proposal back."""
    check_no_stake(uow, chargeback.order_id)
    giving_in.withdraw_loss(uow, chargeback=chargeback)


def accept_loss(uow: UnitOfWork, *, chargeback: Chargeback) -> None:
    """Give the money up as the second person."""
    check_no_stake(uow, chargeback.order_id)
    giving_in.accept_loss(uow, chargeback=chargeback)
