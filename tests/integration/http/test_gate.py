"""The wrapper around every view: reading cannot write, refusing rolls back, roles are asked."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask, Response, g
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from marketplace.accounts.models import User
from marketplace.accounts.queries import Viewer
from marketplace.core.actor import MemberRole, StaffRole
from marketplace.core.errors import Forbidden
from marketplace.http import access
from marketplace.http.access import EmailNotConfirmed, Rule, SecondFactorNeeded, SignInNeeded, allow, check
from marketplace.http.context import current_uow
from marketplace.http.database import db
from marketplace.http.gate import _guarded
from tests.people import person

NOW = datetime(2026, 9, 29, 9, 0, tzinfo=UTC)


def viewer(**facts: object) -> Viewer:
    plain: dict[str, object] = {
        "user_id": uuid4(),
        "email": "alice@example.org",
        "name": "alice",
        "language": "en",
        "is_email_confirmed": True,
        "has_second_factor": False,
        "staff_roles": frozenset(),
        "memberships": {},
        "buyer_id": None,
        "buyer_level": 0,
        "session_digest": "x",
        "last_seen_at": NOW,
        "second_factor_at": None,
    }
    return Viewer(**{**plain, **facts})  # type: ignore[arg-type]


STAFF = {"staff_roles": frozenset({StaffRole.FINANCE}), "has_second_factor": True}
MEMBER = {"memberships": {uuid4(): MemberRole.VIEWER}}


@pytest.mark.parametrize(
    ("rule", "facts", "refusal"),
    [
        (access.SIGNED_IN, None, SignInNeeded),
        (access.SIGNED_IN, {"is_email_confirmed": False}, EmailNotConfirmed),
        (access.HALF_SIGNED_IN, {"is_email_confirmed": False}, None),
        (access.SIGNED_IN, {"has_second_factor": True}, SecondFactorNeeded),
        (access.SIGNED_IN, {"has_second_factor": True, "second_factor_at": NOW}, None),
        (access.BUYER, {}, Forbidden),
        (access.BUYER, {"buyer_id": uuid4()}, None),
        (access.MEMBER, MEMBER, None),
        (access.WRITER, MEMBER, Forbidden),
        (access.staff(), {}, Forbidden),
        (access.staff(), STAFF, SecondFactorNeeded),
        (access.staff(), {**STAFF, "second_factor_at": NOW}, None),
        (access.staff(StaffRole.MODERATOR), {**STAFF, "second_factor_at": NOW}, Forbidden),
        (access.staff(fresh=True), {**STAFF, "second_factor_at": NOW - timedelta(minutes=15)}, None),
        (access.staff(fresh=True), {**STAFF, "second_factor_at": NOW - timedelta(minutes=16)}, SecondFactorNeeded),
    ],
)
def test_each_rule_lets_in_whom_it_names(
    rule: Rule, facts: dict[str, object] | None, refusal: type[Exception] | None
) -> None:
    looking = None if facts is None else viewer(**facts)
    if refusal is None:
        check(rule, looking, now=NOW)
    else:
        with pytest.raises(refusal):
            check(rule, looking, now=NOW)


def call(app: Flask, view: Callable[[], object], *, method: str) -> Response:
    with app.test_request_context("/planted", method=method):
        g.pop("viewer", None)
        return _guarded(view, access.PUBLIC)()  # type: ignore[return-value]


@allow(access.PUBLIC)
def make_alice() -> str:
    person(current_uow(), "alice")
    return "made"


def test_a_reading_request_cannot_write(app: Flask) -> None:
    with pytest.raises(DBAPIError, match="read-only transaction"):
        call(app, make_alice, method="GET")


def test_a_changing_request_commits(app: Flask) -> None:
    call(app, make_alice, method="POST")
    with app.app_context():
        assert _names() == ["alice"]


def test_a_refused_request_leaves_nothing_behind(app: Flask) -> None:
    def refuse() -> tuple[str, int]:
        make_alice()
        return "no", 422

    call(app, refuse, method="POST")
    with app.app_context():
        assert _names() == []


def test_a_request_that_breaks_leaves_nothing_behind(app: Flask) -> None:
    def fail() -> str:
        make_alice()
        raise RuntimeError("planted")

    with pytest.raises(RuntimeError, match="planted"):
        call(app, fail, method="POST")
    with app.app_context():
        assert _names() == []


def _names() -> list[str]:
    return list(db.session.scalars(select(User.name)))
