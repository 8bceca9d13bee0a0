"""Money between a buyer's bank and the provider: paid by card or transfer, sent back, taken back."""

from typing import Final
from uuid import UUID

from sqlalchemy import select

from marketplace.cli.demo.acts.buying import decline, read_the_books
from marketplace.cli.demo.acts.provider import happen, pay_with_test_card, promise_transfer
from marketplace.cli.demo.scenario import LotPlan
from marketplace.cli.demo.stage import Stage
from marketplace.http.context import settings
from marketplace.payments.models import Payment

CHECK: Final = "payments.check"


def pay(stage: Stage, plan: LotPlan) -> None:
    """Pay on the provider's page with a test card; then look at the payment at the provider."""
    payment_id, address = _page(stage, plan)
    pay_with_test_card(address)
    stage.run_task(CHECK, payment_id=str(payment_id))


def promise(stage: Stage, plan: LotPlan) -> None:
    """Promise a bank transfer on the provider's page: a large order is not paid by card."""
    payment_id, address = _page(stage, plan)
    promise_transfer(address)
    stage.run_task(CHECK, payment_id=str(payment_id))


def transfer_arrives(stage: Stage, plan: LotPlan) -> None:
    """Let the promised money arrive, to the cent."""
    with stage.working() as uow:
        payment = uow.session.scalars(select(Payment).where(Payment.order_id == stage.orders[plan.key])).one()
        payment_id, page, amount = payment.id, str(payment.session_id), payment.amount_minor
    happen(_sandbox(), "bank_transfers", session=page, amount=amount)
    stage.run_task(CHECK, payment_id=str(payment_id))


def decline_in_vain(stage: Stage, plan: LotPlan) -> None:
    """Give the order up; the card is closed meanwhile, so that the money comes back to us."""
    happen(_sandbox(), "faults", fail_refunds_next=1)
    decline(stage, plan)


def bank_takes_back(stage: Stage, plan: LotPlan) -> None:
    """Let the buyer's bank take the payment back; the provider's books tell."""
    with stage.working() as uow:
        payment = uow.session.scalars(select(Payment).where(Payment.order_id == stage.orders[plan.key])).one()
        intent = str(payment.payment_intent_id)
    happen(_sandbox(), "disputes", payment_intent=intent, reason=plan.words("bank").choice)
    read_the_books(stage)


def _page(stage: Stage, plan: LotPlan) -> tuple[UUID, str]:
    with stage.working() as uow:
        payment = uow.session.scalars(select(Payment).where(Payment.order_id == stage.orders[plan.key])).one()
        address, payment_id = payment.session_url, payment.id
    if address is None:
        raise LookupError(f"the payment page of lot {plan.key} was not opened")
    return payment_id, address


def _sandbox() -> str:
    address = settings().stripe_api_base
    if address is None:
        raise LookupError("the demonstration plays with the sandbox only")
    return address
