"""What happened to a lot as an EPCIS 2.0 document in JSON-LD (GS1 EPCIS 2.0.1, CBV 2.0.0).

Goods, places, parties and papers are our own https addresses; no GS1 key is made up. An event has the same UUID in the
document of every lot it names. Stones are told in carats (CTM), gold in grams (GRM); a weight nobody told is left out.
An event that another one corrects is told with an error declaration that names the correcting one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from marketplace.audit.verify.documents import time_text
from marketplace.custody.record import CustodyStep, LotRecord
from marketplace.passport import addresses
from marketplace.passport.addresses import CUSTODY_CONTEXT
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
# What an event found (kind, fact, code), and CBV's word for it where it is not the kind's own.
_FINDINGS: Final[Mapping[tuple[str, str, str], str]] = MappingProxyType(
    {
        ("assayed", "result", "as_listed"): "conformant",
        ("assayed", "result", "not_as_listed"): "non_conformant",
        ("inspected", "checklist", "passed"): "conformant",
        ("inspected", "checklist", "remarks"): "conformant",
        ("inspected", "checklist", "failed"): "non_conformant",
        ("delivered", "seal_intact", "no"): "non_conformant",
    }
)
# CBV 2.0, 7.3. A kind of paper that CBV does not know has a term of our own.
_PAPERS: Final[Mapping[str, str]] = MappingProxyType(
    {"waybill": "bol", "report": "testres", "kimberley_confirmation": "cert"}
)


def document_of(record: LotRecord, *, base_url: str, created_at: datetime) -> dict[str, Any]:
    """Return the document; `created_at` is in UTC, `base_url` without a slash at its end."""
    corrected = {step.corrects: step for step in record.steps if step.corrects is not None}
    return {
        "@context": [CONTEXT, base_url + CUSTODY_CONTEXT],
        "id": f"{base_url}/l/{record.reference}/events",
        "type": "EPCISDocument",
        "schemaVersion": VERSION,
        "creationDate": time_text(created_at),
        "epcisBody": {"eventList": [_event(record, step, corrected.get(step.id), base_url) for step in record.steps]},
    }


def custody_context(base_url: str) -> dict[str, Any]:
    """Return the definitions of our own terms; what stands at a versioned address never changes."""
    here = f"{base_url}{CUSTODY_CONTEXT}#"
    text = "http://www.w3.org/2001/XMLSchema#string"
    return {
        "@context": {
            "@version": 1.1,
            "custody": {"@id": here, "@prefix": True},
            "custody:sealNumber": {"@id": f"{here}sealNumber", "@type": text},
            "custody:tagNumbers": {"@id": f"{here}tagNumbers", "@type": text, "@container": "@set"},
        }
    }


def _event(record: LotRecord, step: CustodyStep, corrected_by: CustodyStep | None, base: str) -> dict[str, Any]:
    term = TERMS[step.kind]
    return {
        "type": term.event,
        "eventID": addresses.event_of(step),
        "eventTime": time_text(step.happened_at),
        "recordTime": time_text(step.recorded_at),
        "eventTimeZoneOffset": "+00:00",
        **({"action": term.action} if term.action else {}),
        "bizStep": term.step,
        "disposition": _disposition(record, step),
        "readPoint": {"id": addresses.place_of(base, step.place)},
        "bizLocation": {"id": addresses.place_of(base, step.destination or step.place)},
        **_goods(record, step, term, base),
        **_papers(step, base),
        **({"custody:sealNumber": step.seal_number} if step.seal_number else {}),
        **({"custody:tagNumbers": list(step.tag_numbers)} if step.tag_numbers else {}),
        **(_hand_over(step, base) if step.kind in _HANDED_OVER and step.receiver is not None else {}),
        **({"errorDeclaration": _error(corrected_by)} if corrected_by is not None else {}),
    }


def _disposition(record: LotRecord, step: CustodyStep) -> str:
    """Return the state of the goods: what the event found; of an acceptance, what was found last before it."""
    if step.kind != "accepted":
        return _found(step) or TERMS[step.kind].disposition
    corrected = {each.corrects for each in record.steps}
    part = step.facts.get("part")
    earlier = [
        found
        for each in record.steps
        if each.number < step.number and each.id not in corrected and each.facts.get("part") in (None, part)
        if (found := _found(each))
    ]
    return earlier[-1] if earlier else TERMS[step.kind].disposition


def _found(step: CustodyStep) -> str | None:
    told = (_FINDINGS.get((step.kind, name, code)) for name, code in step.facts.items())
    return next((word for word in told if word), None)


def _goods(record: LotRecord, step: CustodyStep, term: Term, base: str) -> dict[str, Any]:
    # A part that an order bought is a class of its own, as the split told it.
    goods = step.facts.get("part") or record.reference
    after = step.weight_after_mg if step.weight_after_mg is not None else step.weight_before_mg
    if term.event == "TransformationEvent":
        inputs = [(each.lot_reference, each.weight_mg) for each in step.inputs]
        outputs = [(each.lot_reference, each.weight_mg) for each in step.outputs]
        return {
            "inputQuantityList": _quantities(record, inputs or [(goods, step.weight_before_mg)], base),
            "outputQuantityList": _quantities(record, outputs or [(goods, after)], base),
        }
    quantities = _quantities(record, [(goods, after)], base)
    if term.event == "AggregationEvent":
        tag = next(iter(step.tag_numbers), record.tag_number)
        return {"parentID": f"{base}/tags/{quote(tag, safe='')}", "childQuantityList": quantities}
    return {"quantityList": quantities}


def _quantities(record: LotRecord, amounts: Sequence[tuple[str, int | None]], base: str) -> list[dict[str, Any]]:
    found = []
    for reference, weight_mg in amounts:
        element: dict[str, Any] = {"epcClass": f"{base}/l/{quote(reference, safe='/')}"}
        if weight_mg is not None:
            element |= {"quantity": quantity_of(record.kind, weight_mg), "uom": unit_of(record.kind)}
        found.append(element)
    return found


def _papers(step: CustodyStep, base: str) -> dict[str, Any]:
    papers = [
        {
            "type": _PAPERS.get(each.kind, f"{base}{CUSTODY_CONTEXT}#{quote(each.kind, safe='')}"),
            "bizTransaction": f"{base}/papers/{quote(each.kind, safe='')}/{quote(each.number, safe='')}",
        }
        for each in step.documents
        if each.number
    ]
    return {"bizTransactionList": papers} if papers else {}


def _hand_over(step: CustodyStep, base: str) -> dict[str, Any]:
    assert step.receiver is not None
    return {
        "sourceList": [{"type": "possessing_party", "source": addresses.party_of(base, step.party)}],
        "destinationList": [{"type": "possessing_party", "destination": addresses.party_of(base, step.receiver)}],
    }


def _error(corrected_by: CustodyStep) -> dict[str, Any]:
    return {
        "declarationTime": time_text(corrected_by.recorded_at),
        "reason": "incorrect_data",
        "correctiveEventIDs": [addresses.event_of(corrected_by)],
    }
