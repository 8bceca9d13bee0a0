"""A hit is dismissed by two people, unless facts speak against it; the database holds to it, also in parallel."""

from pathlib import Path
from threading import Thread
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from marketplace.compliance.services import SamePerson
from marketplace.core.clock import SetClock
from marketplace.core.errors import DomainError, TransitionRefused
from marketplace.http.context import make_uow
from marketplace.http.database import db
from marketplace.screening.answers import Owner
from marketplace.screening.models import ScreeningHit
from marketplace.screening.queries import hit_by_reference
from marketplace.screening.services import decisions, owners
from marketplace.screening.services.screening import screen_cooperative
from marketplace.screening.standing import hits_waiting, running_hit
from marketplace.unit_of_work import UnitOfWork, running
from tests import databases
from tests.builders.cooperatives import approved_cooperative
from tests.builders.screening import WHY, hit_of_cooperative, hits, moderator, put_in_force, un_list
from tests.conftest import TODAY
from tests.integration.moderation.test_in_parallel import wait_until_somebody_waits


def hit_of_owner(uow: UnitOfWork, *, born: int) -> ScreeningHit:
    """Return a hit of an owner born in 1971; the one on the list was born in `born`."""
    cooperative, _site, _amina = approved_cooperative(uow)
    put_in_force(uow, un_list("Sahr Tunkara", INDIVIDUAL_DATE_OF_BIRTH=f"<YEAR>{born}</YEAR>"))
    owner = Owner("Sahr Tunkara", "", 2_500, 1971, "ML")
    owners.enter(moderator(uow, "Olga"), cooperative=cooperative, owner=owner)
    (hit,) = hits(uow)
    return hit


def test_a_year_of_birth_that_differs_lets_one_person_dismiss(uow: UnitOfWork) -> None:
    hit = hit_of_owner(uow, born=1951)
    assert (hit.score, hit.evidence["birth"]) == (920, "differs")  # 1000 for the name, less 80
    decisions.dismiss(moderator(uow, "Mary"), hit=hit, reason=WHY)
    assert hit.state == "no_match"


def test_the_same_name_without_a_fact_against_it_takes_two(uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    hit = hit_of_cooperative(uow, cooperative)
    mary, grace = moderator(uow, "Mary"), moderator(uow, "Grace")
    decisions.dismiss(mary, hit=hit, reason=WHY)
    assert (hit.state, hit.dismissed_by, hit.ended_at) == ("dismissed", mary.actor.user_id, None)
    assert running_hit(uow.session, cooperative_id=cooperative.id) == hit.reference  # it holds until the second agrees
    assert hits_waiting(uow.session) == 1
    for action in (decisions.agree, decisions.doubt):
        with pytest.raises(SamePerson):
            action(mary, hit=hit, reason=WHY)
    with pytest.raises(TransitionRefused):
        decisions.dismiss(grace, hit=hit, reason=WHY)
    decisions.agree(grace, hit=hit, reason=WHY)
    assert (hit.state, hit.decided_by) == ("no_match", grace.actor.user_id)
    assert running_hit(uow.session, cooperative_id=cooperative.id) is None


def test_the_second_person_may_doubt_the_first(uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    hit = hit_of_cooperative(uow, cooperative)
    mary, grace = moderator(uow, "Mary"), moderator(uow, "Grace")
    decisions.dismiss(mary, hit=hit, reason=WHY)
    decisions.doubt(grace, hit=hit, reason=WHY)
    assert (hit.state, hit.dismissed_by, hit.dismissed_at) == ("open", None, None)


def test_who_thought_it_the_same_may_be_the_second_to_see_that_it_is_not(uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    hit = hit_of_cooperative(uow, cooperative)
    mary, grace = moderator(uow, "Mary"), moderator(uow, "Grace")
    decisions.propose(mary, hit=hit, reason=WHY)
    decisions.dismiss(grace, hit=hit, reason=WHY)
    assert (hit.state, hit.proposed_by) == ("dismissed", None)
    decisions.agree(mary, hit=hit, reason=WHY)
    assert hit.state == "no_match"


def test_a_name_that_changes_between_both_begins_anew(uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    hit = hit_of_cooperative(uow, cooperative)
    decisions.dismiss(moderator(uow, "Mary"), hit=hit, reason=WHY)
    put_in_force(uow, un_list(cooperative.legal_name, day="2026-09-29", kind="ENTITY", UN_LIST_TYPE="Another"))
    screen_cooperative(uow, cooperative=cooperative)
    assert (hit.state, hit.dismissed_by) == ("open", None)
    decisions.dismiss(moderator(uow, "Grace"), hit=hit, reason=WHY)
    put_in_force(uow, un_list("Somebody Else", day="2026-09-29", kind="ENTITY"))
    screen_cooperative(uow, cooperative=cooperative)
    assert (hit.state, hit.dismissed_by) == ("gone", None)


def test_the_database_itself_refuses_one_person(uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    hit = hit_of_cooperative(uow, cooperative)
    mary = moderator(uow, "Mary")
    hit.state, hit.decided_by, hit.reason, hit.ended_at = "no_match", mary.actor.user_id, WHY, uow.now
    with pytest.raises(IntegrityError, match="is dismissed by two people"), uow.session.begin_nested():
        uow.session.flush()


def test_the_database_itself_wants_two_different_people(uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    hit = hit_of_cooperative(uow, cooperative)
    mary = moderator(uow, "Mary")
    decisions.dismiss(mary, hit=hit, reason=WHY)
    hit.state, hit.decided_by, hit.ended_at = "no_match", mary.actor.user_id, uow.now
    with pytest.raises(IntegrityError, match="dismissed_by_two"), uow.session.begin_nested():
        uow.session.flush()


@pytest.mark.parametrize(
    ("is_same", "seen", "state"), [(True, "same_person", "dismissed"), (False, "decided", "no_match")]
)
def test_two_clicks_at_the_same_moment(tmp_path: Path, is_same: bool, seen: str, state: str) -> None:
    with databases.copy("screening_parallel") as url:
        app = databases.application(url, data_dir=tmp_path, clock=SetClock(TODAY))
        with app.app_context(), running(make_uow) as uow:
            cooperative, _site, _amina = approved_cooperative(uow)
            reference = hit_of_cooperative(uow, cooperative).reference
            mary, grace = moderator(uow, "Mary").actor, moderator(uow, "Grace").actor
        outcomes: list[str] = []

        def second() -> None:
            with app.app_context():
                try:
                    with running(make_uow) as uow:
                        hit = hit_by_reference(uow.session, reference, lock=True)
                        decisions.agree(uow.acting_as(mary if is_same else grace), hit=hit, reason=WHY)
                    outcomes.append("decided")
                except DomainError as error:
                    outcomes.append(error.code)
                finally:
                    db.session.remove()

        other = Thread(target=second)
        with app.app_context():
            with running(make_uow) as uow:
                hit = hit_by_reference(uow.session, reference, lock=True)
                decisions.dismiss(uow.acting_as(mary), hit=hit, reason=WHY)
                uow.session.flush()
                other.start()
                wait_until_somebody_waits(uow)
            other.join(timeout=60)
            hit_id: UUID = hit_by_reference(db.session(), reference).id
            found = db.session.get_one(ScreeningHit, hit_id).state
            db.session.remove()
            db.engine.dispose()
        assert (outcomes, found) == ([seen], state)
