"""Events that the marketplace knows by itself: publication, parcels on their way, receipt, acceptance, assay, parts.

They never stop the order they come from: what people recorded before is taken as it stands, and a clock that is
behind the last event takes that event's time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from marketplace.compliance.models import Cooperative
from marketplace.core.ids import new_id
from marketplace.custody.chains import chain_of
from marketplace.custody.models import CustodyEvent
from marketplace.custody.queries import events_of_lot, model_of, party_of, site_of_version
from marketplace.custody.record import CustodyStep, EventDocument, LotAmount, Party, Place
from marketplace.custody.rules.chain import WHOLE, standing
from marketplace.custody.rules.tags import TagRefused
from marketplace.custody.services import tags
from marketplace.custody.services.writing import Beside, write
from marketplace.custody.shares import PriceLine, shares_of
from marketplace.lots.models import Lot, LotVersion
from marketplace.lots.queries import lot_by_id, version_by_id
from marketplace.unit_of_work import UnitOfWork

# Where a journey can begin, or its weight change.
_ORIGINS = frozenset({"produced", "purchased", "combined", "split", "processed"})
BUYER = Party(role="buyer", name="")
VERIFIER = Party(role="assayer", name="Pact")


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """Hold what an order bought: the lot as one version shows it, or `part_mg` of it; where it goes, by country."""

    lot_id: UUID
    version_id: UUID
    order_id: UUID
    part_mg: int | None
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consignment:
    """Hold how a parcel travels. `leg` is out, onward or back; `insured` is an amount as text, not public."""

    leg: str
    carrier: str
    waybill: str
    seal_number: str
    weight_mg: int
    insured: str
    to_verifier: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Hold what was found when a parcel came; nothing where only the carrier's proof tells of it."""

    leg: str
    seal_intact: bool | None
    weight_mg: int | None
    at_verifier: bool = False


def published(uow: UnitOfWork, *, lot: Lot, version: LotVersion) -> None:
    """Record where the goods of an approved version come from, unless its journey tells already.

    Raises TagRefused when the bag's tag was issued to another cooperative, or is void, lost or used.
    """
    lot = lot_by_id(uow.session, lot.id, lock=True)
    origin = tags.use(uow, number=version.content["tag_number"], lot=lot)
    _begin(uow, lot, version, at=uow.now, tag_origin=origin.value)


def sent(uow: UnitOfWork, *, goods: Goods, parcel: Consignment) -> None:
    """Record that a parcel was handed to the carrier, or sent back; a part of a lot is split off first."""
    lot = _ready(uow, goods)
    part = _part_of(uow, lot, goods, tag=parcel.seal_number)
    kind = "returned" if parcel.leg == "back" else "moved"
    step = _step(uow, lot, kind=kind, part=part)
    facts = {**step.facts, **({"reason": parcel.reason} if parcel.reason else {})}
    to_buyer = Place(country=goods.country)
    receiver = VERIFIER if parcel.to_verifier else BUYER
    home = step.place
    if parcel.leg == "back":
        step = replace(step, party=BUYER, place=to_buyer, destination=home)
        receiver = party_of(uow.session.get_one(Cooperative, lot.cooperative_id))
    else:
        step = replace(step, party=Party(role="carrier", name=parcel.carrier),
                       destination=home if parcel.to_verifier else to_buyer)  # fmt: skip
    step = replace(
        step,
        receiver=receiver,
        weight_after_mg=parcel.weight_mg or None,
        seal_number=parcel.seal_number,
        documents=[EventDocument(kind="waybill", number=parcel.waybill)],
        facts=facts if parcel.leg != "back" else {**facts, "carrier": parcel.carrier},
    )
    _write(uow, lot, step, Beside(kept={"insured": parcel.insured}, order_id=goods.order_id))


