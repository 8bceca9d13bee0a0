"""Names that look like listed ones: hits, decisions by two people, and what follows."""

import pytest
from sqlalchemy.exc import IntegrityError

from marketplace.compliance.models import Cooperative
from marketplace.compliance.services import SamePerson
from marketplace.core.actor import StaffRole
from marketplace.core.errors import Forbidden, InvalidInput, TransitionRefused
from marketplace.jobs.tasks.screening import rescreen
from marketplace.screening.answers import Owner
from marketplace.screening.services import decisions, owners
from marketplace.screening.services.screening import screen_buyer, screen_cooperative
from marketplace.screening.standing import is_fresh, running_hit
from marketplace.unit_of_work import UnitOfWork
from marketplace.web.staff.screening_stops import NEUTRAL, stop
from tests.builders.accounts import letters
from tests.builders.cooperatives import approved_cooperative
from tests.builders.screening import (
    WHY,
    confirmed,
    dismissed,
    hit_of_buyer,
    hit_of_cooperative,
    hits,
    moderator,
    put_in_force,
    un_list,
)
from tests.people import actor, buyer, member


def fresh(uow: UnitOfWork, cooperative: Cooperative) -> bool:
    return is_fresh(uow.session, cooperative=cooperative, settings=uow.settings, now=uow.now)


