"""Read checks: what a lot's page shows, a buyer's own, the list of staff, and who may check."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from marketplace.accounts.models import CooperativeMember, StaffGrant, User
from marketplace.checks.models import LotCheck
from marketplace.checks.transitions import OPEN, State
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.core.actor import Actor, StaffRole
from marketplace.core.errors import NotFound
from marketplace.lots.models import Lot, LotVersion
from marketplace.moderation.models import Decision, ModerationCase
from marketplace.passport.models import Passport

PAGE: Final = 25
MOST_NOTES: Final = 20
_OPEN: Final = LotCheck.state.in_([state.value for state in OPEN])


class ShownNote(NamedTuple):
    """A finished check with the number of the version it was made for."""

    check: LotCheck
    version_number: int


class Beside(NamedTuple):
    """What stands beside a lot on its page: whether it has a passport, and the notes of checks."""

    has_passport: bool
    notes: Sequence[ShownNote]


class Listed(NamedTuple):
    """A check in a list, with its lot and what the lot was called."""

    check: LotCheck
    lot: Lot
    title: str


def notes_of_lot(session: Session, lot_id: UUID) -> Sequence[ShownNote]:
    """Return the finished checks of a lot, newest first, at most twenty."""
    return beside_lot(session, lot_id).notes


def beside_lot(session: Session, lot_id: UUID) -> Beside:
    """Return what stands beside a lot on its page, by one statement: everybody opens that page."""
    has_passport = select(Passport.id).where(Passport.lot_id == Lot.id).exists()
    rows = session.execute(
        select(has_passport, LotCheck, LotVersion.number)
        .select_from(Lot)
        .outerjoin(LotCheck, (LotCheck.lot_id == Lot.id) & (LotCheck.state == State.DONE.value))
        .outerjoin(LotVersion, LotVersion.id == LotCheck.version_id)
        .where(Lot.id == lot_id)
        .order_by(LotCheck.ended_at.desc(), LotCheck.id.desc())
        .limit(MOST_NOTES)
    ).all()
    notes = [ShownNote(check, number) for _has, check, number in rows if check is not None]
    return Beside(any(has for has, _check, _number in rows), notes)


def open_check_of(session: Session, lot_id: UUID) -> LotCheck | None:
    """Return the check of a lot that is asked for or under way, or None."""
    return session.scalar(select(LotCheck).where(LotCheck.lot_id == lot_id, _OPEN))


def open_checks_of_buyer(session: Session, buyer_id: UUID) -> Sequence[LotCheck]:
    """Return what a buyer waits for."""
    return session.scalars(select(LotCheck).where(LotCheck.buyer_id == buyer_id, _OPEN).limit(100)).all()


def checks_of_buyer(session: Session, buyer_id: UUID | None) -> Sequence[Listed]:
    """Return the checks a buyer asked for, newest first, at most a hundred."""
    rows = session.execute(
        _listed().where(LotCheck.buyer_id == buyer_id).order_by(LotCheck.asked_at.desc(), LotCheck.id.desc()).limit(100)
    )
    return [Listed(*row) for row in rows]


def page_of_checks(session: Session, *, state: str, after: tuple[datetime, UUID] | None) -> Sequence[Listed]:
    """Return one page of checks, newest first, and one more; `state` empty means those that are open."""
    wanted = _listed().order_by(LotCheck.asked_at.desc(), LotCheck.id.desc()).limit(PAGE + 1)
    wanted = wanted.where(LotCheck.state == state if state else _OPEN)
    if after is not None:
        wanted = wanted.where(tuple_(LotCheck.asked_at, LotCheck.id) < after)
    return [Listed(*row) for row in session.execute(wanted)]


def check_by_reference(session: Session, reference: str) -> Listed:
    """Return a check with its lot; raise NotFound."""
    row = session.execute(_listed().where(LotCheck.reference == reference)).one_or_none()
    if row is None:
        raise NotFound
    return Listed(*row)


def check_of_buyer(session: Session, reference: str, actor: Actor) -> LotCheck:
    """Return a check that this buyer asked for; otherwise it is not there."""
    found = check_by_reference(session, reference).check
    if actor.buyer_id is None or found.buyer_id != actor.buyer_id:
        raise NotFound
    return found


def checkers_for(session: Session, check: LotCheck) -> Sequence[User]:
    """Return the verifiers who are independent of a lot: never decided about it, entered it or its cooperative."""
    lot = session.get_one(Lot, check.lot_id)
    decided = (
        select(Decision.reviewer_id)
        .join(ModerationCase, ModerationCase.id == Decision.case_id)
        .where((ModerationCase.lot_id == lot.id) | (ModerationCase.cooperative_id == lot.cooperative_id))
    )
    officers = select(CooperativeMember.user_id).where(CooperativeMember.cooperative_id == lot.cooperative_id)
    sites = select(MineSite.verified_by).where(
        MineSite.cooperative_id == lot.cooperative_id, MineSite.verified_by.is_not(None)
    )
    house = select(Cooperative.created_by).where(
        Cooperative.id == lot.cooperative_id, Cooperative.created_by.is_not(None)
    )
    verifiers = select(StaffGrant.user_id).where(StaffGrant.role == StaffRole.VERIFIER.value)
    wanted = select(User).where(User.id.in_(verifiers), User.state == "active", User.id != check.asked_by)
    for others in (decided, officers, sites, house):
        wanted = wanted.where(User.id.not_in(others))
    wanted = wanted.where(User.id != lot.created_by)
    return session.scalars(wanted.order_by(User.name, User.id).limit(100)).all()


def _listed() -> Select[LotCheck, Lot, str]:
    return (
        select(LotCheck, Lot, LotVersion.content["title"].astext)
        .join(Lot, Lot.id == LotCheck.lot_id)
        .join(LotVersion, LotVersion.id == LotCheck.version_id)
    )
