"""A signed log with some entries, and hands that get past the triggers of the database."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from marketplace.audit.leaf import Change, Target
from marketplace.audit.log import append
from marketplace.audit.models import AuditCheckpoint, AuditKey
from marketplace.audit.sequencing import sequence
from marketplace.audit.signer_keys import new_key
from marketplace.audit.signer_state import StateFile
from marketplace.audit.signing import Signer, sign_checkpoint
from marketplace.core.actor import SYSTEM, RequestContext
from marketplace.unit_of_work import UnitOfWork

ORIGIN = "market.example/log"


def signer_in(folder: Path, *, origin: str = ORIGIN) -> Signer:
    """Return a signer with a new key and no memory yet."""
    return Signer([new_key(origin)], StateFile(folder / "signed.json"))


def write_entries(uow: UnitOfWork, count: int, *, action: str = "test.happen") -> None:
    """Append entries to the log; they have no place yet."""
    for number in range(count):
        change = Change(
            at=uow.now + timedelta(seconds=number),
            action=action,
            targets=[Target("test", str(number))],
            outcome="ok",
            hashes={},
            details={"number": number, "who": "Alice"},
        )
        append(uow.session, change, actor=SYSTEM, context=RequestContext())
    uow.commit()


def sign(uow: UnitOfWork, signer: Signer) -> AuditCheckpoint | None:
    """Place what waits and sign it; the keys are written down."""
    known = {row.vkey for row in uow.session.query(AuditKey)}
    for key in signer.keys:
        if key.verifier.text not in known:
            row = AuditKey(origin=key.name, key_id=key.verifier.key_id.hex(), vkey=key.verifier.text, added_at=uow.now)
            uow.session.add(row)
            uow.record("audit_key.add", row)
    uow.commit()
    sequence(uow.session)
    signed = sign_checkpoint(uow.session, signer=signer, now=uow.now)
    uow.commit()
    return signed


def as_owner(session: Session, *statements: str) -> None:
    """Run statements as the owner of the tables would, with the triggers out of the way."""
    session.execute(text("RESET ROLE"))
    tables = ("audit_event", "audit_node", "audit_checkpoint", "audit_disclosure", "audit_target", "audit_search")
    for table in tables:
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    for statement in statements:
        session.execute(text(statement))
    for table in tables:
        session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
    session.expire_all()
