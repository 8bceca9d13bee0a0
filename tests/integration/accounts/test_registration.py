from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts import passwords
from marketplace.accounts.forms import Registration
from marketplace.accounts.models import Buyer, MailedLink, User
from marketplace.accounts.queries import find_user, live_link
from marketplace.accounts.services import change_password, registration, sign_in
from marketplace.accounts.services.links import LinkDead
from marketplace.core.errors import InvalidInput
from marketplace.unit_of_work import UnitOfWork
from tests.builders.accounts import OTHER_PASSWORD, PASSWORD, letters, registered, registration_form, token_in
from tests.people import actor


def test_alice_registers_confirms_her_address_and_signs_in(uow: UnitOfWork) -> None:
    registration.register(uow, registration=Registration(**registration_form()))
    letter = letters(uow, "confirm_email")[0]

    user = registration.confirm_by_link(uow, token=token_in(uow, letter))
    done = sign_in.sign_in(uow, email=" Alice@Example.org", password=PASSWORD)

    assert (letter.address, user.email_confirmed_at) == ("alice@example.org", uow.now)
    assert done.actor.buyer_level == 1, "address and company are known"
    assert done.actor.user_id == user.id
    uow.check_audited()


def test_a_confirmation_works_once(uow: UnitOfWork) -> None:
    registration.register(uow, registration=Registration(**registration_form()))
    token = token_in(uow, letters(uow)[0])

    registration.confirm_by_link(uow, token=token)

    with pytest.raises(LinkDead):
        registration.confirm_by_link(uow, token=token)


def test_a_confirmation_is_dead_after_three_days(uow: UnitOfWork) -> None:
    registration.register(uow, registration=Registration(**registration_form()))
    token, start = token_in(uow, letters(uow)[0]), uow.now

    uow.now = start + timedelta(days=3) - timedelta(seconds=1)
    assert live_link(uow.session, token, purpose="confirm_email", now=uow.now) is not None
    uow.now = start + timedelta(days=3)
    assert live_link(uow.session, token, purpose="confirm_email", now=uow.now) is None
    with pytest.raises(LinkDead):
        registration.confirm_by_link(uow, token=token)


def test_a_new_confirmation_kills_the_old_one(uow: UnitOfWork) -> None:
    user, _ = registered(uow, confirmed=False)
    own = uow.acting_as(actor(uow.session, user))
    registration.resend_confirmation(own)
    registration.resend_confirmation(own)
    old, new = (token_in(uow, letter) for letter in letters(uow, "confirm_email"))

    with pytest.raises(LinkDead):
        registration.confirm_by_link(uow, token=old)
    registration.confirm_by_link(uow, token=new)


def test_a_known_address_changes_nothing_and_its_owner_is_told(uow: UnitOfWork) -> None:
    user, _ = registered(uow)
    before = user.password_hash

    registration.register(uow, registration=Registration(**registration_form(name="Mallory", password=OTHER_PASSWORD)))

    assert (user.name, user.password_hash) == ("Alice Meier", before)
    assert [letter.template for letter in letters(uow)] == ["already_registered"]
    assert uow.session.scalar(select(func.count()).select_from(User)) == 1


def test_nobody_can_fill_a_mailbox_through_us(uow: UnitOfWork) -> None:
    registered(uow)

    for _ in range(6):
        registration.register(uow, registration=Registration(**registration_form()))
        change_password.request_reset(uow, email="alice@example.org")

    assert len(letters(uow)) == 3


def test_passwords_and_tokens_are_stored_as_digests_only(uow: UnitOfWork) -> None:
    registration.register(uow, registration=Registration(**registration_form()))
    token = token_in(uow, letters(uow)[0])
    user = find_user(uow.session, "alice@example.org")
    assert user is not None

    assert str(user.password_hash).startswith("$argon2id$")
    assert uow.session.scalar(select(MailedLink.digest)) != token
    assert token not in str(letters(uow)[0].params)


def test_a_new_password_by_link_ends_every_session_and_works_once(uow: UnitOfWork) -> None:
    user, _ = registered(uow)
    sign_in.sign_in(uow, email=user.email, password=PASSWORD)
    change_password.request_reset(uow, email=user.email)
    token = token_in(uow, letters(uow, "reset_password")[0])

    change_password.reset(uow, token=token, new=OTHER_PASSWORD)

    from marketplace.accounts.queries import live_sessions

    assert live_sessions(uow.session, user.id, now=uow.now) == []
    assert sign_in.sign_in(uow, email=user.email, password=OTHER_PASSWORD).token
    with pytest.raises(InvalidInput):
        sign_in.sign_in(uow, email=user.email, password=PASSWORD)
    with pytest.raises(LinkDead):
        change_password.reset(uow, token=token, new=PASSWORD)


def test_a_link_to_reset_is_dead_after_an_hour(uow: UnitOfWork) -> None:
    user, _ = registered(uow)
    change_password.request_reset(uow, email=user.email)
    uow.now += timedelta(hours=1)

    with pytest.raises(LinkDead):
        change_password.reset(uow, token=token_in(uow, letters(uow)[0]), new=OTHER_PASSWORD)


def test_a_link_for_one_purpose_does_not_serve_another(uow: UnitOfWork) -> None:
    registration.register(uow, registration=Registration(**registration_form()))

    with pytest.raises(LinkDead):
        change_password.reset(uow, token=token_in(uow, letters(uow)[0]), new=OTHER_PASSWORD)


def test_an_unknown_address_gets_no_letter(uow: UnitOfWork) -> None:
    change_password.request_reset(uow, email="nobody@example.org")

    assert letters(uow) == []


def test_a_hash_of_older_parameters_is_renewed_at_sign_in(uow: UnitOfWork) -> None:
    from argon2 import PasswordHasher

    user, _ = registered(uow)
    user.password_hash = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    sign_in.sign_in(uow, email=user.email, password=PASSWORD)

    assert not passwords.needs_rehash(user.password_hash)


def test_a_closed_account_does_not_open(uow: UnitOfWork) -> None:
    user, _ = registered(uow)
    user.state = "disabled"
    uow.record("user.disable", user)

    with pytest.raises(InvalidInput):
        sign_in.sign_in(uow, email=user.email, password=PASSWORD)


def test_a_buyer_who_changes_her_company_loses_the_level_that_was_checked(uow: UnitOfWork) -> None:
    from marketplace.accounts.services import profile

    user, buyer = registered(uow)
    buyer.level = 2
    uow.record("buyer.set_level", buyer)
    own = uow.acting_as(actor(uow.session, user))

    profile.change_company(own, company=buyer.company, country="DE")
    assert buyer.level == 2, "nothing changed"
    profile.change_company(own, company="Another Ltd", country="DE")
    assert uow.session.scalar(select(Buyer.level)) == 1
