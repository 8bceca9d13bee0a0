"""Which papers belong to which step of an application, and how each of them stands."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.compliance.document_kinds import SITE, document_kinds
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.compliance.queries import sites_of
from marketplace.documents.models import Document
from marketplace.onboarding.steps import Step


class Standing(StrEnum):
    """How a paper stands: none is there, or in the words of documents."""

    MISSING = "missing"
    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"


class Wanted(NamedTuple):
    """A kind of paper that a step rests on; `countries` are those that have it, all when empty."""

    kind: str
    is_needed: bool
    countries: frozenset[str] = frozenset()


class StepPaper(NamedTuple):
    """One paper of a step: which kind, of which site or of the cooperative, whether it is needed, how it stands."""

    kind: str
    site: MineSite | None
    is_needed: bool
    standing: Standing


# The kinds are those of data/rules/document_kinds.csv; those of one country are named by its rules.
PAPERS: Final[Mapping[Step, tuple[Wanted, ...]]] = MappingProxyType(
    {
        Step.ORGANISATION: (Wanted("registration_certificate", is_needed=True), Wanted("bylaws", is_needed=True)),
        Step.PEOPLE: (Wanted("id_of_officer", is_needed=True),),
        Step.MEMBERS: (Wanted("women_ownership_evidence", is_needed=False),),
        Step.RIGHTS: (
            Wanted("tax_certificate", is_needed=True),
            Wanted("rucom_certificate", is_needed=True, countries=frozenset({"CO"})),
            Wanted("carte_orpailleur", is_needed=True, countries=frozenset({"ML"})),
            Wanted("dealer_licence", is_needed=False),
            Wanted("standard_certificate", is_needed=False),
        ),
        Step.SITES: (
            Wanted("mining_right", is_needed=True),
            Wanted("environmental_permit", is_needed=False),
            Wanted("site_inspection", is_needed=True, countries=frozenset({"CD", "CO", "ML"})),
        ),
        Step.POLICIES: (Wanted("child_labour_attestation", is_needed=True),),
    }
)
_BEST_FIRST: Final = tuple(
    each.value for each in (Standing.ACCEPTED, Standing.PENDING, Standing.REJECTED, Standing.EXPIRED)
)


def papers_of_step(session: Session, step: Step, cooperative: Cooperative) -> list[StepPaper]:
    """Return the papers of a step with how each stands, the needed ones first."""
    rows = session.scalars(
        select(Document).where(
            Document.cooperative_id == cooperative.id,
            Document.replaced_at.is_(None),
            Document.kind.in_([each.kind for each in PAPERS.get(step, ())]),
        )
    ).all()
    sites = sites_of(session, cooperative.id)
    found = []
    for wanted in PAPERS.get(step, ()):
        if wanted.countries and cooperative.country not in wanted.countries:
            continue
        owners = sites if document_kinds()[wanted.kind].belongs_to == (SITE,) else [None]
        for site in owners:
            standing = standing_of(
                row.state
                for row in rows
                if row.kind == wanted.kind and row.site_id == (site.id if site is not None else None)
            )
            found.append(StepPaper(wanted.kind, site, wanted.is_needed, standing))
    return sorted(found, key=lambda each: not each.is_needed)


def standing_of(states: Iterable[str]) -> Standing:
    """Return how a paper stands of which several versions may be there: the best of them."""
    present = set(states)
    return next((Standing(state) for state in _BEST_FIRST if state in present), Standing.MISSING)