def arrived(uow: UnitOfWork, *, goods: Goods, found: Found) -> None:
    """Record that a parcel came: delivered to the buyer or the verifier, or back in the cooperative's safe place."""
    lot = _ready(uow, goods)
    part = _part_of(uow, lot, goods, tag="")
    step = _step(uow, lot, kind="stored" if found.leg == "back" else "delivered", part=part)
    known = {True: "yes", False: "no", None: "not_looked_at"}[found.seal_intact]
    step = replace(step, facts={**step.facts, "seal_intact": known}, weight_after_mg=found.weight_mg or None)
    if found.leg != "back":
        at_buyer = Place(country=goods.country)
        step = replace(step, party=VERIFIER if found.at_verifier else BUYER,
                       place=step.place if found.at_verifier else at_buyer)  # fmt: skip
    else:
        sent_with = [event for event in _of_order(uow, lot, goods) if event.kind == "returned"]
        step = replace(step, seal_number=sent_with[-1].content["seal_number"] if sent_with else "")
    _write(uow, lot, step, Beside(order_id=goods.order_id))


def assayed(uow: UnitOfWork, *, goods: Goods, result: str, certificate: str, method: str) -> None:
    """Record what the independent check says about the goods; gold has its fineness, stones a match."""
    lot = _ready(uow, goods)
    step = _step(uow, lot, kind="assayed", part=_part_of(uow, lot, goods, tag=""))
    facts = {**step.facts, "assay_method": method, "result": result, "uncertainty": "on_the_report"}
    documents = [EventDocument(kind="report", number=certificate)] if certificate else []
    step = replace(step, party=VERIFIER, documents=documents, facts=facts)
    _write(uow, lot, step, Beside(order_id=goods.order_id))


def accepted(uow: UnitOfWork, *, goods: Goods, how: str, lines: list[dict[str, Any]]) -> None:
    """Record that the buyer accepted, by saying so or by silence; `lines` say who gets what of the first sale."""
    lot = _ready(uow, goods)
    step = _step(uow, lot, kind="accepted", part=_part_of(uow, lot, goods, tag=""))
    step = replace(step, party=BUYER, place=Place(country=goods.country), facts={**step.facts, "how": how})
    shares = shares_of([PriceLine(each["code"], each["label"], each["payee"], each["amount_minor"]) for each in lines])
    _write(uow, lot, step, Beside(order_id=goods.order_id, split=shares))


def _ready(uow: UnitOfWork, goods: Goods) -> Lot:
    """Return the lot, its journey begun: that of a lot published before journeys were kept begins as it was listed."""
    lot = lot_by_id(uow.session, goods.lot_id, lock=True)
    if not events_of_lot(uow.session, lot_id=lot.id):
        version = version_by_id(uow.session, goods.version_id)
        try:
            origin = tags.use(uow, number=version.content["tag_number"], lot=lot).value
        except TagRefused:
            origin = "disputed"
        _begin(uow, lot, version, at=lot.published_at or version.submitted_at, tag_origin=origin)
    return lot


def _begin(uow: UnitOfWork, lot: Lot, version: LotVersion, *, at: datetime, tag_origin: str) -> None:
    """Record where the goods come from, and the seal; a version that weighs otherwise corrects the first entry."""
    content = version.content
    events = events_of_lot(uow.session, lot_id=lot.id)
    made = [event for event in events if event.kind in _ORIGINS]
    base = replace(
        _step(uow, lot, kind="produced", part=WHOLE),
        place=site_of_version(uow.session, content, uow.session.get_one(Cooperative, lot.cooperative_id)).place,
        tag_numbers=(content["tag_number"],),
        photo_sha256s=tuple(photo["sha256"] for photo in content["photos"]),
    )
    produced = replace(
        base,
        happened_at=min(datetime.fromisoformat(f"{content['mined_to']}T00:00:00+00:00"), at, uow.now),
        weight_after_mg=content["weight_mg"],
        pieces=content["pieces"],
        facts={"mined_from": content["mined_from"], "mined_to": content["mined_to"], "miners_paid": "from_sale",
               "tag_origin": tag_origin},
    )  # fmt: skip
    if not made:
        _write(uow, lot, produced, Beside())
    elif [event.kind for event in made] == ["produced"] * len(made) and _weighs_otherwise(uow, lot, content):
        last = made[-1]
        _write(uow, lot, replace(produced, happened_at=last.happened_at, corrects=last.id), Beside())
    sealed = [event.content["tag_numbers"] for event in events if event.kind == "tagged"]
    if not sealed or content["tag_number"] not in sealed[-1]:
        issuer = "Pact" if tag_origin == "own_stock" else "another issuer"
        tagged = replace(base, id=new_id(), kind="tagged", happened_at=min(at, uow.now),
                         facts={"issuer": issuer, "tag_origin": tag_origin})  # fmt: skip
        _write(uow, lot, tagged, Beside())


