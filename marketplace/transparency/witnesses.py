"""Ask the witnesses of the settings to sign the latest checkpoint too; who does not answer is asked again later."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
import urllib3
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from urllib3.exceptions import HTTPError

from config.settings import Settings
from marketplace.audit.models import AuditCheckpoint, AuditCosignature
from marketplace.audit.proving import prove_consistency
from marketplace.audit.signing import latest_checkpoint
from marketplace.audit.tlog.encoding import decimal
from marketplace.audit.tlog.errors import TlogError
from marketplace.audit.tlog.keys import VerifierKey
from marketplace.audit.tlog.notes import Note, parse_note, verify_signatures
from marketplace.audit.tlog.policy import parse_policy
from marketplace.audit.tlog.witness import parse_cosignatures
from marketplace.unit_of_work import UnitOfWork, running

TIMEOUT: Final = urllib3.Timeout(connect=5, read=10)
MAX_ANSWER_BYTES: Final = 16_384
# A witness that saw another size says so, and is asked once more from there.
TRIES: Final = 2
_TAKEN: Final = 200
_CONFLICT: Final = 409

log = structlog.get_logger()
MakeUnitOfWork = Callable[[], UnitOfWork]


@dataclass(frozen=True, slots=True)
class Known:
    """A witness: its name in the policy, its key, and its address."""

    name: str
    key: VerifierKey
    url: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A checkpoint that a witness is asked to sign, and the body that asks."""

    checkpoint_id: int
    note: Note
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What a witness answered."""

    status: int
    body: bytes


Post = Callable[[str, bytes], Reply]


def known_witnesses(settings: Settings) -> list[Known]:
    """Return the witnesses of the policy that have an address; none without a policy. Raises Malformed."""
    path = settings.audit_witnesses_file
    if path is None:
        return []
    policy = parse_policy(path.read_bytes())
    return [Known(name, key, policy.urls[key]) for name, key in policy.witnesses.items() if key in policy.urls]


def post(url: str, body: bytes) -> Reply:
    """Send a body to a witness; raises urllib3's HTTPError."""
    with urllib3.PoolManager(retries=False) as pool:
        answer = pool.request(
            "POST", url, body=body, timeout=TIMEOUT, redirect=False, preload_content=False,
            headers={"Content-Type": "text/plain; charset=utf-8"},
        )  # fmt: skip
        return Reply(answer.status, answer.read(MAX_ANSWER_BYTES))


def ask_all(make_uow: MakeUnitOfWork, *, send: Post = post) -> int:
    """Ask every witness that has not signed the latest checkpoint; return how many signed. Nothing waits for it."""
    with running(make_uow, read_only=True) as uow:
        witnesses = known_witnesses(uow.settings)
    signed = 0
    for witness in witnesses:
        try:
            signed += _ask(make_uow, witness, send=send)
        except (TlogError, HTTPError, OSError) as problem:
            log.warning("witness_unanswered", witness=witness.name, reason=str(problem)[:300])
    return signed


def _ask(make_uow: MakeUnitOfWork, witness: Known, *, send: Post) -> bool:
    seen: int | None = None
    reply = Reply(_CONFLICT, b"")
    for _ in range(TRIES):
        with running(make_uow, read_only=True) as uow:
            wanted = _request(uow.session, witness, seen=seen)
        if wanted is None:
            return False
        reply = send(f"{witness.url.rstrip('/')}/add-checkpoint", wanted.body)
        if reply.status == _TAKEN:
            _keep(make_uow, witness, wanted=wanted, answer=reply.body)
            return True
        if reply.status != _CONFLICT:
            break
        seen = decimal(reply.body.decode("ascii", "replace").strip(), what="size that the witness saw")
    log.warning("witness_refused", witness=witness.name, status=reply.status, reason=reply.body[:300])
    return False


def _request(session: Session, witness: Known, *, seen: int | None) -> Wanted | None:
    """Return the checkpoint to sign and the body that asks for it; None when it is signed already."""
    latest = latest_checkpoint(session)
    if latest is None:
        return None
    mine = select(func.max(AuditCheckpoint.size)).join(
        AuditCosignature, AuditCosignature.checkpoint_id == AuditCheckpoint.id
    )
    last = session.scalar(
        mine.where(AuditCosignature.key_id == witness.key.key_id.hex(), AuditCheckpoint.origin == latest.origin)
    )
    if last == latest.size:
        return None
    old_size = seen if seen is not None else last or 0
    body = prove_consistency(session, old_size=old_size, new_size=latest.size)
    return Wanted(latest.id, parse_note(latest.note.encode("utf-8")), body.to_bytes())


def _keep(make_uow: MakeUnitOfWork, witness: Known, *, wanted: Wanted, answer: bytes) -> None:
    """Keep the witness's own line, once it is verified; lines of others are ignored."""
    own = (witness.key.name, witness.key.key_id)
    lines = [line for line in parse_cosignatures(answer) if (line.name, line.key_id) == own]
    verify_signatures(Note(wanted.note.text, tuple(lines)), verifiers=[witness.key])
    with running(make_uow) as uow:
        uow.session.add(
            AuditCosignature(
                checkpoint_id=wanted.checkpoint_id,
                witness=witness.name,
                key_id=witness.key.key_id.hex(),
                line=lines[0].line,
                received_at=uow.now,
            )
        )
