"""Read the chain of a lot for the rules."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.custody.models import CustodyAmount, CustodyEvent
from marketplace.custody.queries import events_of_lot
from marketplace.custody.rules.chain import Link
from marketplace.lots.models import Lot


def chain_of(session: Session, lot: Lot) -> list[Link]:
    """Return every event of a lot, in the order of recording, as the rules see it."""
    events = events_of_lot(session, lot_id=lot.id)
    amounts = _amounts(session, events)
    return [link_of(event, amounts.get(event.id, []), lot=lot) for event in events]


def link_of(event: CustodyEvent, amounts: Sequence[CustodyAmount], *, lot: Lot) -> Link:
    """Return one event as the rules see it from this lot."""
    is_own = event.lot_id == lot.id
    gained, given, new_parts = _moved(event, amounts, lot) if is_own else _passed(amounts, lot)
    return Link(
        id=event.id,
        kind=event.kind,
        happened_at=event.happened_at,
        part=event.content["facts"].get("part", "") if is_own else "",
        gained_mg=gained,
        given_mg=given,
        used_mg=event.weight_before_mg or 0 if event.kind == "processed" and is_own else 0,
        set_mg=event.weight_after_mg if event.kind == "processed" and is_own else None,
        new_parts=new_parts,
        corrects=event.corrects_id if is_own else None,
        is_passive=not is_own,
    )


def _moved(
    event: CustodyEvent, amounts: Sequence[CustodyAmount], lot: Lot
) -> tuple[int, int, tuple[tuple[str, int], ...]]:
    if event.kind in {"produced", "purchased", "combined"}:
        return event.weight_after_mg or 0, 0, ()
    if event.kind != "split":
        return 0, 0, ()
    others = [each for each in amounts if each.direction == "out" and each.lot_reference != lot.reference]
    parts = tuple((each.lot_reference, each.weight_mg) for each in others if each.lot_id is None)
    return 0, sum(each.weight_mg for each in others) + event.loss_mg, parts


def _passed(amounts: Sequence[CustodyAmount], lot: Lot) -> tuple[int, int, tuple[tuple[str, int], ...]]:
    own = [each for each in amounts if each.lot_id == lot.id]
    gained = sum(each.weight_mg for each in own if each.direction == "out")
    return gained, sum(each.weight_mg for each in own if each.direction == "in"), ()


def _amounts(session: Session, events: Sequence[CustodyEvent]) -> Mapping[UUID, list[CustodyAmount]]:
    found: dict[UUID, list[CustodyAmount]] = {}
    ids = [event.id for event in events]
    if not ids:
        return found
    rows = session.scalars(
        select(CustodyAmount)
        .where(CustodyAmount.event_id.in_(ids))
        .order_by(CustodyAmount.event_id, CustodyAmount.direction, CustodyAmount.position)
    )
    for row in rows:
        found.setdefault(row.event_id, []).append(row)
    return found
