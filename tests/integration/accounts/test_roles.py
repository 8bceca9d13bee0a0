from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts.queries import actor_of_token, actor_of_user, listed_people, live_sessions
from marketplace.accounts.services import levels, roles, sessions, throttle, tokens
from marketplace.audit.models import AuditEvent
from marketplace.core.actor import MemberRole, StaffRole
from marketplace.core.errors import Conflict, Forbidden, NotFound, TooManyRequests
from marketplace.core.ids import new_id
from marketplace.unit_of_work import UnitOfWork
from tests.builders.accounts import administrator, letters, registered
from tests.builders.cooperatives import approved_cooperative
from tests.people import actor, member, person


def test_a_role_is_given_by_an_administrator_and_every_administrator_is_told(uow: UnitOfWork) -> None:
    ada, by_ada = administrator(uow)
    bob = person(uow, "Bob")

    roles.give(by_ada, user=bob, role=StaffRole.FINANCE)

    assert actor_of_user(uow.session, bob).staff_roles == {StaffRole.FINANCE}
    assert {letter.user_id for letter in letters(uow, "role_changed")} == {ada.id, bob.id}
    uow.check_audited()


def test_nobody_changes_his_own_roles(uow: UnitOfWork) -> None:
    ada, by_ada = administrator(uow)

    for change in (roles.give, roles.take):
        with pytest.raises(Forbidden):
            change(by_ada, user=ada, role=StaffRole.FINANCE)
    with pytest.raises(Forbidden):
        roles.disable(by_ada, user=ada)


def test_taking_a_role_ends_every_session(uow: UnitOfWork) -> None:
    _, by_ada = administrator(uow)
    bob = person(uow, "Bob", StaffRole.FINANCE)
    sessions.open_session(uow, user_id=bob.id, second_factor_at=uow.now)

    roles.take(by_ada, user=bob, role=StaffRole.FINANCE)

    assert live_sessions(uow.session, bob.id, now=uow.now) == []
    assert actor_of_user(uow.session, bob).staff_roles == frozenset()
    with pytest.raises(NotFound):
        roles.take(by_ada, user=bob, role=StaffRole.FINANCE)
    uow.check_audited()


def test_the_last_administrator_stays(uow: UnitOfWork) -> None:
    ada, _ = administrator(uow)

    with pytest.raises(roles.LastAdministrator):
        roles.take(uow, user=ada, role=StaffRole.ADMINISTRATOR)
    with pytest.raises(roles.LastAdministrator):
        roles.disable(uow, user=ada)


def test_a_closed_account_loses_its_sessions_and_tokens(uow: UnitOfWork) -> None:
    _, by_ada = administrator(uow)
    alice, _ = registered(uow)
    secret = tokens.create(uow.acting_as(actor(uow.session, alice)), label="shop", scopes=["read"]).secret
    sessions.open_session(uow, user_id=alice.id)

    roles.disable(by_ada, user=alice)

    assert live_sessions(uow.session, alice.id, now=uow.now) == []
    assert actor_of_token(uow.session, secret, uow.now) is None
    roles.enable(by_ada, user=alice)
    assert actor_of_token(uow.session, secret, uow.now) is None, "a revoked token stays dead"
    uow.check_audited()


def test_a_token_acts_for_its_owner_for_90_days(uow: UnitOfWork) -> None:
    alice, buyer = registered(uow)
    own = uow.acting_as(actor(uow.session, alice))
    made = tokens.create(own, label="shop", scopes=["read", "write"])

    found = actor_of_token(uow.session, made.secret, uow.now)

    assert found is not None
    assert (found[0].buyer_id, found[1].scopes) == (buyer.id, ["read", "write"])
    assert made.secret not in made.row.digest
    assert actor_of_token(uow.session, made.secret, uow.now + timedelta(days=90)) is None
    assert actor_of_token(uow.session, "mkt_" + "x" * 43, uow.now) is None
    assert actor_of_token(uow.session, "\x00" * 20_000, uow.now) is None


def test_a_token_is_revoked_by_its_owner_only(uow: UnitOfWork) -> None:
    alice, _ = registered(uow)
    own = uow.acting_as(actor(uow.session, alice))
    bob = uow.acting_as(actor(uow.session, person(uow, "Bob")))
    made = tokens.create(own, label="shop", scopes=["read"])

    with pytest.raises(NotFound):
        tokens.revoke(bob, token_id=made.row.id)
    tokens.revoke(own, token_id=made.row.id)
    assert actor_of_token(uow.session, made.secret, uow.now) is None


def test_a_person_has_ten_tokens_at_most(uow: UnitOfWork) -> None:
    own = uow.acting_as(actor(uow.session, registered(uow)[0]))
    for number in range(10):
        tokens.create(own, label=str(number), scopes=["read"])

    with pytest.raises(Conflict):
        tokens.create(own, label="one more", scopes=["read"])


