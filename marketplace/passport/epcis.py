"""What happened to a lot as an EPCIS 2.0 document in JSON-LD (GS1 EPCIS 2.0.1, CBV 2.0.0).

Identifiers are our own https addresses; no GS1 key is made up. Stones are told in carats (CTM), gold in grams (GRM).
An event that another one corrects is told again with an error declaration that names the correcting one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from marketplace.audit.verify.documents import time_text
from marketplace.custody.record import CustodyStep, LotAmount, LotRecord
from marketplace.passport import addresses
from marketplace.passport.quantities import quantity_of, unit_of

VERSION: Final = "2.0"
CONTEXT: Final = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"


class Term(NamedTuple):
    """How CBV 2.0 names a kind of custody event."""

    event: str
    action: str
    step: str
    disposition: str


# Reasons stand in docs/exports.md.
TERMS: Final[Mapping[str, Term]] = MappingProxyType(
    {
        "produced": Term("ObjectEvent", "ADD", "commissioning", "active"),
        "tagged": Term("AggregationEvent", "ADD", "packing", "container_closed"),
        "purchased": Term("ObjectEvent", "OBSERVE", "accepting", "in_progress"),
        "combined": Term("TransformationEvent", "", "creating_class_instance", "active"),
        "split": Term("TransformationEvent", "", "repackaging", "active"),
        "processed": Term("TransformationEvent", "", "creating_class_instance", "in_progress"),
        "assayed": Term("ObjectEvent", "OBSERVE", "sampling", "in_progress"),
        "valued": Term("ObjectEvent", "OBSERVE", "other", "in_progress"),
        "inspected": Term("ObjectEvent", "OBSERVE", "inspecting", "in_progress"),
        "moved": Term("ObjectEvent", "OBSERVE", "shipping", "in_transit"),
        "stored": Term("ObjectEvent", "OBSERVE", "storing", "sellable_not_accessible"),
        "exported": Term("ObjectEvent", "OBSERVE", "departing", "in_transit"),
        "imported": Term("ObjectEvent", "OBSERVE", "arriving", "in_transit"),
        "delivered": Term("ObjectEvent", "OBSERVE", "receiving", "in_progress"),
        "accepted": Term("ObjectEvent", "OBSERVE", "accepting", "conformant"),
        "returned": Term("ObjectEvent", "OBSERVE", "shipping", "returned"),
    }
)
# Events that name who had the goods before and after.
_HANDED_OVER: Final = frozenset({"purchased", "moved", "exported", "imported", "returned"})


def document_of(record: LotRecord, *, base_url: str, created_at: datetime) -> dict[str, Any]:
    """Return the document; `created_at` is in UTC, `base_url` without a slash at its end."""
    corrected = {step.corrects: step for step in record.steps if step.corrects is not None}
    return {
        "@context": [CONTEXT],
        "id": f"{base_url}/l/{record.reference}/events",
        "type": "EPCISDocument",
        "schemaVersion": VERSION,
        "creationDate": time_text(created_at),
        "epcisBody": {"eventList": [_event(record, step, corrected.get(step.id), base_url) for step in record.steps]},
    }


def _event(record: LotRecord, step: CustodyStep, corrected_by: CustodyStep | None, base: str) -> dict[str, Any]:
    term = TERMS[step.kind]
    return {
        "type": term.event,
        "eventID": addresses.event_of(base, reference=record.reference, step=step),
        "eventTime": time_text(step.happened_at),
        "recordTime": time_text(step.recorded_at),
        "eventTimeZoneOffset": "+00:00",
        **({"action": term.action} if term.action else {}),
        "bizStep": term.step,
        "disposition": term.disposition,
        "readPoint": {"id": addresses.place_of(base, step.place)},
        "bizLocation": {"id": addresses.place_of(base, step.destination or step.place)},
        **_goods(record, step, term, base),
        **(_hand_over(step, base) if step.kind in _HANDED_OVER and step.receiver is not None else {}),
        **({"errorDeclaration": _error(record, corrected_by, base)} if corrected_by is not None else {}),
    }


def _goods(record: LotRecord, step: CustodyStep, term: Term, base: str) -> dict[str, Any]:
    after = step.weight_after_mg if step.weight_after_mg is not None else step.weight_before_mg
    whole = [LotAmount(lot_reference=record.reference, weight_mg=record.weight_mg if after is None else after)]
    if term.event == "TransformationEvent":
        before = [LotAmount(lot_reference=record.reference, weight_mg=step.weight_before_mg or record.weight_mg)]
        return {
            "inputQuantityList": _quantities(record, step.inputs or before, base),
            "outputQuantityList": _quantities(record, step.outputs or whole, base),
        }
    quantities = _quantities(record, whole, base)
    if term.event == "AggregationEvent":
        tag = next(iter(step.tag_numbers), record.tag_number)
        return {"parentID": f"{base}/tags/{quote(tag, safe='')}", "childQuantityList": quantities}
    return {"quantityList": quantities}


def _quantities(record: LotRecord, amounts: Sequence[LotAmount], base: str) -> list[dict[str, Any]]:
    return [
        {
            "epcClass": addresses.goods_of(base, reference=each.lot_reference),
            "quantity": quantity_of(record.kind, each.weight_mg),
            "uom": unit_of(record.kind),
        }
        for each in amounts
    ]


def _hand_over(step: CustodyStep, base: str) -> dict[str, Any]:
    assert step.receiver is not None
    return {
        "sourceList": [{"type": "possessing_party", "source": addresses.party_of(base, step.party)}],
        "destinationList": [{"type": "possessing_party", "destination": addresses.party_of(base, step.receiver)}],
    }


def _error(record: LotRecord, corrected_by: CustodyStep, base: str) -> dict[str, Any]:
    return {
        "declarationTime": time_text(corrected_by.recorded_at),
        "reason": "incorrect_data",
        "correctiveEventIDs": [addresses.event_of(base, reference=record.reference, step=corrected_by)],
    }
