from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.audit.models import AuditEvent
from marketplace.compliance.models import Cooperative
from marketplace.compliance.services import SamePerson
from marketplace.core.clock import SetClock
from marketplace.core.errors import Forbidden, InvalidInput, NotFound, TransitionRefused, VersionChanged
from marketplace.notifications.models import Message
from marketplace.onboarding import queries
from marketplace.onboarding.completeness import missing
from marketplace.onboarding.errors import AlreadyRunning, DraftChanged, NotComplete, OwnApplication, TooManyDrafts
from marketplace.onboarding.models import Declaration
from marketplace.onboarding.services import applications, reviewing
from marketplace.onboarding.services.reviewing import Answer
from marketplace.onboarding.steps import Step
from marketplace.unit_of_work import UnitOfWork
from tests.builders.onboarding import (
    MEMBERS,
    ORGANISATION,
    PAYOUT,
    POLICIES,
    acting,
    approved_by,
    cooperative_of,
    filled,
    handed_in,
    moderator,
    ready_to_approve,
    seen_all,
    with_people_and_site,
)
from tests.people import actor, member, person


def test_a_first_step_that_is_half_done_is_kept_and_makes_no_cooperative(uow: UnitOfWork) -> None:
    amina = person(uow, "amina")
    row = applications.begin(acting(uow, amina))
    uow.session.flush()

    applications.save_step(
        acting(uow, amina), application=row, step=Step.ORGANISATION, typed={"legal_name": "Tum"}, version=1, later=True
    )

    assert row.answers == {"organisation": {"legal_name": "Tum"}}
    assert (row.version, row.cooperative_id, row.saved_by) == (2, None, amina.id)


def test_the_first_whole_step_makes_the_cooperative_and_its_secretary(uow: UnitOfWork) -> None:
    amina = person(uow, "amina")
    row = filled(uow, amina)
    cooperative = cooperative_of(uow, row)

    assert (cooperative.legal_name, cooperative.state) == ("Tumaini Women Miners", "draft")
    assert (cooperative.members_total, cooperative.members_women, cooperative.is_women_led) == (40, 30, True)
    assert actor(uow.session, amina).may_write_for(cooperative.id)


def test_a_step_that_is_wrong_changes_nothing_unless_it_is_finished_later(uow: UnitOfWork) -> None:
    amina = person(uow, "amina")
    row = filled(uow, amina)
    wrong = {**MEMBERS, "members_women": "41"}

    with pytest.raises(InvalidInput):
        applications.save_step(
            acting(uow, amina), application=row, step=Step.MEMBERS, typed=wrong, version=row.version, later=False
        )
    assert row.answers["members"]["members_women"] == "30"
    applications.save_step(
        acting(uow, amina), application=row, step=Step.MEMBERS, typed=wrong, version=row.version, later=True
    )

    assert row.answers["members"]["members_women"] == "41"
    assert cooperative_of(uow, row).members_women == 30


def test_a_form_opened_before_somebody_else_saved_is_not_written_over(uow: UnitOfWork) -> None:
    amina = person(uow, "amina")
    row = filled(uow, amina)

    with pytest.raises(DraftChanged):
        applications.save_step(
            acting(uow, amina), application=row, step=Step.PAYOUT, typed=PAYOUT, version=row.version - 1, later=False
        )


def test_what_is_missing_keeps_it_from_being_handed_in(uow: UnitOfWork) -> None:
    amina = person(uow, "amina")
    row = filled(uow, amina)

    with pytest.raises(NotComplete) as refused:
        applications.hand_in(acting(uow, amina), application=row)

    assert [each.code for each in refused.value.missing] == ["signatory_missing", "site_missing"]
    assert row.state == "draft"


def test_handing_in_freezes_the_answers_and_enters_the_declarations(uow: UnitOfWork) -> None:
    amina = person(uow, "amina")
    row, _signer = handed_in(uow, amina)
    kinds = select(Declaration.kind).where(Declaration.cooperative_id == row.cooperative_id).order_by(Declaration.kind)

    assert (row.state, cooperative_of(uow, row).state) == ("handed_in", "submitted")
    assert row.content is not None
    assert row.content["answers"]["members"]["women_share"] == "75"
    assert row.content["cooperative"]["sites"][0]["name"] == "Block C"
    assert uow.session.scalars(kinds).all() == ["child_labour", "grievance", "mercury"]
    with pytest.raises(TransitionRefused):
        applications.save_step(
            acting(uow, amina), application=row, step=Step.PAYOUT, typed=PAYOUT, version=row.version, later=False
        )


