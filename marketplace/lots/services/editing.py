"""What a change of an approved lot does to the sale while people look at it, and taking such a change back."""

from typing import Final

from marketplace.lots.edit_classes import EditClass
from marketplace.lots.models import Lot, LotListing, LotVersion
from marketplace.lots.queries import listing_of, lot_by_id
from marketplace.lots.services.listing import fill
from marketplace.lots.services.movement import advance, refuse_if_claimed
from marketplace.lots.services.site_pauses import AVAILABLE, PAUSED, WITHHELD, resting_place
from marketplace.lots.services.stock import open_stock
from marketplace.lots.transitions import Action
from marketplace.unit_of_work import UnitOfWork

REVIEW: Final = "review"


def start_edit(uow: UnitOfWork, *, lot: Lot, version: LotVersion, approved: LotVersion, edit_class: EditClass) -> None:
    """Do to the sale what a change means that was just sent; `approved` is the last version that people approved.

    A correction goes on sale at once. Any other change waits, and a correction nobody looked at yet leaves the sale
    again, because it waits as a part of that change. Raises LotClaimed while a buyer has the lot.
    """
    lot = lot_by_id(uow.session, lot.id, lock=True)
    listing = refuse_if_claimed(uow, lot)
    if edit_class is EditClass.COSMETIC:
        advance(uow, lot, Action.CORRECT)
        _show(uow, lot, listing, version)
        lot.submitted_version_id = None
        _mark(uow, lot, listing, REVIEW)
        uow.record("lot.correct", lot, version, number=version.number, hashes={"content": version.sha256})
        return
    if lot.published_version_id != approved.id:
        _show(uow, lot, listing, approved)
    _mark(uow, lot, listing, PAUSED if edit_class is EditClass.IDENTITY else "")
    uow.record("lot.edit", lot, version, approved, edit_class=edit_class.value)


def confirm_correction(uow: UnitOfWork, *, lot: Lot) -> None:
    """Leave a correction on sale that a person looked at and approved."""
    lot = lot_by_id(uow.session, lot.id, lock=True)
    lot.edit_mark, lot.updated_at = "", uow.now
    uow.record("lot.confirm_correction", lot)


def undo_correction(uow: UnitOfWork, *, lot: Lot, approved: LotVersion) -> None:
    """Take a correction off sale that a person did not agree with; the sale stops until the cooperative answers.

    Raises LotClaimed while a buyer has the lot: her order names the corrected version.
    """
    lot = lot_by_id(uow.session, lot.id, lock=True)
    listing = refuse_if_claimed(uow, lot)
    advance(uow, lot, Action.UNDO)
    _show(uow, lot, listing, approved)
    _mark(uow, lot, listing, PAUSED)
    uow.record("lot.undo_correction", lot, approved)


def drop_edit(uow: UnitOfWork, *, lot: Lot) -> None:
    """Take back a change that waits or was sent back: the approved version is on sale as before, the draft stays."""
    lot = lot_by_id(uow.session, lot.id, lock=True)
    advance(uow, lot, Action.DROP)
    end_edit(uow, lot, listing_of(uow.session, lot.id, lock=True))
    lot.submitted_version_id = None
    uow.record("lot.drop_edit", lot)


def expire(uow: UnitOfWork, *, lot: Lot) -> None:
    """Close what was sent back and nobody answered: an approved version is on sale again, another lot is a draft."""
    lot = lot_by_id(uow.session, lot.id, lock=True)
    advance(uow, lot, Action.EXPIRE)
    if lot.published_version_id is None:
        lot.tag_number, lot.updated_at = None, uow.now
    else:
        end_edit(uow, lot, listing_of(uow.session, lot.id, lock=True))
    uow.record("lot.expire", lot)


def end_edit(uow: UnitOfWork, lot: Lot, listing: LotListing | None) -> None:
    """Let the sale go on as if nothing had been changed; the caller records it with what ended the change."""
    _mark(uow, lot, listing, "")


def _show(uow: UnitOfWork, lot: Lot, listing: LotListing | None, version: LotVersion) -> None:
    lot.published_version_id = version.id
    if listing is not None:
        fill(listing, lot, version)
        open_stock(uow, lot=lot, version=version)


def _mark(uow: UnitOfWork, lot: Lot, listing: LotListing | None, mark: str) -> None:
    lot.edit_mark, lot.updated_at = mark, uow.now
    if listing is not None and listing.availability in {AVAILABLE, WITHHELD}:
        listing.availability = resting_place(uow.session, listing, today=uow.now.date())
