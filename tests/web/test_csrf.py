"""The suite's application takes forms without their mark; this one does not."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.http.context import make_uow
from tests import databases
from tests.builders.accounts import PASSWORD, registered

ALICE = {"email": "alice@example.org", "password": PASSWORD}


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with databases.copy("csrf") as url:
        app = databases.application(url, data_dir=tmp_path_factory.mktemp("csrf"))
        app.config["WTF_CSRF_ENABLED"] = True
        with app.app_context():
            uow = make_uow()
            registered(uow)
            uow.commit()
            uow.session.close()
        yield app
        with app.app_context():
            from marketplace.http.database import db

            db.engine.dispose()


@pytest.fixture
def browser(strict: Flask) -> FlaskClient:
    return strict.test_client()


def _mark(browser: FlaskClient, path: str) -> str:
    return re.findall(r'name="csrf_token" value="([^"]+)"', browser.get(path).text)[0]


def _sign_in(browser: FlaskClient) -> None:
    mark = _mark(browser, "/account/sign-in")
    assert browser.post("/account/sign-in", data={**ALICE, "csrf_token": mark}).status_code == 303


def test_a_form_without_its_mark_is_refused_in_plain_words(browser: FlaskClient) -> None:
    answer = browser.post("/account/sign-in", data=ALICE)

    assert answer.status_code == 400
    assert "safety mark" in answer.text
    assert browser.get_cookie("session_id") is None


def test_a_refused_form_leaves_the_session_as_it_was(browser: FlaskClient) -> None:
    _sign_in(browser)
    before = browser.get_cookie("session_id")

    for path in ("/account/sign-out", "/account/profile", "/account/tokens", "/account/sign-out-everywhere"):
        assert browser.post(path, data={"name": "Mallory"}).status_code == 400

    after = browser.get_cookie("session_id")
    assert before is not None
    assert after is not None
    assert after.value == before.value
    page = browser.get("/account").text
    assert "Alice Meier" in page
    assert "Mallory" not in page


def test_the_mark_of_one_browser_is_none_in_another(strict: Flask, browser: FlaskClient) -> None:
    mallory = strict.test_client()
    stolen = _mark(mallory, "/account/sign-in")
    _sign_in(browser)

    answer = browser.post("/account/profile", data={"name": "M", "language": "en", "csrf_token": stolen})

    assert answer.status_code == 400


def test_the_mark_from_before_signing_in_is_dead_after_it(browser: FlaskClient) -> None:
    old = _mark(browser, "/account/sign-in")
    _sign_in(browser)

    assert browser.post("/account/sign-out", data={"csrf_token": old}).status_code == 400
    assert browser.post("/account/sign-out", data={"csrf_token": _mark(browser, "/account")}).status_code == 303
