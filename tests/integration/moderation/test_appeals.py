"""A cooperative appeals; somebody who decided nothing before answers, and only the queue publishes."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import User
from marketplace.compliance.queries import sites_of
from marketplace.core.errors import Forbidden, InvalidInput
from marketplace.lots import services as lots
from marketplace.lots.models import Lot
from marketplace.moderation import services
from marketplace.moderation.errors import DecidedAlready, OwnCase
from marketplace.moderation.models import Appeal, ModerationCase
from marketplace.moderation.queries import open_case_of_cooperative, open_case_of_lot
from marketplace.moderation.services.appeals import AppealAnswered, NoAppeal, NothingToReopen
from marketplace.notifications.models import Message
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import STONE, draft_lot
from tests.builders.moderation import decided_by_one, moderator, waiting_cooperative, waiting_lot
from tests.people import actor, member

WORDS = "These stones were dug by our own members in June."
ANSWER = "I looked at the photos again, and you are right."


def refused_lot(uow: UnitOfWork, verdict: str = "refuse") -> tuple[ModerationCase, Lot, User, User]:
    """Return a case that was decided against the cooperative, the lot, its secretary and the reviewer."""
    case, lot, secretary = waiting_lot(uow)
    mary = moderator(uow)
    decided_by_one(uow, case, mary, verdict, reasons=("NOT_OWN_GOODS",))
    return case, lot, secretary, mary


def appealed(uow: UnitOfWork, case: ModerationCase, by: User, words: str = WORDS) -> Appeal:
    return services.appeal(uow.acting_as(actor(uow.session, by)), case=case, words=words)


def answered(uow: UnitOfWork, appeal: Appeal, by: User, outcome: str) -> Appeal:
    acting = uow.acting_as(actor(uow.session, by))
    return services.answer_appeal(acting, appeal=appeal, outcome=outcome, answer=ANSWER)


@pytest.mark.parametrize("verdict", ["refuse", "changes"])
def test_an_appeal_that_is_right_puts_the_very_version_into_the_queue_again(uow: UnitOfWork, verdict: str) -> None:
    case, lot, secretary, mary = refused_lot(uow, verdict)
    appeal = answered(uow, appealed(uow, case, secretary), moderator(uow, "peter"), "overturn")

    again = open_case_of_lot(uow.session, lot.id)
    uow.check_audited()
    assert appeal.state == "overturned"
    assert again is not None
    assert (again.subject_sha256, again.version_id, lot.state) == (case.subject_sha256, case.version_id, "submitted")
    assert lot.tag_number == "TZ-104881"
    with pytest.raises(DecidedAlready):
        decided_by_one(uow, again, mary)
    for name in ("anna", "john"):
        decided_by_one(uow, again, moderator(uow, name))
    assert (again.state, lot.state) == ("approved", "published")


def test_an_appeal_that_is_not_right_changes_nothing_and_is_answered(uow: UnitOfWork) -> None:
    case, lot, secretary, _ = refused_lot(uow)
    appeal = answered(uow, appealed(uow, case, secretary), moderator(uow, "peter"), "uphold")

    letter = uow.session.scalars(select(Message).where(Message.template == "appeal_upheld")).one()
    assert (appeal.state, lot.state, letter.user_id) == ("upheld", "refused", secretary.id)
    assert letter.params["answer"] == ANSWER
    assert open_case_of_lot(uow.session, lot.id) is None
    with pytest.raises(AppealAnswered):
        answered(uow, appeal, moderator(uow, "john"), "overturn")
    with pytest.raises(NoAppeal):
        appealed(uow, case, secretary)


def test_nobody_answers_an_appeal_against_her_own_decision(uow: UnitOfWork) -> None:
    case, _, secretary, mary = refused_lot(uow)
    appeal = appealed(uow, case, secretary)
    with pytest.raises(DecidedAlready):
        answered(uow, appeal, mary, "uphold")
    with pytest.raises(Forbidden):
        answered(uow, appeal, secretary, "overturn")
    olga = member(uow, "olga", case.cooperative_id)
    with pytest.raises(Forbidden):
        answered(uow, appeal, olga, "overturn")
    uow.session.flush()
    with pytest.raises(IntegrityError):
        uow.session.execute(
            text("UPDATE appeal SET state = 'upheld', decided_by = :mary, decided_at = now()"), {"mary": mary.id}
        )


def test_who_entered_the_cooperative_answers_no_appeal_of_it(uow: UnitOfWork) -> None:
    case, cooperative, secretary = waiting_cooperative(uow)
    entered = moderator(uow, "grace on behalf")
    cooperative.created_by = entered.id
    decided_by_one(uow, case, moderator(uow), "refuse", reasons=("NOT_MEMBER_OWNED",))
    appeal = appealed(uow, case, secretary)

    with pytest.raises(OwnCase):
        answered(uow, appeal, entered, "overturn")


def test_an_application_is_looked_at_again_as_it_was_sent(uow: UnitOfWork) -> None:
    case, cooperative, secretary = waiting_cooperative(uow)
    decided_by_one(uow, case, moderator(uow), "refuse", reasons=("NOT_MEMBER_OWNED",))
    answered(uow, appealed(uow, case, secretary), moderator(uow, "peter"), "overturn")

    again = open_case_of_cooperative(uow.session, cooperative.id)
    uow.check_audited()
    assert again is not None
    assert (again.subject_sha256, cooperative.state) == (case.subject_sha256, "submitted")


def test_only_a_writing_officer_of_the_cooperative_appeals(uow: UnitOfWork) -> None:
    case, *_, mary = refused_lot(uow)
    for user in (mary, moderator(uow, "peter")):
        with pytest.raises(Forbidden):
            appealed(uow, case, user)


@pytest.mark.parametrize(("days", "is_open"), [(183, True), (184, False)])
def test_an_appeal_is_open_for_six_months(uow: UnitOfWork, days: int, is_open: bool) -> None:
    case, _, secretary, _ = refused_lot(uow)
    uow.now += timedelta(days=days)
    assert services.may_appeal(uow, case) is is_open
    if not is_open:
        with pytest.raises(NoAppeal):
            appealed(uow, case, secretary)


def test_an_approved_or_waiting_case_is_not_appealed(uow: UnitOfWork) -> None:
    case, _, secretary = waiting_lot(uow)
    with pytest.raises(NoAppeal):
        appealed(uow, case, secretary)


@pytest.mark.parametrize("words", ["", "too short", "x" * 2_001])
def test_an_appeal_says_why(uow: UnitOfWork, words: str) -> None:
    case, _, secretary, _ = refused_lot(uow)
    with pytest.raises(InvalidInput) as refused:
        appealed(uow, case, secretary, words)
    assert set(refused.value.fields) == {"words"}


def test_what_was_sent_again_meanwhile_is_not_reopened(uow: UnitOfWork) -> None:
    case, lot, secretary, _ = refused_lot(uow, "changes")
    appeal = appealed(uow, case, secretary)
    as_secretary = uow.acting_as(actor(uow.session, secretary))
    lots.save_step(as_secretary, lot=lot, step="price", answers={**STONE["price"], "wanted": "900"})
    services.submit_lot(as_secretary, lot=lot)
    with pytest.raises(NothingToReopen):
        answered(uow, appeal, moderator(uow, "peter"), "overturn")


def test_a_bag_that_is_listed_again_must_be_taken_back_first(uow: UnitOfWork) -> None:
    case, lot, secretary, _ = refused_lot(uow)
    appeal = appealed(uow, case, secretary)
    site = sites_of(uow.session, lot.cooperative_id)[0]
    more = draft_lot(uow, seller=(site, secretary), number=1)
    services.submit_lot(uow.acting_as(actor(uow.session, secretary)), lot=more)
    with pytest.raises(lots.BagListedAgain):
        answered(uow, appeal, moderator(uow, "peter"), "overturn")
