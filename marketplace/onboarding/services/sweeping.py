"""Each night: warn of approvals and declarations that end, and hide the lots of sites whose declaration has ended."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from marketplace.compliance.letters import tell_officers
from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import sites_of
from marketplace.core.ids import new_id
from marketplace.lots.services.site_pauses import bring_in_line
from marketplace.onboarding.models import EndingNotice
from marketplace.onboarding.queries import declarations_of, open_application_of, renewal_due
from marketplace.onboarding.renewals import (
    WARN_OF_APPROVAL,
    WARN_OF_DECLARATION,
    declaration_ends,
    warning_due,
)
from marketplace.onboarding.steps import POLICIES
from marketplace.onboarding.transitions import WITH_PACT
from marketplace.unit_of_work import UnitOfWork

BATCH: Final = 200


class Ending(NamedTuple):
    """Something of a cooperative that ends: which, on which day, and the letter about it."""

    subject: str
    subject_id: UUID
    ends_on: date
    warn: tuple[int, ...]
    template: str
    about: str
    path: str


def approved_after(uow: UnitOfWork, last: UUID | None) -> Sequence[UUID]:
    """Return the next cooperatives to look at, a batch in the order of their keys."""
    wanted = select(Cooperative.id).where(Cooperative.state == "approved").order_by(Cooperative.id).limit(BATCH)
    return uow.session.scalars(wanted if last is None else wanted.where(Cooperative.id > last)).all()


def sweep(uow: UnitOfWork, *, cooperative_id: UUID) -> int:
    """Send a cooperative the letters that are due and hide what must not be sold now; return of how many endings."""
    cooperative = uow.session.get(Cooperative, cooperative_id)
    if cooperative is None or cooperative.state != "approved":
        return 0
    bring_in_line(uow, cooperative=cooperative)
    endings = [*_approval(uow, cooperative), *_of_sites(uow, cooperative), *_promises(uow, cooperative)]
    return sum(_warn(uow, cooperative, ending) for ending in endings)


def _approval(uow: UnitOfWork, cooperative: Cooperative) -> list[Ending]:
    """Return the approval, unless its renewal is with Pact already."""
    due = renewal_due(uow.session, cooperative)
    running = open_application_of(uow.session, cooperative.id)
    if due is None or (running is not None and running.state in WITH_PACT):
        return []
    path = f"/sell/cooperatives/{cooperative.reference}"
    return [Ending("approval", cooperative.id, due, WARN_OF_APPROVAL, "approval_ends", cooperative.legal_name, path)]


def _of_sites(uow: UnitOfWork, cooperative: Cooperative) -> list[Ending]:
    found = []
    for site in sites_of(uow.session, cooperative.id):
        if site.child_labour_attested_on is not None and site.activity != "abandoned":
            ends_on = declaration_ends(site.child_labour_attested_on)
            path = f"/sell/cooperatives/{cooperative.reference}/sites/{site.reference}/declaration"
            found.append(
                Ending("declaration", site.id, ends_on, WARN_OF_DECLARATION, "declaration_ends", site.name, path)
            )
    return found


def _promises(uow: UnitOfWork, cooperative: Cooperative) -> list[Ending]:
    """Return the newest of each promise that the cooperative signed; they are signed again with the renewal."""
    words = {entry.code: entry.words for entry in POLICIES}
    path = f"/sell/cooperatives/{cooperative.reference}"
    return [
        Ending("policy", row.id, row.expires_on, WARN_OF_DECLARATION, "promise_ends", words[row.kind], path)
        for row in declarations_of(uow.session, cooperative.id)
    ]


def _warn(uow: UnitOfWork, cooperative: Cooperative, ending: Ending) -> bool:
    """Send the letter that is due now, once; two workers at the same moment send one."""
    days = warning_due(ending.ends_on, today=uow.now.date(), warn=ending.warn)
    if days is None:
        return False
    row = {
        "id": new_id(),
        "subject": ending.subject,
        "subject_id": ending.subject_id,
        "ends_on": ending.ends_on,
        "days": days,
        "sent_at": uow.now,
    }
    added = insert(EndingNotice).values(row).on_conflict_do_nothing().returning(EndingNotice.id)
    if uow.session.scalar(added) is None:
        return False
    link = f"{uow.settings.base_url.rstrip('/')}{ending.path}"
    params = {"about": ending.about, "day": ending.ends_on, "is_over": int(days == 0), "link": link}
    tell_officers(uow, cooperative.id, template=ending.template, params=params)
    return True
