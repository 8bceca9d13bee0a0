"""The pages of an order: buying, paying, receiving, accepting; shipping; deciding."""

from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import func, select

from marketplace.accounts.models import User
from marketplace.core.actor import StaffRole
from marketplace.orders import services
from marketplace.orders.answers import Reason
from marketplace.orders.models import Order
from marketplace.orders.queries import payment_of
from marketplace.unit_of_work import UnitOfWork
from tests.builders.documents import papers_of_order
from tests.builders.lots import STONE, published_lot
from tests.builders.orders import (
    DELIVERY_FORM,
    PARCEL_FORM,
    confirmed_order,
    delivered_order,
    funded_order,
    placed_order,
    shipped_order,
)
from tests.people import buyer, person, signed_in

KEY = {"idempotency_key": "a-key-of-this-form"}


def state_of(uow: UnitOfWork, reference: str) -> str:
    return uow.session.scalars(select(Order.state).where(Order.reference == reference)).one()


def browser(app: Flask, uow: UnitOfWork, user: User) -> FlaskClient:
    """Sign in; the test's open application context would otherwise keep the viewer of the last request."""
    client = signed_in(app, uow, user)
    plain = client.open

    def open_as_somebody_new(*args: Any, **more: Any) -> Any:
        g.pop("viewer", None)
        g.pop("language", None)
        return plain(*args, **more)

    client.open = open_as_somebody_new  # type: ignore[method-assign]
    return client


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_buy_page_shows_who_gets_what_and_orders_once(app: Flask, uow: UnitOfWork) -> None:
    lot, version, _amina = published_lot(uow)
    bob, _row = buyer(uow, "bob", level=2)
    reference, sha256 = lot.reference, version.sha256
    client = browser(app, uow, bob)

    page = text_of(client, f"/lots/{reference}/buy")
    assert "Who gets what" in page
    assert "7 days to inspect" in page
    form = {**DELIVERY_FORM, **KEY, "version": sha256}
    first = client.post(f"/lots/{reference}/buy", data=form)
    second = client.post(f"/lots/{reference}/buy", data=form)

    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    order = text_of(client, first.location)
    assert "You have not paid yet." in order
    assert "preparing the payment page" in order
    assert uow.session.scalar(select(func.count()).select_from(Order)) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"recipient": ""}, "Enter the name of the person"),
        ({"street": " "}, "Enter the street"),
        ({"city": ""}, "Enter the town"),
        ({"country": "XX"}, "Choose the country"),
        ({"phone": "call me"}, "telephone number"),
        ({"terms": ""}, "tick the box"),
        ({"instructions": "x" * 301}, "at most 300"),
        ({"recipient": "bob\x00"}, "cannot be stored"),
    ],
)
def test_a_wrong_address_is_told_and_kept(app: Flask, uow: UnitOfWork, change: dict[str, str], said: str) -> None:
    lot, version, _amina = published_lot(uow)
    bob, _row = buyer(uow, "bob", level=2)
    form = {**DELIVERY_FORM, **KEY, "version": version.sha256, **change}
    path = f"/lots/{lot.reference}/buy"
    client = browser(app, uow, bob)

    answer = client.post(path, data=form)

    assert answer.status_code == 422
    assert said in answer.text
    assert "There is a problem" in answer.text


def test_a_lot_that_changed_is_not_ordered(app: Flask, uow: UnitOfWork) -> None:
    lot, _version, _amina = published_lot(uow)
    bob, _row = buyer(uow, "bob", level=2)
    path = f"/lots/{lot.reference}/buy"
    client = browser(app, uow, bob)

    answer = client.post(path, data={**DELIVERY_FORM, **KEY, "version": "0" * 64})

    assert answer.status_code == 409
    assert "The lot changed" in answer.text


