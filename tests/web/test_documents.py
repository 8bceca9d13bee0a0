"""Documents on the pages: sent by an officer, read by a moderator, served as a file and never as a page."""

import io
import re
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from marketplace.audit.queries import history
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.core.actor import StaffRole
from marketplace.core.ids import new_token
from marketplace.documents.models import Document
from marketplace.documents.owners import Owner
from marketplace.documents.services.reviewing import refuse
from marketplace.lots.services.site_pauses import bring_in_line
from marketplace.unit_of_work import UnitOfWork
from tests.builders.documents import pdf, reader, uploaded
from tests.builders.lots import photo, seller
from tests.builders.moderation import waiting_lot
from tests.people import person, signed_in

TOLD = {"number": "TAX 77-19", "issuer": "Tanzania Revenue Authority", "issued_on": "2026-02-01", "expires_on": ""}
REASON = "The stamp cannot be read. Scan the second page again."


def world(app: Flask, uow: UnitOfWork) -> tuple[FlaskClient, FlaskClient, Cooperative, MineSite]:
    """Return browsers of a secretary and of a moderator, and the cooperative with its site."""
    site, amina = seller(uow)
    mary = person(uow, "Mary", StaffRole.MODERATOR)
    clients = signed_in(app, uow, amina), signed_in(app, uow, mary)
    cooperative = uow.session.get_one(Cooperative, site.cooperative_id)
    uow.commit()
    return *clients, cooperative, site


