"""A buyer buys, pays and inspects; the cooperative confirms and ships."""

from typing import Final

from sqlalchemy import select

from marketplace.cli.demo.acts.card import pay_with_test_card
from marketplace.cli.demo.scenario import LotPlan, Row
from marketplace.cli.demo.stage import Stage
from marketplace.core.actor import CLOCK
from marketplace.core.money import Money
from marketplace.http.context import make_uow
from marketplace.lots.queries import lot_by_id, published_version
from marketplace.orders import services as orders
from marketplace.orders.answers import Reason, read_delivery, read_parcel, read_receipt
from marketplace.orders.decisions import Decision
from marketplace.orders.models import Order
from marketplace.orders.transitions import Action
from marketplace.payments.models import Payment
from marketplace.unit_of_work import UnitOfWork

CARRIERS: Final = ("Malca-Amit", "Brinks", "DHL Express")
CHECK: Final = "payments.check"
SWEEP: Final = "payments.sweep"


def buy(stage: Stage, plan: LotPlan) -> None:
    """Order the lot; the payment page is asked for."""
    with stage.acting(plan.buyer) as uow:
        lot, version = published_version(uow.session, lot_by_id(uow.session, stage.lots[plan.key]).reference)
        order = orders.buy(
            uow,
            lot_reference=lot.reference,
            version_sha256=version.sha256,
            delivery=read_delivery(_delivery(stage.row_of_buyer(plan.buyer))),
        )
        stage.orders[plan.key] = order.id


def pay(stage: Stage, plan: LotPlan) -> None:
    """Pay on the provider's page with a test card; then look at the payment at the provider."""
    with stage.working() as uow:
        payment = uow.session.scalars(select(Payment).where(Payment.order_id == stage.orders[plan.key])).one()
        address, payment_id = payment.session_url, payment.id
    if address is None:
        raise LookupError(f"the payment page of lot {plan.key} was not opened")
    pay_with_test_card(address)
    stage.run_task(CHECK, payment_id=str(payment_id))


def stop(stage: Stage, plan: LotPlan) -> None:
    """Change one's mind before paying."""
    with stage.acting(plan.buyer) as uow:
        orders.advance(uow, order=_order(stage, uow, plan), action=Action.STOP_PAYMENT)


def confirm(stage: Stage, plan: LotPlan) -> None:
    """Say that the parcel is in hand."""
    with stage.acting(stage.writer_of(plan)) as uow:
        orders.advance(uow, order=_order(stage, uow, plan), action=Action.CONFIRM)


def decline(stage: Stage, plan: LotPlan) -> None:
    """Give the order up; the buyer is paid back."""
    reason = Reason("not_in_hand", "The stone was set aside for a member's family and cannot leave the village.")
    with stage.acting(stage.writer_of(plan)) as uow:
        orders.decline(uow, order=_order(stage, uow, plan), reason=reason)
    stage.run_task(SWEEP)


def ship(stage: Stage, plan: LotPlan) -> None:
    """Hand the sealed bag to the courier."""
    with stage.acting(stage.writer_of(plan)) as uow:
        order = _order(stage, uow, plan)
        unit, weight = plan.row["unit"], plan.row["weight"]
        typed = {
            "carrier": CARRIERS[int(plan.key) % len(CARRIERS)],
            "tracking": f"MA{7_301_000 + int(plan.key) * 113}",
            "seal_number": plan.tag,
            "weight": weight,
            "weight_unit": unit,
            "insured": str(Money(order.price_minor, order.currency).amount),
        }
        orders.ship(uow, order=order, parcel=read_parcel(typed, currency=order.currency))


def receive(stage: Stage, plan: LotPlan) -> None:
    """Open the parcel, look at the seal and weigh."""
    typed = {"seal_intact": "yes", "weight": plan.row["weight"], "weight_unit": plan.row["unit"]}
    with stage.acting(plan.buyer) as uow:
        orders.receive(uow, order=_order(stage, uow, plan), receipt=read_receipt(typed))


def accept(stage: Stage, plan: LotPlan) -> None:
    """Accept the goods."""
    with stage.acting(plan.buyer) as uow:
        orders.advance(uow, order=_order(stage, uow, plan), action=Action.ACCEPT)


def report(stage: Stage, plan: LotPlan) -> None:
    """Report a problem, which holds the order."""
    text = "Under the microscope there is a fracture through the table that no photo and no word of the listing shows."
    with stage.acting(plan.buyer) as uow:
        orders.report_problem(uow, order=_order(stage, uow, plan), reason=Reason("not_as_described", text))


def refund(stage: Stage, plan: LotPlan) -> None:
    """Decide for the buyer; the cooperative has a week to appeal."""
    text = "Two photos from the buyer show the fracture. The stone goes back; the cooperative keeps its good name."
    with stage.acting(stage.reviewer_of(plan)) as uow:
        orders.decide(uow, order=_order(stage, uow, plan), decision=Decision("refund", text))


def carry_out(stage: Stage, _plan: LotPlan) -> None:
    """Let the time to appeal end; the money goes back."""
    let_the_clock_look(stage)
    stage.run_task(SWEEP)


def let_the_clock_look(stage: Stage) -> None:
    """Do what is due: notices and deadlines."""
    orders.run_due(lambda: make_uow(CLOCK))
    stage.run_jobs()


def _order(stage: Stage, uow: UnitOfWork, plan: LotPlan) -> Order:
    return uow.session.get_one(Order, stage.orders[plan.key])


def _delivery(row: Row) -> dict[str, str]:
    return {
        "recipient": row["name"],
        "street": row["street"],
        "city": row["city"],
        "postcode": row["postcode"],
        "country": row["country"],
        "phone": row["phone"],
        "instructions": "",
        "terms": "yes",
    }


def read_the_books(stage: Stage) -> None:
    """Read the provider's events and books to their end."""
    stage.run_task(SWEEP)