def test_carol_reads_until_when_the_lot_is_reserved(app: Flask, uow: UnitOfWork) -> None:
    sale = placed_order(uow)
    carol, _row = buyer(uow, "carol", level=2)
    path, sha256 = f"/lots/{sale.lot.reference}/buy", sale.version.sha256
    client = browser(app, uow, carol)

    assert "reserved until 29 Sep" in text_of(client, path)
    answer = client.post(path, data={**DELIVERY_FORM, **KEY, "version": sha256})
    assert answer.status_code == 409
    assert "reserved until 29 Sep" in answer.text


@pytest.mark.parametrize("level", [0, 1])
def test_a_low_level_reads_what_to_do_and_asks_for_it(app: Flask, uow: UnitOfWork, level: int) -> None:
    lot, _version, _amina = published_lot(uow)
    bob, _row = buyer(uow, "bob", level=level)
    path = f"/lots/{lot.reference}/buy"
    bobs = browser(app, uow, bob)

    page = text_of(bobs, path)
    asked = bobs.post("/account/company/check")

    assert "Pact must know who you are" in page
    assert 'action="/account/company/check"' in page
    assert (asked.status_code, asked.location) == (303, "/account")
    assert "You asked Pact on 29 Sep" in text_of(bobs, "/account")
    again = text_of(bobs, path)
    assert "You asked Pact on 29 Sep" in again
    assert "Ask Pact to check my company" not in again


def test_a_moderator_finds_who_waits_for_a_check(app: Flask, uow: UnitOfWork) -> None:
    bob, _row = buyer(uow, "bob", level=1)
    buyer(uow, "carol", level=1)
    moses = person(uow, "Moses", StaffRole.MODERATOR)
    key = bob.id
    browser(app, uow, bob).post("/account/company/check")
    mosess = browser(app, uow, moses)

    waiting = text_of(mosess, "/staff/people?waiting=level")
    assert "bob@example.org" in waiting
    assert "carol@example.org" not in waiting
    assert "Setting a level answers it." in text_of(mosess, f"/staff/people/{key}")
    assert mosess.post(f"/staff/people/{key}/level", data={"level": "2"}).status_code == 303
    assert "bob@example.org" not in text_of(mosess, "/staff/people?waiting=level")


def test_the_cooperative_and_staff_do_not_buy(app: Flask, uow: UnitOfWork) -> None:
    lot, _version, amina = published_lot(uow)
    path, moderator = f"/lots/{lot.reference}/buy", person(uow, "Zawadi", StaffRole.MODERATOR)
    as_amina = browser(app, uow, amina)
    as_staff = browser(app, uow, moderator)

    assert "open a buyer" in text_of(as_amina, path)
    assert "open a buyer" in text_of(as_staff, path)


