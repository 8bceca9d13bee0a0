"""Goods that appear twice: the same photo stored anew, the same report, the same seal."""

from io import BytesIO

from PIL import Image

from marketplace.lots import services as lots
from marketplace.lots.models import Lot
from marketplace.moderation import services
from marketplace.moderation.four_eyes import HIGH
from marketplace.moderation.models import ModerationCase
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import GOLD, draft_lot, photo, published_lot, seller, store_of
from tests.people import actor


def evidence(case: ModerationCase) -> dict[str, dict[str, str]]:
    return {flag["code"]: flag["evidence"] for flag in case.flags}


def stored_anew(content: bytes) -> bytes:
    """Return a photo a little smaller, as another phone would store it."""
    with Image.open(BytesIO(content)) as picture:
        smaller = picture.resize((430, 322))
    file = BytesIO()
    smaller.save(file, "JPEG", quality=60)
    return file.getvalue()


def another_lot(uow: UnitOfWork, *, number: int) -> tuple[Lot, UnitOfWork]:
    site, secretary = seller(uow, "KE")
    return draft_lot(uow, seller=(site, secretary), number=number), uow.acting_as(actor(uow.session, secretary))


def test_a_photo_stored_anew_is_recognised_and_comes_first(uow: UnitOfWork) -> None:
    first, *_ = published_lot(uow)  # its photos are the numbers 10 to 13
    lot, as_secretary = another_lot(uow, number=40)
    lots.add_photo(as_secretary, lot=lot, slot="front", content=stored_anew(photo(10)), store=store_of(uow))
    case = services.submit_lot(as_secretary, lot=lot)

    assert first.reference in evidence(case)["photo_alike"]["lots"]
    assert "photo_again" not in evidence(case)
    assert case.risk == HIGH


def test_the_very_same_photo_is_told_once(uow: UnitOfWork) -> None:
    first, *_ = published_lot(uow)
    lot, as_secretary = another_lot(uow, number=40)
    lots.add_photo(as_secretary, lot=lot, slot="front", content=photo(10), store=store_of(uow))
    case = services.submit_lot(as_secretary, lot=lot)

    assert evidence(case)["photo_again"]["lots"] == first.reference
    assert first.reference not in evidence(case).get("photo_alike", {}).get("lots", "")


def test_a_report_that_another_lot_names_is_told(uow: UnitOfWork) -> None:
    first, *_ = published_lot(uow, steps=GOLD)
    site, secretary = seller(uow, "KE")
    lot = draft_lot(uow, seller=(site, secretary), steps=GOLD, number=40)
    case = services.submit_lot(uow.acting_as(actor(uow.session, secretary)), lot=lot)

    assert evidence(case)["certificate_again"] == {"number": "GL-2291", "lots": first.reference}
