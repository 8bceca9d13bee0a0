"""What is left of a lot that is sold in parts."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.core.money import Money
from marketplace.lots.models import LotStock
from marketplace.lots.parts import Stock


def stock_of(session: Session, lot_id: UUID, *, lock: bool = False) -> LotStock | None:
    """Return the stock of a lot sold in parts, locked when it will change; None for a lot sold whole."""
    query = select(LotStock).where(LotStock.lot_id == lot_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def stock_now(row: LotStock) -> Stock:
    """Return the figures of a stock for the rules."""
    return Stock(
        whole_mg=row.whole_mg,
        price=Money(row.price_minor, row.currency),
        least_mg=row.least_mg,
        free_mg=row.free_mg,
        free_minor=row.free_minor,
        unit=row.unit,
    )
