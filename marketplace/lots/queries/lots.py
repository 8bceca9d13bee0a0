"""Lots of a cooperative, their versions and photos."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, select, tuple_
from sqlalchemy.orm import Session

from marketplace.core.actor import Actor
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.lots.models import PHOTO_SLOTS, Lot, LotPhoto, LotVersion

PAGE: Final = 20
# Built once: every purchase sends them.
_BY_ID: Final = select(Lot).where(Lot.id == bindparam("lot_id"))
_BY_ID_LOCKED: Final = _BY_ID.with_for_update().execution_options(populate_existing=True)


class Shelf(StrEnum):
    """Where a cooperative looks for a lot, in words everybody knows."""

    DRAFT = "draft"
    CHECKED = "checked"
    SALE = "sale"
    SOLD = "sold"
    CLOSED = "closed"


SHELF_LABELS: Final[Mapping[Shelf, str]] = MappingProxyType(
    {
        Shelf.DRAFT: N_("Draft"),
        Shelf.CHECKED: N_("Being checked"),
        Shelf.SALE: N_("On sale"),
        Shelf.SOLD: N_("Sold"),
        Shelf.CLOSED: N_("Closed"),
    }
)


def lot_of_cooperative(session: Session, reference: str, actor: Actor, *, lock: bool = False) -> Lot:
    """Return a lot of a cooperative the actor is an officer of; anyone else's is not there."""
    query = select(Lot).where(Lot.reference == reference, Lot.cooperative_id.in_(list(actor.memberships)))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    lot = session.scalar(query)
    if lot is None:
        raise NotFound
    return lot


def lot_by_reference(session: Session, reference: str) -> Lot:
    """Return any lot by its reference, for staff; raise NotFound."""
    lot = session.scalar(select(Lot).where(Lot.reference == reference))
    if lot is None:
        raise NotFound
    return lot


def lot_by_id(session: Session, lot_id: UUID, *, lock: bool = False) -> Lot:
    """Return a lot, locked when it will change, or raise NotFound."""
    lot = session.scalar(_BY_ID_LOCKED if lock else _BY_ID, {"lot_id": lot_id})
    if lot is None:
        raise NotFound
    return lot


def lots_of_member(
    session: Session, actor: Actor, *, shelf: Shelf | None = None, after: tuple[datetime, UUID] | None = None
) -> Sequence[Lot]:
    """Return one page of the lots of the actor's cooperatives, last changed first, and one more if another follows."""
    query = select(Lot).where(Lot.cooperative_id.in_(list(actor.memberships)))
    query = query.where(_on_shelf(shelf)) if shelf else query.where(~_on_shelf(Shelf.CLOSED))
    if after:
        query = query.where(tuple_(Lot.updated_at, Lot.id) < after)
    return session.scalars(query.order_by(Lot.updated_at.desc(), Lot.id.desc()).limit(PAGE + 1)).all()


def counts_by_shelf(session: Session, actor: Actor) -> dict[Shelf, int]:
    """Return how many lots lie on each shelf."""
    shelves = case(*((_on_shelf(shelf), shelf.value) for shelf in Shelf), else_="")
    rows = session.execute(
        select(shelves.label("shelf"), func.count())
        .where(Lot.cooperative_id.in_(list(actor.memberships)))
        .group_by("shelf")
    )
    found = {Shelf(shelf): number for shelf, number in rows}
    return {shelf: found.get(shelf, 0) for shelf in Shelf}


def shelf_of(lot: Lot) -> Shelf:
    """Return where a cooperative looks for this lot."""
    if lot.state in {"refused", "withdrawn"}:
        return Shelf.CLOSED
    if lot.state == "sold":
        return Shelf.SOLD
    if lot.published_version_id is not None:
        return Shelf.SALE
    return Shelf.CHECKED if lot.state == "submitted" else Shelf.DRAFT


def photos_of(session: Session, lot_id: UUID) -> dict[str, LotPhoto]:
    """Return the photos of a draft by their slot, in the order of the slots."""
    rows = session.scalars(select(LotPhoto).where(LotPhoto.lot_id == lot_id, LotPhoto.removed_at.is_(None)))
    found = {photo.slot: photo for photo in rows}
    return {slot: found[slot] for slot in PHOTO_SLOTS if slot in found}


def version_by_id(session: Session, version_id: UUID) -> LotVersion:
    """Return one version or raise NotFound."""
    version = session.get(LotVersion, version_id)
    if version is None:
        raise NotFound
    return version


def versions_of(session: Session, lot_id: UUID) -> Sequence[LotVersion]:
    """Return every version of a lot, newest first."""
    return session.scalars(
        select(LotVersion).where(LotVersion.lot_id == lot_id).order_by(LotVersion.number.desc())
    ).all()


def _on_shelf(shelf: Shelf) -> ColumnElement[bool]:
    is_closed = Lot.state.in_(("refused", "withdrawn"))
    is_open = Lot.state.in_(("draft", "submitted", "changes_requested", "published"))
    on_sale = Lot.published_version_id.is_not(None)
    return {
        Shelf.CLOSED: is_closed,
        Shelf.SOLD: Lot.state == "sold",
        Shelf.SALE: and_(is_open, on_sale),
        Shelf.CHECKED: and_(Lot.state == "submitted", ~on_sale),
        Shelf.DRAFT: and_(or_(Lot.state == "draft", Lot.state == "changes_requested"), ~on_sale),
    }[shelf]
