"""The stored nodes of the Merkle tree: every question to them is one query."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from marketplace.audit.refusals import LogRefused
from marketplace.audit.tlog.merkle import Nodes, places_read

Answer = TypeVar("Answer")
_READ = """
SELECT node.level, node.idx, node.hash FROM audit_node AS node
JOIN unnest(%(levels)s::smallint[], %(indices)s::bigint[]) AS wanted (level, idx) USING (level, idx)
"""
_ADD = """
INSERT INTO audit_node (level, idx, hash)
SELECT * FROM unnest(%(levels)s::smallint[], %(indices)s::bigint[], %(hashes)s::bytea[])
"""


def ask_nodes(session: Session, question: Callable[[Nodes], Answer]) -> Answer:
    """Answer a pure question about the tree, such as a proof; raise LogRefused (`missing-node`)."""
    found = read_nodes(session, places_read(question))

    def nodes(level: int, index: int) -> bytes:
        try:
            return found[level, index]
        except KeyError as error:
            raise LogRefused("missing-node", f"Node {index} of level {level} of the tree is missing.") from error

    return question(nodes)


def read_nodes(session: Session, places: Iterable[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """Return the hashes that are stored at some (level, index); what is missing is left out."""
    wanted = list(dict.fromkeys(places))
    if not wanted:
        return {}
    parameters = {"levels": [level for level, _ in wanted], "indices": [index for _, index in wanted]}
    rows = session.connection().exec_driver_sql(_READ, parameters)
    return {(level, index): bytes(digest) for level, index, digest in rows}


def add_nodes(session: Session, nodes: Iterable[tuple[int, int, bytes]]) -> None:
    """Store new nodes in one statement."""
    columns: dict[str, list[Any]] = {"levels": [], "indices": [], "hashes": []}
    for level, index, digest in nodes:
        columns["levels"].append(level)
        columns["indices"].append(index)
        columns["hashes"].append(digest)
    session.connection().exec_driver_sql(_ADD, columns)
