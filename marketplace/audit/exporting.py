"""The log as files for other programs: `tlog-tiles` in a folder or one by one, and JSON lines with disclosures."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.audit.models import AuditCheckpoint, AuditDisclosure, AuditEvent, AuditKey, AuditNode
from marketplace.audit.nodes import ask_nodes
from marketplace.audit.proving import note_of
from marketplace.audit.refusals import LogRefused
from marketplace.audit.signing import latest_checkpoint
from marketplace.audit.tlog.exports import entry_line, header_line
from marketplace.audit.tlog.merkle import Nodes
from marketplace.audit.tlog.tiles import CHECKPOINT_PATH, TILE_HEIGHT, Tile, bundle_bytes, tile_bytes, tiles_of

EXPORT_NAME: Final = "audit-export.jsonl"
KEYS_NAME: Final = "log.vkey"
_STREAM: Final = 1_000


class Exported(NamedTuple):
    """What was written: the checkpoint's size, the number of new files, and of those that were there."""

    size: int
    written: int
    kept: int


def tile_at(session: Session, tile: Tile, *, size: int) -> bytes | None:
    """Return a tile's bytes, or None when a log of `size` entries has no such tile."""
    covered = 0 if tile.level is not None and tile.level > 7 else size >> (TILE_HEIGHT * (tile.level or 0))
    if tile.places[-1][1] >= covered:
        return None
    if tile.level is None:
        return bundle_bytes(_leaves(session, tile))

    def question(nodes: Nodes) -> bytes:
        return tile_bytes(tile, nodes=nodes)

    return ask_nodes(session, question)


def export_tiles(session: Session, folder: Path) -> Exported:
    """Write tiles, bundles of entries, the keys and at last the checkpoint; a second run adds only what is new.

    Raises LogRefused (`no-checkpoint`, `missing-node`, `missing-entry`).
    """
    checkpoint = _latest(session)
    written = kept = 0
    for tile in tiles_of(checkpoint.size):
        path = folder / tile.path
        if path.exists():
            kept += 1
            continue
        content = tile_at(session, tile, size=checkpoint.size)
        _write(path, content or b"")
        written += 1
    _write(folder / KEYS_NAME, b"".join(_vkeys(session, checkpoint.origin)))
    _write(folder / CHECKPOINT_PATH, note_of(session, checkpoint))
    return Exported(checkpoint.size, written, kept)


def export_lines(session: Session) -> Iterator[bytes]:
    """Yield the lines of an `audit-export@v1` file up to the latest checkpoint, with what was not erased."""
    checkpoint = _latest(session)
    yield header_line(note_of(session, checkpoint))
    for begin in range(0, checkpoint.size, _STREAM):
        yield from _entry_lines(session, begin, min(begin + _STREAM, checkpoint.size))


def _entry_lines(session: Session, begin: int, end: int) -> Iterator[bytes]:
    is_leaf = (AuditNode.level == 0) & (AuditNode.idx == AuditEvent.idx)
    found = (
        select(AuditEvent.idx, AuditEvent.seq, AuditEvent.leaf, AuditNode.hash)
        .join(AuditNode, is_leaf)
        .where(AuditEvent.idx >= begin, AuditEvent.idx < end)
        .order_by(AuditEvent.idx)
    )
    rows = session.execute(found).all()
    disclosed: dict[int, list[str]] = {row.seq: [] for row in rows}
    kept = select(AuditDisclosure.seq, AuditDisclosure.encoded).where(
        AuditDisclosure.seq.in_(disclosed), AuditDisclosure.encoded.is_not(None)
    )
    for seq, encoded in session.execute(kept.order_by(AuditDisclosure.seq, AuditDisclosure.name)):
        disclosed[seq].append(encoded or "")
    for row in rows:
        yield entry_line(row.idx, stored_hash=row.hash, leaf=row.leaf, disclosures=disclosed[row.seq])


def _latest(session: Session) -> AuditCheckpoint:
    checkpoint = latest_checkpoint(session)
    if checkpoint is None:
        raise LogRefused("no-checkpoint", "Nothing was signed yet. `flask audit checkpoint` signs the log.")
    return checkpoint


def _leaves(session: Session, tile: Tile) -> list[bytes]:
    low, high = tile.places[0][1], tile.places[-1][1]
    found = select(AuditEvent.leaf).where(AuditEvent.idx >= low, AuditEvent.idx <= high).order_by(AuditEvent.idx)
    leaves = list(session.scalars(found))
    if len(leaves) != tile.width:
        raise LogRefused("missing-entry", f"An entry between {low} and {high} is missing: it was deleted.")
    return leaves


def _vkeys(session: Session, origin: str) -> list[bytes]:
    found = select(AuditKey.vkey).where(AuditKey.origin == origin).order_by(AuditKey.added_at, AuditKey.id)
    return [f"{vkey}\n".encode() for vkey in session.scalars(found)]


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.new")
    draft.write_bytes(content)
    draft.replace(path)
