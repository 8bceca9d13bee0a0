"""The journey of a lot as subjects of a UNTP Digital Traceability Event: MakeEvent, MoveEvent, ModifyEvent of 0.7.0.

Made is what comes out of the ground, of a mix, a division or work. Moved is what leaves one place for another.
Everything else happens to goods that stay what and where they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from marketplace.custody.kinds import KIND_WORDS
from marketplace.custody.record import CustodyStep, LotAmount, LotRecord, Place
from marketplace.passport.untp import terms
from marketplace.passport.untp.terms import Node

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
_RECEIVES: Final = "consignee"


def traceability_events(record: LotRecord, *, base_url: str) -> list[dict[str, Any]]:
    """Return one event for each step, in order; a correction is an event of its own that names the corrected one."""
    return [_event(record, step, base_url=base_url) for step in record.steps]


def _event(record: LotRecord, step: CustodyStep, *, base_url: str) -> Node:
    here = f"{terms.product_id(base_url, record.reference)}#step-{step.number}"
    shared: Node = {
        "id": f"urn:uuid:{step.id}",
        "name": KIND_WORDS[step.kind],
        "description": _description(step),
        "eventDate": terms.moment(step.happened_at),
        "activityType": terms.coded(
            step.kind,
            KIND_WORDS[step.kind],
            scheme=terms.term(base_url, "custody-events"),
            scheme_name="Custody events of the marketplace",
        ),
        "relatedParty": _parties(step, here=here, base_url=base_url),
        "relatedDocument": _documents(step),
    }
    if step.loss_mg:
        shared["sensorData"] = [_loss(step, base_url=base_url)]
    at = _at(step.place, here=here, base_url=base_url)
    if step.kind in MADE:
        given, got = _amounts(record, step)
        return {
            "type": ["MakeEvent", "LifecycleEvent"],
            **shared,
            "inputProduct": _products(given, base_url=base_url, disposition="consumed"),
            "outputProduct": _products(got, base_url=base_url, disposition="new"),
            "madeAtFacility": at,
        }
    goods = _goods(record, step, base_url=base_url)
    if step.destination is not None:
        to = terms.facility(base_url, step.destination, other=f"{here}-to")
        return {
            "type": ["MoveEvent", "LifecycleEvent"],
            **shared,
            "movedProduct": goods,
            "fromFacility": at,
            "toFacility": to,
        }
    return {"type": ["ModifyEvent", "LifecycleEvent"], **shared, "modifiedProduct": goods, "modifiedAtFacility": at}


def _at(place: Place, *, here: str, base_url: str) -> Node:
    return terms.facility(base_url, place, other=f"{here}-place")


def _amounts(record: LotRecord, step: CustodyStep) -> tuple[Sequence[LotAmount], Sequence[LotAmount]]:
    """Return what went in and what came out; the lot itself where the step names no other."""
    own = _own(record, step)
    before = () if step.weight_before_mg is None else (LotAmount(lot_reference=own, weight_mg=step.weight_before_mg),)
    after = () if step.weight_after_mg is None else (LotAmount(lot_reference=own, weight_mg=step.weight_after_mg),)
    return step.inputs or before, step.outputs or after


def _own(record: LotRecord, step: CustodyStep) -> str:
    """Return the lot, or the part of it, that an order's event is about."""
    return step.facts.get("part") or record.reference


def _products(amounts: Iterable[LotAmount], *, base_url: str, disposition: str) -> list[Node]:
    return [
        _product(each.lot_reference, each.weight_mg, base_url=base_url, disposition=disposition) for each in amounts
    ]


def _goods(record: LotRecord, step: CustodyStep, *, base_url: str) -> list[Node]:
    found = step.weight_before_mg if step.weight_after_mg is None else step.weight_after_mg
    disposition = "inTransit" if step.destination is not None else "active"
    return [_product(_own(record, step), found, base_url=base_url, disposition=disposition)]


def _product(reference: str, weight_mg: int | None, *, base_url: str, disposition: str) -> Node:
    found: Node = {
        "product": {
            "type": ["Product"],
            "id": terms.product_id(base_url, reference),
            "name": f"Lot {reference}",
            "idGranularity": "item",
            "itemNumber": reference,
        },
        "disposition": disposition,
    }
    if weight_mg is not None:
        found["quantity"] = terms.weight(weight_mg)
    return found


def _parties(step: CustodyStep, *, here: str, base_url: str) -> list[Node]:
    acted = terms.party(base_url, step.party, other=f"{here}-party")
    found = [{"role": ROLES.get(step.party.role, "operator"), "party": acted}]
    if step.receiver is not None:
        found.append({"role": _RECEIVES, "party": terms.party(base_url, step.receiver, other=f"{here}-receiver")})
    return found


def _documents(step: CustodyStep) -> list[Node]:
    """Return links to what has a digest; papers and photos of events are not public, so the digest is all of them."""
    papers = [
        terms.digest_link(" ".join(part for part in (each.kind.replace("_", " "), each.number) if part), each.sha256)
        for each in step.documents
        if each.sha256
    ]
    return [*papers, *(terms.digest_link("Photo", each) for each in step.photo_sha256s)]


def _loss(step: CustodyStep, *, base_url: str) -> Node:
    metric = {
        "type": ["PerformanceMetric"],
        "id": terms.term(base_url, "metric-declared-loss"),
        "name": "Declared loss",
    }
    return {"metric": metric, "measure": [terms.weight(step.loss_mg)]}


def _description(step: CustodyStep) -> str:
    """Return what has no member of its own, as sentences; never a reason or a remark that somebody typed."""
    told = [
        "Entered by a field officer for the cooperative." if step.entered_for else "",
        f"Corrects urn:uuid:{step.corrects}." if step.corrects else "",
        f"Tags: {', '.join(step.tag_numbers)}." if step.tag_numbers else "",
        f"Seal: {step.seal_number}." if step.seal_number else "",
        *(f"{each.kind.replace('_', ' ').capitalize()}: {each.number}." for each in step.documents if each.number),
    ]
    return " ".join(part for part in told if part) or KIND_WORDS[step.kind]
