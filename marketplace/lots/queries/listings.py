"""What is on sale, and who may see which photo."""

from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from marketplace.compliance.models import Cooperative
from marketplace.core.actor import Actor
from marketplace.core.errors import NotFound
from marketplace.lots.models import Lot, LotListing, LotPhoto, LotStock, LotVersion


class ForSale(NamedTuple):
    """A lot that buyers see, with the version they see, its stock when it is sold in parts, and who sells it."""

    lot: Lot
    version: LotVersion
    stock: LotStock | None
    cooperative: Cooperative


# Built once: every purchase sends it.
_FOR_SALE: Final = (
    select(Lot, LotVersion, LotStock, Cooperative)
    .join(LotListing, LotListing.lot_id == Lot.id)
    .join(LotVersion, LotVersion.id == LotListing.version_id)
    .join(Cooperative, Cooperative.id == Lot.cooperative_id)
    .outerjoin(LotStock, LotStock.lot_id == Lot.id)
    .where(LotListing.reference == bindparam("reference"), LotListing.availability != "withheld")
)


def for_sale(session: Session, reference: str) -> ForSale:
    """Return a lot on sale (or sold here) with all that a purchase asks of it, in one look; raise NotFound."""
    row = session.execute(_FOR_SALE, {"reference": reference}).one_or_none()
    if row is None:
        raise NotFound
    return ForSale(*row)


def published_version(session: Session, reference: str) -> tuple[Lot, LotVersion]:
    """Return a lot on sale (or sold here) with the version buyers see; raise NotFound."""
    found = for_sale(session, reference)
    return found.lot, found.version


def listing_of(session: Session, lot_id: UUID, *, lock: bool = False) -> LotListing | None:
    """Return what browsing shows of a lot, locked when it will change; None when the lot is not on sale."""
    query = select(LotListing).where(LotListing.lot_id == lot_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def is_on_sale(session: Session, lot_id: UUID) -> bool:
    """Say whether buyers can see the lot and nobody has it."""
    listing = listing_of(session, lot_id)
    return listing is not None and listing.availability == "available"


def bag_is_taken(session: Session, tag_number: str, *, lot_id: UUID) -> bool:
    """Say whether another lot has this bag number."""
    return session.scalar(select(Lot.id).where(Lot.tag_number == tag_number, Lot.id != lot_id)) is not None


def photo_is_public(session: Session, sha256: str) -> bool:
    """Say whether a photo belongs to a version that buyers see."""
    shown = (
        select(LotVersion.id)
        .join(LotListing, LotListing.version_id == LotVersion.id)
        .join(LotPhoto, LotPhoto.lot_id == LotListing.lot_id)
        .where(LotPhoto.sha256 == sha256, LotVersion.content.contains({"photos": [{"sha256": sha256}]}))
        .where(LotListing.availability != "withheld")
    )
    return session.scalar(shown.limit(1)) is not None


def photo_is_for(session: Session, sha256: str, actor: Actor) -> bool:
    """Say whether the actor may see a photo that is not public: an officer of its cooperative, or staff."""
    owned = select(LotPhoto.id).where(LotPhoto.sha256 == sha256)
    if not actor.is_staff:
        owned = owned.join(Lot, Lot.id == LotPhoto.lot_id).where(Lot.cooperative_id.in_(list(actor.memberships)))
    return session.scalar(owned.limit(1)) is not None
