"""Mixing, dividing, working on lots, and tags, through the services."""

from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from marketplace.accounts.models import User
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.core.actor import StaffRole
from marketplace.core.errors import Forbidden, InvalidInput
from marketplace.custody.answers import Happening, NamedLot
from marketplace.custody.chains import chain_of
from marketplace.custody.models import CustodyEvent
from marketplace.custody.queries import events_of_lot, model_of
from marketplace.custody.rules.balance import OutOfBalance
from marketplace.custody.rules.chain import ChainBroken, Recorder, Stand, standing
from marketplace.custody.rules.tags import TagRefused
from marketplace.custody.services import tags
from marketplace.custody.services.listing import JourneyDiffers
from marketplace.custody.services.recording import Capacity, capacity_of, record_event
from marketplace.custody.services.tags import NewRange, TagOnABag
from marketplace.lots import services as lots
from marketplace.lots.models import Lot
from marketplace.moderation import services as moderation
from marketplace.unit_of_work import UnitOfWork
from tests.builders.compliance import compliance
from tests.builders.lots import draft_lot, photo, published_lot, seller, store_of
from tests.people import actor, person

COOPERATIVE = Capacity(Recorder.COOPERATIVE)


def at(day: int, hour: int = 8) -> datetime:
    return datetime(2026, 9, day, hour, tzinfo=UTC)


class Group:
    """A cooperative with its secretary, and drafts of its lots."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self.site, self.amina = seller(uow)
        self.drafts = 0

    def draft(self) -> Lot:
        """Begin a lot."""
        self.drafts += 1
        return draft_lot(self.uow, seller=(self.site, self.amina), photos=0, number=50 + self.drafts)

    def tell(self, lot: Lot, kind: str, *, day: int, photos: int = 0, **more: Any) -> CustodyEvent:
        """Record an event as the secretary."""
        told = Happening(kind=kind, happened_at=at(day), **more)
        as_amina = self.uow.acting_as(actor(self.uow.session, self.amina))
        shown = [photo(number) for number in range(photos)]
        return record_event(as_amina, lot=lot, told=told, capacity=COOPERATIVE, photos=shown, store=store_of(self.uow))

    def found(self, weight_mg: int, *, site: str | None = None, day: int = 1, tag: str = "") -> Lot:
        """Begin a lot that was found at the cooperative's site, or another one."""
        lot = self.draft()
        more = {"site": site or self.site.reference, "weight_after_mg": weight_mg, "pieces": 1, "tag_number": tag}
        self.tell(lot, "produced", day=day, **more)
        return lot


@pytest.fixture
def group(uow: UnitOfWork) -> Group:
    return Group(uow)


def weight_of(uow: UnitOfWork, lot: Lot) -> tuple[Stand, int]:
    here = standing(chain_of(uow.session, lot))
    return here.stand, here.weight_mg


def test_a_mix_takes_from_its_inputs_and_a_lot_used_up_is_consumed(uow: UnitOfWork, group: Group) -> None:
    one, other, mixed = group.found(1000), group.found(500), group.draft()
    named = (NamedLot(one.reference, 1000), NamedLot(other.reference, 200))

    event = group.tell(mixed, "combined", day=3, lots=named, weight_after_mg=1195, tag_number="NEW-1")

    assert (event.loss_mg, event.weight_before_mg) == (5, 1200)
    assert event.content["facts"]["loss_is_usual"] == "yes"  # 5 of 1,200 is less than half a percent
    assert weight_of(uow, one) == (Stand.CONSUMED, 0)
    assert weight_of(uow, other) == (Stand.HELD, 300)
    assert weight_of(uow, mixed) == (Stand.HELD, 1195)
    with pytest.raises(ChainBroken, match="Nothing is left"):
        group.tell(one, "stored", day=4)


def test_goods_of_one_site_stay_apart_and_goods_of_two_do_not(uow: UnitOfWork, group: Group) -> None:
    second = MineSite(**{name: getattr(group.site, name) for name in (
        "cooperative_id", "country", "region", "district", "minerals", "status", "mercury_practice", "right_kind",
        "right_number", "created_at", "activity")}, reference="MS-SECOND", name="Second pit")  # fmt: skip
    uow.session.add(second)
    uow.record("mine_site.add", second)
    same, apart = group.draft(), group.draft()
    one, two, three = group.found(100), group.found(100), group.found(100, site="MS-SECOND")

    group.tell(same, "combined", day=3, weight_after_mg=150,
               lots=(NamedLot(one.reference, 100), NamedLot(two.reference, 50)))  # fmt: skip
    group.tell(apart, "combined", day=4, weight_after_mg=150,
               lots=(NamedLot(same.reference, 50), NamedLot(three.reference, 100)))  # fmt: skip

    assert model_of(same, events_of_lot(uow.session, lot_id=same.id)) == "identity_preserved"
    assert model_of(apart, events_of_lot(uow.session, lot_id=apart.id)) == "segregated"
    assert model_of(three, events_of_lot(uow.session, lot_id=three.id)) == "identity_preserved"


