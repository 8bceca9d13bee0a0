"""Papers as their readers see them: on a page, as a PDF, each only by those it belongs to."""

from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.core.actor import MemberRole, StaffRole
from marketplace.orders.services import settlement
from marketplace.papers import queries, services
from marketplace.papers.models import Paper
from marketplace.papers.sharing import Member
from marketplace.unit_of_work import UnitOfWork
from marketplace.web.filters import money
from tests.builders.orders import Sale, funded_order
from tests.builders.payments import releasing_order, sent_payout
from tests.people import buyer, member, person
from tests.web.test_orders import browser


@pytest.fixture
def paid(uow: UnitOfWork) -> Sale:
    """A sale whose cooperative was paid and shares the money among two members."""
    sale = releasing_order(uow)
    members = (Member("M1", "Amina Juma", 2), Member("M2", "Neema", 1))
    services.enter_sharing_rule(sale.as_cooperative(), cooperative_id=sale.order.cooperative_id, members=members)
    payout = sent_payout(sale)
    settlement.confirm_payout(sale.as_staff("frida"), payout=payout, proof="SMS 7781")
    services.issue_invoice(uow, order=sale.order)
    services.issue_statement(uow, payout=payout)
    return sale


def number(uow: UnitOfWork, kind: str) -> str:
    return uow.session.scalars(select(Paper.number).where(Paper.kind == kind)).one()


def test_the_buyer_finds_the_invoice_on_the_order_and_keeps_it_as_a_pdf(app: Flask, uow: UnitOfWork) -> None:
    sale = funded_order(uow)
    services.issue_invoice(uow, order=sale.order)
    bob = browser(app, uow, sale.bob)

    assert "Invoice INV-2026-000001" in bob.get(f"/orders/{sale.order.reference}").text
    page = unescape(bob.get("/papers/INV-2026-000001").text)
    with app.test_request_context():
        from marketplace.core.money import Money

        assert money(Money(sale.order.price_minor, "USD")) in page
    assert "bob Jewels" in page
    assert "Hafenstrasse 12" in page
    pdf = bob.get("/papers/INV-2026-000001/pdf")
    assert pdf.data.startswith(b"%PDF-1.7")
    assert b"pdfuaid:part" in pdf.data, "readable by screen readers: PDF/UA"
    assert pdf.headers["Content-Disposition"] == 'attachment; filename="INV-2026-000001.pdf"'
    assert pdf.data == bob.get("/papers/INV-2026-000001/pdf").data, "the same paper is the same file"


def test_another_buyer_and_the_cooperative_do_not_see_it(app: Flask, uow: UnitOfWork) -> None:
    sale = funded_order(uow)
    services.issue_invoice(uow, order=sale.order)
    carol = browser(app, uow, buyer(uow, "carol")[0])
    amina = browser(app, uow, sale.amina)

    assert carol.get("/papers/INV-2026-000001").status_code == 404
    assert carol.get("/papers/INV-2026-000001/pdf").status_code == 404
    assert amina.get("/cooperative/papers/INV-2026-000001").status_code == 404


def test_the_cooperative_reads_its_statement_with_every_members_part(app: Flask, uow: UnitOfWork, paid: Sale) -> None:
    statement = number(uow, "statement")
    amina = browser(app, uow, paid.amina)

    assert statement in amina.get("/cooperative/papers").text
    page = unescape(amina.get(f"/cooperative/papers/{statement}").text)
    assert "Amina Juma" in page
    assert "2 of 3 parts" in page
    slip = unescape(amina.get(f"/cooperative/papers/{statement}/members/M2").text)
    assert "Part of Neema" in slip
    assert amina.get(f"/cooperative/papers/{statement}/members/M9").status_code == 404
    assert amina.get(f"/cooperative/papers/{statement}/pdf").data.startswith(b"%PDF-")


def test_staff_sees_every_paper_without_the_members_names_and_that_no_number_is_missing(
    app: Flask, uow: UnitOfWork, paid: Sale
) -> None:
    otto = browser(app, uow, person(uow, "otto", StaffRole.AUDITOR))
    page = unescape(otto.get("/staff/papers").text)

    assert "Invoice, 2026: 1 paper, number 1 to 1." in page
    assert "INV-2026-000001" not in otto.get("/staff/papers?kind=statement").text.replace("Invoice, 2026", "")
    assert "Amina Juma" not in otto.get(f"/staff/papers/{number(uow, 'statement')}").text
    assert otto.get("/staff/papers/INV-2026-000001/pdf").status_code == 200
    assert otto.get("/staff/papers/INV-2026-000001").status_code == 200
    noted = otto.get("/staff/audit?action=paper.read").text
    assert noted.count("otto read the paper INV-2026-000001.") == 2, "the file and the page"
    moses = browser(app, uow, person(uow, "moses", StaffRole.MODERATOR))
    assert moses.get("/staff/papers").status_code == 403


def test_a_signatory_says_how_the_money_is_shared_and_a_secretary_does_not(app: Flask, uow: UnitOfWork) -> None:
    sale = funded_order(uow)
    salome = member(uow, "salome", sale.order.cooperative_id, role=MemberRole.SIGNATORY)
    amina = browser(app, uow, sale.amina)
    index = amina.get("/cooperative/papers").text
    address = "/cooperative/papers/sharing/" + index.partition("/cooperative/papers/sharing/")[2].partition('"')[0]
    form = {"name-1": "Amina", "weight-1": "3", "name-2": "Fund", "weight-2": "1"}

    assert "Only a signatory can change this" in amina.get(address).text
    assert amina.post(address, data={**form, "idempotency_key": "form-number-1"}).status_code == 403

    own = browser(app, uow, salome)
    refused = own.post(address, data={**form, "weight-2": "none", "idempotency_key": "form-number-2"})
    assert refused.status_code == 422
    assert 'value="none"' in refused.text
    assert own.post(address, data={**form, "idempotency_key": "form-number-3"}).status_code == 303
    rule = queries.sharing_rule(uow.session, sale.order.cooperative_id)
    assert rule is not None
    assert [each["weight"] for each in rule.members] == [3, 1]
    assert 'value="Fund"' in own.get(address).text


def test_the_books_leave_as_a_beancount_file(app: Flask, uow: UnitOfWork, paid: Sale) -> None:
    from beancount import loader

    frida = browser(app, uow, person(uow, "fiona", StaffRole.FINANCE))
    answer = frida.get("/staff/ledger/beancount?year=2026")

    entries, errors, _options = loader.load_string(answer.text)
    assert errors == []
    assert len(entries) > 5
    assert loader.load_string(frida.get("/staff/ledger/beancount?year=1999999").text)[1] == []
