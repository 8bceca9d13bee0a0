from datetime import timedelta

import pytest

from marketplace.accounts.forms import Acceptance
from marketplace.accounts.models import CooperativeMember, StaffGrant
from marketplace.accounts.queries import actor_of_user, live_invitation, live_sessions, officers_of
from marketplace.accounts.services import invitations, registration, sign_in
from marketplace.accounts.services.links import LinkDead
from marketplace.core.actor import VISITOR, MemberRole, StaffRole
from marketplace.core.errors import Forbidden, InvalidInput
from marketplace.core.ids import new_id
from marketplace.unit_of_work import UnitOfWork
from tests.builders.accounts import (
    OTHER_PASSWORD,
    PASSWORD,
    administrator,
    invited,
    invitee,
    letters,
    registered,
    with_second_factor,
)
from tests.builders.cooperatives import approved_cooperative
from tests.people import actor, member, person

BOB = Acceptance(name="Bob Okoth", language="sw", password=PASSWORD)


def test_bob_accepts_and_has_the_roles_he_was_invited_with(uow: UnitOfWork) -> None:
    token = invited(uow, "curator", "finance")

    bob = invitations.accept(uow.acting_as(VISITOR), token=token, acceptance=BOB)

    assert actor_of_user(uow.session, bob).staff_roles == {StaffRole.CURATOR, StaffRole.FINANCE}
    assert (bob.language, bob.email_confirmed_at) == ("sw", uow.now)
    assert sign_in.sign_in(uow, email="bob@example.org", password=PASSWORD).actor.is_staff
    uow.check_audited()


def test_an_invitation_works_once_and_for_14_days(uow: UnitOfWork) -> None:
    token, late = invited(uow, email="bob@example.org"), invited_again(uow, "charlie@example.org")
    invitations.accept(uow, token=token, acceptance=BOB)
    assert live_invitation(uow.session, token, now=uow.now) is None
    with pytest.raises(LinkDead):
        invitations.accept(uow, token=token, acceptance=BOB)

    uow.now += timedelta(days=14)
    with pytest.raises(LinkDead):
        invitations.accept(uow, token=late, acceptance=BOB)


def invited_again(uow: UnitOfWork, email: str) -> str:
    return invitations.invite_staff(uow, invitee=invitee(email)).token


def test_a_second_invitation_takes_the_place_of_the_first(uow: UnitOfWork) -> None:
    first, second = invited_again(uow, "bob@example.org"), invited_again(uow, "bob@example.org")

    assert live_invitation(uow.session, first, now=uow.now) is None
    with pytest.raises(LinkDead):
        invitations.accept(uow, token=first, acceptance=BOB)
    invitations.accept(uow, token=second, acceptance=BOB)


def test_only_administrators_invite_staff_and_never_themselves(uow: UnitOfWork) -> None:
    moderator = uow.acting_as(actor(uow.session, person(uow, "Moses", StaffRole.MODERATOR)))
    with pytest.raises(Forbidden):
        invitations.invite_staff(moderator, invitee=invitee())

    ada, by_ada = administrator(uow)
    with pytest.raises(InvalidInput):
        invitations.invite_staff(by_ada, invitee=invitee(ada.email, "finance"))


def test_a_person_with_an_account_accepts_with_it(uow: UnitOfWork) -> None:
    registered(uow, email="bob@example.org", name="Bob")
    token = invited(uow)

    with pytest.raises(invitations.HasAccount):
        invitations.accept(uow, token=token, acceptance=BOB)


def test_the_account_must_have_the_invited_address(uow: UnitOfWork) -> None:
    token, bob = invited(uow), person(uow, "Bob")
    mallory = uow.acting_as(actor(uow.session, person(uow, "Mallory")))
    with uow.session.begin_nested() as attempt:
        with pytest.raises(invitations.NotYours):
            invitations.accept_as(mallory, token=token)
        attempt.rollback()

    invitations.accept_as(uow.acting_as(actor(uow.session, bob)), token=token)

    grant = uow.session.get(StaffGrant, (bob.id, "moderator"))
    assert grant is not None
    assert grant.granted_by is not None


def test_an_account_a_stranger_opened_with_bobs_address_becomes_bobs(uow: UnitOfWork) -> None:
    """Mallory registered bob's address and waits; the invitation must not make Mallory staff."""
    account, _ = registered(uow, confirmed=False, email="bob@example.org", name="Mallory")
    sign_in.sign_in(uow, email="bob@example.org", password=PASSWORD)
    with_second_factor(uow, account)
    token = invited(uow)

    mine = Acceptance(name="Bob", language="en", password=OTHER_PASSWORD)
    bob = invitations.accept(uow, token=token, acceptance=mine)

    assert (bob.id, bob.name, bob.totp_secret_sealed) == (account.id, "Bob", None)
    assert live_sessions(uow.session, bob.id, now=uow.now) == []
    with pytest.raises(InvalidInput):
        sign_in.sign_in(uow, email="bob@example.org", password=PASSWORD)


def test_a_secretary_invites_an_officer_of_her_own_cooperative_only(uow: UnitOfWork) -> None:
    cooperative, _, _ = approved_cooperative(uow)
    asha = uow.acting_as(actor(uow.session, member(uow, "Asha", cooperative.id)))
    bob = invitee("bob@example.org", MemberRole.SIGNATORY, language="sw")

    sent = invitations.invite_officer(asha, cooperative_id=cooperative.id, organisation="Mama Madini", invitee=bob)
    user = invitations.accept(uow, token=sent.token, acceptance=BOB)

    assert (user.id, "signatory") in [(each.user.id, each.role) for each in officers_of(uow.session, cooperative.id)]
    assert letters(uow, "invitation")[-1].language == "sw"
    with pytest.raises(Forbidden):
        invitations.invite_officer(asha, cooperative_id=new_id(), organisation="Others", invitee=bob)
    with pytest.raises(InvalidInput):
        invitations.invite_officer(asha, cooperative_id=cooperative.id, organisation="Mama Madini", invitee=bob)


def test_a_viewer_invites_nobody(uow: UnitOfWork) -> None:
    cooperative, _, _ = approved_cooperative(uow)
    viewer = uow.acting_as(actor(uow.session, member(uow, "Neema", cooperative.id, role=MemberRole.VIEWER)))

    with pytest.raises(Forbidden):
        invitations.invite_officer(
            viewer, cooperative_id=cooperative.id, organisation="x", invitee=invitee("bob@example.org", "viewer")
        )


def test_what_a_person_has_already_stays(uow: UnitOfWork) -> None:
    bob = person(uow, "Bob", StaffRole.MODERATOR)
    token = invited(uow, "moderator", "auditor")

    invitations.accept_as(uow.acting_as(actor(uow.session, bob)), token=token)

    assert actor_of_user(uow.session, bob).staff_roles == {StaffRole.MODERATOR, StaffRole.AUDITOR}
    assert uow.session.query(CooperativeMember).count() == 0


def test_confirming_twice_changes_nothing(uow: UnitOfWork) -> None:
    user, _ = registered(uow)
    first = user.email_confirmed_at
    uow.now += timedelta(days=1)
    registration.confirm_email(uow, user=user)

    assert user.email_confirmed_at == first