def test_the_database_refuses_a_model_that_grows_stronger(uow: UnitOfWork, group: Group) -> None:
    lot, mixed = group.found(100), group.draft()
    group.tell(
        mixed, "combined", day=2, weight_after_mg=100, lots=(NamedLot(lot.reference, 100),), model="mass_balance"
    )
    event = group.tell(mixed, "stored", day=3, seal_number="S-1")
    assert event.model == "mass_balance"

    copy = (
        "INSERT INTO custody_event SELECT gen_random_uuid(), nextval(pg_get_serial_sequence('custody_event','seq')),"
        " lot_id, kind, happened_at, recorded_at, recorded_by, entered_for, weight_before_mg, weight_after_mg, loss_mg,"
        " 'segregated', content, sha256, kept, corrects_id, order_id FROM custody_event WHERE id = :id"
    ).replace("INSERT INTO custody_event", "INSERT INTO custody_event OVERRIDING SYSTEM VALUE")
    with pytest.raises(DBAPIError, match="may only weaken"), uow.session.begin_nested():
        uow.session.execute(text(copy), {"id": event.id})


@pytest.mark.parametrize("statement", ["UPDATE custody_event SET kind = 'stored'", "DELETE FROM custody_event",
                                       "DELETE FROM tag", "UPDATE tag_range SET last = last + 1"])  # fmt: skip
def test_nothing_recorded_is_changed_or_deleted(uow: UnitOfWork, group: Group, statement: str) -> None:
    lot = group.found(100, tag="PX-0001")
    keeper = compliance(uow, "Mary")
    cooperative = uow.session.get_one(Cooperative, lot.cooperative_id)
    tags.issue(keeper, cooperative=cooperative, new=NewRange("Pact", "KK-", 4, 1, 9))

    with pytest.raises(DBAPIError), uow.session.begin_nested():
        uow.session.execute(text(statement))


def test_a_split_leaves_the_rest_and_gives_each_part_its_tag(uow: UnitOfWork, group: Group) -> None:
    whole, part = group.found(1000), group.draft()

    event = group.tell(whole, "split", day=2, lots=(NamedLot(part.reference, 400, "PART-1"),),
                       facts={"purpose": "sorted"})  # fmt: skip

    assert [(each["lot_reference"], each["weight_mg"]) for each in event.content["outputs"]] == [
        (part.reference, 400), (whole.reference, 600),
    ]  # fmt: skip
    assert weight_of(uow, whole) == (Stand.HELD, 600)
    assert weight_of(uow, part) == (Stand.HELD, 400)
    with pytest.raises(TagRefused, match="on another bag"):
        group.found(5, tag="PART-1")


def test_more_than_there_is_cannot_come_out_or_go_in(uow: UnitOfWork, group: Group) -> None:
    lot, new = group.found(1000), group.draft()

    with pytest.raises(OutOfBalance):
        group.tell(lot, "split", day=2, lots=(NamedLot(new.reference, 1001, "P-100"),), facts={"purpose": "divided"})
    with pytest.raises(InvalidInput) as refused:
        group.tell(new, "combined", day=2, lots=(NamedLot(lot.reference, 1001),), weight_after_mg=1001)
    assert "in_1_weight" in refused.value.fields
    with pytest.raises(OutOfBalance):
        group.tell(new, "combined", day=2, lots=(NamedLot(lot.reference, 900),), weight_after_mg=901)


def test_a_lot_of_another_cooperative_cannot_be_named(uow: UnitOfWork, group: Group) -> None:
    strange = Group(uow).found(100)

    with pytest.raises(InvalidInput) as refused:
        group.tell(group.draft(), "combined", day=3, lots=(NamedLot(strange.reference, 100),), weight_after_mg=100)

    assert set(refused.value.fields) == {"in_1_lot"}


def test_working_on_goods_warns_of_an_unusual_loss_and_refuses_another_weight_before(
    uow: UnitOfWork, group: Group
) -> None:
    lot = group.found(1000)

    event = group.tell(
        lot, "processed", day=2, weight_before_mg=1000, weight_after_mg=900, facts={"method": "smelting"}
    )

    facts = event.content["facts"]
    assert (facts["loss_is_usual"], facts["yield_permille"], event.loss_mg) == ("no", "900", 100)  # 10 percent
    with pytest.raises(InvalidInput) as refused:
        group.tell(lot, "processed", day=3, weight_before_mg=901, weight_after_mg=800, facts={"method": "smelting"})
    assert set(refused.value.fields) == {"weight_before"}


