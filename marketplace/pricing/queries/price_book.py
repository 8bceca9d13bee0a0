"""Reads of the price book: editions, their bands, and books in the making."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.core.errors import NotFound
from marketplace.pricing.book.proposal import BandProposal, in_reading_order
from marketplace.pricing.models import EditionState, PriceBand, PriceBookDraft, PriceBookEdition

PAGE: Final = 20
# What a number of an edition can be; a larger one is a typing error and not a question to the database.
LARGEST_NUMBER: Final = 2**31 - 1
_OF_A_BAND: Final = tuple(
    getattr(PriceBand, name)
    for name in BandProposal.__dataclass_fields__  # the same names on both sides
)


class EvidenceCount(NamedTuple):
    """How many bands an edition has, and how many of them say what they rest on."""

    bands: int = 0
    verified: int = 0
    sourced: int = 0

    @property
    def unverified(self) -> int:
        """Return how many bands rest on nothing that anybody named."""
        return self.bands - self.verified - self.sourced


def published_edition(session: Session, now: datetime) -> PriceBookEdition | None:
    """Return the edition in force at a time, or None."""
    return session.scalars(
        select(PriceBookEdition)
        .where(PriceBookEdition.state == EditionState.PUBLISHED, PriceBookEdition.published_at <= now)
        .order_by(PriceBookEdition.published_at.desc(), PriceBookEdition.number.desc())
        .limit(1)
    ).one_or_none()


def last_published(session: Session) -> PriceBookEdition | None:
    """Return the edition published last, whatever the time of the reader is; or None."""
    return session.scalars(
        select(PriceBookEdition)
        .where(PriceBookEdition.state == EditionState.PUBLISHED)
        .order_by(PriceBookEdition.published_at.desc(), PriceBookEdition.number.desc())
        .limit(1)
    ).one_or_none()


def editions(session: Session, *, before: int | None = None, limit: int = PAGE + 1) -> Sequence[PriceBookEdition]:
    """Return the newest editions in any state, newest first; `before` is the number the last page ended with."""
    wanted = select(PriceBookEdition).order_by(PriceBookEdition.number.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(PriceBookEdition.number < before)
    return session.scalars(wanted).all()


def evidence_counts(session: Session, edition_ids: Sequence[UUID]) -> dict[UUID, EvidenceCount]:
    """Return for each edition how many of its bands are verified, sourced, or neither."""
    rows = session.execute(
        select(
            PriceBand.edition_id,
            func.count(),
            func.count().filter(PriceBand.evidence == "verified"),
            func.count().filter(PriceBand.evidence == "sourced"),
        )
        .where(PriceBand.edition_id.in_(edition_ids))
        .group_by(PriceBand.edition_id)
    )
    counted = {row[0]: EvidenceCount(*row[1:]) for row in rows}
    return {edition_id: counted.get(edition_id, EvidenceCount()) for edition_id in edition_ids}


def edition_by_number(session: Session, number: int) -> PriceBookEdition:
    """Return an edition in any state by its number, or raise NotFound."""
    wanted = select(PriceBookEdition).where(PriceBookEdition.number == number)
    edition = session.scalars(wanted).one_or_none() if number <= LARGEST_NUMBER else None
    if edition is None:
        raise NotFound
    return edition


def proposals_of(session: Session, edition_id: UUID) -> list[BandProposal]:
    """Return the bands of an edition as they were proposed, in reading order."""
    rows = session.execute(select(*_OF_A_BAND).where(PriceBand.edition_id == edition_id))
    return in_reading_order(BandProposal(*row) for row in rows)


def draft_by_id(session: Session, draft_id: UUID, *, lock: bool = False) -> PriceBookDraft:
    """Return a draft, locked and fresh when it will change, or raise NotFound."""
    wanted = select(PriceBookDraft).where(PriceBookDraft.id == draft_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    draft = session.scalars(wanted).one_or_none()
    if draft is None:
        raise NotFound
    return draft


def open_drafts(
    session: Session, *, uploaded_by: str | None = None, sha256: str | None = None, limit: int = PAGE
) -> Sequence[PriceBookDraft]:
    """Return the newest drafts that are neither proposed nor discarded; perhaps of one person and one file only."""
    wanted = select(PriceBookDraft).where(PriceBookDraft.edition_id.is_(None), PriceBookDraft.discarded_at.is_(None))
    if uploaded_by is not None:
        wanted = wanted.where(PriceBookDraft.uploaded_by == uploaded_by)
    if sha256 is not None:
        wanted = wanted.where(PriceBookDraft.sha256 == sha256)
    return session.scalars(wanted.order_by(PriceBookDraft.uploaded_at.desc(), PriceBookDraft.id).limit(limit)).all()


def newest_edition_number(session: Session) -> int:
    """Return the highest number given to an edition; zero without any."""
    return session.scalar(select(func.coalesce(func.max(PriceBookEdition.number), 0))) or 0


def edition_by_id(session: Session, edition_id: UUID, *, lock: bool = False) -> PriceBookEdition:
    """Return one edition, locked and fresh when it will change, or raise NotFound."""
    wanted = select(PriceBookEdition).where(PriceBookEdition.id == edition_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    edition = session.scalars(wanted).one_or_none()
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
