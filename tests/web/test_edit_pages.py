"""A cooperative reads beforehand what a change of a lot on sale means, and why something came back, in its language."""

from flask import Flask
from sqlalchemy import select

from marketplace.moderation.queries import approved_version
from marketplace.notifications.models import Message
from marketplace.unit_of_work import UnitOfWork
from tests.builders.edits import SLIP, changed, edited, lot_on_sale, price
from tests.builders.moderation import decided_by_one, moderator, waiting_lot
from tests.people import signed_in

DECLARED = {"declared": "yes", "idempotency_key": "a-key-of-this-test"}


def test_the_check_page_tells_that_a_slip_is_on_sale_at_once(app: Flask, uow: UnitOfWork) -> None:
    lot, secretary = lot_on_sale(uow)
    changed(uow, lot, "origin", SLIP)
    reference = lot.reference
    browser = signed_in(app, uow, secretary)
    page = browser.get(f"/cooperative/lots/{reference}/check").text
    assert "Buyers see this change at once. Pact looks at it afterwards." in page
    assert "Makret day of 22 August" in page
    answer = browser.post(f"/cooperative/lots/{reference}/check", data=DECLARED)
    after = browser.get(answer.location).text
    assert "Corrected. Buyers see it now" in after
    assert "Small correction" in after
    assert browser.get(f"/lots/{reference}").status_code == 200


def test_the_check_page_tells_that_another_price_stops_the_sale(app: Flask, uow: UnitOfWork) -> None:
    lot, secretary = lot_on_sale(uow)
    changed(uow, lot, "price", price("1,100"))
    reference = lot.reference
    browser = signed_in(app, uow, secretary)
    page = browser.get(f"/cooperative/lots/{reference}/check").text
    assert "The sale stops now." in page
    assert "Change that stops the sale" in page
    answer = browser.post(f"/cooperative/lots/{reference}/check", data=DECLARED)
    assert "Buyers do not see the lot until then." in browser.get(answer.location).text
    assert browser.get(f"/lots/{reference}").status_code == 404
    back = browser.post(
        f"/cooperative/lots/{reference}/edit/withdrawal", data={"idempotency_key": "another-key-of-this-test"}
    )
    assert back.status_code == 303
    assert "You took the change back." in browser.get(back.location).text
    assert browser.get(f"/lots/{reference}").status_code == 200


def test_equal_answers_are_told_as_such(app: Flask, uow: UnitOfWork) -> None:
    lot, secretary = lot_on_sale(uow)
    page = signed_in(app, uow, secretary).get(f"/cooperative/lots/{lot.reference}/check").text
    assert "These answers are those of the approved version." in page


def test_the_case_shows_the_class_and_each_difference(app: Flask, uow: UnitOfWork) -> None:
    lot, _secretary = lot_on_sale(uow)
    case = edited(uow, lot, "price", price("1,000"))
    assert approved_version(uow.session, lot.id, before=case) is not None
    case_id = case.id
    mary = signed_in(app, uow, moderator(uow))
    page = mary.get(f"/staff/moderation/{case_id}").text
    assert "A change of a lot on sale" in page
    assert "Change that waits" in page
    assert "What changes against the approved version" in page
    assert "Change that waits" in mary.get("/staff/moderation?waits=edit").text
    assert "Nothing waits here." in mary.get("/staff/moderation?waits=review").text


def test_a_statement_of_reasons_is_in_the_language_of_its_reader(app: Flask, uow: UnitOfWork) -> None:
    case, lot, secretary = waiting_lot(uow)
    secretary.language = "sw"
    uow.record("user.change", secretary)
    decided_by_one(uow, case, moderator(uow), "changes", reasons=("PHOTO_PEOPLE",))
    uow.session.flush()
    letter = uow.session.scalars(select(Message).where(Message.template == "lot_changes")).one()
    assert letter.params["reasons"] == [
        "Uso wa mtu unatambulika kwenye picha. "
        "Wanunuzi lazima waone bidhaa zilivyo, katika picha wazi za kila upande. "
        "Usionyeshe nyuso za watu kwenye picha."
    ]
    reference = lot.reference
    page = signed_in(app, uow, secretary).get(f"/cooperative/lots/{reference}", headers={"Accept-Language": "sw"}).text
    assert "Uso wa mtu unatambulika kwenye picha." in page
    assert "Usionyeshe nyuso za watu kwenye picha." in page


def test_a_stopped_sale_tells_what_to_mend_and_how_to_take_the_change_back(app: Flask, uow: UnitOfWork) -> None:
    lot, secretary = lot_on_sale(uow)
    case = edited(uow, lot, "weight", {"weight": "3,52"})
    decided_by_one(uow, case, moderator(uow), "changes", reasons=("WEIGHT_DOUBTFUL", "PHOTO_PEOPLE"))
    reference = lot.reference
    page = signed_in(app, uow, secretary).get(f"/cooperative/lots/{reference}").text
    assert "Buyers do not see this lot now" in page
    assert "Sale stopped" in page
    assert "Take the change back" in page
    assert "See it as buyers do" not in page
    assert "The weight does not fit the photos." in page
    assert "The last day to appeal is" in page
