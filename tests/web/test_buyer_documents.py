"""A buyer reads the certificates of her own paid goods, and no paper that belongs to the cooperative alone."""

from flask import Flask

from marketplace.audit.queries import history
from marketplace.compliance.document_kinds import document_kinds
from marketplace.documents.models import Document
from marketplace.documents.owners import Owner
from marketplace.unit_of_work import UnitOfWork
from marketplace.web.buyer.documents import NOT_HERS
from tests.builders.documents import accepted, uploaded
from tests.builders.orders import Sale, confirmed_order, placed_order
from tests.people import buyer
from tests.web.test_orders import browser


def address(sale: Sale, row: Document) -> str:
    return f"/orders/{sale.order.reference}/documents/{row.id}/file"


def test_the_table_says_which_kinds_travel_with_the_goods() -> None:
    assert {kind.code for kind in document_kinds().values() if kind.for_buyer} == {
        "lab_report",
        "valuation_certificate",
        "export_permit",
        "kp_certificate",
        "icglr_certificate",
        "certificate_of_origin_tanzanite",
        "customs_declaration",
        "certificado_de_origen",
        "bordereau_exportation",
    }


def test_a_buyer_keeps_the_certificates_of_her_goods(app: Flask, uow: UnitOfWork) -> None:
    sale = confirmed_order(uow)
    of_order = Owner(cooperative_id=sale.order.cooperative_id, order_id=sale.order.id)
    own = accepted(uow, sale.amina, of_order, "icglr_certificate", number="ICGLR-7")
    private = accepted(uow, sale.amina, of_order, "royalty_receipt", number="ROY-7")
    waiting = uploaded(uow, sale.amina, of_order, "customs_declaration", number="CUS-7")
    secret = accepted(uow, sale.amina, Owner(cooperative_id=sale.order.cooperative_id), "tax_certificate", number="T-7")
    uow.commit()
    bob = browser(app, uow, sale.bob)
    page = bob.get(f"/orders/{sale.order.reference}").text
    assert "Certificates of your goods" in page
    assert "ICGLR-7" in page
    for number in ("ROY-7", "CUS-7", "T-7"):
        assert number not in page
    file = bob.get(address(sale, own))
    assert file.status_code == 200
    assert file.data.startswith(b"%PDF")
    assert file.headers["Content-Disposition"].startswith("attachment")
    for row in (private, waiting, secret):
        assert bob.get(address(sale, row)).status_code == 404
    read = [
        (each.actor_name, row.id)
        for row in (own, private, waiting, secret)
        for each in history(uow.session, kind="document", key=str(row.id))
        if each.action == "document.read"
    ]
    assert read == [(sale.bob.name, own.id)]


def test_another_buyer_and_one_who_has_not_paid_read_nothing(app: Flask, uow: UnitOfWork) -> None:
    sale = confirmed_order(uow)
    of_order = Owner(cooperative_id=sale.order.cooperative_id, order_id=sale.order.id)
    row = accepted(uow, sale.amina, of_order, "icglr_certificate", number="ICGLR-7")
    unpaid = placed_order(uow, number=2, buyer_name="carol")
    of_lot = Owner(cooperative_id=unpaid.order.cooperative_id, lot_id=unpaid.lot.id)
    report = accepted(uow, unpaid.amina, of_lot, "lab_report", number="LAB-7")
    stranger, _buyer = buyer(uow, "dave")
    uow.commit()
    assert browser(app, uow, stranger).get(address(sale, row)).status_code == 404
    carol = browser(app, uow, unpaid.bob)
    assert carol.get(address(unpaid, row)).status_code == 404  # her order, another's paper
    assert carol.get(address(unpaid, report)).status_code == 404  # nothing is paid
    assert "Certificates of your goods" not in carol.get(f"/orders/{unpaid.order.reference}").text
    assert {str(state) for state in NOT_HERS} >= {"pending_payment", "funding", "cancelled", "refunded", "expired"}
