"""Whose names are screened: a cooperative, its officers and owners; a buyer and her company."""

import hashlib
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Buyer, User
from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import officers_of
from marketplace.core.text import N_
from marketplace.screening.matching import Subject
from marketplace.screening.models import BeneficialOwner
from marketplace.screening.names import Party

MOST_OWNERS: Final = 20


class SubjectKind(StrEnum):
    """Why a name is screened."""

    COOPERATIVE = "cooperative"
    OFFICER = "officer"
    OWNER = "owner"
    BUYER = "buyer"
    COMPANY = "company"


KIND_WORDS: Final = {
    SubjectKind.COOPERATIVE: N_("Cooperative"),
    SubjectKind.OFFICER: N_("Officer of a cooperative"),
    SubjectKind.OWNER: N_("Owner of a quarter or more"),
    SubjectKind.BUYER: N_("Buyer"),
    SubjectKind.COMPANY: N_("Company of a buyer"),
}


class Screened(NamedTuple):
    """One name with whom it belongs to: exactly one of `cooperative_id` and `buyer_id` is set."""

    kind: SubjectKind
    subject_id: UUID
    cooperative_id: UUID | None
    buyer_id: UUID | None
    subject: Subject

    @property
    def owner_id(self) -> UUID:
        """Return the cooperative or the buyer that is stopped by a hit."""
        found = self.cooperative_id or self.buyer_id
        assert found is not None, "a name belongs to a cooperative or to a buyer"
        return found

    @property
    def digest(self) -> str:
        """Return what changes when the name or what is known beside it changes."""
        return hashlib.sha256(repr(tuple(self.subject)).encode()).hexdigest()


def names_of_cooperative(session: Session, cooperative: Cooperative) -> list[Screened]:
    """Return the names behind a cooperative: its own, its officers', its owners'."""
    own = Subject(Party.COMPANY, (cooperative.legal_name,), None, (cooperative.country,))
    found = [Screened(SubjectKind.COOPERATIVE, cooperative.id, cooperative.id, None, own)]
    for officer in officers_of(session, cooperative.id):
        person = Subject(Party.PERSON, (officer.name,), None, (cooperative.country,))
        found.append(Screened(SubjectKind.OFFICER, officer.user_id, cooperative.id, None, person))
    for owner in owners_of(session, cooperative.id):
        names = tuple(name for name in (owner.name, owner.native_name) if name)
        person = Subject(Party.PERSON, names, owner.birth_year, (owner.country,))
        found.append(Screened(SubjectKind.OWNER, owner.id, cooperative.id, None, person))
    return found


def names_of_buyer(session: Session, buyer: Buyer) -> list[Screened]:
    """Return the names behind a buyer: the person and her company."""
    name = session.scalars(select(User.name).where(User.id == buyer.user_id)).one()
    person = Subject(Party.PERSON, (name,), None, (buyer.country,))
    company = Subject(Party.COMPANY, (buyer.company,), None, (buyer.country,))
    return [
        Screened(SubjectKind.BUYER, buyer.user_id, None, buyer.id, person),
        Screened(SubjectKind.COMPANY, buyer.id, None, buyer.id, company),
    ]


def owners_of(session: Session, cooperative_id: UUID) -> list[BeneficialOwner]:
    """Return who owns 25 % or more of a cooperative now, the largest share first."""
    wanted = select(BeneficialOwner).where(
        BeneficialOwner.cooperative_id == cooperative_id, BeneficialOwner.ended_at.is_(None)
    )
    return list(
        session.scalars(wanted.order_by(BeneficialOwner.share_bps.desc(), BeneficialOwner.id).limit(MOST_OWNERS))
    )