def test_a_level_is_set_by_moderators_about_others(uow: UnitOfWork) -> None:
    _, buyer = registered(uow)
    moses = uow.acting_as(actor(uow.session, person(uow, "Moses", StaffRole.MODERATOR)))
    finance = uow.acting_as(actor(uow.session, person(uow, "Fay", StaffRole.FINANCE)))

    levels.set_buyer_level(moses, buyer, 2, note="Papers seen.")

    assert (buyer.level, buyer.level_set_by) == (2, moses.actor.user_id)
    assert letters(uow, "level_changed")[0].params["note"] == "Papers seen."
    with pytest.raises(Forbidden):
        levels.set_buyer_level(finance, buyer, 3)
    with pytest.raises(ValueError, match="0 to 3"):
        levels.set_buyer_level(moses, buyer, 4)


def test_an_unconfirmed_buyer_stays_at_level_0(uow: UnitOfWork) -> None:
    _, buyer = registered(uow, confirmed=False)

    with pytest.raises(Conflict):
        levels.set_buyer_level(uow, buyer, 1)


def test_an_officer_is_changed_and_removed_by_another_of_the_same_cooperative(uow: UnitOfWork) -> None:
    cooperative, _, _ = approved_cooperative(uow)
    asha, neema = member(uow, "Asha", cooperative.id), member(uow, "Neema", cooperative.id, role=MemberRole.VIEWER)
    by_asha = uow.acting_as(actor(uow.session, asha))
    stranger = uow.acting_as(actor(uow.session, person(uow, "Bob")))

    with pytest.raises(NotFound):
        roles.remove_officer(stranger, cooperative_id=cooperative.id, user_id=neema.id)
    with pytest.raises(Forbidden):
        roles.remove_officer(by_asha, cooperative_id=cooperative.id, user_id=asha.id)
    roles.change_officer(by_asha, cooperative_id=cooperative.id, user_id=neema.id, role=MemberRole.SIGNATORY)
    assert actor_of_user(uow.session, neema).memberships == {cooperative.id: MemberRole.SIGNATORY}
    roles.remove_officer(by_asha, cooperative_id=cooperative.id, user_id=neema.id)
    assert actor_of_user(uow.session, neema).memberships == {}
    with pytest.raises(NotFound):
        roles.remove_officer(by_asha, cooperative_id=cooperative.id, user_id=new_id())
    uow.check_audited()


def test_people_are_found_by_name_address_or_company(uow: UnitOfWork) -> None:
    alice, _ = registered(uow)
    ada, _ = administrator(uow)

    assert [row.user.id for row in listed_people(uow.session, words="schmuck")] == [alice.id]
    assert [row.user.id for row in listed_people(uow.session, words="ADA@")] == [ada.id]
    assert [row.roles for row in listed_people(uow.session, only="staff")] == [["administrator"]]
    assert listed_people(uow.session, words="100%_") == []
    assert [row.user.id for row in listed_people(uow.session, before=ada.id)] == [alice.id]


def test_tries_are_limited_and_a_success_starts_anew(uow: UnitOfWork) -> None:
    alice = (throttle.ACCOUNT, "alice@example.org")
    for _ in range(10):
        throttle.begin(uow, alice)
    with pytest.raises(TooManyRequests) as refused:
        throttle.begin(uow, (throttle.ACCOUNT, " ALICE@example.org"))

    assert refused.value.retry_after == 15 * 60
    throttle.begin(uow, (throttle.ACCOUNT, "bob@example.org"))
    uow.now += timedelta(minutes=14, seconds=30)
    with pytest.raises(TooManyRequests) as refused:
        throttle.begin(uow, alice)
    assert refused.value.retry_after == 30
    uow.now += timedelta(seconds=30)
    throttle.begin(uow, alice)
    throttle.succeed(uow, alice)


def test_a_success_does_not_wash_the_network_address_clean(uow: UnitOfWork) -> None:
    network = (throttle.ADDRESS, "192.0.2.7")
    for _ in range(60):
        throttle.begin(uow, network)
        throttle.succeed(uow, network)

    with pytest.raises(TooManyRequests):
        throttle.begin(uow, network)


def test_a_buyer_asks_once_to_be_checked_and_a_level_answers_it(uow: UnitOfWork) -> None:
    user, buyer = registered(uow)
    own = uow.acting_as(actor(uow.session, user))
    moses = uow.acting_as(actor(uow.session, person(uow, "Moses", StaffRole.MODERATOR)))

    levels.ask_for_check(own)
    levels.ask_for_check(own)

    asked = select(func.count()).where(AuditEvent.action == "buyer.ask_for_check")
    assert (buyer.level_asked_at, uow.session.scalar(asked)) == (uow.now, 1)
    uow.check_audited()
    assert [each.user.id for each in listed_people(uow.session, waits_for_level=True)] == [user.id]
    levels.set_buyer_level(moses, buyer, 3)
    assert listed_people(uow.session, waits_for_level=True) == []
    with pytest.raises(Conflict):
        levels.ask_for_check(own)
