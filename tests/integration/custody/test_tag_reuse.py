"""A tag is used once, whichever way it comes onto a second bag."""

import pytest

from marketplace.compliance.models import Cooperative
from marketplace.custody.answers import NamedLot
from marketplace.custody.rules.tags import TagRefused
from marketplace.custody.services import tags
from marketplace.custody.services.tags import NewRange
from marketplace.lots import services as lots
from marketplace.unit_of_work import UnitOfWork
from tests.builders.compliance import compliance
from tests.builders.lots import draft_lot, published_lot, seller
from tests.builders.orders import accepted_order
from tests.integration.custody.test_recording import Group
from tests.people import actor


@pytest.fixture
def group(uow: UnitOfWork) -> Group:
    return Group(uow)


def test_a_tag_put_on_later_is_used_too(uow: UnitOfWork, group: Group) -> None:
    first, second = group.found(100), group.found(100)
    group.tell(first, "tagged", day=2, tag_number="PX-77")

    with pytest.raises(TagRefused, match="on another bag"):
        group.tell(second, "tagged", day=2, tag_number="PX-77")


def test_the_tag_of_a_mix_and_of_a_part_are_used_too(uow: UnitOfWork, group: Group) -> None:
    lot, mixed, part = group.found(1000), group.draft(), group.draft()
    group.tell(mixed, "combined", day=2, weight_after_mg=500, lots=(NamedLot(lot.reference, 500),), tag_number="MIX-1")

    with pytest.raises(TagRefused, match="on another bag"):
        group.tell(mixed, "split", day=3, lots=(NamedLot(part.reference, 100, "MIX-1"),), facts={"purpose": "sorted"})
    group.tell(mixed, "split", day=3, lots=(NamedLot(part.reference, 100, "PART-7"),), facts={"purpose": "sorted"})
    with pytest.raises(TagRefused, match="on another bag"):
        group.found(5, tag="PART-7")


def test_the_tag_of_a_bag_taken_back_stays_with_its_cooperative(uow: UnitOfWork) -> None:
    lot, _version, amina = published_lot(uow, number=7)
    tags.use(uow, number="TZ-104887", lot=lot)
    lots.withdraw(uow.acting_as(actor(uow.session, amina)), lot=lot)
    stranger = draft_lot(uow, seller=seller(uow), number=8)

    with pytest.raises(TagRefused, match="on another bag"):
        tags.use(uow, number="TZ-104887", lot=stranger)


def test_the_tag_of_a_sold_bag_is_never_used_again(uow: UnitOfWork) -> None:
    sale = accepted_order(uow)
    number = sale.lot.tag_number
    assert number is not None
    group = Group(uow)

    with pytest.raises(TagRefused, match="on another bag"):
        group.found(5, tag=number)


def test_a_tag_out_of_the_stock_comes_onto_no_bag(uow: UnitOfWork, group: Group) -> None:
    keeper = compliance(uow, "Mary")
    cooperative = uow.session.get_one(Cooperative, group.site.cooperative_id)
    tags.issue(keeper, cooperative=cooperative, new=NewRange("Pact", "KK-", 4, 1, 9))
    tags.lose(keeper, number="KK-0001", cooperative=cooperative, reason="Fell into the river.")
    tags.void(keeper, number="KK-0009", cooperative=cooperative, reason="Misprinted.")

    with pytest.raises(TagRefused, match="reported lost"):
        group.found(5, tag="KK-0001")
    with pytest.raises(TagRefused, match="is void"):
        group.found(5, tag="KK-0009")
