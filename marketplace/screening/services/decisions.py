"""People decide on a hit: a match takes two and stops what it is about; so does no match, unless facts differ."""

from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import select

from marketplace.accounts.models import Buyer
from marketplace.compliance.answers import Answers
from marketplace.compliance.models import Cooperative
from marketplace.compliance.services import SamePerson
from marketplace.core.actor import StaffRole
from marketplace.core.errors import Forbidden
from marketplace.core.text import N_
from marketplace.screening.matching import dismissed_by_two
from marketplace.screening.models import ScreeningHit
from marketplace.screening.services.screening import screen_cooperative
from marketplace.screening.transitions import Action, State, after
from marketplace.unit_of_work import UnitOfWork

SHORTEST_REASON: Final = 20
LONGEST_REASON: Final = 2_000


class Stop(Protocol):
    """What a match does to the cooperative or the buyer: passed in, because orders and moderation lie above."""

    def __call__(self, uow: UnitOfWork, hit: ScreeningHit) -> None:
        """Stop whom the hit is about."""


def dismiss(uow: UnitOfWork, *, hit: ScreeningHit, reason: str) -> None:
    """Decide that it is somebody else; a near one without a fact that differs waits for a second person then.

    The pair is raised again only when either side changes.
    """
    person = _check(uow, hit, Action.DISMISS)
    hit.reason = _reason(reason)
    hit.proposed_by = hit.proposed_at = None
    found = after(hit.state, Action.DISMISS, by_two=needs_two(hit))
    hit.state = found.value
    if found is State.DISMISSED:
        hit.dismissed_by, hit.dismissed_at = person, uow.now
        # Who opened it again may be the second: two people agree then.
        hit.reopened_by = None
        uow.record("screening_hit.dismiss_first", hit, reason=hit.reason)
        return
    hit.ended_at, hit.decided_by = uow.now, person
    uow.record("screening_hit.dismiss", hit, reason=hit.reason)
    _look_again(uow, hit)


def agree(uow: UnitOfWork, *, hit: ScreeningHit, reason: str) -> None:
    """Agree as the second person that it is somebody else."""
    person = _check(uow, hit, Action.AGREE)
    text = _reason(reason)
    hit.state, hit.ended_at, hit.decided_by = State.NO_MATCH.value, uow.now, person
    uow.record("screening_hit.dismiss", hit, reason=text)
    _look_again(uow, hit)


def propose(uow: UnitOfWork, *, hit: ScreeningHit, reason: str) -> None:
    """Say that it is the listed party; another person must confirm."""
    person = _check(uow, hit, Action.PROPOSE)
    hit.reason = _reason(reason)
    hit.state, hit.proposed_by, hit.proposed_at, hit.reopened_by = State.PROPOSED.value, person, uow.now, None
    uow.record("screening_hit.propose", hit, reason=hit.reason)


def confirm(uow: UnitOfWork, *, hit: ScreeningHit, reason: str, stop: Stop) -> None:
    """Confirm a match as the second person: the cooperative is suspended or the buyer blocked, by `stop`."""
    person = _check(uow, hit, Action.CONFIRM)
    text = _reason(reason)
    hit.state, hit.ended_at, hit.decided_by = State.MATCH.value, uow.now, person
    uow.record("screening_hit.confirm", hit, reason=text)
    stop(uow, hit)


def doubt(uow: UnitOfWork, *, hit: ScreeningHit, reason: str) -> None:
    """Disagree with the first person, as the second: it waits for a decision again."""
    _check(uow, hit, Action.DOUBT)
    text = _reason(reason)
    hit.state, hit.proposed_by, hit.proposed_at = State.OPEN.value, None, None
    hit.dismissed_by = hit.dismissed_at = None
    uow.record("screening_hit.doubt", hit, reason=text)


def reopen(uow: UnitOfWork, *, hit: ScreeningHit, reason: str) -> None:
    """Open a decided hit again, with new evidence; another person decides it. What was stopped stays stopped."""
    person = _check(uow, hit, Action.REOPEN)
    text = _reason(reason)
    hit.state, hit.ended_at, hit.decided_by, hit.reopened_by = State.OPEN.value, None, None, person
    hit.proposed_by = hit.proposed_at = hit.dismissed_by = hit.dismissed_at = None
    uow.record("screening_hit.reopen", hit, reason=text)


def may_do(hit: ScreeningHit, action: Action, person: UUID | None) -> bool:
    """Say whether a person may do this: the second half of a decision is not for who did the first."""
    if action in (Action.CONFIRM, Action.DOUBT, Action.AGREE):
        return person not in (hit.proposed_by, hit.dismissed_by)
    return action is not Action.DISMISS or person not in (hit.proposed_by, hit.reopened_by)


def needs_two(hit: ScreeningHit) -> bool:
    """Say whether two people must dismiss a hit."""
    return dismissed_by_two(hit.score, hit.evidence["birth"], hit.evidence["country"])


def _look_again(uow: UnitOfWork, hit: ScreeningHit) -> None:
    if hit.cooperative_id is not None:
        screen_cooperative(uow, cooperative=uow.session.get_one(Cooperative, hit.cooperative_id))


def _check(uow: UnitOfWork, hit: ScreeningHit, action: Action) -> UUID:
    person = uow.person()
    if not uow.actor.has_role(StaffRole.MODERATOR):
        raise Forbidden
    if hit.cooperative_id in uow.actor.memberships or _is_own(uow, hit, person):
        raise Forbidden(N_("This hit is about you or your organisation: somebody else must decide."))
    after(hit.state, action)
    if not may_do(hit, action, person):
        raise SamePerson
    return person


def _is_own(uow: UnitOfWork, hit: ScreeningHit, person: UUID) -> bool:
    if hit.subject_id == person:
        return True
    owner = select(Buyer.user_id).where(Buyer.id == hit.buyer_id)
    return hit.buyer_id is not None and uow.session.scalar(owner) == person


def _reason(text: str) -> str:
    read = Answers({"reason": text})
    found = read.line("reason", most=LONGEST_REASON)
    if len(found) < SHORTEST_REASON:
        read.refuse("reason", N_("Say why, in one sentence or more."))
    read.finish()
    return found
