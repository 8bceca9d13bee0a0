"""Not a milligram comes or goes unsaid: what every event tells adds up, and so does all that is there at the end."""

import pytest
from sqlalchemy import func, select

from marketplace.custody.answers import NamedLot
from marketplace.custody.models import CustodyAmount, CustodyEvent
from marketplace.custody.queries import events_of_lot
from marketplace.custody.rules.chain import Stand
from marketplace.lots.models import Lot
from marketplace.unit_of_work import UnitOfWork
from tests.integration.custody.test_recording import Group, weight_of

# Primes and odd weights: no part of them is a whole share of another.
ONE, OTHER, USED_OF_OTHER = 1_000_003, 499_979, 300_007
LOST_IN_THE_MIX, LOST_IN_THE_FIRE = 27, 3_261
MIXED = ONE + USED_OF_OTHER - LOST_IN_THE_MIX
THIRD = MIXED // 3


@pytest.fixture
def group(uow: UnitOfWork) -> Group:
    return Group(uow)


def stored(uow: UnitOfWork, event: CustodyEvent, direction: str) -> int:
    """Return how much the lots that an event names gave or got."""
    found = select(func.sum(CustodyAmount.weight_mg)).where(
        CustodyAmount.event_id == event.id, CustodyAmount.direction == direction
    )
    return int(uow.session.scalar(found) or 0)


def balance_of(uow: UnitOfWork, event: CustodyEvent) -> tuple[int, int, int]:
    """Return what went in, came out and was lost; its public document and its rows tell the same."""
    told = [sum(each["weight_mg"] for each in event.content[name]) for name in ("inputs", "outputs")]
    assert told == [stored(uow, event, "in"), stored(uow, event, "out")]
    assert event.content["loss_mg"] == event.loss_mg
    assert event.weight_before_mg == event.content["weight_before_mg"] == told[0]
    return told[0], told[1], event.loss_mg


def mix(group: Group, one: Lot, other: Lot) -> tuple[Lot, CustodyEvent]:
    """Mix two lots, one of them whole."""
    mixed = group.draft()
    named = (NamedLot(one.reference, ONE), NamedLot(other.reference, USED_OF_OTHER))
    return mixed, group.tell(mixed, "combined", day=2, lots=named, weight_after_mg=MIXED)


def test_a_mix_tells_every_milligram(uow: UnitOfWork, group: Group) -> None:
    one, other = group.found(ONE), group.found(OTHER)

    mixed, event = mix(group, one, other)

    assert balance_of(uow, event) == (ONE + USED_OF_OTHER, MIXED, LOST_IN_THE_MIX)
    assert [weight_of(uow, lot)[1] for lot in (one, other, mixed)] == [0, OTHER - USED_OF_OTHER, MIXED]


@pytest.mark.parametrize("purpose", ["divided", "sorted"])
def test_parts_and_the_rest_weigh_what_the_whole_weighed(uow: UnitOfWork, group: Group, purpose: str) -> None:
    whole, first, second = group.found(MIXED), group.draft(), group.draft()
    named = (NamedLot(first.reference, THIRD, "P-001"), NamedLot(second.reference, THIRD, "P-002"))

    event = group.tell(whole, "split", day=2, lots=named, facts={"purpose": purpose})

    assert balance_of(uow, event) == (MIXED, MIXED, 0)
    assert [weight_of(uow, lot)[1] for lot in (first, second, whole)] == [THIRD, THIRD, MIXED - 2 * THIRD]


def test_a_lot_that_is_divided_whole_leaves_nothing(uow: UnitOfWork, group: Group) -> None:
    whole, first, second = group.found(THIRD), group.draft(), group.draft()
    half = THIRD // 2
    named = (NamedLot(first.reference, half, "P-001"), NamedLot(second.reference, THIRD - half, "P-002"))

    event = group.tell(whole, "split", day=2, lots=named, facts={"purpose": "sorted"})

    assert balance_of(uow, event) == (THIRD, THIRD, 0)
    assert weight_of(uow, whole) == (Stand.CONSUMED, 0)
    assert [weight_of(uow, lot)[1] for lot in (first, second)] == [half, THIRD - half]


def test_all_that_was_found_is_there_or_was_said_to_be_lost(uow: UnitOfWork, group: Group) -> None:
    one, other = group.found(ONE), group.found(OTHER)
    mixed, _event = mix(group, one, other)
    first, second = group.draft(), group.draft()
    parts = (NamedLot(first.reference, THIRD, "P-001"), NamedLot(second.reference, THIRD, "P-002"))
    group.tell(mixed, "split", day=3, lots=parts, facts={"purpose": "sorted"})
    left = THIRD - LOST_IN_THE_FIRE
    group.tell(first, "processed", day=4, weight_before_mg=THIRD, weight_after_mg=left, facts={"method": "smelting"})

    lots = (one, other, mixed, first, second)
    events = {event.id: event for lot in lots for event in events_of_lot(uow.session, lot_id=lot.id)}
    lost = sum(event.loss_mg for event in events.values())

    assert lost == LOST_IN_THE_MIX + LOST_IN_THE_FIRE
    assert sum(weight_of(uow, lot)[1] for lot in lots) + lost == ONE + OTHER
