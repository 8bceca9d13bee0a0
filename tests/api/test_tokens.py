"""Whom a request acts for: the token's owner, as far as its scopes go, and nobody without a token."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.accounts.models import ApiToken
from marketplace.accounts.services import tokens
from marketplace.api.tokens import current_bearer
from marketplace.audit.models import AuditEvent
from marketplace.core.actor import StaffRole
from marketplace.core.clock import SetClock
from marketplace.http.context import make_uow
from marketplace.http.database import db
from marketplace.unit_of_work import UnitOfWork, running
from tests import databases
from tests.api.conftest import Program
from tests.conftest import TODAY
from tests.people import actor, buyer, person, signed_in

MakeProgram = Callable[..., Program]


def challenge(program: Program, **headers: str) -> str:
    answer = program.get("/me", headers=headers)
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    return str(answer.headers["WWW-Authenticate"])


def test_a_token_acts_for_its_owner(uow: UnitOfWork, program: MakeProgram) -> None:
    bob, _row = buyer(uow, "bob", level=2)
    found = program(bob, "read").get("/me").get_json()

    assert (found["name"], found["scopes"], found["buyer_level"]) == ("bob", ["read"], 2)
    assert found["cooperatives"] == []
    assert "email" not in found


def test_without_a_token_the_door_says_what_it_wants(anybody: Program) -> None:
    assert challenge(anybody) == 'Bearer realm="marketplace"'


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "bearer x y", f"Bearer {'a' * 5000}", "Bearer \xff"])
def test_a_token_that_is_none_is_told_so(anybody: Program, header: str) -> None:
    assert challenge(anybody, Authorization=header) == 'Bearer realm="marketplace", error="invalid_token"'


def test_another_scheme_is_no_token(anybody: Program) -> None:
    assert challenge(anybody, Authorization="Basic YTpi") == 'Bearer realm="marketplace"'


def test_a_revoked_token_is_dead(uow: UnitOfWork, program: MakeProgram) -> None:
    alice = person(uow, "alice")
    hers = program(alice)
    assert hers.get("/me").status_code == 200
    row = uow.session.scalars(select(ApiToken)).one()
    tokens.revoke(uow.acting_as(actor(uow.session, alice)), token_id=row.id)
    uow.commit()

    assert "invalid_token" in challenge(hers)


def test_a_token_dies_after_90_days(uow: UnitOfWork, program: MakeProgram, clock: SetClock) -> None:
    hers = program(person(uow, "alice"))
    clock.advance(timedelta(days=90) - timedelta(seconds=1))
    assert hers.get("/me").status_code == 200
    clock.advance(timedelta(seconds=1))
    assert "invalid_token" in challenge(hers)


def test_the_token_of_a_disabled_person_is_dead(uow: UnitOfWork, program: MakeProgram) -> None:
    alice = person(uow, "alice")
    hers = program(alice)
    alice.state = "disabled"
    uow.record("user.disable", alice)
    uow.commit()

    assert "invalid_token" in challenge(hers)


def test_a_cookie_gives_no_right(app: Flask, uow: UnitOfWork) -> None:
    browser = signed_in(app, uow, person(uow, "alice"))
    with app.app_context():
        answer = browser.get("/api/v1/me")

    assert answer.status_code == 401


def test_reading_does_not_allow_writing(uow: UnitOfWork, program: MakeProgram) -> None:
    answer = program(person(uow, "alice"), "read").make("/drafts", {})

    assert answer.status_code == 403
    assert answer.get_json()["code"] == "insufficient_scope"
    assert answer.headers["WWW-Authenticate"].endswith('error="insufficient_scope", scope="write"')


def test_writing_does_not_allow_reading(uow: UnitOfWork, program: MakeProgram) -> None:
    assert program(person(uow, "alice"), "write").get("/me").status_code == 403


def test_a_token_of_staff_carries_no_duty(app: Flask, uow: UnitOfWork, program: MakeProgram) -> None:
    mary = program(person(uow, "mary", *StaffRole))
    assert mary.get("/drafts").get_json() == {"drafts": [], "next_cursor": None}
    assert mary.get("/orders").get_json() == {"orders": [], "next_cursor": None}

    with app.test_request_context("/api/v1/me", headers={"Authorization": f"Bearer {mary.token}"}):
        app.preprocess_request()
        assert (current_bearer().actor.name, current_bearer().actor.staff_roles) == ("mary", frozenset())


def test_the_first_use_of_a_day_is_noted_once(files_dir: Path) -> None:
    # On a database of its own: the note is a transaction beside the request's.
    clock = SetClock(TODAY)
    with databases.copy("token_use") as url:
        app = databases.application(url, data_dir=files_dir, clock=clock)
        with app.app_context(), running(make_uow) as uow:
            mine = uow.acting_as(actor(uow.session, person(uow, "alice")))
            hers = Program(app, tokens.create(mine, label="stock keeping", scopes=["read"]).secret)
        for days in (0, 0, 1, 0):
            clock.advance(timedelta(days=days))
            assert hers.get("/me").status_code == 200
        with app.app_context():
            uses = db.session.scalars(select(AuditEvent.at).where(AuditEvent.action == "api_token.use")).all()
            assert uses == [TODAY, TODAY + timedelta(days=1)]
            db.session.remove()
            db.engine.dispose()


def test_what_a_token_opened_is_kept_by_nobody(uow: UnitOfWork, program: MakeProgram, anybody: Program) -> None:
    assert program(person(uow, "alice")).get("/me").headers["Cache-Control"] == "no-store"
    assert anybody.get("/rates").headers["Cache-Control"] == "no-cache"
