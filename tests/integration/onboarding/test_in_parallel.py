"""One person can never be both of the two who let a cooperative in, however fast she is."""

from pathlib import Path
from threading import Event, Thread
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import User
from marketplace.core.clock import SetClock
from marketplace.core.errors import DomainError
from marketplace.http.context import make_uow
from marketplace.http.database import db
from marketplace.onboarding.models import CooperativeApplication
from marketplace.unit_of_work import UnitOfWork, running
from tests import databases
from tests.builders.onboarding import approved_by, moderator, ready_to_approve
from tests.conftest import TODAY
from tests.people import person

WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def prepared(app: Flask) -> tuple[UUID, UUID, UUID]:
    with app.app_context(), running(make_uow) as uow:
        row = ready_to_approve(uow, person(uow, "amina"))
        return row.id, moderator(uow, "mary").id, moderator(uow, "juma").id


def approve(uow: UnitOfWork, row_id: UUID, reviewer_id: UUID) -> None:
    row = uow.session.get_one(CooperativeApplication, row_id)
    approved_by(uow, uow.session.get_one(User, reviewer_id), row)


def wait_until_somebody_waits(uow: UnitOfWork) -> None:
    for _ in range(600):
        if uow.session.scalar(WAITING):
            return
        Event().wait(0.05)
    raise AssertionError("the second approval never waited for the first")


@pytest.mark.parametrize(("second_is", "outcome", "state"), [("mary", "same_person", "needs_second"),
                                                             ("juma", "approved", "approved")])  # fmt: skip
def test_two_approvals_at_the_same_moment(tmp_path: Path, second_is: str, outcome: str, state: str) -> None:
    with databases.copy(f"onboarding_{second_is}") as url:
        app = databases.application(url, data_dir=tmp_path, clock=SetClock(TODAY))
        row_id, mary, juma = prepared(app)
        outcomes: list[str] = []

        def second() -> None:
            with app.app_context():
                try:
                    with running(make_uow) as uow:
                        approve(uow, row_id, mary if second_is == "mary" else juma)
                    outcomes.append("approved")
                except DomainError as error:
                    outcomes.append(error.code)
                finally:
                    db.session.remove()

        other = Thread(target=second)
        with app.app_context():
            with running(make_uow) as uow:
                approve(uow, row_id, mary)
                uow.session.flush()
                other.start()
                wait_until_somebody_waits(uow)
            other.join(timeout=60)
            found = db.session.get_one(CooperativeApplication, row_id)
            assert (outcomes, found.state) == ([outcome], state)
            db.session.remove()
            db.engine.dispose()


def test_the_database_refuses_one_person_for_both(uow: UnitOfWork) -> None:
    row = ready_to_approve(uow, person(uow, "amina"))
    mary = moderator(uow, "mary")
    approved_by(uow, mary, row)
    row.state, row.second_by, row.second_at = "approved", mary.id, uow.now

    with pytest.raises(IntegrityError, match="two_people"), uow.session.begin_nested():
        uow.session.flush()


def test_the_database_refuses_who_filled_it_in(uow: UnitOfWork) -> None:
    amina = person(uow, "amina")
    row = ready_to_approve(uow, amina)
    row.state, row.first_by = "needs_second", amina.id

    with pytest.raises(IntegrityError, match="first_not_own"), uow.session.begin_nested():
        uow.session.flush()
