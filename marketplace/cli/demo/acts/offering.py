"""Offers and counter-offers about lots on sale, and lots kept for a while."""

from decimal import Decimal
from fractions import Fraction
from typing import Final

from sqlalchemy import select

from marketplace.cli.demo.acts.buying import part_of
from marketplace.cli.demo.scenario import LotPlan
from marketplace.cli.demo.stage import Stage
from marketplace.core.money import Money
from marketplace.lots.models import LotVersion
from marketplace.lots.queries import lot_by_id, published_version
from marketplace.orders import services as orders
from marketplace.orders.negotiation_models import Negotiation
from marketplace.unit_of_work import UnitOfWork

# People name round amounts.
STEP: Final = 500


def offer(stage: Stage, plan: LotPlan) -> None:
    """Offer a share of the price."""
    with stage.acting(plan.buyer) as uow:
        lot, version = published_version(uow.session, lot_by_id(uow.session, stage.lots[plan.lot]).reference)
        orders.make_offer(
            uow,
            lot_reference=lot.reference,
            version_sha256=version.sha256,
            amount=_amount(plan, "offer", version),
            part_mg=part_of(plan),
        )


def counter(stage: Stage, plan: LotPlan) -> None:
    """Ask for more than was offered."""
    with stage.acting(stage.writer_of(plan)) as uow:
        negotiation = _negotiation(stage, uow, plan)
        version = uow.session.get_one(LotVersion, negotiation.version_id)
        orders.counter_offer(uow, negotiation=negotiation, amount=_amount(plan, "counter", version))


def accept(stage: Stage, plan: LotPlan) -> None:
    """Take what the buyer offers; she has two days to order."""
    with stage.acting(stage.writer_of(plan)) as uow:
        orders.accept_offer(uow, negotiation=_negotiation(stage, uow, plan))


def decline(stage: Stage, plan: LotPlan) -> None:
    """Do not take what the buyer offers."""
    with stage.acting(stage.writer_of(plan)) as uow:
        orders.decline_offer(uow, negotiation=_negotiation(stage, uow, plan))


def hold(stage: Stage, plan: LotPlan) -> None:
    """Keep the lot for two days without paying."""
    with stage.acting(plan.buyer) as uow:
        orders.hold(uow, lot_reference=lot_by_id(uow.session, stage.lots[plan.lot]).reference)


def _amount(plan: LotPlan, step: str, version: LotVersion) -> Money:
    exact = version.price_minor * Fraction(Decimal(plan.words(step).amount))
    return Money(max(1, round(exact / STEP)) * STEP, version.currency)


def _negotiation(stage: Stage, uow: UnitOfWork, plan: LotPlan) -> Negotiation:
    found = select(Negotiation).where(
        Negotiation.lot_id == stage.lots[plan.lot], Negotiation.buyer_id == stage.buyers[plan.buyer]
    )
    return uow.session.scalars(found).one()
