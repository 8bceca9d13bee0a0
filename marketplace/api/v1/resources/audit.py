"""The audit log for programs: your own entries, proofs, the latest checkpoint."""

import base64
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from marketplace.accounts.models import StaffGrant
from marketplace.api.blueprint import Resource
from marketplace.api.openapi import needs
from marketplace.api.problems import FieldsRefused
from marketplace.api.tokens import bearer
from marketplace.api.v1 import examples
from marketplace.api.v1.schemas.audit import (
    AuditCheckpointSchema,
    AuditConsistencyQuery,
    AuditConsistencySchema,
    AuditPageSchema,
    AuditProofSchema,
    AuditQuery,
)
from marketplace.audit.proving import note_of, prove_consistency, prove_event
from marketplace.audit.refusals import LogRefused, NotSignedYet
from marketplace.audit.registry import KINDS
from marketplace.audit.signing import latest_checkpoint
from marketplace.audit.tlog.merkle import leaf_hash
from marketplace.audit.tlog.proofs import parse_proof
from marketplace.compliance.queries import cooperatives_of_member
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.text import N_
from marketplace.history.queries import EVERYTHING
from marketplace.history.slices import PAGE, STAFF, OwnEntry, Slice, newer, slice_of_buyer
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow
from marketplace.http.languages import translate

bp: Final = Resource("audit", __name__, tag="Audit log", description="What happened, and the proofs that it stays so.")
NOT_YET: Final = N_("No checkpoint covers this entry yet. The next one comes within a minute. Try again then.")
_NO_CURSOR: Final = N_("This is no cursor of ours. Start with the first page.")


@bp.operation("GET", "/events")
@bearer("read")
@bp.takes(AuditQuery, location="query")
@bp.answers(200, AuditPageSchema, example=examples.AUDIT_PAGE)
@bp.refuses(HTTPStatus.NOT_FOUND)
@bp.describe(**needs("read"))
def list_audit_events(query: dict[str, Any]) -> dict[str, Any]:
    """List the entries about what is yours.

    In the order of the log, fifty a page. Keep the cursor and ask again later: no entry is missed. Auditors of Pact
    read all entries.
    """
    session, begin = current_uow().session, _place(query.get("cursor", "0"))
    found = newer(session, _slice(query), since=begin, limit=PAGE)
    following = [entry.row.idx + 1 for entry in found if entry.row.idx is not None]
    return {"events": [_event(entry) for entry in found], "next_cursor": str(following[-1] if following else begin)}


@bp.operation("GET", "/events/<uuid:event_id>/proof")
@allow(PUBLIC)
@bp.answers(200, AuditProofSchema, example=examples.AUDIT_PROOF)
@bp.refuses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
def get_audit_proof(event_id: UUID) -> dict[str, Any]:
    """Prove an entry to the latest checkpoint.

    For who knows its identifier; the proof holds hashes only.
    """
    try:
        found = prove_event(current_uow().session, event_id=event_id)
    except NotSignedYet as error:
        raise Conflict(NOT_YET) from error
    except LogRefused as error:
        raise NotFound from error
    proof = parse_proof(found.proof)
    return {
        "id": str(event_id),
        "idx": found.index,
        "size": found.size,
        "leaf_hash": _base64(leaf_hash(found.leaf)),
        "hashes": [_base64(each) for each in proof.hashes],
        "checkpoint": proof.checkpoint.decode("utf-8"),
        "proof": found.proof.decode("utf-8"),
    }


@bp.operation("GET", "/consistency")
@allow(PUBLIC)
@bp.takes(AuditConsistencyQuery, location="query")
@bp.answers(200, AuditConsistencySchema, example=examples.AUDIT_CONSISTENCY)
@bp.refuses(HTTPStatus.NOT_FOUND)
def get_audit_consistency(query: dict[str, Any]) -> dict[str, Any]:
    """Prove that the log only grew since it had `old_size` entries."""
    session = current_uow().session
    checkpoint = latest_checkpoint(session)
    try:
        found = prove_consistency(session, old_size=int(query["old_size"]))
    except LogRefused as error:
        raise NotFound(error.message) from error
    return {
        "old_size": int(query["old_size"]),
        "size": checkpoint.size if checkpoint else 0,
        "hashes": [_base64(each) for each in found.proof],
        "checkpoint": found.checkpoint.decode("utf-8"),
    }


@bp.operation("GET", "/checkpoint")
@allow(PUBLIC)
@bp.answers(200, AuditCheckpointSchema, example=examples.AUDIT_CHECKPOINT)
@bp.refuses(HTTPStatus.NOT_FOUND)
def get_audit_checkpoint() -> dict[str, Any]:
    """Read the latest checkpoint."""
    session = current_uow().session
    found = latest_checkpoint(session)
    if found is None:
        raise NotFound
    return {
        "origin": found.origin,
        "size": found.size,
        "root": _base64(found.root),
        "signed_at": found.signed_at,
        "note": note_of(session, found).decode("utf-8"),
    }


def _slice(query: dict[str, Any]) -> Slice:
    """Return whose entries the caller asks for; raises NotFound when they are not hers to read."""
    uow = current_uow()
    whose = query.get("whose") or ("buyer" if uow.actor.buyer_id else "cooperative")
    if whose == "buyer" and uow.actor.buyer_id:
        return slice_of_buyer(uow.session, uow.actor.buyer_id)
    if whose == "staff" and _reads_everything():
        return STAFF
    if whose == "cooperative":
        wanted = query.get("cooperative")
        for each in cooperatives_of_member(uow.session, uow.actor):
            if wanted in (None, each.reference):
                return Slice("cooperative", each.id)
    raise NotFound


def _reads_everything() -> bool:
    """Ask for the role anew: a token carries no duty of staff, and leaves name nobody."""
    uow = current_uow()
    mine = select(StaffGrant.role).where(StaffGrant.user_id == uow.actor.user_id, StaffGrant.role.in_(EVERYTHING))
    return uow.session.scalar(mine.limit(1)) is not None


def _event(entry: OwnEntry) -> dict[str, Any]:
    row = entry.row
    kind = KINDS.get(row.action)
    return {
        "id": str(row.event_id),
        "idx": row.idx,
        "at": row.at,
        "action": row.action,
        "text": translate(kind.sentence, actor=translate("Somebody"), target="…") if kind else row.action,
        "outcome": row.outcome,
        "targets": [{"type": kind_of_thing, "id": key} for kind_of_thing, key in row.targets],
        "leaf": entry.leaf.decode("utf-8"),
    }


def _place(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit()):
        raise FieldsRefused({"cursor": _NO_CURSOR}, place="parameter")
    return int(cursor)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