def test_somebody_elses_order_is_not_there(app: Flask, uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    carol, _row = buyer(uow, "carol", level=3)
    _lot, _version, daudi = published_lot(uow, number=2)
    reference = sale.order.reference
    as_carol, as_daudi = browser(app, uow, carol), browser(app, uow, daudi)

    for path in ("", "/receipt", "/acceptance", "/problem"):
        assert as_carol.get(f"/orders/{reference}{path}").status_code == 404
    for path in ("payment", "cancellation", "receipt", "acceptance", "problem", "problem/withdrawal"):
        assert as_carol.post(f"/orders/{reference}/{path}", data=KEY).status_code == 404
    for path in ("", "/refusal", "/shipment"):
        assert as_daudi.get(f"/cooperative/orders/{reference}{path}").status_code == 404
    for path in ("confirmation", "refusal", "shipment"):
        assert as_daudi.post(f"/cooperative/orders/{reference}/{path}", data=KEY).status_code == 404
    assert reference not in as_carol.get("/orders").text
    assert reference not in as_daudi.get("/cooperative/orders").text


def test_bob_goes_to_the_providers_page_when_it_is_ready(app: Flask, uow: UnitOfWork) -> None:
    sale = placed_order(uow)
    path = f"/orders/{sale.order.reference}"
    client = browser(app, uow, sale.bob)
    assert client.post(f"{path}/payment", data=KEY).status_code == 409
    found = payment_of(uow.session, sale.order.id)
    assert found is not None
    found.session_url, found.state = "https://pay.example/c/1", "open"
    uow.record("payment.open", found)
    uow.commit()

    assert "Pay US$" in text_of(client, path)
    answer = client.post(f"{path}/payment", data=KEY)
    assert (answer.status_code, answer.location) == (303, "https://pay.example/c/1")
    text_of(client, f"{path}?payment=sent")
    assert state_of(uow, sale.order.reference) == "pending_payment", "the return page changes nothing"


def test_the_cooperative_confirms_and_ships(app: Flask, uow: UnitOfWork) -> None:
    sale = funded_order(uow)
    path = f"/cooperative/orders/{sale.order.reference}"
    client = browser(app, uow, sale.amina)
    assert "You will be paid" in text_of(client, path)

    assert client.post(f"{path}/confirmation", data=KEY).status_code == 303
    bad = client.post(f"{path}/shipment", data={**KEY, "weight": "3.9", "weight_unit": "ct", "insured": "10"})
    assert bad.status_code == 422
    for said in ("name of the courier", "tracking number", "number on the seal"):
        assert said in bad.text
    wrong = client.post(f"{path}/shipment", data={**KEY, **PARCEL_FORM, "weight": "3.9", "insured": "10"})
    assert wrong.status_code == 422
    assert "not the weight of the lot" in wrong.text
    assert "whole price" in wrong.text
    assert 'value="3.9"' in wrong.text
    assert "papers are missing" in wrong.text
    assert "Upload this paper: Export permit." in wrong.text
    assert "Upload this paper: Certificate of origin for tanzanite." in text_of(client, path)
    papers_of_order(uow, sale.order, sale.amina)
    uow.commit()
    assert "Every paper that the goods need to leave is here." in text_of(client, path)
    assert client.post(f"{path}/shipment", data={**KEY, **PARCEL_FORM}).status_code == 303

    page = text_of(client, path)
    assert "with the courier" in page
    assert "3.42 ct" in page


def test_the_cooperative_gives_the_order_up_with_a_reason(app: Flask, uow: UnitOfWork) -> None:
    sale = funded_order(uow)
    reference = sale.order.reference
    path = f"/cooperative/orders/{reference}/refusal"
    as_amina, as_bob = browser(app, uow, sale.amina), browser(app, uow, sale.bob)

    assert as_amina.post(path, data=KEY).status_code == 422
    assert as_amina.post(path, data={**KEY, "kind": "sold", "text": "At the market."}).status_code == 303

    page = text_of(as_bob, f"/orders/{reference}")
    assert "Your money is on its way back." in page
    assert "It was sold to somebody else. At the market." in page


def test_bob_receives_and_accepts(app: Flask, uow: UnitOfWork) -> None:
    sale = shipped_order(uow)
    path = f"/orders/{sale.order.reference}"
    client = browser(app, uow, sale.bob)
    assert "I have received it" in text_of(client, path)

    assert client.post(f"{path}/receipt", data={**KEY, "weight": "NaN", "weight_unit": "ct"}).status_code == 422
    good = {**KEY, "seal_intact": "yes", "weight": "0,684", "weight_unit": "g"}
    assert client.post(f"{path}/receipt", data=good).status_code == 303
    assert "Your money is held safely." in text_of(client, path)
    assert "cannot be taken back" in text_of(client, f"{path}/acceptance")
    first = client.post(f"{path}/acceptance", data=KEY)
    again = client.post(f"{path}/acceptance", data=KEY)
    other = client.post(f"{path}/acceptance", data={"idempotency_key": "another-key"})

    assert (first.status_code, again.status_code, other.status_code) == (303, 303, 409)
    assert "was shared out" in text_of(client, path)


def test_a_problem_holds_the_order_until_staff_decide(app: Flask, uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    reference, moderator = sale.order.reference, person(uow, "Zawadi", StaffRole.MODERATOR)
    as_bob, as_staff = browser(app, uow, sale.bob), browser(app, uow, moderator)

    assert as_bob.post(f"/orders/{reference}/problem", data={**KEY, "kind": "weight"}).status_code == 422
    report = {**KEY, "kind": "weight", "text": "It weighs 3.10 ct on my scale."}
    assert as_bob.post(f"/orders/{reference}/problem", data=report).status_code == 303
    assert "stays with us while we look" in text_of(as_bob, f"/orders/{reference}")
    assert as_bob.post(f"/orders/{reference}/acceptance", data=KEY).status_code == 409

    assert reference in text_of(as_staff, "/staff/orders?flag=held")
    path = f"/staff/orders/{reference}"
    assert "3.10 ct on my scale" in text_of(as_staff, path)
    assert as_staff.post(f"{path}/decision", data={**KEY, "decision": "burn"}).status_code == 422
    decision = {**KEY, "decision": "refund", "text": "The scales of both sides differ."}
    assert as_staff.post(f"{path}/decision", data=decision).status_code == 303
    assert state_of(uow, reference) == "decided"
    assert "Decided: The buyer is refunded in full." in text_of(as_staff, f"/staff/orders/{reference}")
    assert reference not in text_of(as_staff, "/staff/orders?flag=held")


def test_a_large_problem_needs_two_moderators(app: Flask, uow: UnitOfWork) -> None:
    steps: Any = {**STONE, "price": {**STONE["price"], "wanted": "6000"}}
    sale = delivered_order(uow, steps=steps)
    services.report_problem(sale.as_buyer(), order=sale.order, reason=Reason("damaged", "A chip on the corner."))
    path = f"/staff/orders/{sale.order.reference}"
    first = browser(app, uow, person(uow, "Zawadi", StaffRole.MODERATOR))
    second = browser(app, uow, person(uow, "Juma", StaffRole.MODERATOR))
    form = {**KEY, "decision": "refund", "text": "Photos show the chip."}

    assert first.post(f"{path}/decision", data=form).status_code == 303
    assert state_of(uow, sale.order.reference) == "disputed"
    assert "Proposed: The buyer is refunded in full." in text_of(second, path)
    again = first.post(f"{path}/decision", data={**form, "idempotency_key": "another-key"})
    assert again.status_code == 303
    assert state_of(uow, sale.order.reference) == "disputed", "the same person twice is one person"
    assert second.post(f"{path}/decision", data=form).status_code == 303
    assert state_of(uow, sale.order.reference) == "decided"


def test_staff_record_the_carriers_proof(app: Flask, uow: UnitOfWork) -> None:
    sale = shipped_order(uow)
    path = f"/staff/orders/{sale.order.reference}"
    client = browser(app, uow, person(uow, "Zawadi", StaffRole.MODERATOR))

    assert client.post(f"{path}/delivery", data={**KEY, "proof": " "}).status_code == 422
    assert client.post(f"{path}/delivery", data={**KEY, "proof": "DHL POD 88, B. Jewels"}).status_code == 303

    assert state_of(uow, sale.order.reference) == "delivered"
    assert "DHL POD 88" in text_of(client, path)


def test_the_auditor_reads_and_decides_nothing(app: Flask, uow: UnitOfWork) -> None:
    sale = confirmed_order(uow)
    client = browser(app, uow, person(uow, "Otto", StaffRole.AUDITOR))

    text_of(client, f"/staff/orders/{sale.order.reference}")
    for path in ("delivery", "decision", "release", "refund"):
        answer = client.post(f"/staff/orders/{sale.order.reference}/{path}", data=KEY)
        assert answer.status_code == 403, path


def test_the_list_is_paged_and_a_made_up_page_is_not_there(app: Flask, uow: UnitOfWork) -> None:
    sale = placed_order(uow)
    client = browser(app, uow, sale.bob)

    assert sale.order.reference in text_of(client, "/orders")
    assert client.get("/orders?after=OR-0000-0000").status_code == 404
