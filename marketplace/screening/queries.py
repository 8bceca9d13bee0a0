"""Read hits: pages for staff, one by its reference, and those of a cooperative or a buyer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from marketplace.accounts.models import Buyer, User
from marketplace.compliance.models import Cooperative
from marketplace.core.errors import NotFound
from marketplace.screening.models import WAITING, ScreeningHit

PAGE: Final = 25


class About(NamedTuple):
    """What a hit would stop: a cooperative by its name and reference, or a buyer by her company and e-mail address."""

    name: str
    reference: str
    is_cooperative: bool


def hit_by_reference(session: Session, reference: str, *, lock: bool = False) -> ScreeningHit:
    """Return a hit, locked when it will change; raise NotFound."""
    wanted = select(ScreeningHit).where(ScreeningHit.reference == reference)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def page_of_hits(session: Session, *, state: str, after: tuple[datetime, UUID] | None) -> Sequence[ScreeningHit]:
    """Return one page, oldest first, and one more; `state` may be `waiting` for all that need a person, or empty."""
    wanted = select(ScreeningHit).order_by(ScreeningHit.opened_at, ScreeningHit.id).limit(PAGE + 1)
    if state == "waiting":
        wanted = wanted.where(ScreeningHit.state.in_(WAITING))
    elif state:
        wanted = wanted.where(ScreeningHit.state == state)
    if after is not None:
        wanted = wanted.where(tuple_(ScreeningHit.opened_at, ScreeningHit.id) > after)
    return session.scalars(wanted).all()


def about_of(session: Session, hit: ScreeningHit) -> About:
    """Return what a hit is about."""
    if hit.cooperative_id is not None:
        row = session.get_one(Cooperative, hit.cooperative_id)
        return About(row.legal_name, row.reference, is_cooperative=True)
    company, email = session.execute(
        select(Buyer.company, User.email).join(User, User.id == Buyer.user_id).where(Buyer.id == hit.buyer_id)
    ).one()
    return About(company, email, is_cooperative=False)


def hits_of_cooperative(session: Session, cooperative_id: UUID) -> Sequence[ScreeningHit]:
    """Return the hits of a cooperative, newest first, at most a hundred."""
    wanted = select(ScreeningHit).where(ScreeningHit.cooperative_id == cooperative_id)
    return session.scalars(wanted.order_by(ScreeningHit.opened_at.desc()).limit(100)).all()


def cooperatives_after(session: Session, after: UUID | None, *, most: int) -> Sequence[Cooperative]:
    """Return the next cooperatives by id: for work that goes over all of them."""
    wanted = select(Cooperative).order_by(Cooperative.id).limit(most)
    return session.scalars(wanted.where(Cooperative.id > after) if after else wanted).all()


def buyers_after(session: Session, after: UUID | None, *, most: int) -> Sequence[Buyer]:
    """Return the next buyers by id."""
    wanted = select(Buyer).order_by(Buyer.id).limit(most)
    return session.scalars(wanted.where(Buyer.id > after) if after else wanted).all()
