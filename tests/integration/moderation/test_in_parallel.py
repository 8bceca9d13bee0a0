from pathlib import Path
from threading import Barrier, Thread
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.clock import SetClock
from marketplace.core.errors import Conflict, DomainError
from marketplace.http.context import make_uow
from marketplace.http.database import db
from marketplace.moderation import queries
from marketplace.moderation.models import Decision
from marketplace.unit_of_work import running
from tests import databases
from tests.builders.moderation import decided, moderator, waiting_cooperative
from tests.conftest import TODAY


def prepared(app: Flask) -> tuple[UUID, list[UUID]]:
    with app.app_context(), running(make_uow) as uow:
        case, *_ = waiting_cooperative(uow)
        return case.id, [moderator(uow, name).id for name in ("mary", "peter", "zawadi")]


def test_of_reviewers_at_the_same_moment_one_wins_and_the_others_are_told(tmp_path: Path) -> None:
    with databases.copy("moderation_parallel") as url:
        app = databases.application(url, data_dir=tmp_path, clock=SetClock(TODAY))
        case_id, reviewers = prepared(app)
        start, outcomes = Barrier(len(reviewers)), []

        def decide(reviewer_id: UUID) -> None:
            with app.app_context():
                start.wait(timeout=30)
                try:
                    with running(make_uow) as uow:
                        case = queries.case_by_id(uow.session, case_id)
                        decided(uow, case, uow.session.get_one(User, reviewer_id))
                    outcomes.append("decided")
                except DomainError as error:
                    outcomes.append("told" if isinstance(error, Conflict) else error.code)
                finally:
                    db.session.remove()

        threads = [Thread(target=decide, args=(reviewer,)) for reviewer in reviewers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)

        with app.app_context():
            assert len(db.session.scalars(select(Decision)).all()) == 1
            db.session.remove()
            db.engine.dispose()
        assert sorted(outcomes) == ["decided", "told", "told"]
