"""A buyer takes a lot, lets it go, or keeps it: called by orders inside their own change."""

from typing import Final

from sqlalchemy import bindparam, update

from marketplace.core.errors import Conflict
from marketplace.core.text import N_
from marketplace.lots.models import Lot, LotListing
from marketplace.lots.queries import listing_of, lot_by_id, stock_of
from marketplace.lots.services.movement import advance
from marketplace.lots.services.site_pauses import resting_place
from marketplace.lots.transitions import Action
from marketplace.unit_of_work import UnitOfWork

# Moderation stands beside orders: a job closes the case that waits for a version nobody may decide about any more.
CLOSE_CASES: Final = "moderation.close_cases_of_lot"

# Built once: every purchase sends it.
_MOVED: Final = (
    update(LotListing)
    .where(LotListing.lot_id == bindparam("moved_id"), LotListing.availability.in_(bindparam("before", expanding=True)))
    .values(availability=bindparam("after"))
    .returning(LotListing.lot_id)
)


class LotTaken(Conflict):
    """The lot is not for sale now."""

    code = "lot_taken"
    message = N_("This lot is not for sale any more, or another buyer has it.")


def mark_reserved(uow: UnitOfWork, *, lot: Lot) -> None:
    """Give one buyer the exclusive right to the lot, whose row is locked then; raises LotTaken when she is too late.

    The caller records it together with the claim.
    """
    _move(uow, lot, before=("available",), after="reserved")


def mark_available(uow: UnitOfWork, *, lot: Lot) -> None:
    """Put a reserved lot back on sale; out of buyers' sight while its cooperative is suspended or its site paused."""
    listing = listing_of(uow.session, lot.id)
    place = resting_place(uow.session, listing, today=uow.now.date()) if listing is not None else "available"
    _move(uow, lot, before=("reserved",), after=place)
    uow.record("lot.release", lot)


def mark_sold(uow: UnitOfWork, *, lot: Lot) -> None:
    """Close a lot as sold; a version still under decision is decided about no more."""
    _move(uow, lot, before=("reserved", "available"), after="sold")
    lot = lot_by_id(uow.session, lot.id, lock=True)
    advance(uow, lot, Action.SELL)
    close_cases(uow, lot)
    lot.submitted_version_id, lot.updated_at, lot.edit_mark = None, uow.now, ""
    uow.record("lot.sell", lot)


def take_off(uow: UnitOfWork, *, lot: Lot) -> None:
    """Withdraw a reserved lot whose order failed at the cooperative: it must list the goods again."""
    lot = lot_by_id(uow.session, lot.id, lock=True)
    listing = listing_of(uow.session, lot.id, lock=True)
    if listing is None and stock_of(uow.session, lot.id) is not None:
        return  # sold in parts, and taken off already while another part was on its way
    advance(uow, lot, Action.TAKE_OFF)
    close_cases(uow, lot)
    if listing is not None:
        uow.session.delete(listing)
    lot.submitted_version_id = lot.published_version_id = lot.tag_number = None
    lot.updated_at, lot.edit_mark = uow.now, ""
    uow.record("lot.take_off", lot)


def close_cases(uow: UnitOfWork, lot: Lot) -> None:
    """Let the worker close the case of a version that nobody may decide about any more."""
    if lot.submitted_version_id is not None or lot.edit_mark:
        uow.defer(CLOSE_CASES, lot_id=lot.id)


def _move(uow: UnitOfWork, lot: Lot, *, before: tuple[str, ...], after: str) -> None:
    # Lot first, then listing: every change of a lot takes its locks in this order.
    lot_by_id(uow.session, lot.id, lock=True)
    if uow.session.scalar(_MOVED, {"moved_id": lot.id, "before": before, "after": after}) is None:
        raise LotTaken
