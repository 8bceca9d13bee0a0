"""The journey of a lot as subjects of a UNTP Digital Traceability Event: MakeEvent, MoveEvent, ModifyEvent of 0.7.0.

Made is what comes out of the ground, of a mix, a division or work. Moved is what leaves one place for another.
Everything else happens to goods that stay what and where they are.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from marketplace.audit.verify.documents import time_text
from marketplace.custody.kinds import KIND_WORDS
from marketplace.custody.record import CustodyStep, LotAmount, LotRecord, Party, Place
from marketplace.passport import addresses
from marketplace.passport.quantities import measure_of
from marketplace.passport.untp_links import digest_link, term

Node = dict[str, Any]

EVENT_TYPES: Final = ("DigitalTraceabilityEvent", "VerifiableCredential")

MADE: Final = ("produced", "combined", "split", "processed")
# Roles of UNTP's PartyRole by those of our events; whoever is not named here operates.
ROLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cooperative": "producer",
        "carrier": "carrier",
        "assayer": "inspector",
        "valuer": "serviceProvider",
        "tag_issuer": "certifier",
        "pact_staff": "inspector",
        "exporter": "exporter",
        "importer": "importer",
        "buyer": "owner",
        "warehouse": "logisticsProvider",
    }
)


def traceability_events(record: LotRecord, *, base_url: str) -> list[dict[str, Any]]:
    """Return one event for each step, in order; a correction is an event of its own that names the corrected one."""
    return [_event(record, step, base_url) for step in record.steps]


def _event(record: LotRecord, step: CustodyStep, base: str) -> Node:
    shared = _shared(record, step, base)
    at = _facility(step.place, base)
    if step.kind in MADE:
        given, got = _amounts(record, step)
        return {
            "type": ["MakeEvent", "LifecycleEvent"],
            **shared,
            "inputProduct": [_product(record, each, base, disposition="consumed") for each in given],
            "outputProduct": [_product(record, each, base, disposition="new") for each in got],
            "madeAtFacility": at,
        }
    if step.destination is not None:
        return {
            "type": ["MoveEvent", "LifecycleEvent"],
            **shared,
            "movedProduct": [_goods(record, step, base, disposition="inTransit")],
            "fromFacility": at,
            "toFacility": _facility(step.destination, base),
        }
    return {
        "type": ["ModifyEvent", "LifecycleEvent"],
        **shared,
        "modifiedProduct": [_goods(record, step, base, disposition="active")],
        "modifiedAtFacility": at,
    }


def _shared(record: LotRecord, step: CustodyStep, base: str) -> Node:
    kind = {
        "code": step.kind,
        "name": KIND_WORDS[step.kind],
        "schemeId": term(base, "custody-events"),
        "schemeName": "Custody events of the marketplace",
    }
    return {
        "id": addresses.event_of(step),
        "name": KIND_WORDS[step.kind],
        "description": _description(record, step),
        "eventDate": time_text(step.happened_at),
        "activityType": kind,
        "relatedParty": _parties(step, base),
        "relatedDocument": _documents(step),
        **({"sensorData": [_loss(record, step, base)]} if step.loss_mg else {}),
    }


def _amounts(record: LotRecord, step: CustodyStep) -> tuple[Sequence[LotAmount], Sequence[LotAmount]]:
    """Return what went in and what came out; the lot itself where the step names no other."""
    own = _own(record, step)
    before = () if step.weight_before_mg is None else (LotAmount(lot_reference=own, weight_mg=step.weight_before_mg),)
    after = () if step.weight_after_mg is None else (LotAmount(lot_reference=own, weight_mg=step.weight_after_mg),)
    return step.inputs or before, step.outputs or after


def _own(record: LotRecord, step: CustodyStep) -> str:
    """Return the lot, or the part of it, that an order's event is about."""
    return step.facts.get("part") or record.reference


def _goods(record: LotRecord, step: CustodyStep, base: str, *, disposition: str) -> Node:
    weight_mg = step.weight_before_mg if step.weight_after_mg is None else step.weight_after_mg
    own = _own(record, step)
    if weight_mg is None:
        return {"product": _named(own, base), "disposition": disposition}
    return _product(record, LotAmount(lot_reference=own, weight_mg=weight_mg), base, disposition=disposition)


def _product(record: LotRecord, amount: LotAmount, base: str, *, disposition: str) -> Node:
    return {
        "product": _named(amount.lot_reference, base),
        "quantity": measure_of(record.kind, amount.weight_mg),
        "disposition": disposition,
    }


def _named(reference: str, base: str) -> Node:
    return {
        "type": ["Product"],
        "id": addresses.goods_of(base, reference=reference),
        "name": f"Lot {reference}",
        "idGranularity": "item",
        "itemNumber": reference,
    }


def _facility(place: Place, base: str) -> Node:
    name = ", ".join(part for part in (place.district, place.region, place.country) if part)
    return {"type": ["Facility"], "id": addresses.place_of(base, place), "name": name}


def _parties(step: CustodyStep, base: str) -> list[Node]:
    found = [{"role": ROLES.get(step.party.role, "operator"), "party": _party(step.party, base)}]
    if step.receiver is not None:
        found.append({"role": "consignee", "party": _party(step.receiver, base)})
    return found


def _party(party: Party, base: str) -> Node:
    """Return who acted; a buyer has no name here, only the role."""
    found: Node = {
        "type": ["Party"],
        "id": addresses.party_of(base, party),
        "name": party.name or party.role.replace("_", " ").capitalize(),
    }
    if party.country:
        found["registrationCountry"] = {"countryCode": party.country}
    return found


def _documents(step: CustodyStep) -> list[Node]:
    """Return papers and photos by their digests alone: neither they nor the numbers on them are for strangers."""
    papers = [digest_link(each.kind.replace("_", " "), each.sha256) for each in step.documents if each.sha256]
    return [*papers, *(digest_link("photo", each) for each in step.photo_sha256s)]


def _loss(record: LotRecord, step: CustodyStep, base: str) -> Node:
    metric = {"type": ["PerformanceMetric"], "id": term(base, "metric-declared-loss"), "name": "Declared loss"}
    return {"metric": metric, "measure": [measure_of(record.kind, step.loss_mg)]}


def _description(record: LotRecord, step: CustodyStep) -> str:
    """Return what has no member of its own, as sentences; never a reason or a remark that somebody typed."""
    corrected = next((each for each in record.steps if step.corrects and each.id == step.corrects), None)
    told = [
        "Entered by a field officer for the cooperative." if step.entered_for else "",
        f"Corrects {addresses.event_of(corrected)}." if corrected else "",
        f"Tags: {', '.join(step.tag_numbers)}." if step.tag_numbers else "",
    ]
    return " ".join(part for part in told if part) or KIND_WORDS[step.kind]
