"""Retry-After stands on refusals only."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.http.limits import caller, limiter
from marketplace.http.login import cookie_name
from marketplace.unit_of_work import UnitOfWork
from tests.people import person, session_token


@pytest.fixture
def limited(app: Flask, client: FlaskClient) -> FlaskClient:
    """A browser whose calls nobody counted yet."""
    with app.app_context():
        limiter.reset()
    return client


def test_an_answer_asks_nobody_to_come_back_later(limited: FlaskClient) -> None:
    page = limited.get("/help")

    assert (page.status_code, page.headers.get("Retry-After")) == (200, None)
    assert "X-RateLimit-Remaining" in page.headers


def test_who_asks_too_often_is_told_when_to_come_back(limited: FlaskClient) -> None:
    question = {"kind": "gold", "form": "dore", "origin_country": "TZ", "weight_mg": 1000}
    answers = [limited.post("/api/v1/guidance", json=question) for _ in range(121)]

    assert {answer.headers.get("Retry-After") for answer in answers[:120]} == {None}
    assert answers[120].status_code == 429
    assert 0 < int(answers[120].headers["Retry-After"]) <= 61


def test_people_behind_one_address_are_counted_apart(app: Flask, uow: UnitOfWork) -> None:
    amina = person(uow, "amina")
    token = session_token(uow, amina)
    uow.commit()

    with app.test_request_context("/help", headers={"Cookie": f"{cookie_name()}={token}"}):
        assert caller() == f"user:{amina.id}"


def test_visitors_are_counted_by_their_address(app: Flask) -> None:
    with app.test_request_context("/help", environ_base={"REMOTE_ADDR": "203.0.113.7"}):
        assert caller() == "address:203.0.113.7"
