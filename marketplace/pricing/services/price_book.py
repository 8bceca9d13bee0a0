"""Change the price book: one curator proposes an edition, another approves or declines it."""

from collections.abc import Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import insert, text

from marketplace.core.errors import Conflict, DomainError, Forbidden, InvalidInput, TransitionRefused
from marketplace.core.text import N_
from marketplace.pricing.book.checks import gaps_of
from marketplace.pricing.book.proposal import MOST_BANDS, BandProposal, Placed
from marketplace.pricing.models import EditionState, PriceBand, PriceBookEdition
from marketplace.pricing.queries import edition_by_id, last_published, newest_edition_number
from marketplace.unit_of_work import UnitOfWork

LONGEST_NOTE: Final = 2000
MOST_NAMED_GAPS: Final = 200
_FIELDS: Final = tuple(field.name for field in fields(BandProposal))


class EditionRefused(DomainError):
    """The proposed edition cannot be: a band overlaps another or says nothing."""

    code = "edition_refused"
    message = N_("This edition cannot be proposed.")


class BookMoved(Conflict):
    """Another edition is in force than the one the difference was shown against."""

    code = "book_moved"
    message = N_("Another edition is in force now. Look at the difference again, then decide.")


def propose_edition(uow: UnitOfWork, *, bands: Sequence[BandProposal], note: str) -> PriceBookEdition:
    """Propose a new edition; it guides nobody until a second curator approves it.

    The audit entry names what is missing in the book, so that nobody can say later that it was not seen.
    """
    _one_at_a_time(uow)
    edition = PriceBookEdition(
        number=newest_edition_number(uow.session) + 1,
        state=EditionState.PROPOSED.value,
        proposed_by=_who(uow),
        proposed_at=uow.now,
        note=note,
    )
    uow.session.add(edition)
    add_bands(uow, edition, bands)
    uow.record("price_book_edition.propose", edition, note=note, bands=len(bands), gaps=_named_gaps(bands))
    return edition


def approve_edition(uow: UnitOfWork, *, edition_id: UUID, against: int | None) -> PriceBookEdition:
    """Publish a proposed edition; raises Forbidden for the curator who proposed it.

    `against` is the number of the edition in force whose difference the approver saw (None without one); raises
    BookMoved when it is another one by now.
    """
    _one_at_a_time(uow)
    edition = _open_edition(uow, edition_id, action="approve")
    if edition.proposed_by == _who(uow):
        raise Forbidden(N_("Somebody else must approve what you proposed."))
    check_against(uow, against)
    edition.state = EditionState.PUBLISHED.value
    edition.approved_by, edition.published_at = _who(uow), uow.now
    uow.record("price_book_edition.approve", edition, against=against)
    return edition


def decline_edition(uow: UnitOfWork, *, edition_id: UUID, reason: str) -> PriceBookEdition:
    """Decline a proposed edition; its proposer may withdraw it so too. Raises InvalidInput without a reason."""
    if not reason.strip():
        raise InvalidInput({"reason": N_("Say why, so that the person who proposed it knows what to mend.")})
    if len(reason) > LONGEST_NOTE:
        raise InvalidInput({"reason": N_("Write less: this text is too long.")})
    edition = _open_edition(uow, edition_id, action="decline")
    edition.state = EditionState.DECLINED.value
    uow.record("price_book_edition.decline", edition, reason=reason.strip())
    return edition


def add_bands(uow: UnitOfWork, edition: PriceBookEdition, bands: Sequence[BandProposal]) -> None:
    """Write the bands of a new edition after checking that each says something and none overlap."""
    _check(bands)
    uow.session.flush()
    rows = [{"edition_id": edition.id, **{name: getattr(band, name) for name in _FIELDS}} for band in bands]
    uow.session.execute(insert(PriceBand), rows)


def check_against(uow: UnitOfWork, against: int | None) -> None:
    """Raise BookMoved unless `against` is the number of the edition published last."""
    newest = last_published(uow.session)
    if against != (newest.number if newest is not None else None):
        raise BookMoved


def _one_at_a_time(uow: UnitOfWork) -> None:
    """Let no two people number or publish editions at the same moment; the lock ends with the transaction."""
    uow.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('price_book', 0))"))


def _named_gaps(bands: Sequence[BandProposal]) -> list[str]:
    return [str(gap) for gap in gaps_of(Placed(0, band) for band in bands)][:MOST_NAMED_GAPS]


def _open_edition(uow: UnitOfWork, edition_id: UUID, *, action: str) -> PriceBookEdition:
    edition = edition_by_id(uow.session, edition_id, lock=True)
    if edition.state != EditionState.PROPOSED:
        raise TransitionRefused(edition.state, action, legal=())
    return edition


def _check(bands: Sequence[BandProposal]) -> None:
    if not bands:
        raise EditionRefused(N_("An edition needs at least one band."))
    if len(bands) > MOST_BANDS:
        raise EditionRefused(N_("An edition has at most %(most)s bands."), most=MOST_BANDS)
    reaches: dict[tuple[object, ...], Decimal] = {}
    for band in sorted(bands, key=lambda each: each.weight_from_ct):
        if not (0 < band.low_minor_per_ct <= band.high_minor_per_ct and 0 <= band.weight_from_ct < band.weight_to_ct):
            raise EditionRefused(N_("A band of %(variety)s has no weight or no price in it."), variety=band.variety)
        key = (band.variety, band.form, band.treatment, band.origin, band.grade)
        if band.weight_from_ct < reaches.get(key, Decimal(0)):
            raise EditionRefused(N_("Two bands of %(variety)s overlap."), variety=band.variety)
        reaches[key] = band.weight_to_ct


def _who(uow: UnitOfWork) -> str:
    return str(uow.actor.user_id or uow.actor.name)
