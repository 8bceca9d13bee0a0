"""A cooperative appeals against the refusal of its application; somebody who decided nothing in it answers.

An appeal that is right approves nothing: the application is handed in again as it stands, and others decide.
"""

from marketplace.compliance import services as compliance
from marketplace.compliance.letters import tell_officers
from marketplace.compliance.models import Cooperative
from marketplace.core.actor import Actor, StaffRole
from marketplace.core.errors import Forbidden, InvalidInput
from marketplace.core.text import N_
from marketplace.moderation.reasons import APPEAL_OPEN_FOR
from marketplace.moderation.services.appeals import (
    OVERTURN,
    STATE_AFTER,
    AppealAnswered,
    NoAppeal,
    NothingToReopen,
    read_words,
)
from marketplace.onboarding.appeal_queries import appeal_by_id, appeal_of, is_newest
from marketplace.onboarding.errors import OwnApplication
from marketplace.onboarding.models import ApplicationAppeal, CooperativeApplication
from marketplace.onboarding.queries import may_write
from marketplace.onboarding.services.applications import freeze, lock
from marketplace.onboarding.transitions import Action, State, row_for
from marketplace.unit_of_work import UnitOfWork


def may_appeal(uow: UnitOfWork, application: CooperativeApplication) -> bool:
    """Tell whether a refusal can be appealed now: once, within six months, while nothing newer was begun."""
    return (
        application.state == State.REFUSED
        and application.cooperative_id is not None
        and application.answered_at is not None
        and uow.now <= application.answered_at + APPEAL_OPEN_FOR
        and is_newest(uow.session, application)
        and appeal_of(uow.session, application.id) is None
    )


def appeal(uow: UnitOfWork, *, application: CooperativeApplication, words: str) -> ApplicationAppeal:
    """Appeal against a refusal; raises Forbidden, NoAppeal, and InvalidInput without enough words."""
    if not may_write(application, uow.actor):
        raise Forbidden
    lock(uow, application)
    if not may_appeal(uow, application):
        raise NoAppeal
    row = ApplicationAppeal(
        application_id=application.id,
        cooperative_id=application.cooperative_id,
        state="open",
        words=read_words(words, "words"),
        made_by=uow.person(),
        made_at=uow.now,
    )
    uow.session.add(row)
    uow.record("application_appeal.make", row, application, words=row.words)
    return row


def answer_appeal(uow: UnitOfWork, *, appeal: ApplicationAppeal, outcome: str, answer: str) -> None:
    """Answer an appeal: `uphold` leaves the refusal, `overturn` puts the application into the queue again.

    Raises Forbidden, OwnApplication, AppealAnswered, NothingToReopen and InvalidInput.
    """
    application = uow.session.get_one(CooperativeApplication, appeal.application_id)
    lock(uow, application)
    appeal = appeal_by_id(uow.session, appeal.id, lock=True)
    cooperative = uow.session.get_one(Cooperative, appeal.cooperative_id)
    if not uow.actor.has_role(StaffRole.MODERATOR):
        raise Forbidden
    if not may_answer(uow.actor, appeal, application, cooperative):
        raise OwnApplication
    if outcome not in STATE_AFTER:
        raise InvalidInput({"outcome": N_("Choose what you decide.")})
    words = read_words(answer, "answer")
    if appeal.state != "open":
        raise AppealAnswered
    appeal.state, appeal.answer = STATE_AFTER[outcome], words
    appeal.decided_by, appeal.decided_at = uow.person(), uow.now
    uow.record("application_appeal.decide", appeal, application, verdict=outcome, answer=words)
    if outcome == OVERTURN:
        _open_again(uow, application, cooperative)
    tell_officers(
        uow,
        cooperative.id,
        template="appeal_overturned" if outcome == OVERTURN else "appeal_upheld",
        params={
            "title": cooperative.legal_name,
            "reference": application.reference,
            "answer": words,
            "link": f"{uow.settings.base_url.rstrip('/')}/sell/applications/{application.reference}",
        },
    )


def may_answer(
    actor: Actor, appeal: ApplicationAppeal, application: CooperativeApplication, cooperative: Cooperative
) -> bool:
    """Tell whether the actor is somebody who filled in nothing, handed in nothing and decided nothing in it."""
    involved = {*application.writers, application.answered_by, cooperative.created_by, appeal.made_by}
    is_new = actor.user_id not in involved and str(actor.user_id) not in application.deciders
    return actor.has_role(StaffRole.MODERATOR) and is_new and cooperative.id not in actor.memberships


def _open_again(uow: UnitOfWork, application: CooperativeApplication, cooperative: Cooperative) -> None:
    """Hand the application in once more, as it stands now; who decided in it before does not decide again."""
    if not is_newest(uow.session, application):
        raise NothingToReopen
    application.state = row_for(application.state, Action.REOPEN).after.value
    if application.kind == "first":
        compliance.reopen(uow, cooperative=cooperative)
    application.barred = list(application.deciders)
    digest = freeze(uow, application, cooperative)
    application.reasons, application.answer_note = [], ""
    application.answered_by = application.answered_at = None
    application.saved_at = uow.now
    uow.record("cooperative_application.reopen", application, cooperative, hashes={"content": digest})
