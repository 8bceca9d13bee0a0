"""Some entries of the log as files: a table for people, and JSON lines with everything that proves them.

`audit-selection@v1`, UTF-8, one JSON object per line:

1. `{"format":"audit-selection@v1","checkpoint":"<signed note>","filter":{…},"entries":<how many follow>}`
2. then a line for each entry: `{"idx":…,"leaf":"<its bytes as text>","disclosures":["…"],"proof":"<tlog-proof@v1>"}`;
   `proof` is null for an entry that the checkpoint does not cover yet.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import partial
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.audit.models import AuditCheckpoint, AuditDisclosure, AuditEvent
from marketplace.audit.nodes import ask_nodes
from marketplace.audit.proving import note_of
from marketplace.audit.queries import AuditRow
from marketplace.audit.signing import latest_checkpoint
from marketplace.audit.tlog.merkle import inclusion_proof
from marketplace.audit.tlog.proofs import Proof

FORMAT: Final = "audit-selection@v1"
COLUMNS: Final = (
    "number", "place", "event", "at", "action", "outcome", "actor_kind", "actor", "about", "details", "covered_by",
)  # fmt: skip
# A spreadsheet takes a cell that begins with one of these for a formula
# (owasp.org/www-community/attacks/CSV_Injection).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(cell: object) -> str:
    """Return a cell that no spreadsheet calculates."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_line(cells: Iterable[object]) -> str:
    """Return one line of a table, quoted and harmless."""
    text = io.StringIO()
    csv.writer(text).writerow([harmless(cell) for cell in cells])
    return text.getvalue()


def csv_lines(session: Session, rows: Iterable[AuditRow], *, hidden: Set[str]) -> Iterator[str]:
    """Yield a table of entries with a byte-order mark; `covered_by` is the size of the checkpoint that covers each."""
    checkpoint = latest_checkpoint(session)
    size = checkpoint.size if checkpoint else 0
    yield "\ufeff" + csv_line(COLUMNS)
    for row in rows:
        covered = size if row.idx is not None and row.idx < size else ""
        about = " ".join(f"{kind}:{key}" for kind, key in row.targets)
        facts = {name: value for name, value in row.details.items() if name not in hidden}
        details = json.dumps(facts, ensure_ascii=False, sort_keys=True) if facts else ""
        who = (row.actor_kind, row.actor_name)
        first = (row.seq, row.idx, row.event_id, row.at.isoformat(), row.action, row.outcome)
        yield csv_line([*first, *who, about, details, covered])


def json_lines(
    session: Session, rows: Iterable[AuditRow], *, asked: Mapping[str, Any], entries: int, hidden: Set[str]
) -> Iterator[str]:
    """Yield the lines of an `audit-selection@v1` file; `hidden` names facts that this reader may not see."""
    checkpoint = latest_checkpoint(session)
    note = note_of(session, checkpoint) if checkpoint else None
    yield _line(
        {
            "format": FORMAT,
            "checkpoint": note.decode("utf-8") if note else None,
            "filter": dict(asked),
            "entries": entries,
        }
    )
    for row in rows:
        yield _entry(session, row, checkpoint=checkpoint, note=note, hidden=hidden)


def _entry(
    session: Session, row: AuditRow, *, checkpoint: AuditCheckpoint | None, note: bytes | None, hidden: Set[str]
) -> str:
    leaf = session.scalar(select(AuditEvent.leaf).where(AuditEvent.seq == row.seq)) or b""
    facts = select(AuditDisclosure.encoded).where(
        AuditDisclosure.seq == row.seq, AuditDisclosure.encoded.is_not(None), AuditDisclosure.name.not_in(hidden)
    )
    proof = None
    if checkpoint and note and row.idx is not None and row.idx < checkpoint.size:
        hashes = ask_nodes(session, partial(inclusion_proof, row.idx, checkpoint.size))
        proof = Proof(row.idx, tuple(hashes), note).to_bytes().decode("utf-8")
    return _line(
        {
            "idx": row.idx,
            "leaf": leaf.decode("utf-8"),
            "disclosures": [] if row.is_veiled else list(session.scalars(facts.order_by(AuditDisclosure.name))),
            "proof": proof,
        }
    )


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
