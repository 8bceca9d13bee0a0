"""Every page of an account, every form with unusable answers, and who may open which."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.accounts.queries import find_buyer, find_user, user_by_id
from marketplace.accounts.services import invitations
from marketplace.core.actor import StaffRole
from marketplace.unit_of_work import UnitOfWork
from tests.builders.accounts import OTHER_PASSWORD, PASSWORD, invited, invitee, letters, registered, token_in
from tests.builders.cooperatives import approved_cooperative
from tests.people import member, person, signed_in

KEY = {"idempotency_key": "a-key-for-this-form"}
NUL, LONG, TURNED = "a\x00b", "x" * 900_000, "a\u202eb"
FORMS = {
    "/account/register": ("email", "name", "company", "country", "password"),
    "/account/sign-in": ("email", "password", "next"),
    "/account/reset": ("email",),
    "/account/confirm/nothing": ("token",),
    "/account/reset/nothing": ("password",),
    "/account/invitation/nothing": ("name", "language", "password"),
    "/account/profile": ("name", "language", "phone"),
    "/account/company": ("company", "country"),
    "/account/email": ("email", "password"),
    "/account/email/nothing": ("token",),
    "/account/password": ("current", "password"),
    "/account/second-factor": ("code", "next"),
    "/account/second-factor/new": ("code", "offer", "next"),
    "/account/sessions/end": ("session",),
    "/account/tokens": ("label", "scopes", "idempotency_key"),
    "/language": ("lang", "next"),
    "/staff/people/invitations": ("email", "name", "language", "roles", "idempotency_key"),
}


@pytest.fixture
def alice(app: Flask, uow: UnitOfWork) -> FlaskClient:
    return signed_in(app, uow, registered(uow)[0])


@pytest.fixture
def ada(app: Flask, uow: UnitOfWork) -> FlaskClient:
    return signed_in(app, uow, person(uow, "Ada", StaffRole.ADMINISTRATOR))


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    "value",
    [None, "", NUL, TURNED, "NaN", "-1", "\ud83d", LONG],
    ids=["missing", "empty", "NUL", "turned", "NaN", "negative", "surrogate", "huge"],
)
def test_unusable_answers_never_break_a_form(
    alice: FlaskClient, ada: FlaskClient, path: str, value: str | None
) -> None:
    data = {} if value is None else dict.fromkeys(FORMS[path], value.encode("utf-8", "surrogatepass"))
    browser = ada if path.startswith("/staff") else alice

    answer = browser.post(path, data={**KEY, **data})

    assert answer.status_code < 500


def test_ten_megabytes_are_no_reason_to_break(client: FlaskClient) -> None:
    body = b"email=" + b"x" * 10 * 1024 * 1024

    answer = client.post("/account/sign-in", data=body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code in {413, 422}


def test_a_refused_form_keeps_what_was_typed_but_never_a_password(client: FlaskClient) -> None:
    answer = client.post(
        "/account/register", data={"name": 'Alice "A" <b>', "company": "Meier", "email": "bad", "password": "short"}
    )

    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert "Alice &#34;A&#34; &lt;b&gt;" in answer.text
    assert "short" not in re.sub(r"<p class=.*?</p>", "", answer.text).replace('class="short"', "")
    for field in ("email", "country", "password"):
        assert f'href="#f-{field}"' in answer.text
        assert f'id="f-{field}"' in answer.text


def test_alice_changes_what_is_hers(alice: FlaskClient, uow: UnitOfWork) -> None:
    alice.post("/account/profile", data={"name": "Alice M", "language": "fr", "phone": "+49 30 1234567"})
    alice.post("/account/company", data={"company": "Meier Ltd", "country": "GB"})

    user = find_user(uow.session, "alice@example.org")
    assert user is not None
    buyer = find_buyer(uow.session, user.id)
    assert buyer is not None
    assert (user.name, user.language, user.phone) == ("Alice M", "fr", "+49301234567")
    assert (buyer.company, buyer.country) == ("Meier Ltd", "GB")


def test_a_language_chosen_by_the_links_holds_for_this_browser(alice: FlaskClient, uow: UnitOfWork) -> None:
    answer = alice.get("/language?lang=sw&next=/account")

    assert answer.location == "/account"
    assert '<html lang="sw">' in alice.get("/account").text
    user = find_user(uow.session, "alice@example.org")
    assert user is not None
    assert user.language == "en", "letters keep their language until she says so"
    uow.rollback()
    alice.post("/language", data={"lang": "es", "next": "/account"})
    user = find_user(uow.session, "alice@example.org")
    assert user is not None
    assert user.language == "es"


def test_a_new_address_is_used_after_its_link_and_the_old_one_is_told(alice: FlaskClient, uow: UnitOfWork) -> None:
    wrong = alice.post("/account/email", data={"email": "al@example.org", "password": OTHER_PASSWORD})
    assert wrong.status_code == 422
    alice.post("/account/email", data={"email": "al@example.org", "password": PASSWORD})
    link = f"/account/email/{token_in(uow, letters(uow, 'change_email')[0])}"
    uow.rollback()

    assert "al@example.org" in alice.get(link).text
    assert alice.post(link).status_code == 303
    assert alice.post(link).status_code == 410
    assert find_user(uow.session, "al@example.org") is not None
    assert letters(uow, "email_changed")[0].address == "alice@example.org"


def test_the_link_of_one_person_changes_nothing_for_another(app: Flask, alice: FlaskClient, uow: UnitOfWork) -> None:
    bob = signed_in(app, uow, person(uow, "Bob"))
    alice.post("/account/email", data={"email": "al@example.org", "password": PASSWORD})
    link = f"/account/email/{token_in(uow, letters(uow, 'change_email')[0])}"
    uow.rollback()

    assert (bob.get(link).status_code, bob.post(link).status_code) == (410, 410)


def test_a_changed_password_signs_other_browsers_out(app: Flask, alice: FlaskClient, uow: UnitOfWork) -> None:
    user = find_user(uow.session, "alice@example.org")
    assert user is not None
    desk = signed_in(app, uow, user)

    done = alice.post("/account/password", data={"current": PASSWORD, "password": OTHER_PASSWORD})

    assert done.status_code == 303
    assert alice.get("/account").status_code == 200
    assert desk.get("/account").status_code == 303


def test_a_token_is_shown_once(alice: FlaskClient) -> None:
    alice.post("/account/tokens", data={**KEY, "label": "Shop <1>", "scopes": ["read", "write"]})
    again = alice.post("/account/tokens", data={**KEY, "label": "Shop <1>", "scopes": ["read", "write"]})
    assert again.status_code == 303, "a double click makes one token"

    first, second = alice.get("/account/tokens").text, alice.get("/account/tokens").text
    assert len(re.findall(r">mkt_[\w-]{43}<", first)) == 1
    assert "mkt_" not in second
    assert second.count("Shop &lt;1&gt;") == 1
    revoke = re.findall(r'action="(/account/tokens/[0-9a-f-]+/revoke)"', second)[0]
    assert alice.post(revoke).status_code == 303
    assert "Shop" not in alice.get("/account/tokens").text


def test_bob_accepts_an_invitation_and_must_set_up_codes(client: FlaskClient, uow: UnitOfWork) -> None:
    link = f"/account/invitation/{invited(uow, 'curator')}"
    uow.commit()
    assert 'value="Bob"' in client.get(link).text

    done = client.post(link, data={"name": "Bob", "language": "sw", "password": PASSWORD})

    assert (done.status_code, done.location) == (303, "/staff")
    assert client.get("/staff").location.startswith("/account/second-factor/new")
    assert client.post(link, data={}).status_code == 410


def test_a_buyer_accepts_an_invitation_with_her_account(alice: FlaskClient, app: Flask, uow: UnitOfWork) -> None:
    link = f"/account/invitation/{invited(uow, 'auditor', email='alice@example.org')}"
    uow.commit()

    stranger = app.test_client().get(link).text
    assert "/account/sign-in?next=/account/invitation/" in stranger
    assert 'name="password"' not in stranger
    assert alice.post(link + "/accept").status_code == 303


def test_the_first_officer_is_invited_by_a_moderator_and_invites_the_next(app: Flask, uow: UnitOfWork) -> None:
    cooperative, _, _ = approved_cooperative(uow)
    moses = signed_in(app, uow, person(uow, "Moses", StaffRole.MODERATOR))
    place = f"/staff/cooperatives/{cooperative.reference}/people"
    form = {"name": "Asha", "email": "asha@example.org", "language": "sw", "role": "secretary"}

    assert moses.get(place).status_code == 200
    assert moses.post(place + "/invitations", data={**KEY, **form, "role": "queen"}).status_code == 422
    assert moses.post(place + "/invitations", data={**KEY, **form}).status_code == 303
    link = f"/account/invitation/{token_in(uow, letters(uow, 'invitation')[0])}"
    uow.rollback()
    asha = app.test_client()
    asha.post(link, data={"name": "Asha", "language": "en", "password": PASSWORD})

    place = place.replace("/staff/", "/sell/")
    assert "Asha" in asha.get(place).text
    invite = {**KEY, **form, "email": "neema@example.org", "role": "viewer"}
    assert asha.post(place + "/invitations", data=invite).status_code == 303
    assert "neema@example.org" in asha.get(place).text


def test_an_officer_of_another_cooperative_sees_none_of_it(app: Flask, uow: UnitOfWork) -> None:
    cooperative, _, _ = approved_cooperative(uow)
    other, _, _ = approved_cooperative(uow, "KE")
    neema = signed_in(app, uow, member(uow, "Neema", other.id))
    place = f"/sell/cooperatives/{cooperative.reference}/people"
    form = {**KEY, "name": "X", "email": "x@example.org", "language": "en", "role": "secretary"}

    assert neema.get(place).status_code == 404
    assert neema.post(place + "/invitations", data=form).status_code == 404


def test_an_administrator_gives_takes_and_closes(app: Flask, ada: FlaskClient, uow: UnitOfWork) -> None:
    bob = person(uow, "Bob")
    key, browser = bob.id, signed_in(app, uow, bob)
    place = f"/staff/people/{key}"

    assert ada.post(place + "/roles", data={"role": "finance"}).status_code == 303
    assert "Finance: prepares" in ada.get(place).text
    assert ada.post(place + "/roles", data={"role": "king"}).status_code == 404
    assert ada.post(place + "/roles/removal", data={"role": "finance"}).status_code == 303
    assert browser.get("/account").status_code == 303, "a demoted person is signed out"
    assert ada.post(place + "/disabling").status_code == 303
    assert user_by_id(uow.session, key).state == "disabled"


def test_a_moderator_sets_a_level_and_cannot_give_roles(app: Flask, uow: UnitOfWork) -> None:
    user, _ = registered(uow)
    moses = signed_in(app, uow, person(uow, "Moses", StaffRole.MODERATOR))
    place = f"/staff/people/{user.id}"

    assert moses.post(place + "/level", data={"level": "9"}).status_code == 422
    assert moses.post(place + "/level", data={"level": "2", "note": "Papers seen."}).status_code == 303
    assert moses.post(place + "/roles", data={"role": "finance"}).status_code == 403
    page = moses.get("/staff/people?only=buyers&q=meier").text
    assert "level 2" in page


def test_letters_are_seen_by_administrators_only(app: Flask, ada: FlaskClient, uow: UnitOfWork) -> None:
    invitations.invite_staff(uow, invitee=invitee())
    place = f"/staff/outbox/{letters(uow)[-1].id}"
    moses = signed_in(app, uow, person(uow, "Moses", StaffRole.MODERATOR))

    assert "bob@example.org" in ada.get("/staff/outbox").text
    assert "/account/invitation/" in ada.get(place).text
    assert (moses.get("/staff/outbox").status_code, moses.get(place).status_code) == (403, 403)
