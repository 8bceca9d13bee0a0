from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts import one_time_codes
from marketplace.accounts.models import RecoveryCode, User
from marketplace.accounts.queries import unused_recovery_codes
from marketplace.accounts.services import second_factor, sign_in
from marketplace.core.actor import StaffRole
from marketplace.core.crypto import SealBroken, digest
from marketplace.core.errors import Forbidden, InvalidInput
from marketplace.unit_of_work import UnitOfWork
from tests.builders.accounts import PASSWORD, letters, registered, with_second_factor
from tests.people import actor, person


@pytest.fixture
def alice(uow: UnitOfWork) -> User:
    return registered(uow)[0]


@pytest.fixture
def own(uow: UnitOfWork, alice: User) -> UnitOfWork:
    return uow.acting_as(actor(uow.session, alice))


def _session(uow: UnitOfWork) -> str:
    return digest(sign_in.sign_in(uow, email="alice@example.org", password=PASSWORD).token)


def _code(uow: UnitOfWork, secret: str, *, later: int = 0) -> str:
    return one_time_codes.current_code(secret, at=uow.clock.wall() + timedelta(seconds=30 * later))


def test_a_code_works_once(uow: UnitOfWork, own: UnitOfWork, alice: User) -> None:
    secret = with_second_factor(uow, alice)
    code = _code(uow, secret)

    second_factor.pass_with(own, code=code, session_digest=_session(uow))

    with pytest.raises(InvalidInput):
        second_factor.pass_with(own, code=code, session_digest=_session(uow))


def test_an_older_code_is_refused_after_a_newer_one(uow: UnitOfWork, own: UnitOfWork, alice: User) -> None:
    secret = with_second_factor(uow, alice)
    older, newer = _code(uow, secret), _code(uow, secret, later=1)

    second_factor.pass_with(own, code=newer, session_digest=_session(uow))

    with pytest.raises(InvalidInput):
        second_factor.pass_with(own, code=older, session_digest=_session(uow))


def test_the_code_that_set_it_up_is_used_up(uow: UnitOfWork, own: UnitOfWork) -> None:
    secret = one_time_codes.new_secret()
    code = _code(uow, secret)
    second_factor.enrol(own, secret=secret, code=code)

    with pytest.raises(InvalidInput):
        second_factor.pass_with(own, code=code, session_digest=_session(uow))


def test_passing_ends_the_session_of_the_password_alone(uow: UnitOfWork, own: UnitOfWork, alice: User) -> None:
    from marketplace.accounts.queries import live_sessions

    secret, before = with_second_factor(uow, alice), _session(uow)

    token = second_factor.pass_with(own, code=_code(uow, secret), session_digest=before)

    live = live_sessions(uow.session, alice.id, now=uow.now)
    assert [(row.digest, row.second_factor_at) for row in live] == [(digest(token), uow.now)]


def test_a_recovery_code_works_once_and_its_owner_is_told(uow: UnitOfWork, own: UnitOfWork, alice: User) -> None:
    with_second_factor(uow, alice)
    codes = second_factor.renew_recovery_codes(own)

    second_factor.pass_with(own, code=codes[3].lower().replace("-", " "), session_digest=_session(uow))

    assert (len(codes), unused_recovery_codes(uow.session, alice.id)) == (10, 9)
    assert letters(uow)[-1].params["change"] == "recovery_code_used"
    with pytest.raises(InvalidInput):
        second_factor.pass_with(own, code=codes[3], session_digest=_session(uow))


def test_new_recovery_codes_kill_the_old_ones(uow: UnitOfWork, own: UnitOfWork, alice: User) -> None:
    with_second_factor(uow, alice)
    old = second_factor.renew_recovery_codes(own)
    second_factor.renew_recovery_codes(own)

    with pytest.raises(InvalidInput):
        second_factor.pass_with(own, code=old[0], session_digest=_session(uow))


def test_the_recovery_code_of_another_person_does_not_open(uow: UnitOfWork, own: UnitOfWork, alice: User) -> None:
    with_second_factor(uow, alice)
    bob = person(uow, "Bob")
    with_second_factor(uow, bob)
    bobs = second_factor.renew_recovery_codes(uow.acting_as(actor(uow.session, bob)))

    with pytest.raises(InvalidInput):
        second_factor.pass_with(own, code=bobs[0], session_digest=_session(uow))


def test_recovery_codes_are_not_in_the_database(uow: UnitOfWork, own: UnitOfWork, alice: User) -> None:
    with_second_factor(uow, alice)
    codes = second_factor.renew_recovery_codes(own)
    stored = " ".join(uow.session.scalars(select(RecoveryCode.digest)))

    assert not any(code in stored or code.replace("-", "") in stored for code in codes)


def test_the_secret_is_sealed_to_its_person(uow: UnitOfWork, alice: User) -> None:
    secret, bob = with_second_factor(uow, alice), person(uow, "Bob")
    assert second_factor.secret_of(alice, key=uow.settings.field_key) == secret

    bob.totp_secret_sealed = alice.totp_secret_sealed
    with pytest.raises(SealBroken):
        second_factor.secret_of(bob, key=uow.settings.field_key)


def test_an_offer_made_to_one_person_is_none_for_another(uow: UnitOfWork, own: UnitOfWork) -> None:
    _, sealed = second_factor.offer(own)
    bob = uow.acting_as(actor(uow.session, person(uow, "Bob")))

    with pytest.raises(InvalidInput):
        second_factor.opened_offer(bob, sealed)
    with pytest.raises(InvalidInput):
        second_factor.opened_offer(own, "no hex at all")


def test_staff_keep_their_second_factor(uow: UnitOfWork) -> None:
    ada = person(uow, "Ada", StaffRole.ADMINISTRATOR)

    with pytest.raises(Forbidden):
        second_factor.remove(uow.acting_as(actor(uow.session, ada)))


def test_a_buyer_may_take_hers_off_and_is_told(uow: UnitOfWork, own: UnitOfWork, alice: User) -> None:
    with_second_factor(uow, alice)

    second_factor.remove(own)

    assert (alice.totp_secret_sealed, alice.totp_confirmed_at) == (None, None)
    assert unused_recovery_codes(uow.session, alice.id) == 0
    assert letters(uow)[-1].params["change"] == "removed"
    uow.check_audited()


def test_a_person_without_an_app_passes_with_nothing(own: UnitOfWork) -> None:
    with pytest.raises(InvalidInput):
        second_factor.pass_with(own, code="000000", session_digest="none")
