"""An administrator erases on request what the log tells about a person."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.accounts.models import User
from marketplace.core.actor import StaffRole
from marketplace.http.context import make_uow
from marketplace.unit_of_work import running
from tests.people import person, signed_in

FORM = {"idempotency_key": "form-number-1", "reason": "She asked for it by letter."}


@pytest.fixture
def root(app: Flask) -> FlaskClient:
    """The browser of an administrator."""
    with app.app_context(), running(make_uow) as uow:
        return signed_in(app, uow, person(uow, "root", StaffRole.ADMINISTRATOR))


def address_of(app: Flask, name: str, *roles: StaffRole) -> str:
    with app.app_context(), running(make_uow) as uow:
        user: User = person(uow, name, *roles)
        uow.record("user.look", user, seen=f"{name} of Arusha")
        return f"/staff/people/{user.id}"


def test_the_log_forgets_a_person_for_a_reason(app: Flask, root: FlaskClient) -> None:
    alice = address_of(app, "alice")
    assert f"{alice}/erasure" in root.get(alice).text
    assert "alice of Arusha" in root.get("/staff/audit").text

    answer = root.post(f"{alice}/erasure", data=FORM, follow_redirects=True)

    assert "The log has forgotten this person." in answer.text
    page = root.get("/staff/audit").text
    assert "privacy.erase" in page
    assert "alice of Arusha" not in page


def test_without_a_reason_nothing_is_erased(app: Flask, root: FlaskClient) -> None:
    alice = address_of(app, "alice")

    assert root.post(f"{alice}/erasure", data={**FORM, "reason": ""}).status_code == 422
    assert "alice of Arusha" in root.get("/staff/audit").text


def test_staff_keep_answering_for_what_they_did(app: Flask, root: FlaskClient) -> None:
    vera = address_of(app, "vera", StaffRole.AUDITOR)

    assert f"{vera}/erasure" not in root.get(vera).text
    assert root.post(f"{vera}/erasure", data=FORM).status_code == 409


def test_moderators_erase_nothing(app: Flask) -> None:
    alice = address_of(app, "alice")
    with app.app_context(), running(make_uow) as uow:
        mod = signed_in(app, uow, person(uow, "mod", StaffRole.MODERATOR))

    assert mod.post(f"{alice}/erasure", data=FORM).status_code == 403
