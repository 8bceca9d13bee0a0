"""Record what people tell: checked against the chain, the weights and the tags, with photos drawn anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from marketplace.compliance.models import Cooperative, MineSite
from marketplace.core.actor import Actor, StaffRole
from marketplace.core.errors import Forbidden, InvalidInput
from marketplace.core.ids import new_id
from marketplace.core.storage import FileStore
from marketplace.core.text import N_
from marketplace.custody.answers import Happening
from marketplace.custody.chains import chain_of
from marketplace.custody.models import CustodyEvent
from marketplace.custody.queries import events_of_lot, model_of, party_of, place_of_site
from marketplace.custody.record import CustodyStep, Party, Place
from marketplace.custody.rules import balance, chain
from marketplace.custody.rules.chain import ChainBroken, Link, Recorder
from marketplace.custody.services import mixing, tags
from marketplace.custody.services.writing import Beside, write
from marketplace.lots.kept_photos import keep_photos
from marketplace.lots.models import Lot
from marketplace.lots.queries import listing_of
from marketplace.unit_of_work import UnitOfWork

MOST_PHOTOS = 4
PACT = "Pact"


@dataclass(frozen=True, slots=True)
class Capacity:
    """Hold as whom somebody records; a field officer `enters_for` the cooperative."""

    recorder: Recorder
    enters_for: bool = False
    company: str = ""
    country: str = ""


def capacity_of(actor: Actor, lot: Lot, *, for_cooperative: bool) -> Capacity:
    """Return as whom the actor records at the lot's pages; raise Forbidden when she may not.

    Staff record their own checks, or enter for the cooperative what its field shows.
    """
    if actor.may_write_for(lot.cooperative_id):
        return Capacity(Recorder.COOPERATIVE)
    if not actor.has_role(StaffRole.MODERATOR, StaffRole.VERIFIER):
        raise Forbidden
    return Capacity(Recorder.COOPERATIVE, enters_for=True) if for_cooperative else Capacity(Recorder.STAFF)


def record_event(
    uow: UnitOfWork, *, lot: Lot, told: Happening, capacity: Capacity, photos: Sequence[bytes], store: FileStore
) -> CustodyEvent:
    """Record an event of a lot.

    Raises ChainBroken when it does not fit the chain, OutOfBalance when weights do not add up, TagRefused, and
    InvalidInput for a wrong time, photo, site or lot.
    """
    lots = mixing.lock_lots(uow, lot, told.lots)
    lot = lots[lot.reference]
    path = chain_of(uow.session, lot)
    here = chain.standing(path)
    stand = here.stand if told.corrects is None else chain.Stand.HELD
    chain.check_recorder(told.kind, capacity.recorder, stand=stand)
    _check_not_listed(uow, told, lots)
    amounts = mixing.amounts_of(uow, told, lots, lot=lot, weight_mg=here.weight_mg)
    _check_weights(told, amounts, weight_mg=here.weight_mg, is_correction=told.corrects is not None)
    link = _link(told, amounts)
    if told.corrects is None:
        chain.check_next(path, link, now=uow.now)
    else:
        _check_corrects(uow, told, capacity)
        chain.check_correction(path, link, now=uow.now)
    digests = _keep_photos(uow, photos, store)
    step = _step(uow, lot, told, capacity=capacity, amounts=amounts, photos=digests)
    if told.tag_number and told.kind in {"produced", "tagged", "combined"}:
        origin = tags.use(uow, number=told.tag_number, lot=lot)
        step = mixing.with_facts(step, {"tag_origin": origin.value})
    for other in step.outputs if told.kind == "split" else ():
        if other.tag_number and other.lot_reference != lot.reference:
            tags.use(uow, number=other.tag_number, lot=lots[other.lot_reference])
    model = mixing.model_after(uow, told, lots, before=model_of(lot, events_of_lot(uow.session, lot_id=lot.id)))
    named = {reference: each.id for reference, each in lots.items()}
    return write(uow, lot=lot, step=step, model=model, named=named, beside=Beside(kept=told.kept))


def _check_not_listed(uow: UnitOfWork, told: Happening, lots: Mapping[str, Lot]) -> None:
    if told.kind not in chain.CHANGING or told.corrects is not None:
        return
    for lot in lots.values():
        if lot.state == "sold" or listing_of(uow.session, lot.id) is not None:
            raise ChainBroken(
                N_("Buyers see the lot %(lot)s as it is. Take it back from sale before you change the goods."),
                lot=lot.reference,
            )


def _check_corrects(uow: UnitOfWork, told: Happening, capacity: Capacity) -> None:
    """Refuse to correct what an order told, or what somebody in another capacity recorded."""
    found = uow.session.scalar(select(CustodyEvent).where(CustodyEvent.id == told.corrects))
    if found is None or found.order_id is not None:
        raise ChainBroken(N_("This entry cannot be corrected here."))
    own = {"cooperative", "carrier"}
    if (found.content["party"]["role"] in own) != (capacity.recorder is Recorder.COOPERATIVE):
        raise ChainBroken(N_("This entry cannot be corrected here."))


def _check_weights(told: Happening, amounts: mixing.Amounts, *, weight_mg: int, is_correction: bool) -> None:
    if told.kind == "processed":
        before, after = told.weight_before_mg or 0, told.weight_after_mg or 0
        if before != weight_mg and not is_correction:
            raise InvalidInput(
                {"weight_before": N_("The journey says another weight. Weigh again, or correct the earlier entry.")}
            )
        balance.judge([before], [after], loss_mg=before - after, method=told.facts["method"])
    elif told.kind == "combined":
        balance.judge(
            [each.weight_mg for each in amounts.inputs],
            [each.weight_mg for each in amounts.outputs],
            loss_mg=amounts.loss_mg,
            method="combining",
        )


def _link(told: Happening, amounts: mixing.Amounts) -> Link:
    gains = told.kind in {"produced", "purchased", "combined"}
    return Link(
        id=new_id(),
        kind=told.kind,
        happened_at=told.happened_at,
        gained_mg=told.weight_after_mg or 0 if gains else 0,
        given_mg=amounts.given_mg,
        used_mg=told.weight_before_mg or 0 if told.kind == "processed" else 0,
        set_mg=told.weight_after_mg if told.kind == "processed" else None,
        corrects=told.corrects,
    )


def _step(
    uow: UnitOfWork,
    lot: Lot,
    told: Happening,
    *,
    capacity: Capacity,
    amounts: mixing.Amounts,
    photos: Sequence[str],
) -> CustodyStep:
    cooperative = uow.session.get_one(Cooperative, lot.cooperative_id)
    return CustodyStep(
        id=new_id(),
        number=0,
        kind=told.kind,
        happened_at=told.happened_at,
        recorded_at=uow.now,
        party=_party(told, capacity, cooperative),
        place=_place(uow, told, capacity, cooperative),
        destination=told.destination,
        entered_for=capacity.enters_for,
        weight_before_mg=told.weight_before_mg or amounts.before_mg,
        weight_after_mg=told.weight_after_mg or amounts.after_mg,
        loss_mg=amounts.loss_mg,
        pieces=told.pieces,
        tag_numbers=(told.tag_number,) if told.tag_number else (),
        seal_number=told.seal_number,
        inputs=amounts.inputs,
        outputs=amounts.outputs,
        documents=told.documents,
        photo_sha256s=photos,
        facts={**told.facts, **_figures(told, amounts)},
        corrects=told.corrects,
    )


def _figures(told: Happening, amounts: mixing.Amounts) -> dict[str, str]:
    """Return the yield, and whether the loss is usual; the warning stands with the event for everyone to read."""
    if told.kind == "processed":
        before, after = told.weight_before_mg or 0, told.weight_after_mg or 0
        verdict = balance.judge([before], [after], loss_mg=before - after, method=told.facts["method"])
        kept = str(balance.yield_permille(before, after))
        return {"yield_permille": kept, "loss_is_usual": "yes" if verdict.is_usual else "no"}
    if told.kind == "combined":
        going_in = sum(each.weight_mg for each in amounts.inputs)
        verdict = balance.judge([going_in], [going_in - amounts.loss_mg], loss_mg=amounts.loss_mg, method="combining")
        return {"loss_is_usual": "yes" if verdict.is_usual else "no"}
    return {"seller": "miner"} if told.kind == "purchased" else {}


def _party(told: Happening, capacity: Capacity, cooperative: Cooperative) -> Party:
    """Return who acted: never a person. The carrier, the laboratory and the valuer act where they are named."""
    named = {"moved": "carrier", "assayed": "assayer", "valued": "valuer"}.get(told.kind)
    if named is not None:
        return Party(role=named, name=told.other_party)
    if capacity.recorder is Recorder.COOPERATIVE:
        return party_of(cooperative)
    if capacity.recorder is Recorder.BUYER:
        return Party(role="buyer", name="", country=capacity.country)
    return Party(role="tag_issuer" if told.kind == "tagged" else "pact_staff", name=PACT)


def _place(uow: UnitOfWork, told: Happening, capacity: Capacity, cooperative: Cooperative) -> Place:
    if told.place is not None:
        return told.place
    if capacity.recorder is Recorder.BUYER:
        return Place(country=capacity.country, region="", district="")
    site = uow.session.scalar(select(MineSite).where(MineSite.reference == told.site)) if told.site else None
    if site is not None:
        return place_of_site(site)
    return Place(country=cooperative.country, region=cooperative.region, district=cooperative.district)


def _keep_photos(uow: UnitOfWork, photos: Sequence[bytes], store: FileStore) -> tuple[str, ...]:
    kept = keep_photos(uow, photos, store, field="photo", most=MOST_PHOTOS)
    return tuple(photo.sha256 for photo in kept)
