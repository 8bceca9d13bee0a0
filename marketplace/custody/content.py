"""The public document of a custody event, and back: text, whole numbers, truth values and lists only.

Its digest is SHA-256 of the RFC 8785 bytes, so anyone who has the document can compute it again.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import rfc8785

from marketplace.custody.record import CustodyStep, EventDocument, LotAmount, Party, Place


def content_of(step: CustodyStep, *, lot_reference: str, model: str) -> dict[str, Any]:
    """Return the document of an event of the lot; its number and its audit entry are found later, not written."""
    return {
        "v": 1,
        "id": str(step.id),
        "lot": lot_reference,
        "kind": step.kind,
        "happened_at": step.happened_at.isoformat().replace("+00:00", "Z"),
        "party": asdict(step.party),
        "place": asdict(step.place),
        "receiver": asdict(step.receiver) if step.receiver else None,
        "destination": asdict(step.destination) if step.destination else None,
        "entered_for": step.entered_for,
        "weight_before_mg": step.weight_before_mg,
        "weight_after_mg": step.weight_after_mg,
        "loss_mg": step.loss_mg,
        "pieces": step.pieces,
        "tag_numbers": list(step.tag_numbers),
        "seal_number": step.seal_number,
        "inputs": [asdict(each) for each in step.inputs],
        "outputs": [asdict(each) for each in step.outputs],
        "documents": [asdict(each) for each in step.documents],
        "photo_sha256s": list(step.photo_sha256s),
        "facts": dict(step.facts),
        "model": model,
        "corrects": str(step.corrects) if step.corrects else None,
    }


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a document's canonical bytes (RFC 8785) as hex."""
    return sha256(rfc8785.dumps(dict(content))).hexdigest()


def step_of(
    content: Mapping[str, Any], *, number: int, recorded_at: datetime, audit_event_id: UUID | None
) -> CustodyStep:
    """Return the step a document tells of; `number` is its place in the record of one lot."""
    return CustodyStep(
        id=UUID(content["id"]),
        number=number,
        kind=content["kind"],
        happened_at=datetime.fromisoformat(content["happened_at"]),
        recorded_at=recorded_at,
        party=Party(**content["party"]),
        place=Place(**content["place"]),
        receiver=Party(**content["receiver"]) if content["receiver"] else None,
        destination=Place(**content["destination"]) if content["destination"] else None,
        entered_for=content["entered_for"],
        weight_before_mg=content["weight_before_mg"],
        weight_after_mg=content["weight_after_mg"],
        loss_mg=content["loss_mg"],
        pieces=content["pieces"],
        tag_numbers=tuple(content["tag_numbers"]),
        seal_number=content["seal_number"],
        inputs=tuple(LotAmount(**each) for each in content["inputs"]),
        outputs=tuple(LotAmount(**each) for each in content["outputs"]),
        documents=tuple(_public(EventDocument(**each)) for each in content["documents"]),
        photo_sha256s=tuple(content["photo_sha256s"]),
        facts=content["facts"],
        corrects=UUID(content["corrects"]) if content["corrects"] else None,
        audit_event_id=audit_event_id,
    )


def _public(document: EventDocument) -> EventDocument:
    """Return a paper as everybody may know it: with the number of a waybill strangers could follow the parcel."""
    return replace(document, number="") if document.kind == "waybill" else document
