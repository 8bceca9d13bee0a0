"""What lists are in force, how old they are, and how a cooperative or buyer stands against them."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.settings import Settings
from marketplace.compliance.gate import SCREENING_LASTS
from marketplace.compliance.models import Cooperative
from marketplace.screening.entries import ListKind
from marketplace.screening.models import STOPPING, WAITING, ScreenedName, ScreeningEdition, ScreeningHit
from marketplace.screening.subjects import Screened, names_of_cooperative

MOST_EDITIONS: Final = 50


class ListAge(NamedTuple):
    """One list: its edition in force, or None; how many days old it is; whether that is too old."""

    kind: ListKind
    edition: ScreeningEdition | None
    days: int | None
    is_too_old: bool


def list_ages(session: Session, *, settings: Settings, today: date) -> list[ListAge]:
    """Return the four lists. While none was ever imported and a setting allows it, none is too old."""
    rows = {row.list: row for row in in_force(session)}
    excused = not rows and settings.screening_without_lists
    found = []
    for kind in ListKind:
        row = rows.get(kind.value)
        days = (today - row.published_on).days if row else None
        is_old = days is None or days > settings.screening_list_days
        found.append(ListAge(kind, row, days, is_old and not excused))
    return found


def in_force(session: Session) -> Sequence[ScreeningEdition]:
    """Return the edition of each list that counts now."""
    wanted = select(ScreeningEdition).where(ScreeningEdition.replaced_at.is_(None)).order_by(ScreeningEdition.list)
    return session.scalars(wanted).all()


def editions(session: Session) -> Sequence[ScreeningEdition]:
    """Return the editions imported last, those that were replaced too."""
    wanted = select(ScreeningEdition).order_by(ScreeningEdition.imported_at.desc(), ScreeningEdition.id.desc())
    return session.scalars(wanted.limit(MOST_EDITIONS)).all()


def fingerprint_of(lists: Iterable[ScreeningEdition]) -> str:
    """Return what changes when any list changes; nothing without lists."""
    names = sorted(str(row.id) for row in lists)
    return hashlib.sha256(" ".join(names).encode()).hexdigest() if names else ""


def running_hit(session: Session, *, cooperative_id: UUID | None = None, buyer_id: UUID | None = None) -> str | None:
    """Return the reference of the oldest hit of a cooperative or a buyer that stops it, or None."""
    own = []
    if cooperative_id is not None:
        own.append(ScreeningHit.cooperative_id == cooperative_id)
    if buyer_id is not None:
        own.append(ScreeningHit.buyer_id == buyer_id)
    if not own:
        return None
    about = own[0] if len(own) == 1 else own[0] | own[1]
    wanted = select(ScreeningHit.reference).where(about, ScreeningHit.state.in_(STOPPING))
    return session.scalar(wanted.order_by(ScreeningHit.opened_at, ScreeningHit.id).limit(1))


def is_fresh(session: Session, *, cooperative: Cooperative, settings: Settings, now: datetime) -> bool:
    """Say whether every name of a cooperative, as it is spelled now, was compared with the lists in force this month.

    Without any list that is so only where a setting lets the market work without.
    """
    lists = fingerprint_of(in_force(session))
    if not lists:
        return settings.screening_without_lists
    rows = session.scalars(select(ScreenedName).where(ScreenedName.cooperative_id == cooperative.id))
    done = {(row.kind, row.subject_id): row for row in rows}
    return all(_is_done(done.get((name.kind.value, name.subject_id)), name, lists, now)
               for name in names_of_cooperative(session, cooperative))  # fmt: skip


def hits_waiting(session: Session) -> int:
    """Return how many hits wait for a person."""
    wanted = select(func.count()).select_from(ScreeningHit).where(ScreeningHit.state.in_(WAITING))
    return session.scalar(wanted) or 0


def _is_done(row: ScreenedName | None, name: Screened, lists: str, now: datetime) -> bool:
    if row is None or row.digest != name.digest or row.lists != lists:
        return False
    return now - row.screened_at <= SCREENING_LASTS
