"""The forms of inspections, returns, checks and disputes: what people see, send and get back."""

from io import BytesIO

from flask import Flask
from sqlalchemy import select

from marketplace.core.actor import StaffRole
from marketplace.core.money import Money
from marketplace.orders import services
from marketplace.orders.answers import Reason
from marketplace.orders.decisions import Decision
from marketplace.orders.models import OrderEvidence
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import photo
from tests.builders.orders import confirmed_order, delivered_order, parcel
from tests.integration.orders.test_wishes import at_the_verifier
from tests.people import buyer, person
from tests.web.test_orders import KEY, browser, state_of, text_of

RETURN = {
    "carrier": "DHL",
    "tracking": "back 77",
    "seal_number": "ps-2",
    "weight": "3.42",
    "weight_unit": "ct",
    "insured": "1240",
}


def test_a_lower_price_is_asked_for_with_a_photo_and_agreed_by_the_other_side(app: Flask, uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    reference = sale.order.reference
    bob, amina = browser(app, uow, sale.bob), browser(app, uow, sale.amina)
    form = f"/orders/{reference}/moves/ask-adjustment"
    assert form in text_of(bob, f"/orders/{reference}")
    wrong = bob.post(form, data={**KEY, "refund": "99999999", "text": "A chip on the corner."})
    assert wrong.status_code == 422
    assert "A chip on the corner." in wrong.text, "nothing typed is lost"

    sent = {**KEY, "refund": "120.50", "text": "A chip on the corner.", "photos": (BytesIO(photo()), "chip.jpg")}
    assert bob.post(form, data=sent, content_type="multipart/form-data").status_code == 303

    assert "The buyer asks for US$120.50 back" in text_of(amina, f"/cooperative/orders/{reference}")
    agreed = amina.post(f"/cooperative/orders/{reference}/moves/agree-adjustment", data=KEY)
    assert agreed.status_code == 303
    assert state_of(uow, reference) == "refunding"
    assert "US$120.50 of your money is on its way back" in text_of(bob, f"/orders/{reference}")


def test_evidence_is_seen_by_the_parties_and_staff_and_nobody_else(app: Flask, uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    services.report_problem(sale.as_buyer(), order=sale.order, reason=Reason("damaged", "A chip on the corner."))
    reference = sale.order.reference
    bob, amina = browser(app, uow, sale.bob), browser(app, uow, sale.amina)
    carol = browser(app, uow, buyer(uow, "Carol", level=3)[0])
    zawadi = browser(app, uow, person(uow, "Zawadi", StaffRole.MODERATOR))
    curator = browser(app, uow, person(uow, "Cura", StaffRole.CURATOR))

    sent = {
        **KEY,
        "text": "See the corner, please.",
        "photos": [(BytesIO(photo()), "1.jpg"), (BytesIO(photo(2)), "2.jpg")],
    }
    form = f"/orders/{reference}/moves/add-evidence"
    assert bob.post(form, data=sent, content_type="multipart/form-data").status_code == 303

    rows = uow.session.scalars(select(OrderEvidence)).all()
    path = f"/orders/evidence/{rows[0].id}"
    for reader, page in ((bob, "orders"), (amina, "cooperative/orders"), (zawadi, "staff/orders")):
        assert path in text_of(reader, f"/{page}/{reference}")
        answer = reader.get(path)
        assert (answer.status_code, answer.content_type) == (200, "image/webp")
    assert carol.get(path).status_code == 404
    assert curator.get(path).status_code == 404
    assert carol.get(form).status_code == 404


def test_a_move_that_is_not_open_says_what_is(app: Flask, uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    bob = browser(app, uow, sale.bob)

    for path in ("send-back", "accept-settlement"):
        assert bob.get(f"/orders/{sale.order.reference}/moves/{path}").status_code == 409
    assert bob.get(f"/orders/{sale.order.reference}/moves/fly").status_code == 404
    refused = bob.post(f"/orders/{sale.order.reference}/moves/send-back", data={**KEY, **RETURN})
    assert refused.status_code == 409


def test_goods_are_rejected_sent_back_and_taken_back(app: Flask, uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    reference = sale.order.reference
    bob, amina = browser(app, uow, sale.bob), browser(app, uow, sale.amina)
    moves, hers = f"/orders/{reference}/moves", f"/cooperative/orders/{reference}/moves"
    reason = {**KEY, "kind": "not_as_described", "text": "Under the loupe it is glass."}
    assert bob.post(f"{moves}/reject", data=reason).status_code == 303
    assert "I have sent it back" in text_of(bob, f"/orders/{reference}")
    assert bob.post(f"{moves}/send-back", data={**KEY, **RETURN, "tracking": ""}).status_code == 422
    assert bob.post(f"{moves}/send-back", data={**KEY, **RETURN, "idempotency_key": "another-key"}).status_code == 303
    came = {**KEY, "seal_intact": "yes", "weight": "3.42", "weight_unit": "ct"}
    assert amina.post(f"{hers}/receive-return", data=came).status_code == 303
    assert "Courier on the way back" in text_of(amina, f"/cooperative/orders/{reference}")

    assert amina.post(f"{hers}/take-back", data=KEY).status_code == 303

    assert state_of(uow, reference) == "refunding"


def test_a_verifier_says_what_was_found_and_sends_the_goods_on(app: Flask, uow: UnitOfWork) -> None:
    sale = confirmed_order(uow)
    sale.order.wants_verification = True
    uow.record("order.test", sale.order)
    services.ship(sale.as_cooperative(), order=sale.order, parcel=parcel(sale.order))
    reference = sale.order.reference
    assert sale.order.state == "at_verification"
    vera = browser(app, uow, person(uow, "Vera", StaffRole.VERIFIER))
    form = f"/staff/orders/{reference}/moves/match"
    assert form in text_of(vera, f"/staff/orders/{reference}")
    found = {**KEY, **RETURN, "seal_intact": "yes", "certificate": "V-2026-17", "text": ""}
    assert vera.post(form, data={**found, "certificate": ""}).status_code == 422

    assert vera.post(form, data={**found, "idempotency_key": "another-key"}).status_code == 303

    assert state_of(uow, reference) == "shipped"
    page = text_of(browser(app, uow, sale.bob), f"/orders/{reference}")
    assert "Courier from the verifier" in page
    assert "The independent check found what was listed" in page


def test_a_finding_that_does_not_match_is_a_dispute(app: Flask, uow: UnitOfWork) -> None:
    sale = confirmed_order(uow)
    sale.order.wants_verification = True
    uow.record("order.test", sale.order)
    services.ship(sale.as_cooperative(), order=sale.order, parcel=parcel(sale.order))
    vera = browser(app, uow, person(uow, "Vera", StaffRole.VERIFIER))
    zawadi = browser(app, uow, person(uow, "Zawadi", StaffRole.MODERATOR))
    path = f"/staff/orders/{sale.order.reference}/moves"
    found = {**KEY, "seal_intact": "yes", "weight": "3.42", "weight_unit": "ct", "certificate": "V-2026-18"}
    whole = {**RETURN, **found, "text": "It is glass, not tanzanite."}
    assert zawadi.post(f"{path}/match", data=whole).status_code == 409, "a moderator is no verifier"

    assert vera.post(f"{path}/mismatch", data={**found, "text": "It is glass, not tanzanite."}).status_code == 303

    assert state_of(uow, sale.order.reference) == "disputed"
    assert "The independent check found something else" in text_of(zawadi, f"/staff/orders/{sale.order.reference}")


def test_the_assay_of_gold_is_typed_in_and_sets_the_price(app: Flask, uow: UnitOfWork) -> None:
    sale = at_the_verifier(uow)
    reference, deposit = sale.order.reference, sale.order.price_minor
    vera = browser(app, uow, person(uow, "Vera", StaffRole.VERIFIER))
    form = f"/staff/orders/{reference}/moves/match"
    assert "How fine is the gold" in text_of(vera, form)
    found = {**KEY, **RETURN, "seal_intact": "yes", "certificate": "GA-7", "weight": "250", "weight_unit": "g"}
    wrong = vera.post(form, data={**found, "insured": "99999", "text": ""})
    assert wrong.status_code == 422, "an assay without a fineness sets no price"
    assert "GA-7" in wrong.text, "nothing typed is lost"

    typed = {**found, "insured": "99999", "text": "", "fineness": "850", "idempotency_key": "another-key"}
    assert vera.post(form, data=typed).status_code == 303

    assert state_of(uow, reference) == "shipped"
    uow.session.refresh(sale.order)
    assert 0 < (sale.order.refund_minor or 0) < deposit


def test_a_proposal_is_filled_in_for_the_second_person_and_hidden_from_the_parties(app: Flask, uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    sale.order.needs_second_person = True
    uow.record("order.test", sale.order)
    services.report_problem(sale.as_buyer(), order=sale.order, reason=Reason("damaged", "A chip on the corner."))
    reference, zawadi = sale.order.reference, person(uow, "Zawadi", StaffRole.MODERATOR)
    proposed = Decision("split", "Half of it is fair to both.", Money(10_050, "USD"))
    services.decide(sale.as_staff("mosi", StaffRole.MODERATOR), order=sale.order, decision=proposed)

    page = text_of(browser(app, uow, zawadi), f"/staff/orders/{reference}")
    assert 'value="100.50"' in page
    assert "Staff proposed a decision" in page
    for reader, path in ((sale.bob, "orders"), (sale.amina, "cooperative/orders")):
        seen = text_of(browser(app, uow, reader), f"/{path}/{reference}")
        assert "Staff proposed a decision" not in seen
        assert "Half of it is fair" not in seen


def test_a_buyer_who_rejected_reads_where_to_send_the_goods(app: Flask, uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    services.reject(sale.as_buyer(), order=sale.order, reason=Reason("damaged", "A chip on the corner."))

    page = text_of(browser(app, uow, sale.bob), f"/orders/{sale.order.reference}")

    assert "Send it back to" in page
    assert "Your turn" in text_of(browser(app, uow, sale.bob), "/orders")
    assert "Your turn" not in text_of(browser(app, uow, sale.amina), "/cooperative/orders")


def test_what_the_log_says_of_an_order_is_for_those_who_read_the_log(app: Flask, uow: UnitOfWork) -> None:
    sale = at_the_verifier(uow)
    path = f"/staff/orders/{sale.order.reference}"
    vera = browser(app, uow, person(uow, "Vera", StaffRole.VERIFIER))
    zawadi = browser(app, uow, person(uow, "Zawadi", StaffRole.MODERATOR))

    assert "What the audit log says" not in vera.get(path).text
    assert "What the audit log says" in zawadi.get(path).text
