"""A lot from its first step to its buyer."""

from decimal import Decimal

import pytest

from marketplace.core.actor import StaffRole
from marketplace.core.errors import Forbidden, NotFound, TransitionRefused, VersionChanged
from marketplace.lots import services
from marketplace.lots.queries import listing_of, lot_of_cooperative, published_version, versions_of
from marketplace.lots.versions import digest_of
from marketplace.pricing.services import import_rules
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import STONE, draft_lot, published_lot, seller
from tests.people import actor, person


def test_a_published_lot_is_what_was_submitted_to_the_last_byte(uow: UnitOfWork) -> None:
    lot, version, _amina = published_lot(uow)
    uow.commit()

    found, shown = published_version(uow.session, lot.reference)

    assert (found.id, shown.id) == (lot.id, version.id)
    assert digest_of(shown.content) == shown.sha256
    assert shown.content["title"] == "Tanzanite, 3.42 ct, rough"


def test_the_listing_says_in_one_row_what_browsing_shows(uow: UnitOfWork) -> None:
    import_rules(uow)
    lot, version, _amina = published_lot(uow)

    listing = listing_of(uow.session, lot.id)

    assert listing is not None
    # 930 is what royalty (6 %) and inspection (1 %) leave of 1,000.00; the buyer's fee of 5 % on top is 50.00.
    assert (version.net_minor, listing.price_minor, listing.currency) == (93_000, 105_000, "USD")
    # 1,050.00 for 3.42 ct is 307.02 a carat; 930 of 1,050 is 88.57 %.
    assert (listing.unit_price_minor, listing.miner_share_bp) == (30_702, 8857)
    assert (listing.place, listing.availability) == ("Simanjiro, Manyara", "available")
    assert "Tanzanaiti" in listing.search_text


def test_the_parts_of_the_price_sum_to_it(uow: UnitOfWork) -> None:
    _lot, version, _amina = published_lot(uow)

    price = version.content["price"]

    assert sum(line["amount_minor"] for line in price["lines"]) == price["price_minor"] == version.price_minor


def test_a_newer_version_replaces_the_one_on_sale_only_when_it_is_approved(uow: UnitOfWork) -> None:
    lot, first, amina = published_lot(uow)
    as_amina = uow.acting_as(actor(uow.session, amina))
    services.save_step(as_amina, lot=lot, step="price", answers={**STONE["price"], "wanted": "900"})
    second = services.submit(as_amina, lot=lot)

    assert second.number == 2
    assert published_version(uow.session, lot.reference)[1].id == first.id

    mary = uow.acting_as(actor(uow.session, person(uow, "mary", StaffRole.MODERATOR)))
    services.publish(mary, lot=lot, version=second)

    assert published_version(uow.session, lot.reference)[1].id == second.id
    assert [version.number for version in versions_of(uow.session, lot.id)] == [2, 1]


def test_a_refused_newer_version_leaves_the_approved_one_on_sale(uow: UnitOfWork) -> None:
    lot, first, amina = published_lot(uow)
    as_amina = uow.acting_as(actor(uow.session, amina))
    services.save_step(as_amina, lot=lot, step="price", answers={**STONE["price"], "wanted": "900"})
    services.submit(as_amina, lot=lot)

    mary = uow.acting_as(actor(uow.session, person(uow, "mary", StaffRole.MODERATOR)))
    services.refuse(mary, lot=lot)

    assert (lot.state, lot.submitted_version_id) == ("published", None)
    assert published_version(uow.session, lot.reference)[1].id == first.id


def test_an_older_version_cannot_be_published(uow: UnitOfWork) -> None:
    amina_of = seller(uow)
    lot = draft_lot(uow, seller=amina_of)
    as_amina = uow.acting_as(actor(uow.session, amina_of[1]))
    first = services.submit(as_amina, lot=lot)
    services.save_step(as_amina, lot=lot, step="price", answers={**STONE["price"], "wanted": "900"})
    services.submit(as_amina, lot=lot)

    mary = uow.acting_as(actor(uow.session, person(uow, "mary", StaffRole.MODERATOR)))
    with pytest.raises(VersionChanged):
        services.publish(mary, lot=lot, version=first)


def test_the_same_answers_are_not_sent_twice(uow: UnitOfWork) -> None:
    lot, _version, amina = published_lot(uow)

    with pytest.raises(services.NothingChanged):
        services.submit(uow.acting_as(actor(uow.session, amina)), lot=lot)


def test_a_buyer_who_has_the_lot_keeps_everyone_from_changing_it(uow: UnitOfWork) -> None:
    lot, _version, amina = published_lot(uow)
    as_amina = uow.acting_as(actor(uow.session, amina))
    services.mark_reserved(uow, lot=lot)

    for change in (
        lambda: services.save_step(as_amina, lot=lot, step="kind", answers={"form": "cut"}),
        lambda: services.submit(as_amina, lot=lot),
        lambda: services.withdraw(as_amina, lot=lot),
        lambda: services.remove_photo(as_amina, lot=lot, slot="front"),
    ):
        with pytest.raises(services.LotClaimed):
            change()
    with pytest.raises(services.LotTaken):
        services.mark_reserved(uow, lot=lot)


def test_a_sold_lot_stays_to_be_seen_and_moves_no_more(uow: UnitOfWork) -> None:
    lot, _version, amina = published_lot(uow)
    services.mark_reserved(uow, lot=lot)
    services.mark_sold(uow, lot=lot)
    uow.commit()

    assert published_version(uow.session, lot.reference)[0].state == "sold"
    with pytest.raises(TransitionRefused):
        services.save_step(uow.acting_as(actor(uow.session, amina)), lot=lot, step="kind", answers={"form": "cut"})


def test_a_withdrawn_lot_leaves_the_shop_and_frees_its_bag(uow: UnitOfWork) -> None:
    lot, version, amina = published_lot(uow)
    services.withdraw(uow.acting_as(actor(uow.session, amina)), lot=lot)

    with pytest.raises(NotFound):
        published_version(uow.session, lot.reference)
    assert lot.tag_number is None
    assert version.content["tag_number"] == "TZ-104881"


def test_another_cooperative_cannot_see_the_lot(uow: UnitOfWork) -> None:
    lot = draft_lot(uow, seller=seller(uow))
    _site, bertha = seller(uow, "KE")

    with pytest.raises(NotFound):
        lot_of_cooperative(uow.session, lot.reference, actor(uow.session, bertha))
    with pytest.raises(Forbidden):
        services.save_step(uow.acting_as(actor(uow.session, bertha)), lot=lot, step="kind", answers={"form": "cut"})


def test_a_cooperative_cannot_publish_its_own_lot(uow: UnitOfWork) -> None:
    amina_of = seller(uow)
    lot = draft_lot(uow, seller=amina_of)
    as_amina = uow.acting_as(actor(uow.session, amina_of[1]))
    version = services.submit(as_amina, lot=lot)

    with pytest.raises(Forbidden):
        services.publish(as_amina, lot=lot, version=version)


def test_the_miners_share_is_exact(uow: UnitOfWork) -> None:
    lot, version, _amina = published_lot(uow)
    listing = listing_of(uow.session, lot.id)

    assert listing is not None
    assert Decimal(listing.miner_share_bp) == round(Decimal(10_000) * version.net_minor / version.price_minor)