def shown(answer: TestResponse) -> str:
    """Return the text of a page without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(answer.get_data(as_text=True))).split())


def send(
    client: FlaskClient, owner: str, kind: str, content: bytes, *, name: str = "tax.pdf", **more: Any
) -> TestResponse:
    told = {**TOLD, **more, "owner": owner, "kind": kind, "idempotency_key": new_token()}
    return client.post("/cooperative/documents", data={**told, "file": (io.BytesIO(content), name)})


def test_an_officer_sends_a_paper_and_a_moderator_accepts_it(app: Flask, uow: UnitOfWork) -> None:
    amina, mary, cooperative, _site = world(app, uow)
    owner = f"cooperative:{cooperative.reference}"

    choice = amina.get(f"/cooperative/documents/new?owner={owner}").get_data(as_text=True)
    assert "Tax certificate" in choice
    assert "Kimberley Process certificate" not in choice
    answer = send(amina, owner, "tax_certificate", pdf())
    assert answer.status_code == 303
    page = shown(amina.get(answer.location))
    assert "Waits for Pact" in page
    assert "TAX 77-19" in page

    waiting = mary.get("/staff/documents").get_data(as_text=True)
    address = re.search(r"/staff/documents/[0-9a-f-]{36}", waiting)
    assert address is not None
    assert "Accept the paper" in shown(mary.get(address[0]))
    accepted = mary.post(f"{address[0]}/acceptance", data={"note": "", "idempotency_key": new_token()})
    assert accepted.status_code == 303
    assert "Accepted" in shown(amina.get(answer.location))
    assert "TAX 77-19" not in shown(mary.get("/staff/documents"))


def test_the_officers_read_why_a_paper_was_refused(app: Flask, uow: UnitOfWork) -> None:
    amina, mary, cooperative, _site = world(app, uow)
    sent = send(amina, f"cooperative:{cooperative.reference}", "tax_certificate", pdf())
    address = sent.location.replace("/cooperative/", "/staff/")

    short = mary.post(f"{address}/refusal", data={"reason": "bad", "idempotency_key": new_token()})
    assert short.status_code == 422
    assert "Say in 20 letters or more what is wrong" in shown(short)
    assert " bad " in shown(short)
    assert mary.post(f"{address}/refusal", data={"reason": REASON, "idempotency_key": new_token()}).status_code == 303
    assert REASON in shown(amina.get(sent.location))


def test_a_file_is_served_to_keep_and_each_reading_is_in_the_log(app: Flask, uow: UnitOfWork) -> None:
    amina, mary, cooperative, _site = world(app, uow)
    sent = send(amina, f"cooperative:{cooperative.reference}", "tax_certificate", pdf())

    answer = amina.get(f"{sent.location}/file")

    assert answer.data == pdf()
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="DC-')
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    for_staff = sent.location.replace("/cooperative/", "/staff/")
    assert "opened the file of the document" in shown(mary.get(for_staff))
    assert mary.get(f"{for_staff}/file").data == pdf()
    entries = history(uow.session, kind="document", key=sent.location.rpartition("/")[2])
    readers = [row.actor_name for row in entries if row.action == "document.read"]
    assert [name.split()[0] for name in readers] == ["Mary", "amina"]


def test_what_is_stored_is_sealed(app: Flask, uow: UnitOfWork) -> None:
    amina, _mary, cooperative, _site = world(app, uow)
    send(amina, f"cooperative:{cooperative.reference}", "tax_certificate", pdf("a secret"))
    row = uow.session.scalars(select(Document).where(Document.kind == "tax_certificate")).one()

    stored = (uow.settings.files_dir / "documents" / f"{row.id.hex}.sealed").read_bytes()

    assert b"secret" not in stored
    assert b"PDF" not in stored


def test_a_photo_is_drawn_anew(app: Flask, uow: UnitOfWork) -> None:
    amina, _mary, cooperative, _site = world(app, uow)
    sent = send(amina, f"cooperative:{cooperative.reference}", "tax_certificate", photo(3), name="tax.jpg")

    answer = amina.get(f"{sent.location}/file")

    assert answer.content_type == "image/webp"
    assert answer.data[8:12] == b"WEBP"


def test_the_papers_of_others_are_not_there(app: Flask, uow: UnitOfWork) -> None:
    amina, _mary, cooperative, _site = world(app, uow)
    sent = send(amina, f"cooperative:{cooperative.reference}", "tax_certificate", pdf())
    other_site, other = seller(uow)
    stranger, other_name = signed_in(app, uow, other), other_site.reference
    uow.commit()

    assert stranger.get(sent.location).status_code == 404
    assert stranger.get(f"{sent.location}/file").status_code == 404
    assert send(amina, f"site:{other_name}", "environmental_permit", pdf()).status_code == 404
    assert send(stranger, f"cooperative:{cooperative.reference}", "tax_certificate", pdf()).status_code == 404
    assert app.test_client().get(f"{sent.location}/file").status_code in {302, 303, 401}


def test_a_refused_form_keeps_what_was_typed(app: Flask, uow: UnitOfWork) -> None:
    amina, _mary, cooperative, _site = world(app, uow)
    owner = f"cooperative:{cooperative.reference}"

    answer = send(amina, owner, "tax_certificate", b"MZ\x90", name="tax.pdf.exe", issued_on="2026-10-01")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "This day is still to come." in page
    assert 'value="TAX 77-19"' in page
    answer = send(amina, owner, "tax_certificate", b"MZ\x90", name="tax.pdf.exe")
    assert "This is no PDF and no photo." in shown(answer)
    answer = send(amina, owner, "tax_certificate", b"")
    assert "This file is empty." in shown(answer)


def test_what_was_noticed_is_shown_and_wants_a_note(app: Flask, uow: UnitOfWork) -> None:
    amina, mary, _cooperative, _site = world(app, uow)
    other_site, other = seller(uow)
    uploaded(
        uow, other, Owner(cooperative_id=other_site.cooperative_id), "tax_certificate", number="tax-7719",
    )  # fmt: skip
    uow.commit()
    sent = send(amina, f"cooperative:{_cooperative.reference}", "tax_certificate", pdf())
    address = sent.location.replace("/cooperative/", "/staff/")

    assert "Another holder has a paper with this number: Mama Madini Cooperative 2." in shown(mary.get(address))
    refused = mary.post(f"{address}/acceptance", data={"note": "ok", "idempotency_key": new_token()})
    assert refused.status_code == 422
    assert "Say in 20 letters or more why it is right" in shown(refused)
    noted = {"note": "The authority gave both the same number.", "idempotency_key": new_token()}
    assert mary.post(f"{address}/acceptance", data=noted).status_code == 303


def test_nobody_reads_the_paper_she_sent(app: Flask, uow: UnitOfWork) -> None:
    amina, _mary, cooperative, _site = world(app, uow)
    sent = send(amina, f"cooperative:{cooperative.reference}", "tax_certificate", pdf())
    address = sent.location.replace("/cooperative/", "/staff/")

    assert amina.post(f"{address}/acceptance", data={"note": "", "idempotency_key": new_token()}).status_code == 403


def test_the_lots_page_and_the_review_name_the_same_missing_paper(app: Flask, uow: UnitOfWork) -> None:
    case, lot, amina = waiting_lot(uow)
    hers, mary = signed_in(app, uow, amina), signed_in(app, uow, person(uow, "Mary", StaffRole.MODERATOR))
    site = uow.session.scalars(select(MineSite).where(MineSite.cooperative_id == lot.cooperative_id)).one()
    wanted = select(Document).where(Document.site_id == site.id, Document.kind == "mining_right")
    right = uow.session.scalars(wanted).one()
    refuse(reader(uow, lot.cooperative_id), document=right, form={"reason": REASON}, in_line=bring_in_line)
    uow.commit()
    said = "Pact refused this paper. Read why and upload it again: Mining right or licence."

    check = hers.get(f"/cooperative/lots/{lot.reference}/check").get_data(as_text=True)
    review = mary.get(f"/staff/moderation/{case.id}")

    link = re.search(r'<a href="([^"]+)">Pact refused this paper', check)
    assert link is not None
    assert said in unescape(check)
    assert f"{said} The cooperative mends this" in shown(review)
    form = shown(hers.get(unescape(link[1])))
    assert "Mining right or licence" in form
    assert f"Mine site {site.name}" in form
    assert "Which minerals does it name?" in form


def test_the_home_of_staff_leads_to_documents(app: Flask, uow: UnitOfWork) -> None:
    mary = signed_in(app, uow, person(uow, "Mary", StaffRole.MODERATOR))
    finance = signed_in(app, uow, person(uow, "Frida", StaffRole.FINANCE))
    uow.commit()

    assert 'href="/staff/documents"' in mary.get("/staff").get_data(as_text=True)
    assert finance.get("/staff/documents").status_code == 403


def test_everything_that_is_wrong_is_told_in_one_round(app: Flask, uow: UnitOfWork) -> None:
    amina, _mary, cooperative, _site = world(app, uow)
    owner = f"cooperative:{cooperative.reference}"
    page = shown(send(amina, owner, "tax_certificate", b"no paper", issuer="", issued_on="2027-03-01"))
    assert "Enter who issued it, as it stands on the paper." in page
    assert "This day is still to come." in page
    assert "This is no PDF and no photo." in page
    assert send(amina, owner, "tax_certificate", pdf()).status_code == 303
    page = shown(send(amina, owner, "tax_certificate", pdf(), issuer=""))
    assert "Enter who issued it" in page
    assert "You sent this very file before." in page