def test_a_screening_without_a_hit_sets_the_day(uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    cooperative.screened_on = None
    uow.record("cooperative.change", cooperative)
    assert screen_cooperative(uow, cooperative=cooperative) is None
    assert cooperative.screened_on is None  # there is no list yet
    put_in_force(uow, un_list("Davor Krasnov"))
    assert not fresh(uow, cooperative)
    assert screen_cooperative(uow, cooperative=cooperative) is None
    assert cooperative.screened_on == uow.now.date()
    assert fresh(uow, cooperative)


def test_officers_owners_and_the_name_itself_are_screened(uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    member(uow, "Davor Krasnoff", cooperative.id)
    put_in_force(uow, un_list("Davor KRASNOV", "Sahr Bello Tunkara", cooperative.legal_name))
    owner = Owner("Sahr Tunkara", "", 2_500, 1971, "ML")
    owners.enter(moderator(uow, "Mary"), cooperative=cooperative, owner=owner)
    assert {(hit.subject_kind, hit.evidence["own_name"]) for hit in hits(uow)} == {
        ("cooperative", "Mama Madini Cooperative"),
        ("officer", "Davor Krasnoff"),
        ("owner", "Sahr Tunkara"),
    }
    assert {hit.state for hit in hits(uow)} == {"open"}


def test_a_buyer_and_her_company_are_screened(uow: UnitOfWork) -> None:
    _user, row = buyer(uow, "Davor Krasnov")
    put_in_force(uow, un_list("Krasnov Davor"))
    assert screen_buyer(uow, buyer=row) == hits(uow)[0].reference
    # the person, and the company named after him: Davor Krasnov Jewels
    assert sorted(hit.subject_kind for hit in hits(uow)) == ["buyer", "company"]


def test_a_decided_pair_is_not_raised_again_unless_a_side_changes(uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    hit = hit_of_cooperative(uow, cooperative)
    dismissed(hit, moderator(uow, "Mary"), moderator(uow, "Grace"))
    assert (hit.state, hit.reason) == ("no_match", WHY)
    assert running_hit(uow.session, cooperative_id=cooperative.id) is None
    assert cooperative.screened_on == uow.now.date()
    screen_cooperative(uow, cooperative=cooperative)
    put_in_force(uow, un_list(cooperative.legal_name, "Somebody New", day="2026-09-29", kind="ENTITY"))
    screen_cooperative(uow, cooperative=cooperative)
    assert len(hits(uow)) == 1  # the entry is as it was
    changed = un_list(cooperative.legal_name, "Somebody New", day="2026-09-29", kind="ENTITY", UN_LIST_TYPE="Another")
    put_in_force(uow, changed)
    screen_cooperative(uow, cooperative=cooperative)
    assert [each.state for each in hits(uow)] == ["no_match", "open"]


def test_an_open_hit_goes_with_the_name(uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    hit = hit_of_cooperative(uow, cooperative)
    put_in_force(uow, un_list("Somebody Else", day="2026-09-29", kind="ENTITY"))
    assert screen_cooperative(uow, cooperative=cooperative) is None
    assert hit.state == "gone"
    put_in_force(uow, un_list(cooperative.legal_name, "Somebody Else", day="2026-09-29", kind="ENTITY"))
    assert screen_cooperative(uow, cooperative=cooperative) == hits(uow)[1].reference


def test_the_hit_of_an_owner_goes_with_the_owner(uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    put_in_force(uow, un_list("Sahr Tunkara"))
    mary = moderator(uow, "Mary")
    row = owners.enter(mary, cooperative=cooperative, owner=Owner("Sahr Tunkara", "", 5_000, None, "ML"))
    with pytest.raises(InvalidInput):
        owners.enter(mary, cooperative=cooperative, owner=Owner("Ann Other", "", 5_001, None, "ML"))
    owners.end(mary, cooperative=cooperative, owner_id=row.id)
    assert [hit.state for hit in hits(uow)] == ["gone"]


def test_a_match_takes_two_people(uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    hit = hit_of_cooperative(uow, cooperative)
    mary, grace = moderator(uow, "Mary"), moderator(uow, "Grace")
    with pytest.raises(TransitionRefused):
        decisions.confirm(mary, hit=hit, reason=WHY, stop=stop)
    with pytest.raises(InvalidInput):
        decisions.propose(mary, hit=hit, reason="Yes.")
    decisions.propose(mary, hit=hit, reason=WHY)
    with pytest.raises(SamePerson):
        decisions.confirm(mary, hit=hit, reason=WHY, stop=stop)
    decisions.doubt(grace, hit=hit, reason=WHY)
    assert hit.state == "open"
    confirmed(hit, mary, grace)
    assert (hit.state, hit.proposed_by, hit.decided_by) == ("match", mary.actor.user_id, grace.actor.user_id)


def test_the_database_itself_wants_two_people(uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    hit = hit_of_cooperative(uow, cooperative)
    mary = moderator(uow, "Mary")
    decisions.propose(mary, hit=hit, reason=WHY)
    hit.state, hit.decided_by, hit.ended_at = "match", mary.actor.user_id, uow.now
    with pytest.raises(IntegrityError, match="two_people"), uow.session.begin_nested():
        uow.session.flush()


def test_a_match_suspends_the_cooperative_without_telling_why(uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    hit = hit_of_cooperative(uow, cooperative)
    confirmed(hit, moderator(uow, "Mary"), moderator(uow, "Grace"))
    assert (cooperative.state, cooperative.state_reason, cooperative.screened_on) == ("suspended", NEUTRAL, None)
    outside = [letter for letter in letters(uow) if not letter.template.startswith("screening_")]  # those go to staff
    assert {letter.template for letter in outside} >= {"cooperative_suspended"}
    words = " ".join(str(letter.params) for letter in outside)
    assert hit.reference not in words
    assert "list" not in words.lower()
    assert running_hit(uow.session, cooperative_id=cooperative.id) == hit.reference


def test_a_decision_that_is_opened_again_is_taken_by_another_person(uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    hit = hit_of_cooperative(uow, cooperative)
    mary, grace = moderator(uow, "Mary"), moderator(uow, "Grace")
    confirmed(hit, mary, grace)
    decisions.reopen(mary, hit=hit, reason=WHY)
    with pytest.raises(SamePerson):
        decisions.dismiss(mary, hit=hit, reason=WHY)
    dismissed(hit, grace, mary)
    assert hit.state == "no_match"
    assert cooperative.state == "suspended"  # lifting it is another decision


def test_nobody_decides_about_himself_or_his_cooperative(uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    hit = hit_of_cooperative(uow, cooperative)
    officer = member(uow, "Officer", cooperative.id)
    mary = actor(uow.session, officer)
    both = uow.acting_as(mary.__class__(**{**vars_of(mary), "staff_roles": frozenset({StaffRole.MODERATOR})}))
    with pytest.raises(Forbidden):
        decisions.dismiss(both, hit=hit, reason=WHY)
    with pytest.raises(Forbidden):
        decisions.dismiss(uow.acting_as(mary), hit=hit, reason=WHY)


def test_a_new_list_is_compared_with_everybody_by_the_worker(uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    _user, row = buyer(uow, "Davor Krasnov")
    put_in_force(uow, un_list(cooperative.legal_name, row.company, kind="ENTITY"))
    uow.commit()
    rescreen()
    uow.session.expire_all()
    assert {hit.subject_kind for hit in hits(uow)} == {"cooperative", "company"}


def test_a_dismissed_buyer_is_free_again(uow: UnitOfWork) -> None:
    _user, row = buyer(uow, "Davor Krasnov")
    hit = hit_of_buyer(uow, row)
    dismissed(hit, moderator(uow, "Mary"), moderator(uow, "Grace"))
    assert running_hit(uow.session, buyer_id=row.id) is None


def vars_of(row: object) -> dict[str, object]:
    names = getattr(row, "__dataclass_fields__", None) or row._fields  # type: ignore[attr-defined]
    return {name: getattr(row, name) for name in names}
