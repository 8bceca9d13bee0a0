"""Cases and decisions, made through the services."""

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.compliance import services as compliance
from marketplace.compliance.models import Cooperative
from marketplace.core.actor import StaffRole
from marketplace.lots.models import Lot
from marketplace.moderation import queries, services
from marketplace.moderation.checklists import YES, checklist_for
from marketplace.moderation.models import Decision, ModerationCase
from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import drafted_cooperative
from tests.builders.lots import STONE, Steps, draft_lot, seller
from tests.people import actor, person


def moderator(uow: UnitOfWork, name: str = "mary") -> User:
    """Make a moderator."""
    return person(uow, name, StaffRole.MODERATOR)


def waiting_lot(uow: UnitOfWork, *, steps: Steps = STONE, number: int = 1) -> tuple[ModerationCase, Lot, User]:
    """Send a lot to the queue; return its case, the lot and the secretary who sent it."""
    site, secretary = seller(uow)
    lot = draft_lot(uow, seller=(site, secretary), steps=steps, number=number)
    case = services.submit_lot(uow.acting_as(actor(uow.session, secretary)), lot=lot)
    return case, lot, secretary


def waiting_cooperative(uow: UnitOfWork, country: str = "TZ") -> tuple[ModerationCase, Cooperative, User]:
    """Send an application to the queue; its site is verified and it is screened, by somebody else."""
    cooperative, site, secretary = drafted_cooperative(uow, country)
    case = services.submit_cooperative(uow.acting_as(actor(uow.session, secretary)), cooperative=cooperative)
    checker = uow.acting_as(actor(uow.session, person(uow, f"checker {case.reference}", StaffRole.MODERATOR)))
    compliance.verify_site(checker, site=site)
    compliance.screen(checker, cooperative=cooperative, lists="UN and EU lists of today")
    return case, cooperative, secretary


def all_yes(uow: UnitOfWork, case: ModerationCase) -> dict[str, str]:
    """Return a checklist on which everything was seen."""
    content = queries.content_of_case(uow.session, case)
    return {item.code: YES for item in checklist_for(case.kind, content.get("kind")).items}


def decided(
    uow: UnitOfWork, case: ModerationCase, reviewer: User, verdict: str = "approve", *, reasons: tuple[str, ...] = ()
) -> Decision:
    """Decide a case as `reviewer`, with a full checklist; a second person agrees when an approval needs one."""
    decision = decided_by_one(uow, case, reviewer, verdict, reasons=reasons)
    if case.state == "needs_second":
        decided_by_one(uow, case, _second_reviewer(uow), verdict)
    return decision


def decided_by_one(
    uow: UnitOfWork, case: ModerationCase, reviewer: User, verdict: str = "approve", *, reasons: tuple[str, ...] = ()
) -> Decision:
    """Decide a case as `reviewer` alone, with a full checklist."""
    return services.decide(
        uow.acting_as(actor(uow.session, reviewer)),
        case=case,
        verdict=verdict,
        subject_sha256=case.subject_sha256,
        reasons=reasons,
        checklist=all_yes(uow, case),
        note="",
    )


def _second_reviewer(uow: UnitOfWork) -> User:
    """Return the one moderator who is the second person everywhere."""
    found = uow.session.scalar(select(User).where(User.email == "second.reviewer@example.org"))
    return found or moderator(uow, "second reviewer")
