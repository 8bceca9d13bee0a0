"""Reads of the price book: editions and their bands."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.core.errors import NotFound
from marketplace.pricing.models import EditionState, PriceBand, PriceBookEdition


def published_edition(session: Session, now: datetime) -> PriceBookEdition | None:
    """Return the edition in force at a time, or None."""
    return session.scalars(
        select(PriceBookEdition)
        .where(PriceBookEdition.state == EditionState.PUBLISHED, PriceBookEdition.published_at <= now)
        .order_by(PriceBookEdition.published_at.desc(), PriceBookEdition.number.desc())
        .limit(1)
    ).one_or_none()


def editions(session: Session, *, limit: int = 50) -> Sequence[PriceBookEdition]:
    """Return the newest editions in any state, newest first."""
    return session.scalars(select(PriceBookEdition).order_by(PriceBookEdition.number.desc()).limit(limit)).all()


def newest_edition_number(session: Session) -> int:
    """Return the highest number given to an edition; zero without any."""
    return session.scalar(select(func.coalesce(func.max(PriceBookEdition.number), 0))) or 0


def edition_by_id(session: Session, edition_id: UUID, *, lock: bool = False) -> PriceBookEdition:
    """Return one edition, locked when it will change, or raise NotFound."""
    wanted = select(PriceBookEdition).where(PriceBookEdition.id == edition_id)
    edition = session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if edition is None:
        raise NotFound
    return edition


def bands_of(
    session: Session, edition_id: UUID, *, variety: str | None = None, form: str | None = None
) -> Sequence[PriceBand]:
    """Return the bands of an edition, perhaps of one variety and form, in reading order."""
    bands = select(PriceBand).where(PriceBand.edition_id == edition_id)
    if variety is not None:
        bands = bands.where(PriceBand.variety == variety)
    if form is not None:
        bands = bands.where(PriceBand.form == form)
    ordered = bands.order_by(PriceBand.variety, PriceBand.form, PriceBand.weight_from_ct, PriceBand.low_minor_per_ct)
    return session.scalars(ordered).all()


def varieties_of(session: Session, edition_id: UUID) -> Sequence[str]:
    """Return the codes of the varieties an edition has bands for."""
    wanted = select(PriceBand.variety).where(PriceBand.edition_id == edition_id).distinct()
    return session.scalars(wanted.order_by(PriceBand.variety)).all()
