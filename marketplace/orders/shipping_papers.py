"""The papers that must be accepted before the goods of an order leave their country."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from marketplace.compliance.country_rules import SHIP
from marketplace.compliance.gate import Unmet
from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.text import N_
from marketplace.documents.gates import Sale, unmet_papers
from marketplace.lots.goods import sale_of
from marketplace.lots.models import LotVersion
from marketplace.lots.parts import content_of_part
from marketplace.orders.models import Order
from marketplace.orders.transitions import State

# While the goods are still with the cooperative and paid.
BEFORE_SHIPMENT: Final = (State.FUNDED, State.CONFIRMED)
MISSING: Final = N_("The goods may not leave yet: papers are missing. Send them first.")


class PapersMissing(InvalidInput):
    """Papers are missing; `unmet` explains each, `fields` also holds what else is wrong with the form."""

    code = "papers_missing"

    def __init__(self, unmet: Sequence[Unmet], others: dict[str, FieldError]) -> None:
        self.unmet = tuple(unmet)
        super().__init__({"papers": FieldError(MISSING), **others})


def missing_papers_of(session: Session, order: Order, *, today: date) -> list[Unmet]:
    """Return one explanation for each paper that keeps the goods of an order from leaving, on a day."""
    return unmet_papers(session, sale_of_order(session, order), stage=SHIP, today=today)


def sale_of_order(session: Session, order: Order) -> Sale:
    """Return what the papers depend on: the goods bought, their origin, and whether they go abroad."""
    content = content_of_part(session.get_one(LotVersion, order.version_id).content, order.quantity_mg)
    return sale_of(
        content,
        cooperative_id=order.cooperative_id,
        lot_id=order.lot_id,
        order_id=order.id,
        destination=order.delivery["country"],
    )
