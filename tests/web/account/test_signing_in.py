import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.accounts import one_time_codes
from marketplace.accounts.models import MailedLink, SignInSession
from marketplace.core.actor import StaffRole
from marketplace.core.clock import SetClock
from marketplace.unit_of_work import UnitOfWork
from tests.builders.accounts import (
    OTHER_PASSWORD,
    PASSWORD,
    letters,
    registered,
    registration_form,
    token_in,
    with_second_factor,
)
from tests.people import person, signed_in

ALICE = {"email": "alice@example.org", "password": PASSWORD}


def test_a_buyer_registers_confirms_and_signs_in(client: FlaskClient, uow: UnitOfWork) -> None:
    answer = client.post("/account/register", data=registration_form())
    assert (answer.status_code, answer.location) == (303, "/account/check-mail")

    link = f"/account/confirm/{token_in(uow, letters(uow)[0])}"
    uow.rollback()
    for _ in range(3):
        assert "Confirm the address" in client.get(link).text, "opening the link changes nothing"
    assert client.post(link).status_code == 303
    assert client.post(link).status_code == 410

    answer = client.post("/account/sign-in", data=ALICE)
    assert (answer.status_code, answer.location) == (303, "/lots")
    assert "Meier Schmuck" in client.get("/account").text


def test_a_known_and_an_unknown_address_look_the_same(client: FlaskClient, uow: UnitOfWork) -> None:
    registered(uow)
    uow.commit()

    known = client.post("/account/register", data=registration_form())
    unknown = client.post("/account/register", data=registration_form(email="new@example.org"))
    assert (known.status_code, known.location, known.text) == (unknown.status_code, unknown.location, unknown.text)

    wrong = client.post("/account/sign-in", data={**ALICE, "password": OTHER_PASSWORD})
    nobody = client.post("/account/sign-in", data={"email": "nobody@example.org", "password": OTHER_PASSWORD})
    assert wrong.status_code == nobody.status_code == 422
    assert "is not right" in wrong.text
    assert _masked(wrong.text, "alice@") == _masked(nobody.text, "nobody@")

    resets = [client.post("/account/reset", data={"email": f"{who}@example.org"}) for who in ("alice", "nobody")]
    assert len({(answer.status_code, answer.location, answer.text) for answer in resets}) == 1


def _masked(page: str, name: str) -> str:
    page = re.sub(r'name="idempotency_key" value="[^"]+"|name="csrf_token" value="[^"]+"', "", page)
    return page.replace(name, "").replace("example.org", "")


def test_a_cookie_copied_before_sign_out_is_dead_after_it(app: Flask, client: FlaskClient, uow: UnitOfWork) -> None:
    registered(uow)
    uow.commit()
    client.post("/account/sign-in", data=ALICE)
    copied = client.get_cookie("session_id")
    assert copied is not None
    thief = app.test_client()
    thief.set_cookie("session_id", copied.value)
    assert thief.get("/account").status_code == 200

    client.post("/account/sign-out")

    assert thief.get("/account").location.startswith("/account/sign-in")
    assert client.get_cookie("session_id") is None


def test_signing_in_again_makes_a_new_session_and_ends_the_old(app: Flask, uow: UnitOfWork) -> None:
    user, _ = registered(uow)
    client = signed_in(app, uow, user)
    before = client.get_cookie("session_id")

    client.post("/account/sign-in", data=ALICE)

    after = client.get_cookie("session_id")
    assert before is not None
    assert after is not None
    assert after.value != before.value
    old = app.test_client()
    old.set_cookie("session_id", before.value)
    assert old.get("/account").status_code == 303


def test_signing_out_everywhere_ends_every_browser(app: Flask, uow: UnitOfWork) -> None:
    user, _ = registered(uow)
    phone, desk = signed_in(app, uow, user), signed_in(app, uow, user)

    assert phone.get("/account/sessions").text.count("Sign this browser out") == 1
    phone.post("/account/sign-out-everywhere")

    assert desk.get("/account").status_code == 303


def test_one_browser_is_signed_out_from_another_but_not_a_strangers(app: Flask, uow: UnitOfWork) -> None:
    user, _ = registered(uow)
    bob = person(uow, "Bob")
    phone, desk, bobs = signed_in(app, uow, user), signed_in(app, uow, user), signed_in(app, uow, bob)
    page = phone.get("/account/sessions").text
    shown = re.findall(r'name="session" value="([0-9a-f]{16})"', page)[0]

    assert bobs.post("/account/sessions/end", data={"session": shown}).status_code == 404
    assert phone.post("/account/sessions/end", data={"session": shown}).status_code == 303
    assert desk.get("/account").status_code == 303
    for wrong in ("", "%", "_" * 16, "zz"):
        assert phone.post("/account/sessions/end", data={"session": wrong}).status_code == 404


def test_guessing_is_slowed_down_even_with_the_right_password(client: FlaskClient, uow: UnitOfWork) -> None:
    registered(uow)
    uow.commit()
    for _ in range(10):
        assert client.post("/account/sign-in", data={**ALICE, "password": "wrong"}).status_code == 422

    answer = client.post("/account/sign-in", data=ALICE)

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "evil.example",
        " //evil.example",
    ],
)
def test_no_address_leads_away_after_signing_in(client: FlaskClient, uow: UnitOfWork, address: str) -> None:
    registered(uow)
    uow.commit()

    assert client.post("/account/sign-in", data={**ALICE, "next": address}).location == "/lots"
    assert client.get("/language", query_string={"lang": "fr", "next": address}).location == "/"


