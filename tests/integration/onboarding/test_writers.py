"""Nobody decides about an application of which she wrote a part, whoever saved it last and handed it in."""

from collections.abc import Callable

import pytest
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import User
from marketplace.compliance import services as compliance
from marketplace.compliance.queries import sites_of
from marketplace.onboarding.errors import OwnApplication
from marketplace.onboarding.models import ApplicationAppeal, CooperativeApplication
from marketplace.onboarding.services import appeals, applications, reviewing
from marketplace.onboarding.services.reviewing import Answer
from marketplace.onboarding.steps import Step
from marketplace.screening.answers import Owner
from marketplace.screening.services import owners
from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import site_answers
from tests.builders.onboarding import MEMBERS, acting, approved_by, cooperative_of, moderator, ready_to_approve
from tests.people import actor, person

NO = ("REGISTRATION_UNCLEAR",)


@pytest.fixture
def amina(uow: UnitOfWork) -> User:
    return person(uow, "amina")


@pytest.fixture
def mary(uow: UnitOfWork) -> User:
    return moderator(uow, "mary")


@pytest.fixture
def helped(uow: UnitOfWork, amina: User, mary: User) -> CooperativeApplication:
    """An application of which Mary filled in a step on behalf; the secretary saved once more and handed it in."""
    row = taken_back(uow, amina)
    save(uow, mary, row)
    save(uow, amina, row)
    applications.hand_in(acting(uow, amina), application=row)
    uow.session.flush()
    return row


def taken_back(uow: UnitOfWork, applicant: User) -> CooperativeApplication:
    row = ready_to_approve(uow, applicant)
    applications.take_back(acting(uow, applicant), application=row)
    return row


def save(uow: UnitOfWork, who: User, row: CooperativeApplication) -> None:
    applications.save_step(
        acting(uow, who), application=row, step=Step.MEMBERS, typed=MEMBERS, version=row.version, later=False
    )


def refuse(uow: UnitOfWork, who: User, row: CooperativeApplication) -> None:
    reviewing.refuse(acting(uow, who), application=row, answer=Answer(row.content_sha256 or "", NO, ""))


def send_back(uow: UnitOfWork, who: User, row: CooperativeApplication) -> None:
    reviewing.send_back(acting(uow, who), application=row, answer=Answer(row.content_sha256 or "", NO, ""))


def past_the_service(uow: UnitOfWork, **columns: object) -> Callable[[CooperativeApplication], None]:
    """Return what writes columns of an application as no service does, and sends them to the database."""

    def write(row: CooperativeApplication) -> None:
        with uow.session.begin_nested():
            for name, value in columns.items():
                setattr(row, name, value)
            uow.session.flush()

    return write


def test_each_who_writes_is_noted_once(
    uow: UnitOfWork, helped: CooperativeApplication, amina: User, mary: User
) -> None:
    assert helped.saved_by == helped.handed_in_by == amina.id
    assert helped.writers == [amina.id, mary.id]


@pytest.mark.parametrize("decide", [approved_by, send_back, refuse])
def test_who_filled_in_a_step_decides_nothing_first(
    uow: UnitOfWork,
    helped: CooperativeApplication,
    mary: User,
    decide: Callable[[UnitOfWork, User, CooperativeApplication], None],
) -> None:
    assert not reviewing.may_decide(actor(uow.session, mary), helped, cooperative_of(uow, helped))
    with pytest.raises(OwnApplication):
        decide(uow, mary, helped)
    assert (helped.state, helped.first_by, helped.answered_by) == ("handed_in", None, None)


@pytest.mark.parametrize("decide", [approved_by, send_back, refuse])
def test_who_filled_in_a_step_is_no_second_person(
    uow: UnitOfWork,
    helped: CooperativeApplication,
    mary: User,
    decide: Callable[[UnitOfWork, User, CooperativeApplication], None],
) -> None:
    juma = moderator(uow, "juma")
    approved_by(uow, juma, helped)
    with pytest.raises(OwnApplication):
        decide(uow, mary, helped)
    assert (helped.state, helped.first_by, helped.second_by) == ("needs_second", juma.id, None)

    approved_by(uow, moderator(uow, "grace"), helped)
    assert helped.state == "approved"


