"""The verifier opens a parcel of gold on its way, weighs and assays it, and sends it on."""

from decimal import Decimal
from typing import Final

from marketplace.cli.demo.acts.buying import leg, order_of
from marketplace.cli.demo.scenario import LotPlan
from marketplace.cli.demo.stage import Stage
from marketplace.orders import services as orders
from marketplace.orders.move_answers import read_match

VERIFIER: Final = "vivian"
# What a touchstone promises too much, in parts of a thousand.
LESS: Final = 14


def assay(stage: Stage, plan: LotPlan) -> None:
    """Say how fine the gold is: a little less than its cooperative could know."""
    with stage.acting(VERIFIER) as uow:
        order = order_of(stage, uow, plan)
        typed = {
            **leg(plan, order, road="ON"),
            "seal_intact": "yes",
            "fineness": str(Decimal(plan.row["fineness"]) - LESS),
            "certificate": f"GAL-26-{3000 + int(plan.key)}",
            "text": "Fire assay of two drillings; silver is the rest.",
        }
        finding, parcel = read_match(typed, currency=order.currency, by_assay=True)
        orders.confirm_match(uow, order=order, finding=finding, parcel=parcel)