def test_a_lot_that_buyers_see_is_not_worked_on(uow: UnitOfWork) -> None:
    lot, _version, amina = published_lot(uow)
    as_amina = uow.acting_as(actor(uow.session, amina))
    told = Happening(kind="produced", happened_at=at(1), weight_after_mg=5)

    with pytest.raises(ChainBroken, match="Buyers see the lot"):
        record_event(as_amina, lot=lot, told=told, capacity=COOPERATIVE, photos=[], store=store_of(uow))


# The stone of the builders weighs 684 mg.
@pytest.mark.parametrize(("told_mg", "fits"), [(300, False), (683, False), (684, True), (685, False)])
def test_the_listing_must_weigh_what_the_journey_says(uow: UnitOfWork, group: Group, told_mg: int, fits: bool) -> None:
    lot = draft_lot(uow, seller=(group.site, group.amina), number=90)
    more = {"site": group.site.reference, "weight_after_mg": 1000, "pieces": 1}
    group.tell(lot, "produced", day=1, **more)
    group.tell(lot, "processed", day=2, weight_before_mg=1000, weight_after_mg=told_mg, facts={"method": "cutting"})

    with nullcontext() if fits else pytest.raises(JourneyDiffers):
        moderation.submit_lot(uow.acting_as(actor(uow.session, group.amina)), lot=lot)


def test_a_tag_of_another_cooperative_is_refused_when_a_lot_is_sent(uow: UnitOfWork, group: Group) -> None:
    other, _site = Group(uow), None
    keeper = compliance(uow, "Mary")
    cooperative = uow.session.get_one(Cooperative, other.site.cooperative_id)
    tags.issue(keeper, cooperative=cooperative, new=NewRange("Pact", "TZ-", 6, 104_800, 104_999))
    lot = draft_lot(uow, seller=(group.site, group.amina), number=3)

    with pytest.raises(TagRefused, match="issued to another cooperative"):
        moderation.submit_lot(uow.acting_as(actor(uow.session, group.amina)), lot=lot)


def test_a_bag_taken_back_may_be_listed_again_with_its_tag(uow: UnitOfWork) -> None:
    lot, _version, amina = published_lot(uow, number=7)
    as_amina = uow.acting_as(actor(uow.session, amina))
    tags.use(uow, number="TZ-104887", lot=lot)
    lots.withdraw(as_amina, lot=lot)
    site = uow.session.query(MineSite).where(MineSite.cooperative_id == lot.cooperative_id).one()
    again = draft_lot(uow, seller=(site, amina), number=7)

    assert tags.use(uow, number="TZ-104887", lot=again).value == "other_issuer"


def test_a_tag_on_a_bag_is_not_lost_and_only_keepers_issue_tags(uow: UnitOfWork, group: Group) -> None:
    keeper = compliance(uow, "Mary")
    cooperative = uow.session.get_one(Cooperative, group.site.cooperative_id)
    tags.issue(keeper, cooperative=cooperative, new=NewRange("Pact", "KK-", 4, 1, 9))
    group.found(5, tag="KK-0001")

    with pytest.raises(TagOnABag):
        tags.lose(keeper, number="KK-0001", cooperative=cooperative, reason="Gone.")
    with pytest.raises(InvalidInput):
        tags.void(keeper, number="KK-0010", cooperative=cooperative, reason="Not ours.")
    as_amina = uow.acting_as(actor(uow.session, group.amina))
    with pytest.raises(Forbidden):
        tags.issue(as_amina, cooperative=cooperative, new=NewRange("Pact", "KK-", 4, 11, 19))


def test_who_records_in_which_capacity(uow: UnitOfWork, group: Group) -> None:
    lot = group.draft()
    vivian: User = person(uow, "Vivian", StaffRole.VERIFIER)
    cura = person(uow, "Cura", StaffRole.CURATOR)

    assert capacity_of(actor(uow.session, group.amina), lot, for_cooperative=False) == COOPERATIVE
    staff = actor(uow.session, vivian)
    assert capacity_of(staff, lot, for_cooperative=True) == Capacity(Recorder.COOPERATIVE, enters_for=True)
    assert capacity_of(staff, lot, for_cooperative=False) == Capacity(Recorder.STAFF)
    with pytest.raises(Forbidden):
        capacity_of(actor(uow.session, cura), lot, for_cooperative=True)
