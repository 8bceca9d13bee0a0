"""A cooperative appeals against a case that ended without approval; somebody who had no part in it answers.

An appeal that is right publishes nothing: the very version goes into the queue again, to reviewers who never decided
about it.
"""

from typing import Final

from marketplace.compliance import services as compliance
from marketplace.compliance.canonical import content_of, digest_of
from marketplace.compliance.queries import cooperative_by_id, sites_of
from marketplace.core.errors import Conflict, Forbidden, InvalidInput
from marketplace.core.ids import new_id
from marketplace.core.text import N_
from marketplace.lots import services as lots
from marketplace.lots.models import Lot, LotVersion
from marketplace.moderation.models import Appeal, ModerationCase
from marketplace.moderation.queries import case_by_id, newest_case
from marketplace.moderation.queries.appeals import appeal_by_id, appeal_of_case
from marketplace.moderation.reasons import APPEAL_OPEN_FOR
from marketplace.moderation.services.applications import open_case_of_application
from marketplace.moderation.services.claims import check_new_eyes
from marketplace.moderation.services.letters import tell_appeal
from marketplace.moderation.services.lots import open_case_of_version
from marketplace.moderation.transitions import NEGATIVE
from marketplace.unit_of_work import UnitOfWork

UPHOLD, OVERTURN = "uphold", "overturn"
STATE_AFTER: Final = {UPHOLD: "upheld", OVERTURN: "overturned"}
SHORTEST, LONGEST = 20, 2_000
_LENGTH: Final = N_("Write 20 to 2,000 letters.")


class NoAppeal(Conflict):
    """The case cannot be appealed, or not any more."""

    code = "no_appeal"
    message = N_("You can appeal once, within 6 months, while you have sent nothing newer.")


class AppealAnswered(Conflict):
    """Somebody answered it."""

    code = "appeal_answered"
    message = N_("This appeal was answered while you looked at it.")


class NothingToReopen(Conflict):
    """The cooperative sent or changed something since."""

    code = "nothing_to_reopen"
    message = N_("The cooperative changed or sent something newer, so this version cannot be looked at again.")


def may_appeal(uow: UnitOfWork, case: ModerationCase) -> bool:
    """Tell whether a case can be appealed now, whoever asks."""
    return (
        case.state in NEGATIVE
        and case.closed_at is not None
        and uow.now <= case.closed_at + APPEAL_OPEN_FOR
        and newest_case(uow.session, case).id == case.id
        and appeal_of_case(uow.session, case.id) is None
    )


def appeal(uow: UnitOfWork, *, case: ModerationCase, words: str) -> Appeal:
    """Appeal against a case; raises Forbidden, NoAppeal, and InvalidInput without enough words."""
    if not uow.actor.may_write_for(case.cooperative_id):
        raise Forbidden
    case = case_by_id(uow.session, case.id, lock=True)
    if not may_appeal(uow, case):
        raise NoAppeal
    row = Appeal(
        id=new_id(),
        case_id=case.id,
        cooperative_id=case.cooperative_id,
        state="open",
        words=read_words(words, "words"),
        made_by=uow.person(),
        made_at=uow.now,
    )
    uow.session.add(row)
    uow.record("appeal.make", row, case, words=row.words)
    return row


def answer_appeal(uow: UnitOfWork, *, appeal: Appeal, outcome: str, answer: str) -> Appeal:
    """Answer an appeal: `uphold` leaves the decision, `overturn` puts the version into the queue again.

    Raises OwnCase, DecidedAlready, AppealAnswered, NothingToReopen, BagListedAgain, LotClaimed and InvalidInput.
    """
    appeal = appeal_by_id(uow.session, appeal.id, lock=True)
    case = case_by_id(uow.session, appeal.case_id)
    check_new_eyes(uow.session, uow.actor, case)
    if outcome not in STATE_AFTER:
        raise InvalidInput({"outcome": N_("Choose what you decide.")})
    words = read_words(answer, "answer")
    if appeal.state != "open":
        raise AppealAnswered
    appeal.state, appeal.answer = STATE_AFTER[outcome], words
    appeal.decided_by, appeal.decided_at = uow.person(), uow.now
    uow.record("appeal.decide", appeal, case, verdict=outcome, answer=words)
    if outcome == OVERTURN:
        _open_again(uow, case)
    tell_appeal(uow, case, outcome=outcome, answer=words)
    return appeal


def _open_again(uow: UnitOfWork, case: ModerationCase) -> None:
    if newest_case(uow.session, case).id != case.id:
        raise NothingToReopen
    if case.version_id is not None:
        lot, version = uow.session.get_one(Lot, case.lot_id), uow.session.get_one(LotVersion, case.version_id)
        lots.reopen(uow, lot=lot, version=version)
        open_case_of_version(uow, lot=lot, version=version)
        return
    cooperative = cooperative_by_id(uow.session, case.cooperative_id, lock=True)
    if digest_of(content_of(cooperative, sites_of(uow.session, cooperative.id))) != case.subject_sha256:
        raise NothingToReopen
    compliance.reopen(uow, cooperative=cooperative)
    open_case_of_application(uow, cooperative=cooperative)


def read_words(text: str, field: str) -> str:
    """Return the words of an appeal or of its answer; raise InvalidInput for too few or too many."""
    words = text.strip()
    if not SHORTEST <= len(words) <= LONGEST:
        raise InvalidInput({field: _LENGTH})
    return words