def test_two_people_let_a_cooperative_in(uow: UnitOfWork) -> None:
    row = ready_to_approve(uow, person(uow, "amina"))
    mary, juma = moderator(uow, "mary"), moderator(uow, "juma")

    approved_by(uow, mary, row)
    after_one = (row.state, cooperative_of(uow, row).state)
    approved_by(uow, juma, row)

    assert after_one == ("needs_second", "submitted")
    assert (row.state, cooperative_of(uow, row).state) == ("approved", "approved")
    assert (row.first_by, row.second_by) == (mary.id, juma.id)
    assert row.renewal_due_on == uow.now.date() + timedelta(days=365)
    letters = uow.session.scalars(select(Message.template)).all()
    assert letters.count("cooperative_approved") == 2  # the secretary and the signatory


def test_the_same_person_cannot_be_both(uow: UnitOfWork) -> None:
    row = ready_to_approve(uow, person(uow, "amina"))
    mary = moderator(uow, "mary")
    approved_by(uow, mary, row)

    with pytest.raises(SamePerson):
        approved_by(uow, mary, row)
    assert (row.state, cooperative_of(uow, row).state) == ("needs_second", "submitted")


def test_who_entered_it_on_behalf_reviews_nothing_and_it_is_recorded_so(uow: UnitOfWork) -> None:
    mary = moderator(uow, "mary")
    row = filled(uow, mary)
    with_people_and_site(uow, row, mary)
    applications.hand_in(acting(uow, mary), application=row)
    events = uow.session.scalars(select(AuditEvent).order_by(AuditEvent.seq)).all()
    told = [event.action for event in events if event.action.startswith("cooperative_application.")]

    assert row.is_on_behalf
    assert told == ["cooperative_application.begin", *["cooperative_application.save"] * 5,
                    "cooperative_application.hand_in"]  # fmt: skip
    assert not reviewing.may_decide(actor(uow.session, mary), row, cooperative_of(uow, row))
    with pytest.raises(OwnApplication):
        approved_by(uow, mary, row)


def test_an_officer_of_the_cooperative_who_works_for_pact_reviews_nothing(uow: UnitOfWork) -> None:
    row = ready_to_approve(uow, person(uow, "amina"))
    mary = moderator(uow, "mary")
    assert row.cooperative_id is not None
    joined = member(uow, "joined", row.cooperative_id)
    assert not reviewing.may_decide(actor(uow.session, joined), row, cooperative_of(uow, row))
    with pytest.raises(Forbidden):
        approved_by(uow, joined, row)

    assert reviewing.may_decide(actor(uow.session, mary), row, cooperative_of(uow, row))


def test_an_approval_waits_for_visit_screening_site_and_account(uow: UnitOfWork) -> None:
    row, _signer = handed_in(uow, person(uow, "amina"))

    with pytest.raises(NotComplete) as refused:
        approved_by(uow, moderator(uow, "mary"), row)

    assert {each.code for each in refused.value.missing} == {
        "visit_missing", "screening_old", "site_not_verified", "destination_missing",
    }  # fmt: skip


def test_an_approval_names_what_it_saw(uow: UnitOfWork) -> None:
    row = ready_to_approve(uow, person(uow, "amina"))
    mary = acting(uow, moderator(uow, "mary"))

    with pytest.raises(VersionChanged):
        reviewing.approve(mary, application=row, sha256="0" * 64, checklist=seen_all(), note="")
    with pytest.raises(InvalidInput):
        reviewing.approve(mary, application=row, sha256=row.content_sha256 or "", checklist={}, note="")
    with pytest.raises(InvalidInput):
        reviewing.approve(mary, application=row, sha256=row.content_sha256 or "", checklist=seen_all(), note="x" * 2001)
    assert row.state == "handed_in"


def test_it_is_returned_with_reasons_changed_and_handed_in_again(uow: UnitOfWork) -> None:
    amina = person(uow, "amina")
    row = ready_to_approve(uow, amina)
    approved_by(uow, moderator(uow, "mary"), row)
    juma = acting(uow, moderator(uow, "juma"))

    with pytest.raises(InvalidInput):
        reviewing.send_back(juma, application=row, answer=Answer(row.content_sha256 or "", [], ""))
    answer = Answer(row.content_sha256 or "", ["MEMBERS_UNCLEAR"], "Count again, please.")
    reviewing.send_back(juma, application=row, answer=answer)

    assert (row.state, row.first_by, cooperative_of(uow, row).state) == ("returned", None, "changes_requested")
    assert [reason["code"] for reason in row.reasons] == ["MEMBERS_UNCLEAR"]
    changed = {**MEMBERS, "members_total": "41"}
    applications.save_step(
        acting(uow, amina), application=row, step=Step.MEMBERS, typed=changed, version=row.version, later=False
    )
    applications.hand_in(acting(uow, amina), application=row)
    assert (row.state, row.reasons, cooperative_of(uow, row).members_total) == ("handed_in", [], 41)
    assert "cooperative_changes" in uow.session.scalars(select(Message.template)).all()


