"""Two curators at the same moment: one wins, the other is told; no edition overwrites one its approver never saw."""

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import text

from marketplace.core.actor import Actor, ActorKind
from marketplace.core.clock import SetClock
from marketplace.core.errors import DomainError
from marketplace.http.context import make_uow
from marketplace.http.database import db
from marketplace.pricing import queries, services
from marketplace.unit_of_work import UnitOfWork, running
from tests import databases
from tests.builders.price_books import band, shipped_book
from tests.conftest import TODAY

# pg_locks is always fresh; pg_stat_activity stands still within a transaction.
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def curator(uow: UnitOfWork, name: str) -> UnitOfWork:
    return uow.acting_as(Actor(kind=ActorKind.PERSON, user_id=uuid4(), name=name))


def wait_until_somebody_waits(uow: UnitOfWork) -> None:
    for _ in range(600):
        if uow.session.scalar(WAITING):
            return
        Event().wait(0.05)
    raise AssertionError("the second curator never waited for the first")


def side_by_side(app: Flask, first: Callable[[UnitOfWork], object], second: Callable[[UnitOfWork], object]) -> str:
    """Let the second begin before the first has committed; return what became of the second."""
    outcomes: list[str] = []

    def other() -> None:
        with app.app_context():
            try:
                with running(make_uow) as uow:
                    second(curator(uow, "Bob"))
                outcomes.append("done")
            except DomainError as error:
                outcomes.append(error.code)
            finally:
                db.session.remove()

    thread = Thread(target=other)
    with app.app_context():
        with running(make_uow) as uow:
            first(curator(uow, "Carol"))
            uow.session.flush()
            thread.start()
            wait_until_somebody_waits(uow)
        thread.join(timeout=60)
        db.session.remove()
    return outcomes[0]


def proposed(app: Flask, *prices: int) -> list[UUID]:
    with app.app_context(), running(make_uow) as uow:
        shipped_book(uow)
        alice = curator(uow, "Alice")
        bands = [[band(low_minor_per_ct=price)] for price in prices]
        return [services.propose_edition(alice, bands=each, note="Fairs").id for each in bands]


def approval(edition_id: UUID) -> Callable[[UnitOfWork], object]:
    return lambda uow: services.approve_edition(uow, edition_id=edition_id, against=1)


def test_of_two_approvals_and_two_proposals_at_once_one_waits_for_the_other(tmp_path: Path) -> None:
    with databases.copy("price_book_parallel") as url:
        app = databases.application(url, data_dir=tmp_path, clock=SetClock(TODAY))
        same, one, two = proposed(app, 100, 200, 300)

        assert side_by_side(app, approval(one), approval(two)) == "book_moved"
        again = side_by_side(
            app,
            lambda uow: services.approve_edition(uow, edition_id=same, against=3),
            lambda uow: services.decline_edition(uow, edition_id=same, reason="Too late"),
        )
        assert again == "transition_refused"
        one_more = side_by_side(
            app,
            lambda uow: services.propose_edition(uow, bands=[band()], note="Fairs"),
            lambda uow: services.propose_edition(uow, bands=[band()], note="Fairs"),
        )
        with app.app_context():
            uow = make_uow()
            states = [(each.number, each.state) for each in queries.editions(uow.session)]
            db.session.remove()
            db.engine.dispose()
        assert one_more == "done"
        assert states == [
            (6, "proposed"), (5, "proposed"), (4, "proposed"), (3, "published"), (2, "published"), (1, "published")
        ]  # fmt: skip
