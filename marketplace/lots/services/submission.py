"""Send a draft: freeze it as a version that nobody can change any more."""

from typing import Protocol
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from marketplace.compliance.queries import approved_cooperative
from marketplace.core.errors import Conflict, Forbidden
from marketplace.core.ids import new_id
from marketplace.core.text import N_
from marketplace.lots.asking import SalesLike, no_sales
from marketplace.lots.checks import LotIncomplete
from marketplace.lots.models import Lot, LotVersion
from marketplace.lots.queries import Sheet, content_now, lot_by_id, read_sheet, version_by_id
from marketplace.lots.services.movement import advance, check_move, refuse_if_claimed
from marketplace.lots.transitions import Action
from marketplace.lots.versions import digest_of
from marketplace.unit_of_work import UnitOfWork


class OffersLike(Protocol):
    """Tell whether a buyer's offer waits for an answer: orders know it, and orders stand above lots."""

    def __call__(self, session: Session, lot_id: UUID) -> bool:
        """Return whether an offer for the lot is open."""


def no_offers(session: Session, lot_id: UUID) -> bool:
    """Tell of no offer."""
    del session, lot_id
    return False


class LotOfferedOn(Conflict):
    """A buyer made an offer for what is on sale now."""

    code = "lot_offered_on"
    message = N_("A buyer has made an offer for this lot. Answer it first, then send the change.")


class NothingChanged(Conflict):
    """The draft says what the version on sale says."""

    code = "nothing_changed"
    message = N_("Nothing changed since the version on sale. There is nothing to send.")


def submit(uow: UnitOfWork, *, lot: Lot, sales: SalesLike = no_sales, offers: OffersLike = no_offers) -> LotVersion:
    """Freeze the draft as the version under decision, with the guide of this day; `sales` finds what was sold here.

    Raises LotIncomplete with everything missing, CooperativeNotApproved, LotClaimed while a buyer has the lot,
    LotOfferedOn while one of `offers` waits, and NothingChanged when the version on sale says the same.
    """
    lot = lot_by_id(uow.session, lot.id, lock=True)
    check_move(uow, lot, Action.SUBMIT)
    approved_cooperative(uow.session, lot.cooperative_id)
    refuse_if_claimed(uow, lot)
    if offers(uow.session, lot.id):
        raise LotOfferedOn
    _lock_bag(uow, lot)
    sheet = read_sheet(uow.session, lot, now=uow.now, platform_fee_bps=uow.settings.platform_fee_bps, sales=sales)
    if sheet.missing:
        raise LotIncomplete(sheet.missing)
    version = _frozen(uow, sheet)
    if lot.published_version_id and version_by_id(uow.session, lot.published_version_id).sha256 == version.sha256:
        raise NothingChanged
    uow.session.add(version)
    uow.session.flush()
    advance(uow, lot, Action.SUBMIT)
    lot.submitted_version_id = version.id
    lot.submitted_at = lot.updated_at = uow.now
    lot.tag_number = version.content["tag_number"]
    uow.record("lot_version.submit", version, lot, number=version.number, hashes={"content": version.sha256})
    return version


def _lock_bag(uow: UnitOfWork, lot: Lot) -> None:
    """Make two lots that name the same bag wait for each other; the second then sees the first."""
    typed = lot.draft.get("origin", {}).get("typed", {}).get("tag_number", "")
    key = f"bag {''.join(typed.split()).upper()}"
    uow.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})


def _frozen(uow: UnitOfWork, sheet: Sheet) -> LotVersion:
    if uow.actor.user_id is None:
        raise Forbidden
    split, guidance = sheet.asking.split, sheet.asking.guidance
    if split is None or guidance is None:
        raise AssertionError("a complete sheet has a price and was guided")
    content = content_now(sheet)
    newest = uow.session.scalar(select(func.max(LotVersion.number)).where(LotVersion.lot_id == sheet.lot.id))
    return LotVersion(
        id=new_id(),
        lot_id=sheet.lot.id,
        number=(newest or 0) + 1,
        content=content,
        sha256=digest_of(content),
        guidance=guidance.snapshot(),
        price_minor=split.price.minor,
        net_minor=split.net.minor,
        currency=split.price.currency,
        submitted_by=uow.actor.user_id,
        submitted_at=uow.now,
    )
