"""An appeal against a refused application: once, in time, answered by new eyes, and never an approval by itself."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import User
from marketplace.core.errors import Forbidden, InvalidInput
from marketplace.moderation.services.appeals import AppealAnswered, NoAppeal
from marketplace.notifications.queries import letter_of
from marketplace.onboarding.appeal_queries import appeal_of
from marketplace.onboarding.errors import OwnApplication
from marketplace.onboarding.models import ApplicationAppeal, CooperativeApplication
from marketplace.onboarding.services import appeals, applications, reviewing
from marketplace.onboarding.services.reviewing import Answer
from marketplace.unit_of_work import UnitOfWork
from tests.builders.accounts import letters
from tests.builders.onboarding import acting, approved_by, cooperative_of, moderator, ready_to_approve
from tests.people import person

WORDS = "The register you could not find is attached now."
NOT_SO = Answer("", ("REGISTRATION_UNCLEAR",), "We could not find the register.")


def refused(uow: UnitOfWork) -> tuple[CooperativeApplication, User, User, User]:
    """Return an application that one person approved and a second refused, its applicant, and both of them."""
    rehema = person(uow, "Rehema")
    row = ready_to_approve(uow, rehema)
    mary, peter = moderator(uow, "mary"), moderator(uow, "peter")
    approved_by(uow, mary, row)
    refuse(uow, peter, row)
    return row, rehema, mary, peter


def refuse(uow: UnitOfWork, reviewer: User, row: CooperativeApplication) -> None:
    reviewing.refuse(
        acting(uow, reviewer), application=row, answer=Answer(row.content_sha256 or "", NOT_SO.reasons, NOT_SO.note)
    )


def appealed(uow: UnitOfWork, row: CooperativeApplication, applicant: User) -> ApplicationAppeal:
    found = appeals.appeal(acting(uow, applicant), application=row, words=WORDS)
    uow.session.flush()
    return found


def answered(uow: UnitOfWork, who: User, appeal: ApplicationAppeal, outcome: str = "overturn") -> None:
    appeals.answer_appeal(acting(uow, who), appeal=appeal, outcome=outcome, answer="We found the register now.")


def test_the_letter_of_a_refusal_leads_to_the_appeal_and_that_of_a_return_does_not(uow: UnitOfWork) -> None:
    row, *_people = refused(uow)
    letter = letter_of(letters(uow, "cooperative_refused")[0], uow.settings)
    assert f"/sell/applications/{row.reference}/appeal" in letter.body
    other = ready_to_approve(uow, person(uow, "Salma"))
    answer = Answer(other.content_sha256 or "", NOT_SO.reasons, "")
    reviewing.send_back(acting(uow, moderator(uow, "grace")), application=other, answer=answer)
    letter = letter_of(letters(uow, "cooperative_changes")[0], uow.settings)
    assert f"/sell/applications/{other.reference}" in letter.body
    assert "appeal" not in letter.body


def test_a_right_appeal_puts_it_into_the_queue_and_others_decide(uow: UnitOfWork) -> None:
    row, rehema, mary, peter = refused(uow)
    appeal = appealed(uow, row, rehema)
    for who in (mary, peter):  # the first approved it, the second refused it: both decided in it
        with pytest.raises(OwnApplication):
            answered(uow, who, appeal)
    grace = moderator(uow, "grace")
    answered(uow, grace, appeal)
    assert (row.state, row.first_by, row.second_by, row.reasons) == ("handed_in", None, None, [])
    assert cooperative_of(uow, row).state == "submitted"
    assert "being checked again" in letter_of(letters(uow, "appeal_overturned")[0], uow.settings).body
    for who in (mary, peter):
        with pytest.raises(OwnApplication):
            approved_by(uow, who, row)
    approved_by(uow, grace, row)
    approved_by(uow, moderator(uow, "john"), row)
    assert row.state == "approved"


def test_an_appeal_that_is_not_right_leaves_the_refusal(uow: UnitOfWork) -> None:
    row, rehema, *_deciders = refused(uow)
    appeal = appealed(uow, row, rehema)
    grace = moderator(uow, "grace")
    with pytest.raises(InvalidInput):
        answered(uow, grace, appeal, "perhaps")
    answered(uow, grace, appeal, "uphold")
    assert (row.state, appeal.state) == ("refused", "upheld")
    with pytest.raises(AppealAnswered):
        answered(uow, grace, appeal)
    with pytest.raises(NoAppeal):  # once
        appeals.appeal(acting(uow, rehema), application=row, words=WORDS)


def test_an_appeal_is_made_within_six_months_by_somebody_of_the_cooperative(uow: UnitOfWork) -> None:
    row, rehema, *_deciders = refused(uow)
    with pytest.raises(Forbidden):
        appeals.appeal(acting(uow, person(uow, "stranger")), application=row, words=WORDS)
    with pytest.raises(InvalidInput):
        appeals.appeal(acting(uow, rehema), application=row, words="Too short.")
    start = uow.now
    uow.now = start + timedelta(days=183, seconds=1)
    assert not appeals.may_appeal(uow, row)
    with pytest.raises(NoAppeal):
        appealed(uow, row, rehema)
    uow.now = start + timedelta(days=183)
    appealed(uow, row, rehema)
    assert appeal_of(uow.session, row.id) is not None


def test_an_application_that_is_not_refused_cannot_be_appealed(uow: UnitOfWork) -> None:
    rehema = person(uow, "Rehema")
    row = ready_to_approve(uow, rehema)
    with pytest.raises(NoAppeal):
        appealed(uow, row, rehema)
    applications.take_back(acting(uow, rehema), application=row)
    assert not appeals.may_appeal(uow, row)


def test_the_database_itself_wants_new_eyes(uow: UnitOfWork) -> None:
    row, rehema, mary, _peter = refused(uow)
    appeal = appealed(uow, row, rehema)
    appeal.state, appeal.decided_by, appeal.decided_at = "upheld", mary.id, uow.now
    with pytest.raises(IntegrityError, match="decided nothing in it"), uow.session.begin_nested():
        uow.session.flush()
