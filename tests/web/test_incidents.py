"""Incidents and reports on the pages, and as text messages."""

import hashlib
import hmac
import json
import re
from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from marketplace.accounts.models import SignInAttempt
from marketplace.audit.models import AuditDisclosure, AuditEvent, AuditSearch
from marketplace.compliance.models import Cooperative
from marketplace.core.actor import StaffRole
from marketplace.http.limits import limiter
from marketplace.incidents.models import Incident, IncidentReport
from marketplace.incidents.report_queries import words_of
from marketplace.incidents.sealing import opened as unsealed
from marketplace.incidents.services import reports
from marketplace.unit_of_work import UnitOfWork
from tests.builders.incidents import PLACE, WORDS, moderator, opened, report
from tests.builders.lots import seller
from tests.people import person, signed_in
from tests.web.test_orders import KEY, text_of

SECRET = "a secret of the gateway, long enough for it"
FORM = {"place": PLACE, "words": WORDS, "contact": "+255 712 000 111"}


@pytest.fixture(autouse=True)
def _fresh_limits(app: Flask) -> None:
    """Let nobody's reports before count."""
    with app.app_context():
        limiter.reset()


def sent(client: FlaskClient, **more: str) -> tuple[str, str]:
    page = client.post("/report", data={**FORM, **more}).get_data(as_text=True)
    found = re.search(r"(RP-\w{4}-\w{4}).*?(\w{4}-\w{4}-\w{4}-\w{4})", page, re.DOTALL)
    assert found is not None, page
    return found[1], found[2]


def test_a_stranger_reports_and_reads_the_answer(app: Flask, uow: UnitOfWork) -> None:
    stranger = app.test_client()
    code, secret = sent(stranger)
    row = uow.session.scalars(select(IncidentReport)).one()
    reports.answer(moderator(uow, "mary"), report=row, words="We were there today. Thank you.")
    uow.commit()

    page = stranger.post("/report/case", data={"code": code.lower(), "secret": secret.lower()}).get_data(as_text=True)
    assert "We were there today. Thank you." in page
    assert WORDS in page
    again = stranger.post("/report/case/facts", data={"code": code, "secret": secret, "facts": "It was at noon."})
    assert "It was at noon." in again.get_data(as_text=True)
    assert again.headers["Cache-Control"] == "no-store"


def test_nothing_of_the_sender_is_kept_beside_a_report(app: Flask, uow: UnitOfWork) -> None:
    stranger = app.test_client()
    stranger.post("/report", data=FORM, headers={"User-Agent": "Nokia 3310"}, environ_base={"REMOTE_ADDR": "9.8.7.6"})

    told = uow.session.scalars(select(AuditDisclosure).where(AuditDisclosure.encoded.is_not(None))).all()
    kept = " ".join(urlsafe_b64decode(f"{each.encoded}==").decode() for each in told)
    assert "incident_report" in kept or "visitor" in kept, "the digests are of something readable"
    assert "9.8.7.6" not in kept
    assert "Nokia" not in kept
    assert uow.session.scalars(select(SignInAttempt)).all() == []
    row = uow.session.scalars(select(IncidentReport)).one()
    assert unsealed(row.contact_sealed or b"", key=uow.settings.field_key) == FORM["contact"]


def test_an_empty_report_is_shown_again_with_what_was_typed(app: Flask) -> None:
    answer = app.test_client().post("/report", data={"place": "Geita", "words": "short"})
    page = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert "Geita" in page
    assert "Write at least 20 letters, so that somebody else understands it." in page


def test_a_program_that_fills_in_the_trap_leaves_nothing(app: Flask, uow: UnitOfWork) -> None:
    sent(app.test_client(), website="http://spam.example")

    assert uow.session.scalars(select(IncidentReport)).all() == []


def test_a_wrong_passphrase_and_an_unknown_code_read_alike_and_are_limited(app: Flask) -> None:
    stranger = app.test_client()
    code, secret = sent(stranger)
    told = "The case code or the passphrase is not right."

    for number in range(10):
        wrong = stranger.post("/report/case", data={"code": code, "secret": f"0000-0000-0000-000{number}"})
        assert wrong.status_code == 422
        assert told in wrong.get_data(as_text=True)
    unknown = stranger.post("/report/case", data={"code": "RP-0000-0000", "secret": secret})
    assert told in unknown.get_data(as_text=True)
    assert stranger.post("/report/case", data={"code": code, "secret": secret}).status_code == 429


def test_staff_make_an_incident_of_a_report_and_the_cooperative_reads_nothing_of_it(
    app: Flask, uow: UnitOfWork
) -> None:
    site, secretary = seller(uow)
    received = report(uow, words="Neema saw that the pit wall is cracked.", contact="neema@example.org")
    reference, cooperative = received.report.reference, site.cooperative_id
    mary, amina = person(uow, "mary", StaffRole.MODERATOR), secretary
    company, place = uow.session.get_one(Cooperative, cooperative).reference, site.reference
    staff, officer = signed_in(app, uow, mary), signed_in(app, uow, amina)
    form = {**KEY, "cooperative": company, "site": place, "code": "A4", "severity": "low", "words": WORDS}

    assert "Neema saw" in text_of(staff, f"/staff/incident-reports/{reference}")
    answer = staff.post(f"/staff/incident-reports/{reference}/incident", data=form)
    assert answer.status_code == 303
    incident = uow.session.scalars(select(Incident)).one()
    assert incident.source == "public_report"
    for page in ("/cooperative/incidents", f"/cooperative/incidents/{incident.reference}"):
        seen = text_of(officer, page)
        assert incident.reference in seen
        for secret in ("Neema", "neema", "public report", "Public report", reference, "cracked", WORDS, "mary"):
            assert secret not in seen
    assert officer.get(f"/staff/incident-reports/{reference}").status_code == 403


