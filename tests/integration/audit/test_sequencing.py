"""Every committed event gets one place in the tree, in batches, and nothing else can be changed."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from marketplace.audit.models import AuditEvent, AuditNode
from marketplace.audit.nodes import ask_nodes
from marketplace.audit.refusals import LogRefused
from marketplace.audit.sequencing import sequence, tree_size
from marketplace.audit.tlog.merkle import Nodes, leaf_hash, root_at, root_of
from marketplace.unit_of_work import UnitOfWork
from tests.builders.log import as_owner, write_entries
from tests.people import person


def stored_root(uow: UnitOfWork, size: int) -> bytes:
    """Return the root by the stored nodes."""

    def question(nodes: Nodes) -> bytes:
        return root_at(size, nodes)

    return ask_nodes(uow.session, question)


def test_events_get_places_in_their_order_and_the_tree_is_that_of_the_definition(uow: UnitOfWork) -> None:
    write_entries(uow, 7)
    assert sequence(uow.session) == 7
    write_entries(uow, 6)
    assert sequence(uow.session) == 6

    events = uow.session.scalars(select(AuditEvent).order_by(AuditEvent.seq)).all()
    assert [event.idx for event in events] == list(range(13))
    hashes = [leaf_hash(event.leaf) for event in events]
    assert [stored_root(uow, size) for size in range(14)] == [root_of(hashes[:size]) for size in range(14)]
    assert uow.session.scalar(select(func.count()).select_from(AuditNode)) == 13 + 6 + 3 + 1


def test_a_full_batch_leaves_the_rest_for_the_next(uow: UnitOfWork) -> None:
    write_entries(uow, 5)

    assert [sequence(uow.session, at_most=2) for _ in range(4)] == [2, 2, 1, 0]
    assert tree_size(uow.session) == 5


def test_an_event_that_was_rolled_back_leaves_no_gap(uow: UnitOfWork) -> None:
    write_entries(uow, 1)
    person(uow, "alice")
    uow.session.execute(select(AuditEvent.seq))  # so that her entry is written, and its number is used up
    uow.rollback()
    write_entries(uow, 1)
    sequence(uow.session)

    assert list(uow.session.scalars(select(AuditEvent.idx).order_by(AuditEvent.idx))) == [0, 1]


def test_the_sequencer_stops_when_leaves_and_events_are_not_of_one_number(uow: UnitOfWork) -> None:
    write_entries(uow, 3)
    sequence(uow.session)
    tables = ("audit_target", "audit_disclosure", "audit_search", "audit_event")
    as_owner(uow.session, *(f"DELETE FROM {table} WHERE seq = (SELECT max(seq) FROM {table})" for table in tables))
    write_entries(uow, 1)

    with pytest.raises(LogRefused, match="The tree has 3 leaves, but 2 events have a place"):
        sequence(uow.session)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET leaf = 'x' WHERE idx = 0",
        "UPDATE audit_event SET idx = 9 WHERE idx = 0",
        "UPDATE audit_event SET idx = NULL WHERE idx = 0",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event CASCADE",
        "UPDATE audit_node SET hash = sha256('x') WHERE level = 0",
        "DELETE FROM audit_node",
        "TRUNCATE audit_node",
        "TRUNCATE audit_checkpoint CASCADE",
        "TRUNCATE audit_key",
        "TRUNCATE audit_verification",
    ],
)
@pytest.mark.parametrize("role", ["application", "owner"])
def test_the_database_refuses_every_other_change(uow: UnitOfWork, statement: str, role: str) -> None:
    write_entries(uow, 1)
    sequence(uow.session)
    uow.commit()
    if role == "owner":
        uow.session.execute(text("RESET ROLE"))

    with pytest.raises(DBAPIError, match=r"never changed|only an unset idx|permission denied"):
        uow.session.execute(text(statement))
