"""A form that arrives twice does its work once."""

from collections.abc import Callable

import pytest
from flask import Flask, g, redirect, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from marketplace.accounts.models import User
from marketplace.core.errors import AlreadyDone, InvalidInput
from marketplace.http import access
from marketplace.http.context import current_uow
from marketplace.http.database import db
from marketplace.http.gate import _guarded
from marketplace.http.idempotency import once
from tests.people import person


@once
def register() -> Response:
    user = person(current_uow(), request.form["name"])
    return redirect(f"/people/{user.id}", code=303)


@pytest.fixture
def send(app: Flask) -> Callable[..., Response]:
    def post(**form: str) -> Response:
        with app.test_request_context("/people", method="POST", data=form):
            g.pop("viewer", None)
            return _guarded(register, access.PUBLIC)()

    return post


def test_the_same_form_twice_gets_the_same_answer_and_one_row(app: Flask, send: Callable[..., Response]) -> None:
    first = send(name="alice", idempotency_key="k" * 20)
    second = send(name="alice", idempotency_key="k" * 20)
    assert second.status_code == 303
    assert second.headers["Location"] == first.headers["Location"]
    with app.app_context():
        assert len(db.session.scalars(select(User)).all()) == 1


def test_another_form_under_the_same_key_is_refused(send: Callable[..., Response]) -> None:
    send(name="alice", idempotency_key="k" * 20)
    with pytest.raises(AlreadyDone):
        send(name="bob", idempotency_key="k" * 20)


def test_a_form_without_a_key_is_asked_to_be_opened_again(send: Callable[..., Response]) -> None:
    with pytest.raises(InvalidInput):
        send(name="alice")
