"""The lots that a mix or a split names: locked, weighed, and the model that follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select

from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.text import N_
from marketplace.custody.answers import Happening, NamedLot
from marketplace.custody.chains import chain_of
from marketplace.custody.queries import events_of_lot, model_of
from marketplace.custody.record import CustodyStep, LotAmount
from marketplace.custody.rules.balance import OutOfBalance
from marketplace.custody.rules.chain import FROM, Stand, standing
from marketplace.custody.rules.model import Source, model_of_mix, weakest
from marketplace.lots.models import Lot
from marketplace.unit_of_work import UnitOfWork

MOST_FOLLOWED = 200


@dataclass(frozen=True, slots=True)
class Amounts:
    """Hold what went in and came out, in milligrams; `given_mg` left the lot the event belongs to."""

    inputs: tuple[LotAmount, ...] = ()
    outputs: tuple[LotAmount, ...] = ()
    loss_mg: int = 0
    given_mg: int = 0
    before_mg: int | None = None
    after_mg: int | None = None


def lock_lots(uow: UnitOfWork, lot: Lot, named: Sequence[NamedLot]) -> dict[str, Lot]:
    """Return the lot and those named, locked one after another by their ids; only lots of the same cooperative."""
    references = {each.reference for each in named}
    rows = uow.session.scalars(
        select(Lot)
        .where(Lot.cooperative_id == lot.cooperative_id, Lot.reference.in_([lot.reference, *references]))
        .order_by(Lot.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = {row.reference: row for row in rows}
    for place, each in enumerate(named, start=1):
        if each.reference not in found or each.reference == lot.reference:
            field = f"in_{place}_lot" if not each.tag_number else f"out_{place}_lot"
            raise InvalidInput({field: N_("Enter the reference of another lot of this cooperative.")})
    return found


def amounts_of(uow: UnitOfWork, told: Happening, lots: Mapping[str, Lot], *, lot: Lot, weight_mg: int) -> Amounts:
    """Return the amounts of an event; raise InvalidInput when a lot named holds too little or came out before."""
    if told.kind == "combined":
        return _of_mix(uow, told, lots, lot)
    if told.kind == "split":
        return _of_split(uow, told, lots, lot=lot, weight_mg=weight_mg)
    if told.kind == "processed":
        return Amounts(loss_mg=max((told.weight_before_mg or 0) - (told.weight_after_mg or 0), 0))
    return Amounts()


def model_after(uow: UnitOfWork, told: Happening, lots: Mapping[str, Lot], *, before: str) -> str:
    """Return the model of the lot after the event: that of before, or the weaker one a mix leaves."""
    if told.kind != "combined":
        return before
    sources = [
        Source(model_of(lots[each.reference], events_of_lot(uow.session, lot_id=lots[each.reference].id)),
               sites_of(uow, lots[each.reference].id))
        for each in told.lots
    ]  # fmt: skip
    return weakest(before, model_of_mix(sources, chosen=told.model))


def sites_of(uow: UnitOfWork, lot_id: UUID) -> frozenset[str]:
    """Return the references of the mine sites a lot's goods come from, followed through mixes and splits."""
    seen, wanted, sites = set[UUID](), [lot_id], set[str]()
    while wanted and len(seen) < MOST_FOLLOWED:
        current = wanted.pop()
        seen.add(current)
        for event in events_of_lot(uow.session, lot_id=current):
            if event.lot_id == current and event.content["place"]["site_reference"]:
                sites.add(event.content["place"]["site_reference"])
            wanted += [each for each in _sources(uow, event.content, event.lot_id, current) if each not in seen]
    return frozenset(sites)


def with_facts(step: CustodyStep, more: Mapping[str, str]) -> CustodyStep:
    """Return the step with further facts."""
    return replace(step, facts={**step.facts, **more})


def _sources(uow: UnitOfWork, content: Mapping[str, object], owner: UUID, current: UUID) -> list[UUID]:
    if owner != current:
        return [owner] if content["kind"] == "split" else []
    inputs = content["inputs"]
    assert isinstance(inputs, list)
    references = [each["lot_reference"] for each in inputs]
    return list(uow.session.scalars(select(Lot.id).where(Lot.reference.in_(references), Lot.id != current)))


def _of_mix(uow: UnitOfWork, told: Happening, lots: Mapping[str, Lot], lot: Lot) -> Amounts:
    for place, each in enumerate(told.lots, start=1):
        path = chain_of(uow.session, lots[each.reference])
        here = standing(path)
        if any(link.happened_at > told.happened_at for link in path):
            raise InvalidInput({"happened_at": N_("This is before the last event of a lot that goes in.")})
        if here.stand is not Stand.HELD:
            raise InvalidInput({f"in_{place}_lot": N_("This lot cannot go into a mix now. Look at its journey.")})
        if each.weight_mg > here.weight_mg:
            wrong = FieldError(N_("There is not as much of this lot as you want to take."))
            raise InvalidInput({f"in_{place}_weight": wrong})
    after = told.weight_after_mg or 0
    inputs = tuple(LotAmount(lot_reference=each.reference, weight_mg=each.weight_mg) for each in told.lots)
    going_in = sum(each.weight_mg for each in inputs)
    output = LotAmount(lot_reference=lot.reference, weight_mg=after, tag_number=told.tag_number)
    return Amounts(inputs, (output,), loss_mg=going_in - after, before_mg=going_in)


def _of_split(uow: UnitOfWork, told: Happening, lots: Mapping[str, Lot], *, lot: Lot, weight_mg: int) -> Amounts:
    for place, each in enumerate(told.lots, start=1):
        if standing(chain_of(uow.session, lots[each.reference])).stand not in FROM["produced"]:
            raise InvalidInput({f"out_{place}_lot": N_("This lot has a journey already. Begin a new lot first.")})
    outputs = [
        LotAmount(lot_reference=each.reference, weight_mg=each.weight_mg, tag_number=each.tag_number)
        for each in told.lots
    ]
    given = sum(each.weight_mg for each in outputs)
    if given > weight_mg:
        raise OutOfBalance({"out_1_weight": N_("More would come out than there is. Weigh everything again.")})
    if weight_mg > given:
        outputs.append(LotAmount(lot_reference=lot.reference, weight_mg=weight_mg - given))
    whole = (LotAmount(lot_reference=lot.reference, weight_mg=weight_mg),) if weight_mg else ()
    return Amounts(whole, tuple(outputs), given_mg=given, before_mg=weight_mg or None)
