"""Entries are written at the end of their transaction; until then everybody inside it finds them all the same."""

from pathlib import Path

from sqlalchemy import event, select, text

from marketplace.audit import queries
from marketplace.audit.models import AuditDisclosure, AuditEvent, AuditTarget
from marketplace.core.clock import SetClock
from marketplace.http.context import make_uow
from marketplace.http.database import db
from marketplace.unit_of_work import UnitOfWork
from tests import databases
from tests.conftest import TODAY
from tests.people import person


def actions(uow: UnitOfWork) -> list[str]:
    """Return the actions in the log, oldest first."""
    return list(uow.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))


def test_a_reader_inside_the_transaction_finds_what_was_recorded_before(uow: UnitOfWork) -> None:
    person(uow, "alice")

    assert actions(uow) == ["user.register"]
    assert [row.actor_kind for row in queries.search(uow.session, queries.AuditFilter()).rows] == ["system"]


def test_entries_keep_the_order_in_which_they_were_made(uow: UnitOfWork) -> None:
    alice = person(uow, "alice")
    for number in range(9):
        uow.record("user.look", alice, number=number)
    uow.commit()

    found = queries.history(uow.session, kind="user", key=str(alice.id))
    assert [row.details.get("number") for row in found] == [*map(str, range(8, -1, -1)), None]


def test_an_entry_names_all_its_targets_and_discloses_its_details(uow: UnitOfWork) -> None:
    alice, bob = person(uow, "alice"), person(uow, "bob")
    uow.record("user.meet", alice, bob, alice, place="Arusha")
    uow.commit()

    seq = uow.session.scalars(select(AuditEvent.seq).where(AuditEvent.action == "user.meet")).one()
    targets = select(AuditTarget.id).where(AuditTarget.seq == seq)
    assert set(uow.session.scalars(targets)) == {str(alice.id), str(bob.id)}
    names = uow.session.scalars(select(AuditDisclosure.name).where(AuditDisclosure.seq == seq))
    assert set(names) == {"actor_kind", "actor_name", "place"}


def test_a_transaction_that_is_rolled_back_leaves_no_entry(uow: UnitOfWork) -> None:
    person(uow, "alice")
    uow.rollback()

    person(uow, "bob")
    uow.commit()
    assert actions(uow) == ["user.register"]


def test_a_savepoint_that_is_undone_takes_its_own_entries_along_and_no_others(uow: UnitOfWork) -> None:
    alice = person(uow, "alice")
    undone = uow.session.begin_nested()
    uow.record("user.try", alice)
    assert actions(uow) == ["user.register", "user.try"]  # so that both are written inside the savepoint
    undone.rollback()

    uow.record("user.go_on", alice)
    uow.commit()
    assert actions(uow) == ["user.register", "user.go_on"]


def test_many_entries_are_one_statement(uow: UnitOfWork) -> None:
    alice = person(uow, "alice")
    uow.commit()
    uow.session.refresh(alice)
    sent: list[str] = []
    event.listen(uow.session.connection(), "before_cursor_execute", lambda _c, _k, text, *_more: sent.append(text))

    for _ in range(20):
        uow.record("user.look", alice)
    uow.session.flush()
    assert sent == []
    uow.commit()
    assert sum("audit_event" in text for text in sent) == 1


def test_an_entry_is_written_in_its_own_transaction_whoever_had_the_connection_before(tmp_path: Path) -> None:
    with databases.copy("pending") as url:
        app = databases.application(url, data_dir=tmp_path, clock=SetClock(TODAY))
        with app.app_context():
            one, other = (db.session.session_factory() for _ in range(2))
            one.execute(text("SELECT 1"))
            one.rollback()  # its connection waits in the pool
            other.execute(text("SELECT 1"))  # and is the other's now
            person(make_uow(session=one), "alice")
            assert other.scalars(select(AuditEvent.action)).all() == []
            other.rollback()
            one.commit()
            assert other.scalars(select(AuditEvent.action)).all() == ["user.register"]
            one.close()
            other.close()
            db.engine.dispose()
