"""A buyer takes a part of a lot, gives it back, or keeps it: called by orders inside their own change.

Whoever calls holds the lot's row: lot, then listing, then stock, as every change of a lot takes its locks.
"""

from typing import Final

from sqlalchemy import or_, update

from marketplace.core.money import Money
from marketplace.lots.models import Lot, LotListing, LotStock, LotVersion
from marketplace.lots.parts import PartRefused, check_part, least_part_of, price_of_part
from marketplace.lots.queries import listing_of, lot_by_id, stock_now, stock_of
from marketplace.lots.services.availability import LotTaken, close_cases
from marketplace.lots.services.movement import advance
from marketplace.lots.services.site_pauses import resting_place
from marketplace.lots.transitions import Action
from marketplace.unit_of_work import UnitOfWork

_UNITS: Final = {"gold": "g", "gem": "ct"}


def open_stock(uow: UnitOfWork, *, lot: Lot, version: LotVersion) -> None:
    """Lay out the stock of a version that goes on sale; a lot sold whole has none."""
    row = stock_of(uow.session, lot.id, lock=True)
    least_mg = least_part_of(version.content)
    if least_mg is None:
        if row is not None:
            uow.record("lot_stock.close", row, lot)
            uow.session.delete(row)
        return
    if row is None:
        row = LotStock(lot_id=lot.id)
        uow.session.add(row)
    whole_mg = int(version.content["weight_mg"])
    row.version_id, row.unit = version.id, _UNITS[version.content["kind"]]
    row.whole_mg, row.least_mg, row.free_mg, row.sold_mg = whole_mg, least_mg, whole_mg, 0
    row.price_minor = row.free_minor = version.price_minor
    row.currency = version.currency
    uow.record("lot_stock.open", row, lot, whole_mg=whole_mg, least_mg=least_mg)


def take_part(uow: UnitOfWork, *, lot: Lot, part_mg: int) -> Money:
    """Take a part and return what it costs by the lot's price; raise LotTaken or PartRefused.

    The update is conditional, so that not even a caller without the lock takes more than there is.
    """
    listing, row = _on_sale(uow, lot)
    stock = stock_now(row)
    check_part(stock, part_mg)
    price = price_of_part(stock, part_mg)
    # Not through the ORM, which would write what it read before; the entry below names the row.
    table = LotStock.__table__.c
    taken = uow.session.scalar(
        update(LotStock.__table__)  # type: ignore[arg-type]
        .where(
            table.lot_id == lot.id,
            table.free_mg >= part_mg,
            or_(table.free_mg == part_mg, table.free_mg - part_mg >= table.least_mg),
            table.free_minor == stock.free_minor,
        )
        .values(free_mg=table.free_mg - part_mg, free_minor=table.free_minor - price.minor)
        .returning(table.lot_id)
    )
    if taken is None:
        raise PartRefused
    uow.session.refresh(row)
    _show(uow, listing, row)
    uow.record("lot_stock.take", row, lot, part_mg=part_mg, price=price)
    return price


def give_back_part(uow: UnitOfWork, *, lot: Lot, part_mg: int, price: Money) -> None:
    """Give a part back with the price it had; the lot is for sale again unless it was taken off meanwhile."""
    lot_by_id(uow.session, lot.id, lock=True)
    listing = listing_of(uow.session, lot.id, lock=True)
    row = stock_of(uow.session, lot.id, lock=True)
    if row is None:
        raise LotTaken
    row.free_mg, row.free_minor = row.free_mg + part_mg, row.free_minor + price.minor
    if listing is not None:
        _show(uow, listing, row)
    uow.record("lot_stock.give_back", row, lot, part_mg=part_mg, price=price)


def sell_part(uow: UnitOfWork, *, lot: Lot, part_mg: int) -> None:
    """Count a part as sold; with the last one the lot is closed as sold."""
    lot = lot_by_id(uow.session, lot.id, lock=True)
    listing = listing_of(uow.session, lot.id, lock=True)
    row = stock_of(uow.session, lot.id, lock=True)
    if row is None:
        raise LotTaken
    row.sold_mg += part_mg
    uow.record("lot_stock.sell", row, lot, part_mg=part_mg)
    if listing is None or row.sold_mg < row.whole_mg:
        return
    listing.availability = "sold"
    advance(uow, lot, Action.SELL)
    close_cases(uow, lot)
    lot.submitted_version_id, lot.updated_at, lot.edit_mark = None, uow.now, ""
    uow.record("lot.sell", lot)


def _on_sale(uow: UnitOfWork, lot: Lot) -> tuple[LotListing, LotStock]:
    lot_by_id(uow.session, lot.id, lock=True)
    listing = listing_of(uow.session, lot.id, lock=True)
    row = stock_of(uow.session, lot.id, lock=True)
    if listing is None or row is None or listing.availability in {"withheld", "sold"}:
        raise LotTaken
    return listing, row


def _show(uow: UnitOfWork, listing: LotListing, row: LotStock) -> None:
    """Let browsing tell whether anything is free; those of a suspended cooperative or paused site stay hidden."""
    if row.free_mg == 0:
        listing.availability = "reserved"
    elif listing.availability != "available":  # one in sight stays there: nothing is asked while somebody buys
        listing.availability = resting_place(uow.session, listing, today=uow.now.date())
