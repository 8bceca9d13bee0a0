"""A change of a lot on sale: small ones are live at once, others wait, some stop the sale; the database holds to it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from marketplace.compliance.models import Cooperative
from marketplace.core.errors import TransitionRefused
from marketplace.lots import services as lots
from marketplace.lots.models import Lot, LotVersion
from marketplace.lots.queries import listing_of
from marketplace.lots.services import LotClaimed, LotOfferedOn
from marketplace.lots.services.site_pauses import bring_in_line
from marketplace.moderation import services
from marketplace.moderation.queries import approved_version, open_case_of_lot
from marketplace.unit_of_work import UnitOfWork
from tests.builders.edits import SLIP, changed, edited, lot_on_sale, price
from tests.builders.moderation import decided_by_one, moderator
from tests.builders.offers import Market
from tests.people import actor


def shown(uow: UnitOfWork, lot: Lot) -> tuple[str, LotVersion]:
    """Return whether buyers see a lot, and which version."""
    uow.session.expire_all()
    listing = listing_of(uow.session, lot.id)
    assert listing is not None
    assert listing.version_id == lot.published_version_id
    return listing.availability, uow.session.get_one(LotVersion, listing.version_id)


def settle(uow: UnitOfWork) -> None:
    """Let the checks that wait for the end of a transaction run now."""
    uow.session.flush()
    uow.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    uow.session.execute(text("SET CONSTRAINTS ALL DEFERRED"))


def test_a_slip_is_mended_at_once_and_one_person_looks_at_it_afterwards(uow: UnitOfWork) -> None:
    lot, _secretary = lot_on_sale(uow)
    case = edited(uow, lot, "origin", SLIP)
    settle(uow)
    availability, version = shown(uow, lot)
    assert (availability, version.content["group"], lot.state) == ("available", "Makret day of 22 August", "published")
    assert (case.edit_class, case.second_reasons, case.state) == ("cosmetic", [], "queued")
    decided_by_one(uow, case, moderator(uow))
    settle(uow)
    assert (case.state, lot.edit_mark, shown(uow, lot)) == ("approved", "", ("available", version))


def test_a_correction_that_is_not_agreed_with_leaves_the_sale_and_pauses_it(uow: UnitOfWork) -> None:
    lot, secretary = lot_on_sale(uow)
    approved = approved_version(uow.session, lot.id)
    case = edited(uow, lot, "origin", SLIP)
    decided_by_one(uow, case, moderator(uow), "refuse", reasons=("CONTACT_IN_TEXT",))
    settle(uow)
    assert shown(uow, lot) == ("withheld", approved)
    assert (lot.state, case.state) == ("changes_requested", "refused")
    services.drop_edit(uow.acting_as(actor(uow.session, secretary)), lot=lot)
    settle(uow)
    assert (shown(uow, lot), lot.state) == (("available", approved), "published")


def test_a_price_within_a_tenth_waits_while_the_approved_one_is_on_sale(uow: UnitOfWork) -> None:
    lot, _secretary = lot_on_sale(uow)
    approved = approved_version(uow.session, lot.id)
    case = edited(uow, lot, "price", price("1,000"))
    assert (case.edit_class, lot.state) == ("material", "submitted")
    assert shown(uow, lot) == ("available", approved)


def test_a_price_beyond_a_tenth_stops_the_sale_until_people_approve_it(uow: UnitOfWork) -> None:
    lot, _secretary = lot_on_sale(uow)
    approved = approved_version(uow.session, lot.id)
    case = edited(uow, lot, "price", price("1,100"))
    settle(uow)
    assert (case.edit_class, shown(uow, lot)) == ("identity", ("withheld", approved))
    decided_by_one(uow, case, moderator(uow))
    assert shown(uow, lot) == ("withheld", approved), "one of two people does not publish it"
    decided_by_one(uow, case, moderator(uow, "Ali Second"))
    settle(uow)
    availability, version = shown(uow, lot)
    assert (availability, version.id, lot.edit_mark) == ("available", case.version_id, "")


def test_a_refused_change_of_identity_gives_the_approved_version_back_to_the_sale(uow: UnitOfWork) -> None:
    lot, _secretary = lot_on_sale(uow)
    approved = approved_version(uow.session, lot.id)
    case = edited(uow, lot, "weight", {"weight": "3,52"})
    assert shown(uow, lot)[0] == "withheld"
    decided_by_one(uow, case, moderator(uow), "refuse", reasons=("WEIGHT_DOUBTFUL",))
    settle(uow)
    assert (shown(uow, lot), lot.state) == (("available", approved), "published")


def test_the_sale_stays_stopped_while_the_cooperative_must_answer(uow: UnitOfWork) -> None:
    lot, _secretary = lot_on_sale(uow)
    case = edited(uow, lot, "weight", {"weight": "3,52"})
    decided_by_one(uow, case, moderator(uow), "changes", reasons=("WEIGHT_DOUBTFUL",))
    assert shown(uow, lot)[0] == "withheld"
    bring_in_line(uow, cooperative=uow.session.get_one(Cooperative, lot.cooperative_id))
    assert shown(uow, lot)[0] == "withheld", "nothing else shows it again"
    changed(uow, lot, "weight", {"weight": "3,42"})
    answer = edited(uow, lot, "origin", {"miners": "7"})
    settle(uow)
    assert (answer.edit_class, shown(uow, lot)[0]) == ("material", "available")


def test_small_corrections_never_add_up_to_a_large_one(uow: UnitOfWork) -> None:
    lot, _secretary = lot_on_sale(uow)
    first = edited(uow, lot, "price", {"reason": "A claen crystal of deep colour."})
    second = edited(uow, lot, "price", {"reason": "A claen crysatl of deep colour."})
    assert (first.state, second.edit_class) == ("withdrawn", "cosmetic")
    third = edited(uow, lot, "price", {"reason": "A claen crysatl of deeep coluor."})
    assert third.edit_class == "material", "four words differ from what people approved, though two from what is seen"


def test_a_waiting_change_takes_an_unseen_correction_off_sale(uow: UnitOfWork) -> None:
    lot, _secretary = lot_on_sale(uow)
    approved = approved_version(uow.session, lot.id)
    edited(uow, lot, "origin", SLIP)
    waiting = edited(uow, lot, "price", price("1,000"))
    settle(uow)
    assert (waiting.edit_class, shown(uow, lot)) == ("material", ("available", approved))


def test_nothing_is_changed_while_an_offer_waits(uow: UnitOfWork) -> None:
    lot, secretary = lot_on_sale(uow)
    version = uow.session.get_one(LotVersion, lot.published_version_id)
    Market(uow, lot, version, secretary).offer(800)
    with pytest.raises(LotOfferedOn, match="Answer it first"):
        edited(uow, lot, "origin", SLIP)


def test_nothing_is_changed_while_a_buyer_has_the_lot(uow: UnitOfWork) -> None:
    lot, secretary = lot_on_sale(uow)
    case = edited(uow, lot, "origin", SLIP)
    lots.mark_reserved(uow, lot=lot)
    uow.record("lot.reserve", lot)
    with pytest.raises(LotClaimed):
        services.submit_lot(uow.acting_as(actor(uow.session, secretary)), lot=lot)
    with pytest.raises(LotClaimed):
        decided_by_one(uow, case, moderator(uow), "refuse", reasons=("CONTACT_IN_TEXT",))


def test_a_correction_of_a_lot_sold_meanwhile_is_looked_at_no_more(uow: UnitOfWork) -> None:
    lot, _secretary = lot_on_sale(uow)
    case = edited(uow, lot, "origin", SLIP)
    settle(uow)
    lots.mark_sold(uow, lot=lot)
    services.close_cases_of_lot(uow, lot_id=lot.id)
    settle(uow)
    assert (case.state, lot.edit_mark, lot.state) == ("withdrawn", "", "sold")


def test_only_a_waiting_change_is_taken_back(uow: UnitOfWork) -> None:
    lot, secretary = lot_on_sale(uow)
    approved = approved_version(uow.session, lot.id)
    edited(uow, lot, "weight", {"weight": "3,52"})
    services.drop_edit(uow.acting_as(actor(uow.session, secretary)), lot=lot)
    settle(uow)
    assert (shown(uow, lot), open_case_of_lot(uow.session, lot.id)) == (("available", approved), None)
    with pytest.raises(TransitionRefused):
        services.drop_edit(uow.acting_as(actor(uow.session, secretary)), lot=lot)


def test_the_database_publishes_no_change_as_a_correction_that_is_none(uow: UnitOfWork) -> None:
    lot, _secretary = lot_on_sale(uow)
    case = edited(uow, lot, "weight", {"weight": "3,52"})
    settle(uow)
    uow.session.execute(text("UPDATE moderation_case SET edit_class = 'cosmetic' WHERE id = :id"), {"id": case.id})
    uow.session.execute(
        text("UPDATE lot SET published_version_id = :v, edit_mark = 'review' WHERE id = :id"),
        {"id": lot.id, "v": case.version_id},
    )
    with pytest.raises(IntegrityError, match="nobody approved"):
        settle(uow)


def test_the_database_lets_no_refused_correction_stay_on_sale(uow: UnitOfWork) -> None:
    lot, _secretary = lot_on_sale(uow)
    case = edited(uow, lot, "origin", SLIP)
    settle(uow)
    uow.session.execute(text("UPDATE moderation_case SET state = 'refused' WHERE id = :id"), {"id": case.id})
    with pytest.raises(IntegrityError, match="still on sale"):
        settle(uow)


def test_the_database_shows_no_paused_lot(uow: UnitOfWork) -> None:
    lot, _secretary = lot_on_sale(uow)
    edited(uow, lot, "weight", {"weight": "3,52"})
    settle(uow)
    uow.session.execute(text("UPDATE lot_listing SET availability = 'available' WHERE lot_id = :id"), {"id": lot.id})
    with pytest.raises(IntegrityError, match="stops the sale"):
        settle(uow)
