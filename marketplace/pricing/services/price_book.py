"""Change the price book: one curator proposes an edition, another approves or declines it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from marketplace.core.errors import DomainError, Forbidden, TransitionRefused
from marketplace.core.text import N_
from marketplace.pricing.models import EditionState, PriceBand, PriceBookEdition
from marketplace.pricing.queries import edition_by_id, newest_edition_number
from marketplace.unit_of_work import UnitOfWork

MOST_BANDS = 5000


class EditionRefused(DomainError):
    """The proposed edition cannot be: a band overlaps another or says nothing."""

    code = "edition_refused"
    message = N_("This edition cannot be proposed.")


@dataclass(frozen=True, slots=True)
class BandProposal:
    """Hold one band as a curator proposes it: US cents per carat, carats a stone."""

    variety: str
    form: str
    grade: str
    weight_from_ct: Decimal
    weight_to_ct: Decimal
    low_minor_per_ct: int
    high_minor_per_ct: int
    treatment: str | None = None
    origin: str | None = None
    evidence: str = "unverified"
    source: str = ""
    dated: date | None = None


def propose_edition(uow: UnitOfWork, *, bands: Sequence[BandProposal], note: str) -> PriceBookEdition:
    """Propose a new edition; it guides nobody until a second curator approves it."""
    edition = PriceBookEdition(
        number=newest_edition_number(uow.session) + 1,
        state=EditionState.PROPOSED.value,
        proposed_by=_who(uow),
        proposed_at=uow.now,
        note=note,
    )
    uow.session.add(edition)
    add_bands(uow, edition, bands)
    uow.record("price_book_edition.propose", edition, note=note, bands=len(bands))
    return edition


def approve_edition(uow: UnitOfWork, *, edition_id: UUID) -> PriceBookEdition:
    """Publish a proposed edition; raises Forbidden for the curator who proposed it."""
    edition = _open_edition(uow, edition_id, action="approve")
    if edition.proposed_by == _who(uow):
        raise Forbidden(N_("Somebody else must approve what you proposed."))
    edition.state = EditionState.PUBLISHED.value
    edition.approved_by, edition.published_at = _who(uow), uow.now
    uow.record("price_book_edition.approve", edition)
    return edition


def decline_edition(uow: UnitOfWork, *, edition_id: UUID, reason: str) -> PriceBookEdition:
    """Decline a proposed edition with a reason; its proposer may withdraw it so too."""
    edition = _open_edition(uow, edition_id, action="decline")
    edition.state = EditionState.DECLINED.value
    uow.record("price_book_edition.decline", edition, reason=reason)
    return edition


def add_bands(uow: UnitOfWork, edition: PriceBookEdition, bands: Sequence[BandProposal]) -> None:
    """Write the bands of a new edition after checking that each says something and none overlap."""
    _check(bands)
    uow.session.flush()
    uow.session.add_all(PriceBand(edition_id=edition.id, **asdict(band)) for band in bands)


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