def _weighs_otherwise(uow: UnitOfWork, lot: Lot, content: Mapping[str, Any]) -> bool:
    return standing(chain_of(uow.session, lot)).weight_mg != int(content["weight_mg"])


def _step(uow: UnitOfWork, lot: Lot, *, kind: str, part: str) -> CustodyStep:
    """Return an event of the cooperative at home now, to be changed by whoever needs another one."""
    cooperative = uow.session.get_one(Cooperative, lot.cooperative_id)
    return CustodyStep(
        id=new_id(),
        number=0,
        kind=kind,
        happened_at=uow.now,
        recorded_at=uow.now,
        party=party_of(cooperative),
        place=Place(country=cooperative.country, region=cooperative.region, district=cooperative.district),
        facts={"part": part} if part else {},
    )


def _part_of(uow: UnitOfWork, lot: Lot, goods: Goods, *, tag: str) -> str:
    """Return the name of the part an order bought, split off when its first parcel leaves; nothing for a whole lot."""
    if goods.part_mg is None:
        return WHOLE
    own = [event for event in _of_order(uow, lot, goods) if event.kind == "split"]
    if own:
        return str(own[0].content["outputs"][0]["lot_reference"])
    past = [event for event in events_of_lot(uow.session, lot_id=lot.id) if event.kind == "split" and event.order_id]
    name = f"{lot.reference}/{len(past) + 1}"
    whole_mg = max(standing(chain_of(uow.session, lot)).weight_mg, goods.part_mg)
    rest_mg = whole_mg - goods.part_mg
    outputs = [LotAmount(lot_reference=name, weight_mg=goods.part_mg, tag_number=tag)]
    if rest_mg:
        outputs.append(LotAmount(lot_reference=lot.reference, weight_mg=rest_mg))
    step = replace(
        _step(uow, lot, kind="split", part=WHOLE),
        weight_before_mg=whole_mg,
        weight_after_mg=rest_mg or None,
        inputs=[LotAmount(lot_reference=lot.reference, weight_mg=whole_mg)],
        outputs=outputs,
        tag_numbers=(tag,) if tag else (),
        facts={"purpose": "sold_in_parts"},
    )
    _write(uow, lot, step, Beside(order_id=goods.order_id))
    return name


def _of_order(uow: UnitOfWork, lot: Lot, goods: Goods) -> list[CustodyEvent]:
    return [event for event in events_of_lot(uow.session, lot_id=lot.id) if event.order_id == goods.order_id]


def _write(uow: UnitOfWork, lot: Lot, step: CustodyStep, beside: Beside) -> CustodyEvent:
    events = events_of_lot(uow.session, lot_id=lot.id)
    if events and step.corrects is None:
        latest = max(event.happened_at for event in events)
        step = replace(step, happened_at=max(step.happened_at, latest))
    model = model_of(lot, events)
    return write(uow, lot=lot, step=step, model=model, named={lot.reference: lot.id}, beside=beside)
