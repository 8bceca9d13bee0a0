"""Give committed events their place in the Merkle tree.

Appending to a tree inside the business transaction would make all of them wait for one row. So an event is written
without a place, and one sequencer at a time, under an advisory lock, gives places to what is committed.
"""

from typing import Final, NamedTuple

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from marketplace.audit.models import AuditEvent, AuditNode
from marketplace.audit.nodes import add_nodes, ask_nodes
from marketplace.audit.refusals import LogRefused
from marketplace.audit.tlog.merkle import Nodes, leaf_hash, new_nodes

# Any number that nothing else locks: the letters of "log seq".
LOCK: Final = 0x6C6F6720736571
# More entries are left for the next transaction: memory and the lock's time stay bounded.
BATCH: Final = 4_096
_PLACE: Final = """
UPDATE audit_event SET idx = placed.idx FROM unnest(%(seqs)s::bigint[], %(indices)s::bigint[]) AS placed (seq, idx)
WHERE audit_event.seq = placed.seq AND audit_event.idx IS NULL
"""


class Waiting(NamedTuple):
    """An event without a place."""

    seq: int
    leaf: bytes


def sequence(session: Session, *, at_most: int = BATCH) -> int:
    """Place the oldest waiting events and return how many; the caller commits, and asks again after a full batch.

    Waits for another sequencer. Raises LogRefused (`tree-broken`) when events and tree are not of one size.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    # Only now: a statement sees what was committed before it began, and so all that the sequencer before us placed.
    waiting = _waiting(session, at_most=at_most)
    if not waiting:
        return 0
    size = _checked_size(session)
    hashes = [leaf_hash(event.leaf) for event in waiting]

    def grown(nodes: Nodes) -> list[tuple[int, int, bytes]]:
        return list(new_nodes(size, hashes, nodes))

    add_nodes(session, ask_nodes(session, grown))
    places = {"seqs": [event.seq for event in waiting], "indices": list(range(size, size + len(waiting)))}
    placed = session.connection().exec_driver_sql(_PLACE, places)
    if placed.rowcount != len(waiting):
        raise LogRefused("tree-broken", "An event that waited for its place was changed meanwhile.")
    return len(waiting)


def tree_size(session: Session) -> int:
    """Return how many entries have a place."""
    last = session.scalar(select(func.max(AuditEvent.idx)))
    return 0 if last is None else last + 1


def _waiting(session: Session, *, at_most: int) -> list[Waiting]:
    found = select(AuditEvent.seq, AuditEvent.leaf).where(AuditEvent.idx.is_(None))
    return [Waiting(*row) for row in session.execute(found.order_by(AuditEvent.seq).limit(at_most))]


def _checked_size(session: Session) -> int:
    size = tree_size(session)
    last = session.scalar(select(func.max(AuditNode.idx)).where(AuditNode.level == 0))
    leaves = 0 if last is None else last + 1
    if leaves != size:
        raise LogRefused(
            "tree-broken",
            f"The tree has {leaves} leaves, but {size} events have a place: entries were taken away or added by hand.",
        )
    return size