def test_signing_in_leads_back_to_where_a_person_wanted_to_go(client: FlaskClient, uow: UnitOfWork) -> None:
    registered(uow)
    uow.commit()
    away = client.get("/account/tokens?x=1&y=2")
    assert away.location == "/account/sign-in?next=/account/tokens%3Fx%3D1%26y%3D2"
    assert 'value="/account/tokens?x=1&amp;y=2"' in client.get(away.location).text

    assert client.post("/account/sign-in", data={**ALICE, "next": "/account/tokens"}).location == "/account/tokens"


def test_an_unconfirmed_person_is_led_to_her_mail(client: FlaskClient, uow: UnitOfWork) -> None:
    registered(uow, confirmed=False)
    uow.commit()
    client.post("/account/sign-in", data=ALICE)

    assert client.get("/account").location == "/account/confirm"
    assert "alice@example.org" in client.get("/account/confirm").text
    assert client.post("/account/confirm").status_code == 303
    assert [letter.template for letter in letters(uow)] == ["confirm_email"]
    assert client.get("/account/second-factor/new").location == "/account/confirm"


def test_a_new_password_by_link(client: FlaskClient, uow: UnitOfWork, clock: SetClock) -> None:
    registered(uow)
    uow.commit()
    client.post("/account/reset", data={"email": "alice@example.org"})
    link = f"/account/reset/{token_in(uow, letters(uow, 'reset_password')[0])}"
    uow.rollback()

    assert "alice@example.org" in client.get(link).text
    refused = client.post(link, data={"password": "password1234"})
    assert refused.status_code == 422
    assert "easy to guess" in refused.text
    assert client.post(link, data={"password": OTHER_PASSWORD}).location == "/account/sign-in"
    assert client.post(link, data={"password": PASSWORD}).status_code == 410
    assert client.post("/account/sign-in", data={**ALICE, "password": OTHER_PASSWORD}).status_code == 303

    client.post("/account/reset", data={"email": "alice@example.org"})
    late = f"/account/reset/{token_in(uow, letters(uow, 'reset_password')[-1])}"
    uow.rollback()
    clock.advance(timedelta(hours=1))
    page = client.get(late)
    assert page.status_code == 410
    assert 'href="/account/reset"' in page.text, "an old link offers a new one"


def test_opening_links_writes_nothing(client: FlaskClient, uow: UnitOfWork) -> None:
    client.post("/account/register", data=registration_form())
    client.get(f"/account/confirm/{token_in(uow, letters(uow)[0])}")
    client.get("/language?lang=sw&next=/account/sign-in")

    assert uow.session.scalars(select(MailedLink.used_at)).all() == [None]


def test_staff_set_up_a_second_factor_before_any_staff_page(client: FlaskClient, uow: UnitOfWork) -> None:
    user = person(uow, "Ada", StaffRole.ADMINISTRATOR)
    user.totp_confirmed_at = None
    from marketplace.accounts import passwords

    user.password_hash = passwords.hash_password(PASSWORD)
    uow.record("user.change_password", user)
    uow.commit()
    assert client.post("/account/sign-in", data={"email": user.email, "password": PASSWORD}).location == "/staff"
    assert client.get("/staff/people").location == "/account/second-factor/new?next=/staff/people"

    page = client.get("/account/second-factor/new").text
    secret = re.findall(r'<code class="num">([A-Z2-7 ]+)</code>', page)[0].replace(" ", "")
    offer = re.findall(r'name="offer" value="([0-9a-f]+)"', page)[0]
    assert "<svg" in page
    code = one_time_codes.current_code(secret, at=uow.clock.wall())
    wrong = client.post("/account/second-factor/new", data={"offer": offer, "code": f"{(int(code) + 1) % 10**6:06}"})
    assert wrong.status_code == 422
    assert offer in wrong.text, "the same picture is shown again"
    done = client.post("/account/second-factor/new", data={"offer": offer, "code": code})

    assert done.location == "/account/second-factor/recovery-codes"
    shown = client.get(done.location).text
    assert len(re.findall(r"<code>[0-9A-Z]{5}-[0-9A-Z]{5}</code>", shown)) == 10
    again = client.get(done.location).text
    assert "<code>" not in again
    assert "You have 10 unused recovery codes" in again
    assert client.get("/staff/people").status_code == 200


def test_the_password_alone_does_not_replace_a_second_factor(client: FlaskClient, uow: UnitOfWork) -> None:
    user, _ = registered(uow)
    secret = with_second_factor(uow, user)
    uow.commit()
    client.post("/account/sign-in", data=ALICE)

    assert client.get("/account").location == "/account/second-factor?next=/account"
    assert client.get("/account/second-factor/new").status_code == 303
    assert client.post("/account/second-factor/new", data={"offer": "00", "code": "000000"}).status_code == 303
    assert client.post("/account/second-factor/remove").status_code == 303
    assert client.post("/account/second-factor/recovery-codes").status_code == 303

    code = one_time_codes.current_code(secret, at=uow.clock.wall())
    passed = client.post("/account/second-factor", data={"code": code, "next": "/account/tokens"})
    assert passed.location == "/account/tokens"
    assert client.post("/account/second-factor", data={"code": code}).status_code == 422, "a code works once"
    assert client.get("/account/second-factor/new").status_code == 200


def test_the_cookie_is_out_of_reach_of_scripts(client: FlaskClient, uow: UnitOfWork) -> None:
    registered(uow)
    uow.commit()
    header = next(
        value
        for value in client.post("/account/sign-in", data=ALICE).headers.getlist("Set-Cookie")
        if value.startswith("session_id=")
    )

    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(header.split("; "))
    assert uow.session.scalar(select(SignInSession.digest)) not in header
