"""Cooperatives and buyers see what happened to what is theirs, and never who somebody else is."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.audit.models import AuditEvent
from marketplace.audit.sequencing import sequence
from marketplace.core.actor import StaffRole
from marketplace.http.context import make_uow
from marketplace.orders.models import Order
from marketplace.pricing.services import import_reference_data
from marketplace.unit_of_work import running
from tests.builders.log import sign, signer_in
from tests.builders.orders import shipped_order
from tests.people import actor, buyer, person, signed_in


@dataclass(frozen=True)
class Sold:
    """A shipped order, as plain values."""

    reference: str
    cooperative_id: UUID
    bob_id: UUID
    bob_name: str
    amina_id: UUID
    amina_name: str


@pytest.fixture
def sale(app: Flask, tmp_path: Path) -> Sold:
    """A shipped order in a signed log."""
    with app.app_context(), running(make_uow) as uow:
        import_reference_data(uow)
        found = shipped_order(uow)
        mary = person(uow, "Mary Moderator", StaffRole.MODERATOR)
        uow.acting_as(actor(uow.session, mary)).record("order.extend", found.order, deadline="later")
        uow.commit()
        sign(uow, signer_in(tmp_path))
        order, bob, amina = found.order, found.bob, found.amina
        return Sold(order.reference, order.cooperative_id, bob.id, bob.name, amina.id, amina.name)


def browser(app: Flask, user_id: UUID) -> FlaskClient:
    with app.app_context(), running(make_uow) as uow:
        return signed_in(app, uow, uow.session.get_one(User, user_id))


def event_of(app: Flask, action: str) -> str:
    with app.app_context(), running(make_uow, read_only=True) as uow:
        found = select(AuditEvent.event_id).where(AuditEvent.action == action)
        return str(uow.session.scalars(found.order_by(AuditEvent.seq.desc())).first())


def test_a_buyer_reads_his_own_history(app: Flask, sale: Sold) -> None:
    his = browser(app, sale.bob_id)
    page = his.get("/history").text

    assert f"placed order {sale.reference}." in page
    assert f"Pact staff gave order {sale.reference} more time." in page
    assert f"Somebody outside your company shipped order {sale.reference}." in page
    for secret in ("Mary Moderator", sale.amina_name, "192.0.2", "127.0.0.1"):
        assert secret not in page


def test_a_cooperative_reads_its_own_history(app: Flask, sale: Sold) -> None:
    hers = browser(app, sale.amina_id)
    page = hers.get("/cooperative/history").text

    assert f"{sale.amina_name} shipped order {sale.reference}." in page
    assert f"Somebody outside your cooperative placed order {sale.reference}." in page
    for secret in ("Mary Moderator", sale.bob_name, "Bob Jewels"):
        assert secret not in page


def test_proof_entry_and_table_can_be_taken(app: Flask, sale: Sold) -> None:
    his = browser(app, sale.bob_id)
    event = event_of(app, "order.ship")

    assert his.get(f"/history/{event}/proof").data.startswith(b"c2sp.org/tlog-proof@v1")
    assert his.get(f"/history/{event}/entry").get_json(force=True)["act"] == "order.ship"
    table = his.get("/history/table.csv")
    rows = list(csv.DictReader(io.StringIO(table.data.decode("utf-8-sig"))))
    assert "order.ship" in [row["action"] for row in rows]
    assert sale.amina_name not in table.text


def test_the_table_says_what_no_checkpoint_covers_yet(app: Flask, sale: Sold) -> None:
    his = browser(app, sale.bob_id)
    with app.app_context(), running(make_uow) as uow:
        order = uow.session.scalars(select(Order).where(Order.reference == sale.reference)).one()
        uow.record("order.extend", order, deadline="later still")
        uow.commit()
        sequence(uow.session)

    newest, *others = csv.DictReader(io.StringIO(his.get("/history/table.csv").data.decode("utf-8-sig")))

    assert (newest["action"], newest["covered_by"]) == ("order.extend", "")
    assert {int(row["covered_by"]) > int(row["place"]) for row in others} == {True}


def test_nothing_of_others_is_there(app: Flask, sale: Sold) -> None:
    with app.app_context(), running(make_uow) as uow:
        carol_id = buyer(uow, "carol")[0].id
    others = browser(app, carol_id)
    event = event_of(app, "order.ship")
    cooperative = sale.cooperative_id

    assert sale.reference not in others.get("/history").text
    assert others.get(f"/history/{event}/proof").status_code == 404
    assert others.get(f"/history/{event}/entry").status_code == 404
    assert browser(app, sale.bob_id).get(f"/cooperative/history/{cooperative}").status_code in (403, 404)


def test_what_is_for_staff_alone_is_not_in_any_slice(app: Flask, sale: Sold) -> None:
    case = event_of(app, "moderation_case.decide")
    hers = browser(app, sale.amina_id)

    assert hers.get(f"/cooperative/history/{sale.cooperative_id}/{case}/proof").status_code == 404


def test_a_buyer_subscribes_and_sees_the_secret_once(app: Flask, sale: Sold) -> None:
    his = browser(app, sale.bob_id)
    secret_path = "https://example.org/services/a-secret-of-mine"
    form = {"whose": "buyer", "address": secret_path, "idempotency_key": "form-number-1"}

    page = his.post("/account/events", data=form, follow_redirects=True).text
    assert "whsec_" in page
    assert "https://example.org/…mine" in page
    assert "a-secret" not in page
    again = his.get("/account/events").text
    assert "whsec_" not in again
    bad = his.post("/account/events", data={**form, "address": "http://example.org", "idempotency_key": "form-2-x"})
    assert bad.status_code == 422
    assert "http://example.org" in bad.text
    other = his.post("/account/events", data={**form, "whose": "staff", "idempotency_key": "form-number-3"})
    assert other.status_code == 422
