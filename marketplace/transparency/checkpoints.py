"""Sequence and sign: what the worker does all the time, and what happens before a proof is served."""

from collections.abc import Callable

from marketplace.audit.models import AuditCheckpoint
from marketplace.audit.sequencing import BATCH, sequence
from marketplace.audit.signer_state import StateFile
from marketplace.audit.signing import check_memory, sign_checkpoint
from marketplace.audit.tlog.checkpoints import Checkpoint, open_checkpoint
from marketplace.audit.verifying import Remembered
from marketplace.transparency.keys import load_signer, publish_keys
from marketplace.unit_of_work import UnitOfWork, running

MakeUnitOfWork = Callable[[], UnitOfWork]


def sequence_all(make_uow: MakeUnitOfWork) -> int:
    """Give every committed event its place, a batch a transaction; return how many got one."""
    placed = 0
    while True:
        with running(make_uow) as uow:
            found = sequence(uow.session)
        placed += found
        if found < BATCH:
            return placed


def checkpoint(make_uow: MakeUnitOfWork) -> AuditCheckpoint | None:
    """Sign the log if it changed. The keys are written down first, so that their own entries are covered."""
    with running(make_uow) as uow:
        signer = load_signer(uow.settings)
        publish_keys(uow, keys=signer.keys)
    sequence_all(make_uow)
    with running(make_uow) as uow:
        signed = sign_checkpoint(uow.session, signer=signer, now=uow.now)
        if signed is not None:
            uow.session.flush()
            uow.session.refresh(signed)
            uow.session.expunge(signed)
    return signed


def memory_of(state: StateFile, *, origin: str) -> list[Remembered]:
    """Return what the signer remembers outside the database, for a verification to compare with."""
    found: Checkpoint | None = state.read(origin)
    return [] if found is None else [Remembered(found.size, found.root, "the signer's memory")]


def remember(uow: UnitOfWork, *, note: bytes) -> Checkpoint:
    """Write the signer's lost memory anew from a saved checkpoint, when the log is that one's continuation.

    Raises LogRefused (`shrunk`, `history`, `state-behind`) and what opening the checkpoint raises.
    """
    signer = load_signer(uow.settings)
    verifiers = [key.verifier for key in signer.keys]
    saved = open_checkpoint(note, logs=verifiers, origin=signer.origin).checkpoint
    check_memory(uow.session, saved)
    signer.state.write(saved)
    return saved