def test_it_is_taken_back_and_a_first_approval_counts_no_more(uow: UnitOfWork) -> None:
    amina = person(uow, "amina")
    row = ready_to_approve(uow, amina)
    approved_by(uow, moderator(uow, "mary"), row)

    applications.take_back(acting(uow, amina), application=row)

    assert (row.state, row.first_by, cooperative_of(uow, row).state) == ("draft", None, "draft")


def test_it_is_refused_with_a_reason(uow: UnitOfWork) -> None:
    row, _signer = handed_in(uow, person(uow, "amina"))
    answer = Answer(row.content_sha256 or "", ["NOT_MEMBER_OWNED"], "")

    reviewing.refuse(acting(uow, moderator(uow, "mary")), application=row, answer=answer)

    assert (row.state, cooperative_of(uow, row).state) == ("refused", "refused")
    assert "cooperative_refused" in uow.session.scalars(select(Message.template)).all()


def test_an_approval_is_renewed_by_two_and_then_written_into_the_record(uow: UnitOfWork, clock: SetClock) -> None:
    amina = person(uow, "amina")
    first = ready_to_approve(uow, amina)
    mary, juma = moderator(uow, "mary"), moderator(uow, "juma")
    approved_by(uow, mary, first)
    approved_by(uow, juma, first)
    cooperative = cooperative_of(uow, first)
    uow.now += timedelta(days=20)

    row = applications.begin_for(acting(uow, amina), cooperative=cooperative)
    with pytest.raises(AlreadyRunning):
        applications.begin_for(acting(uow, amina), cooperative=cooperative)
    assert (row.kind, "policies" in row.answers) == ("renewal", False)
    assert row.answers["rights"]["tax_number"] == "TIN 123-456-789"
    for step, typed in (
        (Step.ORGANISATION, {**ORGANISATION, "legal_name": "Tumaini Miners"}),
        (Step.POLICIES, POLICIES),
    ):
        applications.save_step(
            acting(uow, amina), application=row, step=step, typed=typed, version=row.version, later=False
        )
    assert cooperative.legal_name == "Tumaini Women Miners"
    applications.hand_in(acting(uow, amina), application=row)
    assert cooperative.state == "approved"
    approved_by(uow, juma, row)
    approved_by(uow, mary, row)

    assert (row.state, cooperative.state, cooperative.legal_name) == ("approved", "approved", "Tumaini Miners")
    assert queries.renewal_due(uow.session, cooperative) == uow.now.date() + timedelta(days=365)
    assert "cooperative_renewed" in uow.session.scalars(select(Message.template)).all()


def test_a_stranger_finds_nothing_and_a_viewer_changes_nothing(uow: UnitOfWork) -> None:
    row = filled(uow, person(uow, "amina"))
    stranger = person(uow, "bob")

    with pytest.raises(NotFound):
        queries.application_of(uow.session, row.reference, actor(uow.session, stranger))
    with pytest.raises(Forbidden):
        applications.save_step(
            acting(uow, stranger), application=row, step=Step.PAYOUT, typed=PAYOUT, version=row.version, later=True
        )


def test_who_left_the_cooperative_sees_its_application_no_more(uow: UnitOfWork) -> None:
    amina = person(uow, "amina")
    row = filled(uow, amina)
    assert queries.may_write(row, actor(uow.session, amina))

    nobody = actor(uow.session, person(uow, "other"))
    as_left = type(nobody)(kind=nobody.kind, user_id=amina.id)

    assert not queries.may_see(row, as_left)
    assert not queries.may_write(row, as_left)


def test_a_person_begins_at_most_five(uow: UnitOfWork) -> None:
    amina = person(uow, "amina")
    for _ in range(5):
        applications.begin(acting(uow, amina))
        uow.session.flush()

    with pytest.raises(TooManyDrafts):
        applications.begin(acting(uow, amina))


def test_a_new_application_says_what_it_lacks(uow: UnitOfWork) -> None:
    row = applications.begin(acting(uow, person(uow, "amina")))
    uow.session.flush()

    found = missing(queries.facts_of(uow.session, row, now=uow.now))

    assert found[0].text == "Tell who you are: name, registration, place and telephone."
    assert uow.session.scalar(select(Cooperative.id)) is None
