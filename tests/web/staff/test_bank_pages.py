"""Finance works off the bank's lines and pays again what came back, on the pages."""

import io
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.core.actor import StaffRole
from marketplace.core.money import Money
from marketplace.orders.services import payout_parts, settlement
from marketplace.payments import destinations
from marketplace.payments.models import Payment, Payout
from marketplace.payments.payouts import part_moves
from marketplace.payments.payouts.part_moves import latest_parts, only_part
from marketplace.payments.rail_models import UnmatchedReceipt
from marketplace.payments.rail_table import RailRow
from marketplace.payments.rails import Rail
from marketplace.unit_of_work import UnitOfWork
from tests.builders.orders import Sale, placed_order
from tests.builders.payments import BANK, MOBILE, approved_payout, releasing_order, sent_payout
from tests.people import person
from tests.unit.payments.bank_files import camt053
from tests.web.staff.test_finance_pages import key, post
from tests.web.test_orders import browser


def bring(client: FlaskClient, *lines: tuple[str, int, str, str]) -> None:
    """Upload a statement."""
    data = {**key(100), "file": (io.BytesIO(camt053(entries=lines)), "statement.xml")}
    assert client.post("/staff/finance/bank", data=data).status_code == 303


def confirmed(uow: UnitOfWork, form: dict[str, str]) -> tuple[Sale, Payout, str]:
    sale = releasing_order(uow, form=form)
    payout = sent_payout(sale)
    settlement.confirm_payout(sale.as_staff("gloria", StaffRole.FINANCE), payout=payout, proof="statement 9")
    return sale, payout, only_part(uow, payout).reference


def test_a_wire_to_the_wrong_account_is_explained_and_sent_back(app: Flask, uow: UnitOfWork) -> None:
    sale = placed_order(uow)
    frida = browser(app, uow, person(uow, "frida", StaffRole.FINANCE))
    bring(frida, ("B1", 500, "", sale.order.reference))
    overview = frida.get("/staff/finance").text
    assert re.search(r'href="/staff/finance/bank"[^0-9]*1[^0-9]*receipts nobody explains', overview)
    assert "The text names an order of another amount." in frida.get("/staff/finance/bank").text

    page = f"/staff/finance/bank/receipts/{uow.session.scalars(select(UnmatchedReceipt.id)).one()}"
    shown = frida.get(page).text
    assert f"/staff/orders/{sale.order.reference}" in shown
    assert str(sale.order.buyer_id) in shown
    assert "Nothing explains it yet." in frida.post(f"{page}/look", data=key(1), follow_redirects=True).text
    refused = frida.post(page, data={**key(2), "remedy": "send_back", "whose": "", "reason": ""})
    assert refused.status_code == 422
    post(frida, page, 3, remedy="send_back", whose="", reason="Wrong amount")
    assert "Send it back at the bank under the reference" in frida.get(page).text
    assert "Send it back to who sent it" in frida.get("/staff/finance/bank?state=done").text

    late = browser(app, uow, person(uow, "grace", StaffRole.FINANCE)).post(f"{page}/look", data=key(4))
    assert late.status_code == 409
    assert "Another person dealt with this entry just now." in late.text


def test_a_late_return_is_paid_again_from_the_list(app: Flask, uow: UnitOfWork) -> None:
    sale, payout, reference = confirmed(uow, BANK)
    frida = browser(app, uow, person(uow, "fiona", StaffRole.FINANCE))
    bring(frida, ("B1", payout.amount_minor, reference, "ACCOUNT CLOSED"))
    shown = frida.get("/staff/payouts").text
    assert "Came back after it was received" in shown
    parts = f"/staff/finance/parts/{payout.reference}"
    assert parts in shown
    part_id = only_part(uow, payout).id
    early = frida.post(f"{parts}/{part_id}/repeat", data=key(1))
    assert early.status_code == 409
    assert "no payout account that was checked" in early.text

    destination = destinations.live_destination(uow.session, sale.order.cooperative_id)
    assert destination is not None
    destinations.verify(sale.as_staff("victor"), destination=destination)
    uow.commit()
    page = post(frida, f"{parts}/{part_id}/repeat", 2)
    assert "It pays again what came back" in frida.get(page).text
    assert "Prepare it again" not in frida.get(parts).text


def test_mobile_money_that_came_back_is_noted_with_a_reason(app: Flask, uow: UnitOfWork) -> None:
    _sale, payout, _reference = confirmed(uow, MOBILE)
    frida = browser(app, uow, person(uow, "fiona", StaffRole.FINANCE))
    page = f"/staff/finance/parts/{payout.reference}"
    part_id = only_part(uow, payout).id
    assert frida.post(f"{page}/{part_id}/return", data={**key(1), "reason": ""}).status_code == 422
    post(frida, f"{page}/{part_id}/return", 2, reason="The number was given up")
    shown = frida.get(page).text
    assert "The number was given up" in shown
    assert "Prepare it again" in shown
    again = frida.post(f"{page}/{part_id}/return", data={**key(3), "reason": "twice"})
    assert again.status_code == 409


def test_an_auditor_reads_and_presses_nothing(app: Flask, uow: UnitOfWork) -> None:
    sale = placed_order(uow)
    bring(browser(app, uow, person(uow, "fiona", StaffRole.FINANCE)), ("B1", 500, "", sale.order.reference))
    receipt_id = uow.session.scalars(select(UnmatchedReceipt.id)).one()
    otto = browser(app, uow, person(uow, "otto", StaffRole.AUDITOR))
    assert "Look again" not in otto.get(f"/staff/finance/bank/receipts/{receipt_id}").text
    assert otto.post(f"/staff/finance/bank/receipts/{receipt_id}/look", data=key(1)).status_code == 403
    assert uow.session.scalars(select(Payment.state)).all() == ["creating"]


def test_a_payout_in_parts_is_confirmed_part_by_part(
    app: Flask, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = Money(40_000, "USD")  # 400 dollars at once: the cooperative's 930 go in three parts
    row = RailRow("TZ", "USD", Rail.MOBILE_MONEY, "mpesa", most, None, ("phone",), "test", "S", date(2026, 9, 29))
    monkeypatch.setattr(part_moves, "rules_of", lambda *_: row)
    sale = releasing_order(uow)
    payout = approved_payout(sale)
    parts = latest_parts(uow.session, payout.id)
    for number, part in enumerate(parts):
        payout_parts.send(
            sale.as_staff("gloria", StaffRole.FINANCE), payout=payout, part=part, reference=f"MP-{number}"
        )
    payout_parts.confirm(sale.as_staff("gloria"), payout=payout, part=parts[0], proof="R-1")
    fanny = browser(app, uow, person(uow, "fanny", StaffRole.FINANCE))

    page = fanny.get(f"/staff/payouts/{payout.reference}").text

    assert "1 of 3 parts have arrived." in page
    assert "Confirm receipt" not in page
    assert f"/staff/finance/parts/{payout.reference}" in page
    assert "Confirm receipt" in fanny.get(f"/staff/finance/parts/{payout.reference}").text
