"""Write one event with the lots it names and its entry in the log. The one place that adds events."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from marketplace.custody.content import content_of, digest_of
from marketplace.custody.models import CustodyAmount, CustodyEvent
from marketplace.custody.record import CustodyStep, LotAmount, SplitShare
from marketplace.lots.models import Lot
from marketplace.unit_of_work import UnitOfWork


class Beside(NamedTuple):
    """What an event has beside its public document."""

    kept: Mapping[str, str] = MappingProxyType({})
    order_id: UUID | None = None
    split: Sequence[SplitShare] = ()


def write(
    uow: UnitOfWork,
    *,
    lot: Lot,
    step: CustodyStep,
    model: str,
    named: Mapping[str, UUID] | None = None,
    beside: Beside | None = None,
) -> CustodyEvent:
    """Add the event to the locked lot and record it; `named` are the lots of the marketplace by their references."""
    beside = beside or Beside()
    content: dict[str, Any] = content_of(step, lot_reference=lot.reference, model=model)
    if beside.split:
        content["split"] = [
            {"code": line.code, "label": line.label, "payee": line.payee, "share_bp": line.share_bp}
            for line in beside.split
        ]
    digest = digest_of(content)
    event = _row(uow, lot, step, content=content, beside=beside)
    event.model, event.sha256 = model, digest
    uow.session.add(event)
    uow.session.flush()
    for direction, amounts in (("in", step.inputs), ("out", step.outputs)):
        uow.session.add_all(_amounts(event.id, direction, amounts, named or {}))
    uow.record(
        "custody.record",
        event,
        lot,
        kind=step.kind,
        on_behalf=step.entered_for,
        corrects=str(step.corrects) if step.corrects else None,
        hashes={"event": digest, **{f"photo_{n}": each for n, each in enumerate(step.photo_sha256s[:4], start=1)}},
    )
    return event


def _row(uow: UnitOfWork, lot: Lot, step: CustodyStep, *, content: Mapping[str, Any], beside: Beside) -> CustodyEvent:
    return CustodyEvent(
        id=step.id,
        lot_id=lot.id,
        kind=step.kind,
        happened_at=step.happened_at,
        recorded_at=max(uow.now, step.happened_at),
        recorded_by=uow.actor.user_id,
        entered_for=step.entered_for,
        weight_before_mg=step.weight_before_mg,
        weight_after_mg=step.weight_after_mg,
        loss_mg=step.loss_mg,
        content=dict(content),
        kept=dict(beside.kept),
        corrects_id=step.corrects,
        order_id=beside.order_id,
    )


def _amounts(
    event_id: UUID, direction: str, amounts: Sequence[LotAmount], named: Mapping[str, UUID]
) -> list[CustodyAmount]:
    return [
        CustodyAmount(
            event_id=event_id,
            direction=direction,
            position=position,
            lot_id=named.get(amount.lot_reference),
            lot_reference=amount.lot_reference,
            weight_mg=amount.weight_mg,
            pieces=amount.pieces,
            tag_number=amount.tag_number,
        )
        for position, amount in enumerate(amounts, start=1)
    ]
