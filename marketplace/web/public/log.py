"""The signed log for strangers: the latest checkpoint in plain words, its keys, and the tiles of hashes.

Entries name orders, people and cooperatives by their numbers, and what was done to them: they are for the auditors who
get an export. A tile holds hashes alone and tells nothing.
"""

from typing import Any, Final
from uuid import UUID

from flask import Blueprint, jsonify, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.audit.exporting import tile_at
from marketplace.audit.models import AuditCheckpoint, AuditCosignature, AuditKey
from marketplace.audit.proving import note_of, prove_consistency, prove_event
from marketplace.audit.refusals import LogRefused, NotSignedYet
from marketplace.audit.signing import latest_checkpoint
from marketplace.audit.tlog.errors import Malformed
from marketplace.audit.tlog.tiles import parse_tile_path
from marketplace.core.errors import Conflict, InvalidInput, NotFound
from marketplace.core.text import N_
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow, settings
from marketplace.transparency.verification import last_sound
from marketplace.web.log_words import NOT_YET

bp = Blueprint("public_log", __name__)
NEVER_CHANGES: Final = "public, max-age=31536000, immutable"
CHANGES_EACH_MINUTE: Final = "public, max-age=30"
MOST_KEYS: Final = 100
MOST_DIGITS: Final = 18


@bp.get("/log")
@allow(PUBLIC)
def page() -> str:
    """Say what the log is, how it stands, and how to check it without trusting us."""
    session = current_uow().session
    checkpoint = latest_checkpoint(session)
    return render_template(
        "public/log.html",
        checkpoint=checkpoint,
        note=note_of(session, checkpoint).decode("utf-8") if checkpoint else "",
        witnesses=_witnesses(session, checkpoint),
        keys=[key for key in _keys(session) if key.ended_at is None],
        verified=last_sound(session),
        address=settings().base_url,
    )


@bp.get("/log/checkpoint")
@allow(PUBLIC)
def checkpoint() -> Response:
    """Answer with the latest checkpoint as a signed note."""
    session = current_uow().session
    found = latest_checkpoint(session)
    if found is None:
        raise NotFound
    return _plain(note_of(session, found), kept=CHANGES_EACH_MINUTE)


@bp.get("/log/tile/<path:place>")
@allow(PUBLIC)
def tile(place: str) -> Response:
    """Answer with a tile of hashes (C2SP tlog-tiles); it never changes."""
    session = current_uow().session
    found = latest_checkpoint(session)
    try:
        wanted = parse_tile_path(f"tile/{place}")
    except Malformed as error:
        raise NotFound from error
    content = None if wanted.level is None or found is None else tile_at(session, wanted, size=found.size)
    if content is None:
        raise NotFound
    answer = Response(content, content_type="application/octet-stream")
    answer.headers["Cache-Control"] = NEVER_CHANGES
    return answer


@bp.get("/log/proofs/<uuid:event_id>")
@allow(PUBLIC)
def proof(event_id: UUID) -> Response:
    """Answer with the `tlog-proof@v1` file of an entry, for who knows its identifier; it holds hashes only."""
    try:
        found = prove_event(current_uow().session, event_id=event_id)
    except NotSignedYet as error:
        raise Conflict(NOT_YET) from error
    except LogRefused as error:
        raise NotFound from error
    return _plain(found.proof, kept=CHANGES_EACH_MINUTE)


@bp.get("/log/consistency")
@allow(PUBLIC)
def consistency() -> Response:
    """Answer with the proof that the log only grew: from `old_size` entries to the checkpoint of `new_size`."""
    old_size, new_size = _size("old_size"), _size("new_size")
    try:
        found = prove_consistency(current_uow().session, old_size=old_size or 0, new_size=new_size)
    except LogRefused as error:
        raise NotFound(error.message) from error
    return _plain(found.to_bytes(), kept=CHANGES_EACH_MINUTE)


@bp.get("/.well-known/audit-log-keys.txt")
@allow(PUBLIC)
def keys() -> Response:
    """Answer with the keys of the log that counts now, one a line, as the verifier reads them."""
    session = current_uow().session
    found = latest_checkpoint(session)
    origin = found.origin if found else None
    lines = [f"{key.vkey}\n" for key in _keys(session) if key.origin == origin and key.end_reason != "compromised"]
    return _plain("".join(lines).encode("utf-8"), kept=CHANGES_EACH_MINUTE)


@bp.get("/.well-known/audit-log.json")
@allow(PUBLIC)
def description() -> Response:
    """Answer with the log's origin, addresses and every key there ever was, with the days of each."""
    session = current_uow().session
    found = latest_checkpoint(session)
    address = settings().base_url
    answer = jsonify(
        origin=found.origin if found else None,
        checkpoint=address + url_for("public_log.checkpoint"),
        tiles=f"{address}/log/",
        keys=[_described(key) for key in _keys(session)],
    )
    answer.headers["Cache-Control"] = CHANGES_EACH_MINUTE
    return answer


def _size(name: str) -> int | None:
    typed = request.args.get(name, "")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS):
        raise InvalidInput({name: N_("Write the number of entries in digits.")})
    return int(typed)


def _described(key: AuditKey) -> dict[str, Any]:
    return {
        "origin": key.origin,
        "vkey": key.vkey,
        "added_at": key.added_at.isoformat(),
        "ended_at": key.ended_at.isoformat() if key.ended_at else None,
        "end_reason": key.end_reason,
    }


def _keys(session: Session) -> list[AuditKey]:
    newest = select(AuditKey).order_by(AuditKey.added_at.desc(), AuditKey.id.desc()).limit(MOST_KEYS)
    return list(session.scalars(newest))


def _witnesses(session: Session, found: AuditCheckpoint | None) -> int:
    if found is None:
        return 0
    mine = select(func.count()).select_from(AuditCosignature).where(AuditCosignature.checkpoint_id == found.id)
    return session.scalar(mine) or 0


def _plain(content: bytes, *, kept: str) -> Response:
    answer = Response(content, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = kept
    return answer
