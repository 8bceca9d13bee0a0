"""Sign checkpoints. The signer trusts its own memory and the raw leaves, never the database's word for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from marketplace.audit.models import AuditCheckpoint, AuditEvent, AuditNode
from marketplace.audit.nodes import ask_nodes
from marketplace.audit.refusals import LogRefused
from marketplace.audit.sequencing import tree_size
from marketplace.audit.signer_state import StateFile
from marketplace.audit.tlog.checkpoints import Checkpoint
from marketplace.audit.tlog.keys import SignerKey
from marketplace.audit.tlog.merkle import EMPTY_ROOT, GrowingTree, leaf_hash, root_at
from marketplace.audit.tlog.notes import sign_note

# The letters of "log sig": one signer at a time.
LOCK: Final = 0x6C6F6720736967
PAGE: Final = 1_000
_WAY_OUT: Final = "Nothing was signed. See docs/operations.md, The signed log."


@dataclass(frozen=True, slots=True)
class Signer:
    """The keys that sign, all of one origin, and the memory of what they signed."""

    keys: Sequence[SignerKey]
    state: StateFile

    @property
    def origin(self) -> str:
        """Return the name of the log."""
        return self.keys[0].name


def sign_checkpoint(session: Session, *, signer: Signer, now: datetime) -> AuditCheckpoint | None:
    """Sign the tree as it stands, or return None when nothing is new; the caller commits.

    The memory is on the disk before the checkpoint can be seen: after a crash between the two the same size is signed
    again, never another root for it. Raises LogRefused (`shrunk`, `history`, `state-lost`, `state-behind`, `entry`,
    `missing-entry`, `tree-broken`) and then signs nothing.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    size = tree_size(session)
    published = latest_checkpoint(session, origin=signer.origin)
    remembered = _memory(signer, published)
    _check_history(session, remembered, size=size)
    if size == (published.size if published else 0):
        return None
    signed = Checkpoint(signer.origin, size, _root_of_new(session, since=remembered.size, size=size))
    signer.state.write(signed)
    note = sign_note(signed.text, signers=signer.keys).decode("utf-8")
    row = AuditCheckpoint(origin=signed.origin, size=size, root=signed.root, note=note, signed_at=now)
    session.add(row)
    session.flush()
    return row


def latest_checkpoint(session: Session, *, origin: str | None = None) -> AuditCheckpoint | None:
    """Return the newest checkpoint of an origin, or of the log whatever its origin."""
    found = select(AuditCheckpoint).order_by(AuditCheckpoint.id.desc()).limit(1)
    if origin is not None:
        found = select(AuditCheckpoint).where(AuditCheckpoint.origin == origin)
        found = found.order_by(AuditCheckpoint.size.desc()).limit(1)
    return session.scalar(found)


def check_memory(session: Session, saved: Checkpoint) -> None:
    """Raise LogRefused (`state-behind`, `shrunk`, `history`) unless the log is the continuation of a checkpoint."""
    published = latest_checkpoint(session, origin=saved.origin)
    if published is not None and published.size > saved.size:
        raise LogRefused(
            "state-behind", f"A newer checkpoint of {published.size} entries was published. Give the newest you have."
        )
    _check_history(session, saved, size=tree_size(session))


def _memory(signer: Signer, published: AuditCheckpoint | None) -> Checkpoint:
    remembered = signer.state.read(signer.origin)
    if remembered is None and published is not None:
        raise LogRefused(
            "state-lost",
            f"The signer does not remember what it signed: {signer.state.path} says nothing of {signer.origin}, "
            f"but a checkpoint of {published.size} entries was published. {_WAY_OUT}",
        )
    if remembered is not None and published is not None and published.size > remembered.size:
        raise LogRefused(
            "state-behind",
            f"The signer remembers {remembered.size} entries, but a checkpoint of {published.size} was published: "
            f"its memory {signer.state.path} is old. {_WAY_OUT}",
        )
    return remembered or Checkpoint(signer.origin, 0, EMPTY_ROOT)


def _check_history(session: Session, remembered: Checkpoint, *, size: int) -> None:
    if size < remembered.size:
        raise LogRefused(
            "shrunk",
            f"The log had {remembered.size} entries when it was last signed and now has {size}: "
            f"an old backup was restored, or entries were taken away. {_WAY_OUT}",
        )
    if ask_nodes(session, partial(root_at, remembered.size)) != remembered.root:
        raise LogRefused(
            "history",
            f"The first {remembered.size} entries are not those that were signed: history was changed, "
            f"or an old backup was restored and grew since. {_WAY_OUT}",
        )


def _root_of_new(session: Session, *, since: int, size: int) -> bytes:
    """Hash the raw leaves since the last signed size and return the root over all."""
    tree = ask_nodes(session, partial(GrowingTree.at, since))
    for index, leaf, stored in _new_entries(session, since=since, size=size):
        if index != tree.size:
            break
        found = leaf_hash(leaf)
        if found != stored:
            raise LogRefused("entry", f"Entry {index} was changed: it does not match its stored hash. {_WAY_OUT}")
        tree.add(found)
    if tree.size != size:
        raise LogRefused("missing-entry", f"Entry {tree.size} is missing: it was deleted. {_WAY_OUT}")
    if ask_nodes(session, partial(root_at, size)) != tree.root():
        raise LogRefused("tree-broken", f"The stored tree does not follow from its entries. {_WAY_OUT}")
    return tree.root()


def _new_entries(session: Session, *, since: int, size: int) -> Iterator[tuple[int, bytes, bytes | None]]:
    is_leaf = (AuditNode.level == 0) & (AuditNode.idx == AuditEvent.idx)
    found = select(AuditEvent.idx, AuditEvent.leaf, AuditNode.hash).outerjoin(AuditNode, is_leaf)
    for begin in range(since, size, PAGE):
        end = min(begin + PAGE, size)
        page = found.where(AuditEvent.idx >= begin, AuditEvent.idx < end).order_by(AuditEvent.idx)
        for index, leaf, stored in session.execute(page).all():
            yield int(index or 0), leaf, stored
