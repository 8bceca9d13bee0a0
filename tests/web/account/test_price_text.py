"""Somebody asks for the gold price by text message, types the code in, and ends it again."""

import dataclasses
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config.settings import Environment
from marketplace.core.clock import SetClock
from marketplace.http.context import make_uow
from marketplace.notifications.models import Message
from marketplace.notifications.queries import shown_message
from marketplace.pricing.models import PriceTextSubscription
from marketplace.unit_of_work import UnitOfWork
from tests.people import person, signed_in

HERE = "/account/price-text"
KEYS = iter(range(10**6))


@pytest.fixture
def alice(app: Flask, uow: UnitOfWork) -> FlaskClient:
    """The browser of alice, who reads French."""
    return signed_in(app, uow, person(uow, "Alice", language="fr"))


def send(client: FlaskClient, path: str = "", **typed: str) -> tuple[int, str]:
    """Post a form and return status and the page it leads to or shows."""
    answer = client.post(HERE + path, data={"idempotency_key": f"key-{next(KEYS):08d}", **typed})
    return answer.status_code, client.get(HERE).text if answer.status_code == 303 else answer.text


def ask(client: FlaskClient, phone: str = "+255 712 345 678", currency: str = "TZS") -> tuple[int, str]:
    """Ask for a code."""
    return send(client, phone=phone, currency=currency)


def texts(app: Flask) -> list[tuple[Message, str]]:
    """Return every text message with its words, oldest first."""
    with app.app_context():
        uow = make_uow()
        rows = uow.session.query(Message).where(Message.channel == "sms").order_by(Message.id).all()
        return [(row, str(shown_message(uow.session, row.id, uow.settings).body)) for row in rows]


def code_in(app: Flask) -> str:
    """Return the six digits of the newest text message."""
    return re.findall(r"\b[0-9]{6}\b", texts(app)[-1][1])[0]


def row_of(app: Flask) -> PriceTextSubscription:
    """Return the only subscription."""
    with app.app_context():
        return make_uow().session.query(PriceTextSubscription).one()


def test_a_code_typed_in_begins_the_texts(app: Flask, alice: FlaskClient) -> None:
    assert 'href="/account/price-text"' in alice.get("/account").text
    status, page = ask(alice)
    assert status == 303
    assert "We sent a code of six digits to +255712345678." in page
    (message, words), code = texts(app)[0], code_in(app)
    assert (message.address, message.language) == ("+255712345678", "fr")
    assert words.startswith(f"{code} est votre code")
    assert code not in str(message.params)
    assert code not in str(row_of(app).code_digest)

    status, page = send(alice, "/code", code=f"{code[:3]} {code[3:]}")

    assert status == 303
    assert "You get the gold price by text message each morning" in page
    assert row_of(app).state == "active"
    assert "+255712345678" in page


@pytest.mark.parametrize(("seconds", "status"), [(899, 303), (900, 422), (901, 422)])
def test_a_code_lives_fifteen_minutes(alice: FlaskClient, clock: SetClock, seconds: int, status: int) -> None:
    ask(alice)
    code = code_in(alice.application)
    clock.advance(timedelta(seconds=seconds))

    assert send(alice, "/code", code=code)[0] == status


def test_a_new_code_makes_the_old_one_dead(app: Flask, alice: FlaskClient) -> None:
    ask(alice)
    old = code_in(app)
    ask(alice, currency="KES")
    if code_in(app) == old:  # one time in a million both are the same
        return

    assert send(alice, "/code", code=old)[0] == 422
    assert send(alice, "/code", code=code_in(app))[0] == 303
    assert row_of(app).currency == "KES"


def test_a_used_code_confirms_nothing_again(app: Flask, alice: FlaskClient) -> None:
    assert send(alice, "/code", code="123456")[0] == 409
    ask(alice)
    code = code_in(app)
    send(alice, "/code", code=code)

    assert send(alice, "/code", code=code)[0] == 409


def test_it_can_be_ended_at_any_time(app: Flask, alice: FlaskClient) -> None:
    assert send(alice, "/end")[0] == 303
    ask(alice)
    send(alice, "/code", code=code_in(app))

    status, page = send(alice, "/end")

    assert (status, row_of(app).state) == (303, "ended")
    assert "You get no more text messages" in page
    assert "Ask for it" in page


@pytest.mark.parametrize(
    ("phone", "currency", "words"),
    [
        ("", "TZS", "Write the number with its country"),
        ("0712 345 678", "TZS", "Write the number with its country"),
        ("+255 712 345 678 9012345", "TZS", "Write the number with its country"),
        ("+255 712 345 678", "XXX", "Choose one from the list."),
        ("+255 712 345 678", "", "Choose one from the list."),
    ],
)
def test_a_number_or_currency_that_cannot_be_is_refused_and_kept(
    alice: FlaskClient, phone: str, currency: str, words: str
) -> None:
    status, page = ask(alice, phone, currency)

    assert (status, words in page) == (422, True)
    assert f'value="{phone}"' in page
    assert texts(alice.application) == []


def test_three_codes_an_hour_go_to_one_number_and_five_a_day_come_from_one_person(
    app: Flask, alice: FlaskClient, clock: SetClock, uow: UnitOfWork
) -> None:
    assert [ask(alice)[0] for _ in range(4)] == [303, 303, 303, 429]
    bob = signed_in(app, uow, person(uow, "Bob"))
    assert ask(bob)[0] == 429
    assert [ask(alice, f"+25571234567{place}")[0] for place in range(3)] == [303, 303, 429]
    clock.advance(timedelta(hours=1, seconds=1))
    assert ask(bob)[0] == 303
    assert ask(alice)[0] == 429
    clock.advance(timedelta(days=1))
    assert ask(alice)[0] == 303


def test_a_form_sent_twice_sends_one_code(app: Flask, alice: FlaskClient) -> None:
    form = {"idempotency_key": "the-same-key", "phone": "+255712345678", "currency": "TZS"}

    assert [alice.post(HERE, data=form).status_code for _ in range(2)] == [303, 303]
    assert len(texts(app)) == 1


@pytest.fixture
def no_gateway(app: Flask) -> Iterator[Flask]:
    """A marketplace in production that has no gateway."""
    kept = app.extensions["settings"]
    app.extensions["settings"] = dataclasses.replace(kept, environment=Environment.PRODUCTION, sms_url=None)
    yield app
    app.extensions["settings"] = kept


def test_where_there_is_no_gateway_the_page_says_so_and_has_no_dead_button(
    no_gateway: Flask, alice: FlaskClient
) -> None:
    page = alice.get(HERE).text

    assert "Text messages are not offered here." in page
    assert "Send me a code" not in page
    assert "/account/price-text" not in alice.get("/prices/today").text
    assert ask(alice)[0] == 503
    assert send(alice, "/code", code="123456")[0] == 503


def test_a_visitor_signs_in_first(client: FlaskClient) -> None:
    assert client.get(HERE).headers["Location"].startswith("/account/sign-in")
