"""Proofs from the stored tree: that an entry is in the log, and that a newer log only appended to an older one."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.audit.models import AuditCheckpoint, AuditCosignature, AuditEvent
from marketplace.audit.nodes import ask_nodes
from marketplace.audit.refusals import LogRefused, NotSignedYet
from marketplace.audit.signing import latest_checkpoint
from marketplace.audit.tlog.merkle import Nodes, consistency_proof, inclusion_proof
from marketplace.audit.tlog.notes import add_signatures, parse_signature
from marketplace.audit.tlog.proofs import Proof
from marketplace.audit.tlog.witness import AddCheckpoint


@dataclass(frozen=True, slots=True)
class ProvenEntry:
    """An entry's place, its bytes, and the `tlog-proof@v1` file that proves it to a checkpoint of `size` entries."""

    index: int
    leaf: bytes
    size: int
    proof: bytes


def prove_event(session: Session, *, event_id: UUID) -> ProvenEntry:
    """Prove an event to the latest checkpoint; raise LogRefused (`no-event`) or NotSignedYet."""
    found = session.execute(
        select(AuditEvent.idx, AuditEvent.leaf).where(AuditEvent.event_id == event_id)
    ).one_or_none()
    if found is None:
        raise LogRefused("no-event", f"The log has no event {event_id}.")
    index, leaf = found
    checkpoint = latest_checkpoint(session)
    if index is None or checkpoint is None or checkpoint.size <= index:
        raise NotSignedYet
    hashes = ask_nodes(session, partial(inclusion_proof, index, checkpoint.size))
    proof = Proof(index, tuple(hashes), note_of(session, checkpoint))
    return ProvenEntry(index, leaf, checkpoint.size, proof.to_bytes())


def prove_consistency(session: Session, *, old_size: int, new_size: int | None = None) -> AddCheckpoint:
    """Prove that a checkpoint only appended to a log of `old_size` entries, to the latest one or that of `new_size`.

    Raises LogRefused (`no-checkpoint`, `shrunk`).
    """
    checkpoint = latest_checkpoint(session) if new_size is None else _checkpoint_of(session, new_size)
    if checkpoint is None:
        raise LogRefused("no-checkpoint", "No checkpoint of this size was signed.")
    if not 0 <= old_size <= checkpoint.size:
        raise LogRefused("shrunk", f"The checkpoint has {checkpoint.size} entries, fewer than the {old_size} before.")

    def question(nodes: Nodes) -> list[bytes]:
        return consistency_proof(old_size, checkpoint.size, nodes)

    return AddCheckpoint(old_size, tuple(ask_nodes(session, question)), note_of(session, checkpoint))


def note_of(session: Session, checkpoint: AuditCheckpoint) -> bytes:
    """Return the signed note with the signatures of the witnesses that answered."""
    found = select(AuditCosignature.line).where(AuditCosignature.checkpoint_id == checkpoint.id)
    lines = session.scalars(found.order_by(AuditCosignature.witness, AuditCosignature.key_id))
    signatures = [parse_signature(line.rstrip("\n")) for line in lines]
    note = checkpoint.note.encode("utf-8")
    return add_signatures(note, signatures) if signatures else note


def _checkpoint_of(session: Session, size: int) -> AuditCheckpoint | None:
    found = select(AuditCheckpoint).where(AuditCheckpoint.size == size)
    return session.scalar(found.order_by(AuditCheckpoint.id.desc()).limit(1))
