"""A buyer buys, receives and accepts; the cooperative confirms and ships."""

from functools import partial
from typing import Final

from marketplace.cli.demo.acts import documents
from marketplace.cli.demo.scenario import LotPlan, Row
from marketplace.cli.demo.stage import Stage
from marketplace.core.actor import CLOCK
from marketplace.core.money import Money
from marketplace.core.numbers import parse_weight_mg
from marketplace.http.context import make_uow
from marketplace.lots.queries import lot_by_id, published_version
from marketplace.orders import services as orders
from marketplace.orders import wishes as wishing
from marketplace.orders.answers import Reason, read_delivery, read_parcel, read_receipt
from marketplace.orders.currencies import Choice
from marketplace.orders.models import Order
from marketplace.orders.transitions import Action
from marketplace.orders.wishes import Wishes
from marketplace.payments.quotes import quote
from marketplace.unit_of_work import UnitOfWork

CARRIERS: Final = ("Malca-Amit", "Brinks", "DHL Express")
SWEEP: Final = "payments.sweep"
PAPERS: Final = "papers.issue"


def buy(stage: Stage, plan: LotPlan, *, wishes: Wishes = wishing.NONE, currency: str = "") -> None:
    """Order the lot, or the part that is named; the payment page is asked for."""
    with stage.acting(plan.buyer) as uow:
        lot, version = published_version(uow.session, lot_by_id(uow.session, stage.lots[plan.lot]).reference)
        price = Money(version.price_minor, version.currency)
        order = orders.buy(
            uow,
            lot_reference=lot.reference,
            version_sha256=version.sha256,
            delivery=read_delivery(_delivery(stage.row_of_buyer(plan.buyer))),
            part_mg=part_of(plan),
            choice=_choice(uow, price, currency) if currency else None,
            wishes=wishes,
        )
        stage.orders[plan.key] = order.id


buy_checked = partial(buy, wishes=Wishes(is_checked=True))
buy_by_assay = partial(buy, wishes=Wishes(is_checked=True, by_assay=True))
buy_in_euros = partial(buy, currency="EUR")


def part_of(plan: LotPlan) -> int | None:
    """Return the part in milligrams; None for the whole lot."""
    return parse_weight_mg(plan.part, plan.row["unit"]) if plan.part else None


def stop(stage: Stage, plan: LotPlan) -> None:
    """Change one's mind before paying."""
    with stage.acting(plan.buyer) as uow:
        orders.advance(uow, order=order_of(stage, uow, plan), action=Action.STOP_PAYMENT)


def confirm(stage: Stage, plan: LotPlan) -> None:
    """Say that the parcel is in hand."""
    with stage.acting(stage.writer_of(plan)) as uow:
        orders.advance(uow, order=order_of(stage, uow, plan), action=Action.CONFIRM)


def decline(stage: Stage, plan: LotPlan) -> None:
    """Give the order up; the buyer is paid back."""
    said = plan.words("decline")
    with stage.acting(stage.writer_of(plan)) as uow:
        orders.decline(uow, order=order_of(stage, uow, plan), reason=Reason(said.choice, said.text))
    read_the_books(stage)


def ship(stage: Stage, plan: LotPlan) -> None:
    """Hand the sealed bag to the courier, once the papers of the goods are accepted."""
    documents.for_order(stage, plan)
    with stage.acting(stage.writer_of(plan)) as uow:
        order = order_of(stage, uow, plan)
        orders.ship(uow, order=order, parcel=read_parcel(leg(plan, order, road="MA"), currency=order.currency))


def leg(plan: LotPlan, order: Order, *, road: str) -> dict[str, str]:
    """Return what is typed about a journey of the bag; each road has tracking numbers of its own."""
    return {
        "carrier": CARRIERS[int(plan.key) % len(CARRIERS)],
        "tracking": f"{road}{7_301_000 + int(plan.key) * 113}",
        "seal_number": plan.tag,
        "weight": plan.weight,
        "weight_unit": plan.row["unit"],
        "insured": str(Money(order.price_minor, order.currency).amount),
    }


def receive(stage: Stage, plan: LotPlan) -> None:
    """Open the parcel, look at the seal and weigh."""
    typed = {"seal_intact": "yes", "weight": plan.weight, "weight_unit": plan.row["unit"]}
    with stage.acting(plan.buyer) as uow:
        orders.receive(uow, order=order_of(stage, uow, plan), receipt=read_receipt(typed))


def accept(stage: Stage, plan: LotPlan) -> None:
    """Accept the goods."""
    with stage.acting(plan.buyer) as uow:
        orders.advance(uow, order=order_of(stage, uow, plan), action=Action.ACCEPT)


def let_the_clock_look(stage: Stage) -> None:
    """Do what is due: notices and deadlines, of orders and of offers."""
    orders.run_due(lambda: make_uow(CLOCK))
    orders.run_due_offers(lambda: make_uow(CLOCK))
    stage.run_jobs()


def write_the_papers(stage: Stage) -> None:
    """Issue invoices, receipts and statements of what happened, as the worker does every minute."""
    stage.run_task(PAPERS)


def read_the_books(stage: Stage) -> None:
    """Read the provider's events and books to their end."""
    stage.run_task(SWEEP)


def order_of(stage: Stage, uow: UnitOfWork, plan: LotPlan) -> Order:
    """Return the order of a plan."""
    return uow.session.get_one(Order, stage.orders[plan.key])


def _choice(uow: UnitOfWork, price: Money, currency: str) -> Choice:
    """Return the currency with the amount that the buyer's page shows for it today."""
    found = quote(uow.session, price, currency, on=uow.now.date())
    if found is None:
        raise LookupError(f"no rate of {currency} on {uow.now:%d %B}")
    return Choice(currency, found.amount.minor)


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
