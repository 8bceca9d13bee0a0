"""What may be corrected, and by whom: never what an order told, and never so that weight comes from nowhere."""

from typing import Any

import pytest

from marketplace.core.actor import StaffRole
from marketplace.custody.answers import Happening, NamedLot
from marketplace.custody.models import CustodyEvent
from marketplace.custody.queries import events_of_lot
from marketplace.custody.rules.chain import ChainBroken, Recorder, Stand
from marketplace.custody.services.recording import Capacity, record_event
from marketplace.lots.models import Lot
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import store_of
from tests.builders.orders import accepted_order
from tests.integration.custody.test_recording import COOPERATIVE, Group, at, weight_of
from tests.people import actor, person

STAFF = Capacity(Recorder.STAFF)
NOT_HERE = "This entry cannot be corrected here."


@pytest.fixture
def group(uow: UnitOfWork) -> Group:
    return Group(uow)


def found(group: Group, lot: Lot, weight_mg: int, *, corrects: CustodyEvent) -> CustodyEvent:
    """Correct where and with which weight a lot was found."""
    more: dict[str, Any] = {"site": group.site.reference, "pieces": 1, "corrects": corrects.id}
    return group.tell(lot, "produced", day=1, weight_after_mg=weight_mg, **more)


def by_verifier(uow: UnitOfWork, lot: Lot, told: Happening) -> CustodyEvent:
    """Record something as Pact."""
    verifier = uow.acting_as(actor(uow.session, person(uow, f"Vivian {told.kind}", StaffRole.VERIFIER)))
    return record_event(verifier, lot=lot, told=told, capacity=STAFF, photos=[], store=store_of(uow))


def test_an_entry_is_corrected_once_and_then_its_correction(uow: UnitOfWork, group: Group) -> None:
    lot = group.found(1000)
    first = events_of_lot(uow.session, lot_id=lot.id)[0]
    second = found(group, lot, 900, corrects=first)

    with pytest.raises(ChainBroken, match="was corrected already"):
        found(group, lot, 800, corrects=first)
    found(group, lot, 800, corrects=second)

    assert weight_of(uow, lot) == (Stand.HELD, 800)


def test_an_entry_of_another_lot_cannot_be_corrected_here(uow: UnitOfWork, group: Group) -> None:
    lot, other = group.found(1000), group.found(700)
    foreign = events_of_lot(uow.session, lot_id=other.id)[0]

    with pytest.raises(ChainBroken, match=NOT_HERE):
        found(group, lot, 900, corrects=foreign)

    assert weight_of(uow, other) == (Stand.HELD, 700)


def test_a_mix_is_not_corrected_from_the_lot_that_went_into_it(uow: UnitOfWork, group: Group) -> None:
    lot, mixed = group.found(1000), group.draft()
    event = group.tell(mixed, "combined", day=2, weight_after_mg=500, lots=(NamedLot(lot.reference, 500),))
    told: dict[str, Any] = {"day": 2, "weight_after_mg": 400, "lots": (NamedLot(lot.reference, 400),)}

    with pytest.raises(ChainBroken, match="A mix or a split is not corrected"):
        group.tell(mixed, "combined", corrects=event.id, **told)
    with pytest.raises(ChainBroken, match=NOT_HERE):
        group.tell(lot, "combined", day=2, weight_after_mg=1, lots=(NamedLot(mixed.reference, 1),), corrects=event.id)


def test_what_an_order_told_is_not_corrected(uow: UnitOfWork) -> None:
    sale = accepted_order(uow)
    moved = next(each for each in events_of_lot(uow.session, lot_id=sale.lot.id) if each.kind == "moved")
    told = Happening(kind="moved", happened_at=moved.happened_at, other_party="Other carrier", corrects=moved.id)

    with pytest.raises(ChainBroken, match=NOT_HERE):
        record_event(
            sale.as_cooperative(), lot=sale.lot, told=told, capacity=COOPERATIVE, photos=[], store=store_of(uow)
        )


def test_nobody_corrects_what_somebody_in_another_capacity_recorded(uow: UnitOfWork, group: Group) -> None:
    lot = group.found(1000)
    by_pact = by_verifier(uow, lot, Happening(kind="tagged", happened_at=at(2), tag_number="PX-1", facts={}))
    by_group = group.tell(lot, "stored", day=3, seal_number="S-1")

    with pytest.raises(ChainBroken, match=NOT_HERE):
        group.tell(lot, "tagged", day=2, tag_number="PX-2", corrects=by_pact.id)
    with pytest.raises(ChainBroken, match=NOT_HERE):
        by_verifier(uow, lot, Happening(kind="stored", happened_at=at(3), seal_number="S-2", corrects=by_group.id))


def test_no_correction_brings_weight_from_nowhere(uow: UnitOfWork, group: Group) -> None:
    lot = group.found(1000)
    origin = events_of_lot(uow.session, lot_id=lot.id)[0]
    told: dict[str, Any] = {"day": 2, "weight_after_mg": 900, "facts": {"method": "smelting"}}
    worked = group.tell(lot, "processed", weight_before_mg=1000, **told)

    with pytest.raises(ChainBroken, match="More of this lot was used"):
        group.tell(lot, "processed", weight_before_mg=1001, corrects=worked.id, **told)
    with pytest.raises(ChainBroken, match="More of this lot was used"):
        found(group, lot, 999, corrects=origin)
    again = group.tell(lot, "processed", weight_before_mg=950, corrects=worked.id, **told)
    found(group, lot, 950, corrects=origin)

    assert again.loss_mg == 50
    assert weight_of(uow, lot) == (Stand.HELD, 900)
