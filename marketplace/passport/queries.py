"""Reads of passports: versions, what was revoked, lots that need a new one, and the bits of a status list."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select
from sqlalchemy.orm import Session

from marketplace.audit.models import AuditEvent, AuditTarget
from marketplace.audit.verify.status_lists import LIST_BITS
from marketplace.custody.models import CustodyAmount, CustodyEvent
from marketplace.lots.models import Lot
from marketplace.passport.models import Passport, PassportRevocation

PAGE: Final = 50
ISSUE: Final = "passport.issue"
_PUBLIC_STATES: Final = ("published", "submitted", "changes_requested", "sold")


def lot_of_reference(session: Session, reference: str) -> Lot | None:
    """Return the lot of a reference in its stored spelling."""
    return session.scalar(select(Lot).where(Lot.reference == reference))


def latest(session: Session, *, lot_id: UUID) -> Passport | None:
    """Return the newest version of a lot's passport."""
    return session.scalar(select(Passport).where(Passport.lot_id == lot_id).order_by(Passport.number.desc()).limit(1))


def version(session: Session, *, lot_id: UUID, number: int) -> Passport | None:
    """Return one version."""
    return session.scalar(select(Passport).where(Passport.lot_id == lot_id, Passport.number == number))


def revocation_of(session: Session, passport: Passport) -> PassportRevocation | None:
    """Return what revoked a version, if anything did."""
    found = select(PassportRevocation).where(
        PassportRevocation.lot_id == passport.lot_id, PassportRevocation.up_to_number >= passport.number
    )
    return session.scalar(found.order_by(PassportRevocation.up_to_number).limit(1))


def event_of(session: Session, passport: Passport) -> UUID:
    """Return the identifier of the log's entry about the issuing."""
    return session.scalars(
        select(AuditEvent.event_id)
        .join(AuditTarget, AuditTarget.seq == AuditEvent.seq)
        .where(AuditTarget.type == Passport.audit_type, AuditTarget.id == str(passport.id), AuditEvent.action == ISSUE)
    ).one()


def newest_seq(session: Session, *, lot_id: UUID) -> int:
    """Return the number of the newest custody event that names a lot; 0 when there is none."""
    named = select(CustodyAmount.event_id).where(CustodyAmount.lot_id == lot_id)
    found = select(func.max(CustodyEvent.seq)).where(or_(CustodyEvent.lot_id == lot_id, CustodyEvent.id.in_(named)))
    return session.scalar(found) or 0


def waiting_lots(session: Session, *, limit: int) -> Sequence[UUID]:
    """Return lots on sale or sold without a passport of their present version and custody, the oldest first."""
    number = _newest_number()
    current = (
        select(Passport.id)
        .where(
            Passport.lot_id == Lot.id,
            Passport.number == number,
            Passport.version_id == Lot.published_version_id,
            Passport.last_seq >= _newest_event(),
        )
        .exists()
    )
    found = select(Lot.id).where(_is_public(), ~current, ~_is_revoked(number)).order_by(Lot.id)
    return session.scalars(found.limit(limit)).all()


def lots_after(session: Session, lot_id: UUID | None, *, limit: int) -> Sequence[UUID]:
    """Return lots on sale or sold behind `lot_id`, for the look at every one of them."""
    found = select(Lot.id).where(_is_public(), ~_is_revoked(_newest_number())).order_by(Lot.id).limit(limit)
    return session.scalars(found if lot_id is None else found.where(Lot.id > lot_id)).all()


def revoked_bits(session: Session, *, number: int) -> Sequence[int]:
    """Return the places within status list `number` that are revoked."""
    first = number * LIST_BITS
    revoked = (
        select(PassportRevocation.id)
        .where(PassportRevocation.lot_id == Passport.lot_id, PassportRevocation.up_to_number >= Passport.number)
        .exists()
    )
    inside = Passport.status_index.between(first, first + LIST_BITS - 1)
    return [index - first for index in session.scalars(select(Passport.status_index).where(inside, revoked))]


def has_list(session: Session, *, number: int) -> bool:
    """Say whether any passport has its bit in status list `number`."""
    first = number * LIST_BITS
    inside = Passport.status_index.between(first, first + LIST_BITS - 1)
    return session.scalar(select(Passport.id).where(inside).limit(1)) is not None


def newest_passports(session: Session, *, before: UUID | None, reference: str = "") -> Sequence[tuple[Passport, Lot]]:
    """Return the newest versions of lots, newest first, one more than a page; `reference` narrows to one lot."""
    found = select(Passport, Lot).join(Lot, Lot.id == Passport.lot_id).where(Passport.number == _newest_number())
    if before is not None:
        found = found.where(Passport.id < before)
    if reference:
        found = found.where(Lot.reference == reference)
    rows = session.execute(found.order_by(Passport.id.desc()).limit(PAGE + 1)).all()
    return [(passport, lot) for passport, lot in rows]


def lots_to_label(session: Session, *, references: Sequence[str]) -> Sequence[Lot]:
    """Return the lots of these references that have a tag, in the order of their tags."""
    found = select(Lot).where(Lot.reference.in_(references), Lot.tag_number.is_not(None))
    return session.scalars(found.order_by(Lot.tag_number).limit(PAGE)).all()


def lots_of_tags(session: Session, *, first: str, last: str) -> Sequence[Lot]:
    """Return public lots whose tag lies between two numbers, at most a sheet of them."""
    found = select(Lot).where(Lot.tag_number.between(first, last), _is_public())
    return session.scalars(found.order_by(Lot.tag_number).limit(PAGE)).all()


def _is_public() -> ColumnElement[bool]:
    return Lot.published_version_id.is_not(None) & Lot.state.in_(_PUBLIC_STATES)


def _newest_number() -> ScalarSelect[int]:
    other = Passport.__table__.alias("newest")
    return (
        select(func.coalesce(func.max(other.c.number), 0))
        .where(other.c.lot_id == Lot.id)
        .correlate(Lot)
        .scalar_subquery()
    )


def _newest_event() -> ScalarSelect[int]:
    named = select(CustodyAmount.event_id).where(CustodyAmount.lot_id == Lot.id).correlate(Lot)
    return (
        select(func.coalesce(func.max(CustodyEvent.seq), 0))
        .where(or_(CustodyEvent.lot_id == Lot.id, CustodyEvent.id.in_(named)))
        .correlate(Lot)
        .scalar_subquery()
    )


def _is_revoked(number: ScalarSelect[int]) -> ColumnElement[bool]:
    return (
        select(PassportRevocation.id)
        .where(PassportRevocation.lot_id == Lot.id, PassportRevocation.up_to_number >= number)
        .where(number > 0)
        .exists()
    )
