"""Keep lots out of buyers' sight while something at their site stops them or a paper they need is over or refused.

A severe incident stops a site, red status, and a declaration against child labour that has ended. The lots are shown
again when the incident ends, the declaration is signed anew, or the new paper is accepted.
"""

from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.compliance.country_rules import PUBLISH
from marketplace.compliance.gate import ATTESTATION_LASTS
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.compliance.queries import cooperative_by_id
from marketplace.compliance.vocabulary import RED
from marketplace.core.errors import Conflict
from marketplace.core.text import N_
from marketplace.documents.gates import unmet_papers
from marketplace.incidents.queries import is_paused
from marketplace.lots.goods import sale_of
from marketplace.lots.models import Lot, LotListing, LotVersion
from marketplace.unit_of_work import UnitOfWork

AVAILABLE, WITHHELD = "available", "withheld"
# The mark of a lot whose sale a change stops (lots/edit_classes.py).
PAUSED: Final = "paused"
# A paper that was there and no longer counts pauses; one that was never asked for does not.
PAUSING: Final = frozenset({"paper_expired", "paper_rejected"})


class Moved(NamedTuple):
    """References of the lots that were hidden, and of those that were shown again."""

    hidden: tuple[str, ...]
    shown: tuple[str, ...]


class SitePaused(Conflict):
    """Nothing of a site with a severe incident is put on sale."""

    code = "site_paused"
    message = N_("A severe incident at the mine site is open. Nothing from there can be published now.")


def refuse_if_paused(session: Session, version: LotVersion, cooperative: Cooperative) -> None:
    """Raise SitePaused for goods of a site that a severe incident stops."""
    if is_paused(session, cooperative_id=cooperative.id, site_reference=version.content.get("site_reference")):
        raise SitePaused


def resting_place(session: Session, listing: LotListing, *, today: date) -> str:
    """Return where a listing stands while no buyer has it: in sight, or withheld. `today` is the business day."""
    if session.get_one(Lot, listing.lot_id).edit_mark == PAUSED:
        return WITHHELD
    if cooperative_by_id(session, listing.cooperative_id).state != "approved":
        return WITHHELD
    version = session.get_one(LotVersion, listing.version_id)
    site = version.content.get("site_reference")
    stopped = is_paused(session, cooperative_id=listing.cooperative_id, site_reference=site)
    if stopped or _is_closed(session, site, today=today):
        return WITHHELD
    return WITHHELD if _lost_a_paper(session, listing, version, today=today) else AVAILABLE


def _lost_a_paper(session: Session, listing: LotListing, version: LotVersion, *, today: date) -> bool:
    sale = sale_of(version.content, cooperative_id=listing.cooperative_id, lot_id=listing.lot_id)
    return any(each.code in PAUSING for each in unmet_papers(session, sale, stage=PUBLISH, today=today))


def bring_in_line(uow: UnitOfWork, *, cooperative: Cooperative) -> Moved:
    """Hide what must not be sold now and show what may be again; a buyer's purchase waits for this lock."""
    rows = uow.session.scalars(
        select(LotListing)
        .where(LotListing.cooperative_id == cooperative.id, LotListing.availability.in_((AVAILABLE, WITHHELD)))
        .order_by(LotListing.lot_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    moved: dict[str, list[str]] = {AVAILABLE: [], WITHHELD: []}
    for row in rows:
        place = resting_place(uow.session, row, today=uow.now.date())
        if place != row.availability:
            row.availability = place
            moved[place].append(row.reference)
    if moved[WITHHELD]:
        uow.record("cooperative.hide_lots", cooperative, lots=sorted(moved[WITHHELD]))
    if moved[AVAILABLE]:
        uow.record("cooperative.show_lots", cooperative, lots=sorted(moved[AVAILABLE]))
    return Moved(tuple(sorted(moved[WITHHELD])), tuple(sorted(moved[AVAILABLE])))


def _is_closed(session: Session, site_reference: str | None, *, today: date) -> bool:
    """Say whether a site is red, or the declaration against child labour there has ended."""
    found = session.execute(
        select(MineSite.status, MineSite.child_labour_attested_on).where(MineSite.reference == site_reference)
    ).one_or_none()
    if found is None:
        return False
    signed_on = found.child_labour_attested_on
    return found.status == RED or signed_on is None or today - signed_on > ATTESTATION_LASTS
