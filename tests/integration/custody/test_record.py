"""The public record of a lot, as journeys, exports and passports read it."""

from marketplace.core.ids import new_id
from marketplace.custody.queries import record_of_lot
from marketplace.lots import services as lots
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import draft_lot, published_lot, seller
from tests.people import actor


def test_record_of_a_lot_on_sale_without_events_tells_what_its_version_says(uow: UnitOfWork) -> None:
    lot, version, _ = published_lot(uow)

    record = record_of_lot(uow.session, lot_id=lot.id)

    assert record is not None
    assert (record.reference, record.version_number, record.version_sha256) == (lot.reference, 1, version.sha256)
    assert (record.kind, record.form, record.variety) == ("gem", "rough", "tanzanite")
    assert record.weight_mg == 684  # 3.42 carats of 200 milligrams
    assert record.model == "identity_preserved"
    assert record.site.place.district
    assert record.cooperative.role == "cooperative"
    assert sum(line.share_bp for line in record.split) == 10_000


def test_drafts_and_lots_that_are_not_there_have_no_record(uow: UnitOfWork) -> None:
    lot = draft_lot(uow, seller=seller(uow))

    assert record_of_lot(uow.session, lot_id=lot.id) is None
    assert record_of_lot(uow.session, lot_id=new_id()) is None


def test_a_lot_taken_back_has_no_record_any_more(uow: UnitOfWork) -> None:
    lot, _, amina = published_lot(uow)
    lots.withdraw(uow.acting_as(actor(uow.session, amina)), lot=lot)

    assert record_of_lot(uow.session, lot_id=lot.id) is None
