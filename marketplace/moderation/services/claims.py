"""Who looks at a case now: a claim lasts twenty minutes and everyone sees it."""

from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import cooperative_by_id
from marketplace.core.actor import Actor, StaffRole
from marketplace.core.errors import Forbidden
from marketplace.lots.models import Lot, LotVersion
from marketplace.lots.queries import lot_by_id
from marketplace.moderation.errors import CaseClosed, CaseTaken, DecidedAlready, OwnCase
from marketplace.moderation.models import ModerationCase
from marketplace.moderation.queries import case_by_id, next_case_id, reviewers_of
from marketplace.moderation.services.cases import drop_claim
from marketplace.moderation.transitions import OPEN, Action, State, after
from marketplace.unit_of_work import UnitOfWork

CLAIM_LASTS: Final = timedelta(minutes=20)


def locked(uow: UnitOfWork, case: ModerationCase) -> ModerationCase:
    """Lock what the case is about, then the case: the same order as those who send and withdraw."""
    if case.lot_id is not None:
        lot_by_id(uow.session, case.lot_id, lock=True)
    else:
        cooperative_by_id(uow.session, case.cooperative_id, lock=True)
    return case_by_id(uow.session, case.id, lock=True)


def claim(uow: UnitOfWork, *, case: ModerationCase) -> ModerationCase:
    """Take a case for twenty minutes, or take it longer; raises CaseTaken while another reviewer has it."""
    case = case_by_id(uow.session, case.id, lock=True)
    take(uow, case)
    uow.record("moderation_case.claim", case, until=case.claimed_until)
    return case


def claim_next(uow: UnitOfWork) -> ModerationCase | None:
    """Take the case of most risk, then age, that this reviewer may review; None when the queue holds none for her."""
    check_reviewer_role(uow.actor)
    case_id = next_case_id(uow.session, actor=uow.actor, now=uow.now)
    return None if case_id is None else claim(uow, case=case_by_id(uow.session, case_id))


def release(uow: UnitOfWork, *, case: ModerationCase) -> None:
    """Give a case back to the queue."""
    case = case_by_id(uow.session, case.id, lock=True)
    if case.claimed_by != uow.actor.user_id:
        raise Forbidden
    case.state = after(case.state, Action.RELEASE).value
    drop_claim(case)
    uow.record("moderation_case.release", case)


def take(uow: UnitOfWork, case: ModerationCase) -> None:
    """Make the actor the one who has the locked case open, or raise why not."""
    check_reviewer(uow.session, uow.actor, case)
    if case.state not in {state.value for state in OPEN}:
        raise CaseClosed
    check_free(uow, case)
    case.state = after(State(case.state), Action.CLAIM).value
    case.claimed_by, case.claimed_until = uow.actor.user_id, uow.now + CLAIM_LASTS


def check_new_eyes(session: Session, actor: Actor, case: ModerationCase) -> None:
    """Raise what check_reviewer raises, and DecidedAlready for who ever decided about this very version."""
    check_reviewer(session, actor, case)
    if actor.user_id in reviewers_of(session, case):
        raise DecidedAlready


def check_free(uow: UnitOfWork, case: ModerationCase) -> None:
    """Raise CaseTaken while another reviewer has the case open."""
    held_until = case.claimed_until
    if held_until and case.claimed_by != uow.actor.user_id and held_until > uow.now:
        raise CaseTaken(name=_name_of(uow.session, case), until=held_until)


def check_reviewer_role(actor: Actor) -> None:
    """Raise Forbidden unless the actor is a moderator."""
    if not actor.has_role(StaffRole.MODERATOR) or actor.user_id is None:
        raise Forbidden


def check_reviewer(session: Session, actor: Actor, case: ModerationCase) -> None:
    """Raise OwnCase for who entered, sent or profits from the case's subject, DecidedAlready for who had her say."""
    check_reviewer_role(actor)
    cooperative = session.get_one(Cooperative, case.cooperative_id)
    involved = {cooperative.created_by, cooperative.submitted_by}
    if case.lot_id is not None:
        involved.add(session.get_one(Lot, case.lot_id).created_by)
    if case.version_id is not None:
        involved.add(session.get_one(LotVersion, case.version_id).submitted_by)
    if actor.user_id in involved or case.cooperative_id in actor.memberships:
        raise OwnCase
    had_their_say = {case.escalated_by, *reviewers_of(session, case)}
    if case.state in {state.value for state in OPEN} and actor.user_id in had_their_say:
        raise DecidedAlready


def _name_of(session: Session, case: ModerationCase) -> str:
    user = session.get(User, case.claimed_by) if case.claimed_by else None
    return user.name if user else "?"
