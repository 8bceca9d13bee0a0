"""Finance pages: what each role sees, and a payout from the list to the proof."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.core.actor import StaffRole
from marketplace.orders import services
from marketplace.orders.transitions import Action
from marketplace.payments.models import Payout
from marketplace.payments.problems import Kind, open_problem
from marketplace.unit_of_work import UnitOfWork
from tests.builders.orders import delivered_order
from tests.builders.payments import entered_destination, releasing_order
from tests.people import member, person
from tests.web.test_orders import browser

PAGES = (
    "/staff/finance", "/staff/finance/payments", "/staff/finance/problems", "/staff/finance/commands",
    "/staff/finance/reconciliation", "/staff/finance/accounts", "/staff/payouts", "/staff/finance/news",
    "/staff/finance/unmatched", "/staff/finance/reports", "/staff/finance/currencies",
)  # fmt: skip


def key(number: int) -> dict[str, str]:
    return {"idempotency_key": f"form-number-{number}"}


def post(client: FlaskClient, path: str, number: int, **form: str) -> str:
    answer = client.post(path, data={**key(number), **form})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


@pytest.mark.parametrize("path", PAGES)
def test_finance_and_auditors_read_and_moderators_do_not(app: Flask, uow: UnitOfWork, path: str) -> None:
    sale = releasing_order(uow)
    open_problem(uow, kind=Kind.OTHER_AMOUNT, subject="payment 1", order_id=sale.order.id, detail="USD 1.00")
    for name, role, status in (
        ("frida", StaffRole.FINANCE, 200),
        ("otto", StaffRole.AUDITOR, 200),
        ("moses", StaffRole.MODERATOR, 403),
    ):
        assert browser(app, uow, person(uow, name, role)).get(path).status_code == status


def test_a_payout_goes_from_the_list_to_the_proof_by_two_people(app: Flask, uow: UnitOfWork) -> None:
    sale = releasing_order(uow)
    reference = sale.order.reference
    frida = browser(app, uow, person(uow, "frida", StaffRole.FINANCE))
    assert reference in frida.get("/staff/payouts").text

    page = post(frida, "/staff/payouts", 1, order=reference)
    assert "Another person of finance approves it" in frida.get(page).text
    assert frida.post(f"{page}/approval", data=key(2)).status_code == 403

    grace = browser(app, uow, person(uow, "grace", StaffRole.FINANCE))
    assert "Approve" in grace.get(page).text
    post(grace, f"{page}/approval", 3)
    empty = frida.post(f"{page}/sending", data={**key(4), "reference": " "})
    assert empty.status_code == 422
    assert "There is a problem" in empty.text
    post(frida, f"{page}/sending", 5, reference="MP-1")
    post(grace, f"{page}/confirmation", 6, proof="receipt 17")
    post(grace, f"{page}/confirmation", 6, proof="receipt 17")  # the same click again

    text = grace.get(page).text
    assert "receipt 17" in text
    assert "MP-1" in text
    uow.session.expire_all()
    assert uow.session.get_one(type(sale.order), sale.order.id).state == "released"


def test_the_full_account_number_is_shown_only_when_asked_for(app: Flask, uow: UnitOfWork) -> None:
    sale = releasing_order(uow)
    frida = browser(app, uow, person(uow, "frida", StaffRole.FINANCE))
    page = post(frida, "/staff/payouts", 1, order=sale.order.reference)

    assert "+255712345678" not in frida.get(page).text
    assert "+255712345678" in frida.post(f"{page}/destination", data=key(2)).text
    otto = browser(app, uow, person(uow, "otto", StaffRole.AUDITOR))
    assert otto.get(page).status_code == 200
    assert otto.post(f"{page}/destination", data=key(3)).status_code == 403


def test_finance_checks_an_account_against_the_papers(app: Flask, uow: UnitOfWork) -> None:
    destination = entered_destination(uow, delivered_order(uow))
    frida = browser(app, uow, person(uow, "frida", StaffRole.FINANCE))
    page = f"/staff/finance/accounts/{destination.id}"
    assert str(destination.id) in frida.get("/staff/finance/accounts").text
    assert "+255712345678" in frida.post(f"{page}/number", data=key(1)).text
    post(frida, f"{page}/check", 2)

    assert "Checked" in frida.get(page).text


def test_a_problem_is_closed_with_a_note(app: Flask, uow: UnitOfWork) -> None:
    problem = open_problem(uow, kind=Kind.UNKNOWN_ORDER, subject="pi_1", detail="payment pi_1 USD 50.00")
    frida = browser(app, uow, person(uow, "frida", StaffRole.FINANCE))
    page = f"/staff/finance/problems/{problem.id}"

    assert frida.post(page, data={**key(1), "note": ""}).status_code == 422
    post(frida, page, 2, note="A test of the provider's staff; refunded by them.")
    assert "refunded by them" in frida.get(page).text


def test_the_cooperative_sees_its_money_behind_one_tap(app: Flask, uow: UnitOfWork) -> None:
    sale = releasing_order(uow)
    page = browser(app, uow, sale.amina).get("/cooperative/money").text
    shown = page.split("<details", 1)
    assert not re.search(r"US\$[0-9]", shown[0])
    assert sale.order.reference in shown[1]


def test_a_signatory_enters_where_to_pay_and_others_cannot(app: Flask, uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    from marketplace.compliance.models import Cooperative
    from marketplace.core.actor import MemberRole

    reference = uow.session.get_one(Cooperative, sale.order.cooperative_id).reference
    salome = browser(app, uow, member(uow, "salome", sale.order.cooperative_id, role=MemberRole.SIGNATORY))
    viola = browser(app, uow, member(uow, "viola", sale.order.cooperative_id, role=MemberRole.VIEWER))
    page = f"/cooperative/money/destination/{reference}"
    form = {"rail": "mobile_money", "holder": "Mama Madini", "provider": "mpesa", "phone": "712"}

    wrong = salome.post(f"{page}/change", data={**key(1), **form})
    assert wrong.status_code == 422
    assert 'value="712"' in wrong.text
    post(salome, f"{page}/change", 2, **{**form, "phone": "+255 712 345 678"})
    text = viola.get(page).text
    assert "•••• 5678" in text
    assert "712345" not in text
    assert viola.get(f"{page}/change").status_code == 403
    assert salome.get("/cooperative/money/destination/CO-0000-0000").status_code == 404


def test_another_cooperative_s_account_is_not_there(app: Flask, uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    services.advance(sale.as_buyer(), order=sale.order, action=Action.ACCEPT)
    bob = browser(app, uow, sale.bob)
    assert bob.get("/cooperative/money").status_code == 403
    assert uow.session.query(Payout).count() == 0
