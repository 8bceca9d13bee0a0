"""What follows a decision, and taking a lot back."""

from decimal import Decimal

from sqlalchemy import select

from marketplace.compliance.queries import approved_cooperative
from marketplace.core.errors import Conflict, VersionChanged
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.core.weight import MG_PER_CARAT, MG_PER_GRAM
from marketplace.lots.draft import sent_back
from marketplace.lots.models import Lot, LotListing, LotVersion
from marketplace.lots.queries import lot_by_id
from marketplace.lots.services.movement import advance, check_move, refuse_if_claimed, refuse_if_on_its_way
from marketplace.lots.services.site_pauses import refuse_if_paused
from marketplace.lots.services.stock import open_stock
from marketplace.lots.titles import search_text
from marketplace.lots.transitions import Action
from marketplace.pricing.fairness import miner_share
from marketplace.unit_of_work import UnitOfWork

_BASIS_POINTS = 10_000


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
    _fill(listing, lot, version)
    open_stock(uow, lot=lot, version=version)
    uow.record("lot.publish", lot, version, number=version.number, hashes={"content": version.sha256})


def send_back(uow: UnitOfWork, *, lot: Lot) -> None:
    """Give the lot back for changes; an approved version stays on sale."""
    lot = lot_by_id(uow.session, lot.id, lock=True)
    advance(uow, lot, Action.SEND_BACK)
    lot.draft = sent_back(lot.draft)
    lot.submitted_version_id, lot.updated_at = None, uow.now
    uow.record("lot.send_back", lot)


def refuse(uow: UnitOfWork, *, lot: Lot) -> None:
    """Refuse the version under decision; an approved version stays on sale, otherwise the lot is closed."""
    lot = lot_by_id(uow.session, lot.id, lock=True)
    advance(uow, lot, Action.REFUSE)
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
    lot.updated_at = uow.now
    uow.record("lot.withdraw", lot)


def _fill(listing: LotListing, lot: Lot, version: LotVersion) -> None:
    """Write what browsing and search need; one row, nothing to join."""
    content = version.content
    listing.version_id, listing.reference = version.id, lot.reference
    for name in (
        "title", "kind", "form", "variety", "treatment", "country", "place", "weight_mg", "pieces", "fineness_permille",
    ):  # fmt: skip
        setattr(listing, name, content[name])
    listing.cooperative_id = lot.cooperative_id
    listing.cooperative_name = content["cooperative"]["name"]
    listing.is_women_led = content["cooperative"]["women_led"]
    listing.price_minor, listing.currency = version.price_minor, version.currency
    listing.unit_price_minor = unit_price_minor(
        version.price_minor, weight_mg=content["weight_mg"], kind=content["kind"]
    )
    share = miner_share(Money(version.net_minor, version.currency), Money(version.price_minor, version.currency))
    listing.miner_share_bp = int(share * Decimal(_BASIS_POINTS))
    listing.photo_sha256 = content["photos"][0]["sha256"] if content["photos"] else None
    listing.search_text = search_text(content)


def unit_price_minor(price_minor: int, *, weight_mg: int, kind: str) -> int:
    """Return the price per gram of gold or per carat of stone, rounded once, half up."""
    unit_mg = MG_PER_GRAM if kind == "gold" else MG_PER_CARAT
    return (2 * price_minor * unit_mg + weight_mg) // (2 * weight_mg)
