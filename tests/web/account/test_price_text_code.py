"""Tries of the code stay counted though the form is refused: only a database without an outer transaction shows it."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.core.clock import SetClock
from marketplace.http.context import make_uow
from marketplace.http.database import db
from marketplace.notifications.models import Message
from marketplace.notifications.queries import shown_message
from marketplace.pricing.models import PriceTextSubscription
from tests import databases
from tests.conftest import TODAY
from tests.people import person, signed_in

HERE = "/account/price-text"


@pytest.fixture
def alice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The browser of alice, who asked for a code, on a database of its own."""
    with databases.copy("price_text") as url:
        app = databases.application(url, data_dir=tmp_path_factory.mktemp("price_text"), clock=SetClock(TODAY))
        with app.app_context():
            uow = make_uow()
            client = signed_in(app, uow, person(uow, "Alice"))
            uow.session.close()
        asked = {"idempotency_key": "a-key-of-this-form", "phone": "+255712345678", "currency": "TZS"}
        assert client.post(HERE, data=asked).status_code == 303
        yield client
        with app.app_context():
            db.engine.dispose()


def code_in(app: Flask) -> str:
    """Return the six digits of the text message."""
    with app.app_context():
        uow = make_uow()
        message = uow.session.scalars(select(Message)).one()
        words = str(shown_message(uow.session, message.id, uow.settings).body)
        uow.session.close()
    return re.findall(r"\b[0-9]{6}\b", words)[0]


def kept(app: Flask) -> tuple[str, int]:
    """Return the state of the subscription and the tries counted."""
    with app.app_context():
        session = make_uow().session
        row = session.scalars(select(PriceTextSubscription)).one()
        found = row.state, row.code_tries
        session.close()
    return found


def test_a_wrong_code_counts_and_the_sixth_try_is_not_even_looked_at(alice: FlaskClient) -> None:
    app = alice.application
    code = code_in(app)
    wrong = f"{(int(code) + 1) % 10**6:06d}"

    for tries in range(1, 6):
        answer = alice.post(f"{HERE}/code", data={"code": wrong})
        assert (answer.status_code, "This code is not right." in answer.text) == (422, True)
        assert kept(app) == ("waiting", tries)
    late = alice.post(f"{HERE}/code", data={"code": code})

    assert (late.status_code, "This code does not work any more." in late.text) == (422, True)
    assert kept(app) == ("waiting", 5)


def test_the_fifth_try_may_be_the_right_one(alice: FlaskClient) -> None:
    for _ in range(4):
        alice.post(f"{HERE}/code", data={"code": ""})

    assert alice.post(f"{HERE}/code", data={"code": code_in(alice.application)}).status_code == 303
    assert kept(alice.application) == ("active", 5)
