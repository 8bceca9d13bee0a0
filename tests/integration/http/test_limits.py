"""Retry-After stands on refusals only."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.http.limits import limiter


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
