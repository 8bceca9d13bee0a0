"""Callers of the API: programs with a token, each in the name of one person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from marketplace.accounts.models import User
from marketplace.accounts.services import tokens
from marketplace.core.ids import new_id
from marketplace.http.limits import limiter
from marketplace.unit_of_work import UnitOfWork
from tests.people import actor


@dataclass
class Program:
    """A program that calls with somebody's token, or with none."""

    app: Flask
    token: str | None = None

    def send(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = dict(options.pop("headers", {}))
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        return self.app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.send("GET", path, **options)

    def make(self, path: str, body: object, **headers: str) -> TestResponse:
        """POST with an Idempotency-Key of its own."""
        return self.send("POST", path, json=body, headers={"Idempotency-Key": str(new_id()), **headers})


@pytest.fixture
def anybody(app: Flask) -> Program:
    """A program without a token."""
    return Program(app)


@pytest.fixture
def program(app: Flask, uow: UnitOfWork) -> Callable[..., Program]:
    """Make a program of a person; commits what the test prepared."""

    def of(user: User, *scopes: str) -> Program:
        mine = uow.acting_as(actor(uow.session, user))
        secret = tokens.create(mine, label="stock keeping", scopes=scopes or ("read", "write")).secret
        uow.commit()
        return Program(app, secret)

    return of


@pytest.fixture(autouse=True)
def _fresh_limits(app: Flask) -> None:
    """Let no test use up the calls of the next one."""
    with app.app_context():
        limiter.reset()
