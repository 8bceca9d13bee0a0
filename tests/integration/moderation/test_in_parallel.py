from pathlib import Path
from threading import Event, Thread
from uuid import UUID

from flask import Flask
from sqlalchemy import select, text

from marketplace.accounts.models import User
from marketplace.core.clock import SetClock
from marketplace.core.errors import DomainError
from marketplace.http.context import make_uow
from marketplace.http.database import db
from marketplace.moderation import queries
from marketplace.moderation.models import Decision
from marketplace.unit_of_work import UnitOfWork, running
from tests import databases
from tests.builders.moderation import decided_by_one, moderator, waiting_cooperative
from tests.conftest import TODAY

# pg_locks is always fresh; pg_stat_activity stands still within a transaction.
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def prepared(app: Flask) -> tuple[UUID, UUID, UUID]:
    with app.app_context(), running(make_uow) as uow:
        case, *_ = waiting_cooperative(uow)
        return case.id, moderator(uow, "mary").id, moderator(uow, "peter").id


def approve(uow: UnitOfWork, case_id: UUID, reviewer_id: UUID) -> None:
    decided_by_one(uow, queries.case_by_id(uow.session, case_id), uow.session.get_one(User, reviewer_id))


def wait_until_somebody_waits(uow: UnitOfWork) -> None:
    for _ in range(600):
        if uow.session.scalar(WAITING):
            return
        Event().wait(0.05)
    raise AssertionError("the second reviewer never waited for the first")


def outcome_of_two(tmp_path: Path, *, is_same_person: bool) -> tuple[list[str], int, str]:
    """Approve one case twice at the same moment; return what the later one saw, how many approved, and its state."""
    with databases.copy("moderation_parallel") as url:
        app = databases.application(url, data_dir=tmp_path, clock=SetClock(TODAY))
        case_id, mary, peter = prepared(app)
        outcomes: list[str] = []

        def second() -> None:
            with app.app_context():
                try:
                    with running(make_uow) as uow:
                        approve(uow, case_id, mary if is_same_person else peter)
                    outcomes.append("decided")
                except DomainError as error:
                    outcomes.append(error.code)
                finally:
                    db.session.remove()

        other = Thread(target=second)
        with app.app_context():
            with running(make_uow) as uow:
                approve(uow, case_id, mary)
                uow.session.flush()
                other.start()
                wait_until_somebody_waits(uow)
            other.join(timeout=60)
            reviewers = db.session.scalars(select(Decision.reviewer_id)).all()
            state = queries.case_by_id(db.session(), case_id).state
            db.session.remove()
            db.engine.dispose()
        return outcomes, len(set(reviewers)), state


def test_two_people_at_the_same_moment_are_the_two_that_a_case_needs(tmp_path: Path) -> None:
    assert outcome_of_two(tmp_path, is_same_person=False) == (["decided"], 2, "approved")


def test_one_person_twice_at_the_same_moment_is_one_person(tmp_path: Path) -> None:
    assert outcome_of_two(tmp_path, is_same_person=True) == (["decided_already"], 1, "needs_second")