def test_who_reads_a_report_or_an_incident_is_noted_also_when_a_form_is_shown_again(
    app: Flask, uow: UnitOfWork
) -> None:
    site, _ = seller(uow)
    received = report(uow)
    row = opened(moderator(uow, "mary"), site, severity="low")
    helene, grace = person(uow, "helene", StaffRole.AUDITOR), person(uow, "grace", StaffRole.MODERATOR)
    reader, keeper = signed_in(app, uow, helene), signed_in(app, uow, grace)
    inbox = f"/staff/incident-reports/{received.report.reference}"

    assert reader.get(f"/staff/incidents/{row.reference}").status_code == 200
    assert keeper.get(inbox).status_code == 200
    assert keeper.post(f"{inbox}/answer", data={**KEY, "answer": ""}).status_code == 422
    assert keeper.get("/staff/incident-reports/IR-NONE-NONE").status_code == 404

    entries = select(AuditEvent.action, AuditSearch.actor_name, AuditEvent.target_id).join(
        AuditSearch, AuditSearch.seq == AuditEvent.seq
    )
    found = uow.session.execute(entries.where(AuditEvent.action.like("%.read")).order_by(AuditEvent.seq)).all()
    told = ("incident_report.read", "grace", str(received.report.id))
    assert [tuple(each) for each in found] == [("incident.read", "helene", str(row.id)), told, told]


def test_another_cooperative_does_not_find_the_incident(app: Flask, uow: UnitOfWork) -> None:
    site, _ = seller(uow)
    _, stranger = seller(uow, "KE")
    row = opened(moderator(uow, "mary"), site, severity="low")
    reference = row.reference
    officer = signed_in(app, uow, stranger)

    assert officer.get(f"/cooperative/incidents/{reference}").status_code == 404


def test_a_move_without_a_reason_is_shown_again_and_one_with_it_is_made(app: Flask, uow: UnitOfWork) -> None:
    site, _ = seller(uow)
    row = opened(moderator(uow, "mary"), site, severity="low")
    address = f"/staff/incidents/{row.reference}"
    john = signed_in(app, uow, person(uow, "john", StaffRole.MODERATOR))

    refused = john.post(f"{address}/moves/substantiate", data={**KEY, "words-substantiate": "yes"})
    assert refused.status_code == 422
    more = {"idempotency_key": "another-key-of-it", "words-substantiate": "We saw it on our visit."}
    assert john.post(f"{address}/moves/substantiate", data=more).status_code == 303
    page = text_of(john, address)
    assert "We saw it on our visit." in page
    late = {"idempotency_key": "a-key-of-a-step", "what": "Fence", "who": "Chair", "due_on": "2020-01-01"}
    assert "This day is over." in john.post(f"{address}/steps", data=late).get_data(as_text=True)


def test_contacts_are_erased_once_a_case_is_closed(uow: UnitOfWork) -> None:
    open_one, closed_one = report(uow, contact="a@example.org"), report(uow, contact="b@example.org")
    reports.close(moderator(uow, "mary"), report=closed_one.report, words="It was put right. Thank you.")

    assert reports.erase_senders(uow) == 1
    assert closed_one.report.contact_sealed is None
    assert open_one.report.contact_sealed is not None


@pytest.fixture
def gateway(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Return the application with a secret for the gateway."""
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], sms_report_secret=SECRET))
    return app


def texted(app: Flask, text: str, *, number: str = "m-1", secret: str = SECRET, late: int = 0) -> TestResponse:
    body = json.dumps({"id": number, "from": "+255712000111", "text": text}).encode()
    at = app.extensions["clock"].wall() - timedelta(seconds=late)
    stamp = str(int(at.timestamp()))
    mark = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Timestamp": stamp, "X-Signature": mark, "Content-Type": "application/json"}
    return app.test_client().post("/webhooks/sms", data=body, headers=headers)


def test_a_text_message_becomes_a_report_once_and_is_answered_in_one_message(gateway: Flask, uow: UnitOfWork) -> None:
    site, _ = seller(uow)
    name, site_id = site.name, site.id
    uow.commit()

    answer = texted(gateway, f"RIPOTI {name} watoto wanachimba")
    row = uow.session.scalars(select(IncidentReport)).one()
    assert (row.channel, row.language, row.site_id) == ("sms", "sw", site_id)
    assert answer.get_json()["reply"].startswith(f"Pact imepokea ripoti yako {row.reference}.")
    assert len(answer.get_json()["reply"]) <= 160
    assert b"+255712000111" not in (row.number_sealed or b"")
    texted(gateway, f"RIPOTI {name} watoto wanachimba")
    assert len(uow.session.scalars(select(IncidentReport)).all()) == 1
    assert len(words_of(uow.session, row.id)) == 1


def test_a_text_message_without_a_known_place_is_kept_and_asked_about(gateway: Flask, uow: UnitOfWork) -> None:
    told = texted(gateway, "REPORT Atlantis children dig").get_json()["reply"]
    assert "Which mine?" in told
    assert len(told) <= 160
    assert uow.session.scalars(select(IncidentReport)).one().site_id is None
    assert texted(gateway, "hello").get_json()["reply"].startswith("Write REPORT, the mine or place")


def test_a_forged_or_old_text_message_is_refused(gateway: Flask) -> None:
    assert texted(gateway, "REPORT Geita fight", secret="another").status_code == 400
    assert texted(gateway, "REPORT Geita fight", late=301).status_code == 400
    assert gateway.test_client().post("/webhooks/sms", data=b"{}").status_code == 400


def test_without_its_setting_no_text_message_is_taken(app: Flask) -> None:
    assert app.test_client().post("/webhooks/sms", data=b"{}").status_code == 404
