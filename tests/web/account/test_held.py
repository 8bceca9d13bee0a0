"""A person sees what is held about her and takes it along, after her password or a fresh code, and nobody else's."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.accounts.models import User
from marketplace.accounts.services import change_password, profile
from marketplace.audit import queries
from marketplace.core.actor import StaffRole
from marketplace.core.clock import SetClock
from marketplace.core.db import Base
from marketplace.privacy.register import HOLDINGS
from marketplace.unit_of_work import UnitOfWork
from tests.builders.accounts import PASSWORD, registered
from tests.builders.orders import delivered_order
from tests.people import actor, person, signed_in

PAGE = {"form": "page", "password": PASSWORD}
FILES = {"form": "files", "password": PASSWORD}


@pytest.fixture
def alice(uow: UnitOfWork) -> User:
    return registered(uow)[0]


def archive(answer: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(answer))


def test_the_account_leads_to_the_page_that_says_what_is_held(app: Flask, uow: UnitOfWork, alice: User) -> None:
    browser = signed_in(app, uow, alice)

    assert 'href="/account/data"' in browser.get("/account").text
    page = browser.get("/account/data").text
    assert "Browsers that signed in" in page
    assert "What is left out" in page


def test_the_password_opens_all_of_it_as_a_page(app: Flask, uow: UnitOfWork, alice: User) -> None:
    browser = signed_in(app, uow, alice)

    page = browser.post("/account/data", data=PAGE)

    assert page.status_code == 200
    for text in ("Meier Schmuck", "alice@example.org", "127.0.0.1", "user.register"):
        assert text in page.text
    assert str(alice.password_hash) not in page.text


@pytest.mark.parametrize("password", ["", "wrong horse battery", "a\x00b", "x" * 5000])
def test_without_the_password_nothing_is_shown(app: Flask, uow: UnitOfWork, alice: User, password: str) -> None:
    answer = signed_in(app, uow, alice).post("/account/data", data={"form": "files", "password": password})

    assert answer.status_code == 422
    assert "This is not your present password." in answer.text


def test_the_files_hold_every_section_twice_and_an_explanation(app: Flask, uow: UnitOfWork, alice: User) -> None:
    answer = signed_in(app, uow, alice).post("/account/data", data=FILES)

    assert answer.headers["Content-Disposition"] == "attachment; filename=my-data-2026-09-29.zip"
    files = archive(answer.data)
    assert "what the marketplace holds about you" in files.read("README.txt").decode()
    assert json.loads(files.read("json/user_account.json"))[0]["email"] == "alice@example.org"
    assert files.read("csv/buyer.csv").decode().splitlines()[1].count("Meier Schmuck") == 1
    log = json.loads(files.read("json/audit_log.json"))
    assert {"user.register", "privacy.export"} <= {entry["action"] for entry in log}


def test_taking_it_is_an_entry_of_the_log(app: Flask, uow: UnitOfWork, alice: User) -> None:
    signed_in(app, uow, alice).post("/account/data", data=FILES)

    entry = queries.history(uow.session, kind="user", key=str(alice.id))[0]
    assert (entry.action, entry.actor_name, entry.details) == ("privacy.export", "Alice Meier", {"form": "files"})


def test_a_person_with_a_second_factor_gives_a_fresh_code_instead(app: Flask, uow: UnitOfWork, clock: SetClock) -> None:
    browser = signed_in(app, uow, person(uow, "ada", StaffRole.AUDITOR))
    assert browser.post("/account/data", data={"form": "files"}).status_code == 200

    clock.advance(timedelta(minutes=16))
    answer = browser.post("/account/data", data={"form": "files", "password": PASSWORD})

    assert answer.status_code == 303
    assert "/account/second-factor" in answer.headers["Location"]


def test_visitors_see_nothing(client: FlaskClient) -> None:
    assert client.get("/account/data").status_code == 303
    assert client.post("/account/data", data=FILES).status_code == 303


def test_a_buyer_finds_what_her_company_was_called_before(app: Flask, uow: UnitOfWork, alice: User) -> None:
    own = uow.acting_as(actor(uow.session, alice))
    profile.change_company(own, company="Alice Meier Gems", country="DE")

    files = archive(signed_in(app, uow, alice).post("/account/data", data=FILES).data)

    log = json.loads(files.read("json/audit_log.json"))
    (entry,) = [entry for entry in log if entry["action"] == "buyer.change_company"]
    assert entry["about_you"] is True
    assert (entry["told"]["before"], entry["told"]["after"]) == ("Meier Schmuck", "Alice Meier Gems")
    assert len({entry["event_id"] for entry in log}) == len(log)


def test_a_buyer_finds_her_order_and_nobody_else_in_it(app: Flask, uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    bob = uow.session.get_one(User, sale.order.buyer_user_id)
    other = person(uow, "Walburga Other")
    uow.acting_as(actor(uow.session, other)).record("user.look", bob, seen="a fact about bob")
    uow.acting_as(actor(uow.session, bob)).record("user.look", other, seen="a fact about Walburga")
    bob.password_hash = None
    change_password._set(uow, bob, PASSWORD)
    uow.record("user.change_password", bob)
    everybody = [row for row in uow.session.query(User).all() if row.id != bob.id]
    names = [(row.name, row.email, str(row.id)) for row in everybody]

    files = archive(signed_in(app, uow, bob).post("/account/data", data=FILES).data)

    whole = "".join(files.read(name).decode() for name in files.namelist())
    assert sale.order.reference in files.read("json/orders.json").decode()
    assert "a fact about bob" in whole
    assert "a fact about Walburga" not in whole
    for name, email, key in names:
        assert key not in whole
        assert email not in whole
        assert name != "Walburga Other" or name not in whole


def test_every_section_finds_only_rows_of_one_person(uow: UnitOfWork) -> None:
    """A stranger without anything gets nothing of a world with a whole sale in it."""
    from marketplace.privacy.collecting import collect
    from marketplace.privacy.holdings import Owner

    delivered_order(uow)
    stranger = person(uow, "stranger")
    uow.commit()
    sections = collect(uow.session, Owner(stranger.id, stranger.email, None))

    assert {section.name: len(section.rows) for section in sections} == {"user_account": 1, "audit_log": 1}
    assert len(HOLDINGS) > 20
    assert Base.metadata.tables


def test_a_long_section_is_cut_and_says_so(uow: UnitOfWork) -> None:
    from marketplace.privacy.collecting import collect
    from marketplace.privacy.holdings import Owner

    alice = registered(uow)[0]
    for _ in range(3):
        uow.record("user.look", alice)
    uow.commit()

    log = collect(uow.session, Owner(alice.id, alice.email, None), most=2)[-1]

    assert (len(log.rows), log.left_off) == (2, 1)