def test_the_database_takes_no_writer_as_first_or_second_person(
    uow: UnitOfWork, helped: CooperativeApplication, mary: User
) -> None:
    juma = moderator(uow, "juma")
    with pytest.raises(IntegrityError, match="first_not_writer"):
        past_the_service(uow, first_by=mary.id, state="needs_second")(helped)
    with pytest.raises(IntegrityError, match="second_not_writer"):
        past_the_service(uow, first_by=juma.id, second_by=mary.id, state="approved")(helped)


@pytest.mark.parametrize("state", ["returned", "refused"])
def test_the_database_takes_no_answer_of_a_writer(
    uow: UnitOfWork, helped: CooperativeApplication, mary: User, state: str
) -> None:
    with pytest.raises(IntegrityError, match="wrote nothing in it"):
        past_the_service(uow, answered_by=mary.id, answered_at=uow.now, state=state)(helped)


def test_the_database_wants_each_who_wrote_to_be_noted(
    uow: UnitOfWork, helped: CooperativeApplication, amina: User, mary: User
) -> None:
    stranger = moderator(uow, "juma")
    for forgotten in ({"saved_by": stranger.id}, {"handed_in_by": stranger.id}, {"writers": [mary.id]}):
        with pytest.raises(IntegrityError, match="ck_cooperative_application_writers"):
            past_the_service(uow, **forgotten)(helped)


def test_who_returned_it_may_fill_it_in_and_then_decides_no_more(uow: UnitOfWork, amina: User, mary: User) -> None:
    row = ready_to_approve(uow, amina)
    send_back(uow, mary, row)
    save(uow, mary, row)
    save(uow, amina, row)
    applications.hand_in(acting(uow, amina), application=row)
    uow.session.flush()
    with pytest.raises(OwnApplication):
        approved_by(uow, mary, row)


def test_who_entered_a_site_or_an_owner_on_behalf_decides_nothing(uow: UnitOfWork, amina: User, mary: User) -> None:
    row = taken_back(uow, amina)
    cooperative, juma = cooperative_of(uow, row), moderator(uow, "juma")
    answers = site_answers(cooperative.country, today=uow.now.date())
    site = compliance.add_site(acting(uow, mary), cooperative=cooperative, site=answers)
    owner = Owner(name="Neema Mushi", native_name="", share_bps=3000, birth_year=1980, country="TZ")
    owners.enter(acting(uow, juma), cooperative=cooperative, owner=owner)
    uow.session.flush()
    compliance.verify_site(acting(uow, moderator(uow, "grace")), site=site)
    applications.hand_in(acting(uow, amina), application=row)

    assert len(sites_of(uow.session, cooperative.id)) == 2
    for who in (mary, juma):
        with pytest.raises(OwnApplication):
            approved_by(uow, who, row)


def test_who_filled_in_a_step_answers_no_appeal(
    uow: UnitOfWork, helped: CooperativeApplication, amina: User, mary: User
) -> None:
    refuse(uow, moderator(uow, "juma"), helped)
    appeal: ApplicationAppeal = appeals.appeal(
        acting(uow, amina), application=helped, words="The register you could not find is attached now."
    )
    uow.session.flush()
    with pytest.raises(OwnApplication):
        appeals.answer_appeal(acting(uow, mary), appeal=appeal, outcome="overturn", answer="We found the register now.")

    appeal.state, appeal.decided_by, appeal.decided_at = "upheld", mary.id, uow.now
    with pytest.raises(IntegrityError, match="wrote nothing and decided nothing in it"), uow.session.begin_nested():
        uow.session.flush()
