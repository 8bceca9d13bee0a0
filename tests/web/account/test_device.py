"""A browser keeps one random number over every sign-in; the session keeps its digest, and nothing else reads it."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.accounts.models import SignInSession, User
from marketplace.audit.models import AuditDisclosure
from marketplace.core.crypto import digest
from marketplace.http.device import device_cookie_name
from marketplace.unit_of_work import UnitOfWork
from tests.builders.accounts import PASSWORD, registered, registration_form
from tests.people import person

ALICE = {"email": "alice@example.org", "password": PASSWORD}


@pytest.fixture
def alice(uow: UnitOfWork) -> User:
    user, _ = registered(uow)
    uow.commit()
    return user


def kept(client: FlaskClient) -> str:
    cookie = client.get_cookie("device_id")
    assert cookie is not None
    return cookie.value


def devices(uow: UnitOfWork) -> list[str | None]:
    uow.rollback()
    return list(uow.session.scalars(select(SignInSession.device).order_by(SignInSession.created_at)))


def test_two_people_at_one_browser_have_one_device(uow: UnitOfWork, client: FlaskClient, alice: User) -> None:
    carol = person(uow, "carol")
    carol.password_hash = alice.password_hash
    uow.commit()

    client.post("/account/sign-in", data=ALICE)
    number = kept(client)
    client.post("/account/sign-out")
    assert kept(client) == number, "it stays when she signs out: that is what it is for"
    client.post("/account/sign-in", data={**ALICE, "email": "carol@example.org"})

    assert kept(client) == number
    assert devices(uow) == [digest(number)] * 2


def test_two_browsers_have_two_devices(app: Flask, uow: UnitOfWork, alice: User) -> None:
    one, other = app.test_client(), app.test_client()
    for browser in (one, other):
        browser.post("/account/sign-in", data=ALICE)

    assert kept(one) != kept(other)
    assert set(devices(uow)) == {digest(kept(one)), digest(kept(other))}


def test_it_is_given_at_registration_whoever_is_known_already(app: Flask, alice: User) -> None:
    for email in ("alice@example.org", "new@example.org"):
        browser = app.test_client()
        browser.post("/account/register", data=registration_form(email=email))
        assert len(kept(browser)) == 43


def test_it_is_not_given_for_looking_around_nor_for_a_wrong_password(client: FlaskClient, alice: User) -> None:
    for page in ("/", "/lots", "/help", "/account/sign-in"):
        client.get(page)
    assert client.post("/account/sign-in", data={**ALICE, "password": "wrong"}).status_code == 422
    assert client.get_cookie("device_id") is None


@pytest.mark.parametrize("forged", ["", "x", "a" * 42, "a" * 44, "a" * 42 + "!", "a" * 3000])
def test_a_forged_number_is_replaced(uow: UnitOfWork, client: FlaskClient, alice: User, forged: str) -> None:
    client.set_cookie("device_id", forged)
    client.post("/account/sign-in", data=ALICE)
    assert kept(client) != forged
    assert devices(uow) == [digest(kept(client))]


def test_the_cookie_is_out_of_reach_of_scripts_and_lasts_two_years(client: FlaskClient, alice: User) -> None:
    answer = client.post("/account/sign-in", data=ALICE)
    header = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("device_id="))
    two_years = timedelta(days=730)
    assert {"HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={two_years // timedelta(seconds=1)}"} <= set(
        header.split("; ")
    )
    assert "Secure" not in header, "plain http: the demonstration on one machine"


def test_over_https_it_is_bound_to_the_host(app: Flask) -> None:
    class Https:
        base_url = "https://market.example.org"

    class Http:
        base_url = "http://localhost:8000"

    assert device_cookie_name(Https()) == "__Host-device"  # type: ignore[arg-type]
    assert device_cookie_name(Http()) == "device_id"  # type: ignore[arg-type]


def test_the_number_is_in_no_audit_entry(uow: UnitOfWork, client: FlaskClient, alice: User) -> None:
    client.post("/account/sign-in", data=ALICE)
    uow.rollback()
    names = set(uow.session.scalars(select(AuditDisclosure.name)))
    assert "address" in names
    assert "device" not in names


def test_the_help_page_says_what_is_kept(client: FlaskClient) -> None:
    page = client.get("/help").text
    assert "A number for this device, for two years." in page
    assert "the same device, their sales never count" in page
