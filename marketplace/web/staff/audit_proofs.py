"""The two files that prove an entry of the audit log to a stranger: the entry itself, and its proof."""

from uuid import UUID

from flask import Blueprint
from sqlalchemy import select
from werkzeug.wrappers import Response

from marketplace.audit.models import AuditEvent
from marketplace.audit.proving import ProvenEntry, prove_event
from marketplace.audit.refusals import NotSignedYet
from marketplace.core.errors import Conflict, NotFound
from marketplace.http.access import allow
from marketplace.http.context import current_uow
from marketplace.web.log_words import NOT_YET
from marketplace.web.staff.audit import LARGEST_SEQ, READERS

bp = Blueprint("staff_audit_proofs", __name__, url_prefix="/staff/audit")


@bp.get("/<int:seq>/proof")
@allow(READERS)
def proof(seq: int) -> Response:
    """Answer with the entry's `tlog-proof@v1` file, to the latest checkpoint."""
    event_id = _event_id(seq)
    return _file(_proven(event_id).proof, name=f"{event_id}.tlog-proof", kind="application/octet-stream")


@bp.get("/<int:seq>/entry")
@allow(READERS)
def entry(seq: int) -> Response:
    """Answer with the entry, byte for byte as it is in the log."""
    event_id = _event_id(seq)
    leaf = current_uow().session.scalar(select(AuditEvent.leaf).where(AuditEvent.event_id == event_id))
    return _file(leaf or b"", name=f"{event_id}.json", kind="application/json")


def _event_id(seq: int) -> UUID:
    found = select(AuditEvent.event_id).where(AuditEvent.seq == min(seq, LARGEST_SEQ))
    event_id = current_uow().session.scalar(found)
    if event_id is None:
        raise NotFound
    return event_id


def _proven(event_id: UUID) -> ProvenEntry:
    try:
        return prove_event(current_uow().session, event_id=event_id)
    except NotSignedYet as error:
        raise Conflict(NOT_YET) from error


def _file(content: bytes, *, name: str, kind: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
