"""What follows a decision, and taking a lot back."""

from sqlalchemy import select

from marketplace.compliance.queries import approved_cooperative
from marketplace.core.errors import Conflict, VersionChanged
from marketplace.core.text import N_
from marketplace.lots.draft import sent_back
from marketplace.lots.models import Lot, LotListing, LotVersion
from marketplace.lots.queries import listing_of, lot_by_id
from marketplace.lots.services.editing import end_edit
from marketplace.lots.services.listing import fill
from marketplace.lots.services.movement import advance, check_move, refuse_if_claimed, refuse_if_on_its_way
from marketplace.lots.services.site_pauses import refuse_if_paused
from marketplace.lots.services.stock import open_stock
from marketplace.lots.transitions import Action
from marketplace.unit_of_work import UnitOfWork


class BagListedAgain(Conflict):
    """The same seal stands in another lot meanwhile."""

    code = "bag_listed_again"
    message = N_("The bag was listed again as another lot. That lot must be taken back first.")


def publish(uow: UnitOfWork, *, lot: Lot, version: LotVersion) -> None:
    """Put the version under decision on sale, in place of an earlier one.

    Raises VersionChanged for any other version, CooperativeNotApproved, SitePaused, and LotClaimed while a buyer has
    the lot.
    """
    lot = lot_by_id(uow.session, lot.id, lock=True)
    if lot.submitted_version_id != version.id:
        raise VersionChanged
    check_move(uow, lot, Action.PUBLISH)
    refuse_if_paused(uow.session, version, approved_cooperative(uow.session, lot.cooperative_id))
    listing = refuse_if_claimed(uow, lot)
    advance(uow, lot, Action.PUBLISH)
    lot.published_version_id, lot.submitted_version_id = version.id, None
    lot.published_at = lot.updated_at = uow.now
    if listing is None:
        listing = LotListing(lot_id=lot.id, availability="available", published_at=uow.now)
        uow.session.add(listing)
    fill(listing, lot, version)
    if lot.edit_mark:
        end_edit(uow, lot, listing)
    open_stock(uow, lot=lot, version=version)
    uow.record("lot.publish", lot, version, number=version.number, hashes={"content": version.sha256})


def send_back(uow: UnitOfWork, *, lot: Lot) -> None:
    """Give the lot back for changes; an approved version stays on sale, unless the change stopped the sale."""
    lot = lot_by_id(uow.session, lot.id, lock=True)
    advance(uow, lot, Action.SEND_BACK)
    lot.draft = sent_back(lot.draft)
    lot.submitted_version_id, lot.updated_at = None, uow.now
    uow.record("lot.send_back", lot)


def refuse(uow: UnitOfWork, *, lot: Lot) -> None:
    """Refuse the version under decision; an approved version stays on sale, otherwise the lot is closed."""
    lot = lot_by_id(uow.session, lot.id, lock=True)
    advance(uow, lot, Action.REFUSE)
    if lot.edit_mark:
        end_edit(uow, lot, listing_of(uow.session, lot.id, lock=True))
    lot.submitted_version_id, lot.updated_at = None, uow.now
    if lot.published_version_id is None:
        lot.tag_number = None
    uow.record("lot.refuse", lot)


def reopen(uow: UnitOfWork, *, lot: Lot, version: LotVersion) -> None:
    """Put a version that was sent back or refused under decision again; raises BagListedAgain and LotClaimed."""
    lot = lot_by_id(uow.session, lot.id, lock=True)
    refuse_if_claimed(uow, lot)
    advance(uow, lot, Action.REOPEN)
    tag = version.content["tag_number"]
    other = select(Lot.id).where(Lot.tag_number == tag, Lot.id != lot.id)
    if tag and uow.session.scalar(other) is not None:
        raise BagListedAgain
    lot.submitted_version_id, lot.tag_number = version.id, tag
    lot.submitted_at = lot.updated_at = uow.now
    uow.record("lot.reopen", lot, version, number=version.number, hashes={"content": version.sha256})


def withdraw(uow: UnitOfWork, *, lot: Lot) -> None:
    """Take a lot back, from sale too; the bag may then be listed again. Raises LotClaimed while a buyer has it.

    Of a lot sold in parts the rest may be taken back once no part is on its way to a buyer.
    """
    lot = lot_by_id(uow.session, lot.id, lock=True)
    listing = refuse_if_on_its_way(uow, lot)
    advance(uow, lot, Action.WITHDRAW)
    if listing is not None:
        uow.session.delete(listing)
    lot.submitted_version_id = lot.published_version_id = lot.tag_number = None
    lot.edit_mark = ""
    lot.updated_at = uow.now
    uow.record("lot.withdraw", lot)
