"""What staff and cooperatives tell for the monitoring report, the annual report, and the quality of moderation."""

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.compliance.models import Cooperative
from marketplace.core.actor import StaffRole
from marketplace.moderation.models import Decision
from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import approved_cooperative
from tests.builders.incidents import moderator, opened
from tests.builders.moderation import decided, waiting_lot
from tests.builders.moderation import moderator as reviewer
from tests.builders.monitoring import SHEET, sheet
from tests.people import actor, member, person
from tests.web.staff.test_monitoring_pages import page
from tests.web.test_orders import browser

TRAINING = {"topic": "mercury", "held_on": "2026-09-10", "women": "12", "men": "9"}
TAX = {"authority": "Mining Commission", "number": "R-1", "paid_on": "2026-09-12", "currency": "USD", "amount": "60"}
COUNT = {"counted_on": "2026-09-01", "officers": "8", "women": "3", "basis": "Minutes of the meeting"}


def key() -> dict[str, str]:
    return {"idempotency_key": uuid4().hex}


@pytest.fixture
def home(uow: UnitOfWork) -> tuple[Cooperative, UnitOfWork]:
    cooperative, _site, secretary = approved_cooperative(uow)
    return cooperative, uow.acting_as(actor(uow.session, secretary))


@pytest.fixture
def mary(app: Flask, uow: UnitOfWork, home: tuple[Cooperative, UnitOfWork]) -> FlaskClient:
    return browser(app, uow, person(uow, "mary", StaffRole.MODERATOR))


@pytest.mark.parametrize(
    ("kind", "form", "told"),
    [
        ("trainings", TRAINING, "Work without mercury, 10 Sept 2026: 12 women and 9 men"),
        ("taxes", TAX, "US$60.00 to Mining Commission, receipt R-1, 12 Sept 2026"),
        ("officers", COUNT, "3 of 8 officers are women, 1 Sept 2026. Known from: Minutes of the meeting"),
    ],
)
def test_staff_tell_and_withdraw(
    mary: FlaskClient, home: tuple[Cooperative, UnitOfWork], *, kind: str, form: dict[str, str], told: str
) -> None:
    address = f"/staff/monitoring/records/{kind}"
    answer = mary.post(address, data={**form, **key(), "cooperative": home[0].reference})
    assert answer.status_code == 303
    text = page(mary, address)
    assert told in text
    (withdrawal,) = {part.split('"')[0] for part in text.split('action="') if "/withdrawal" in part.split('"')[0]}
    assert mary.post(withdrawal, data=key()).status_code == 303
    assert "Withdrawn" in page(mary, address)
    assert mary.post(withdrawal, data=key()).status_code == 409


@pytest.mark.parametrize(
    ("kind", "form", "words"),
    [
        ("trainings", {**TRAINING, "topic": "dance"}, "Choose one"),
        ("trainings", {**TRAINING, "women": "0", "men": "0"}, "Somebody must have come"),
        ("trainings", {**TRAINING, "women": "2001"}, "Enter at most 2"),
        ("trainings", {**TRAINING, "held_on": "2026-09-30"}, "This day is still to come"),
        ("taxes", {**TAX, "amount": "nothing"}, "Enter the amount as a number"),
        ("taxes", {**TAX, "amount": "0"}, "Enter the amount as a number"),
        ("taxes", {**TAX, "currency": "XXX"}, "Choose one"),
        ("taxes", {**TAX, "currency": "TZS", "paid_on": "2001-01-01"}, "No exchange rate of that day is known"),
        ("officers", {**COUNT, "women": "9"}, "More women than officers is not possible"),
        ("officers", {**COUNT, "officers": "0", "women": "0"}, "at least one officer"),
        ("officers", {**COUNT, "basis": "yes"}, "Say how this is known"),
        ("officers", {**COUNT, "cooperative": "CO-NONE"}, "Choose one from the list"),
    ],
)
def test_what_cannot_be_right_is_refused_and_kept(
    mary: FlaskClient, home: tuple[Cooperative, UnitOfWork], *, kind: str, form: dict[str, str], words: str
) -> None:
    given = {"cooperative": home[0].reference, **form, **key()}
    answer = mary.post(f"/staff/monitoring/records/{kind}", data=given)
    assert answer.status_code == 422
    assert words in answer.text
    assert [value for value in form.values() if value in answer.text]


def test_sheets_are_not_entered_by_staff_and_unknown_kinds_are_not_there(
    app: Flask, uow: UnitOfWork, mary: FlaskClient, home: tuple[Cooperative, UnitOfWork]
) -> None:
    sheet(home[1], home[0])
    uow.commit()
    assert "US$500.00 to 6 people" in page(mary, "/staff/monitoring/records/payments")
    assert mary.post("/staff/monitoring/records/payments", data={**SHEET, **key()}).status_code == 404
    assert mary.get("/staff/monitoring/records/dances").status_code == 404
    vivian = browser(app, uow, person(uow, "vivian", StaffRole.VERIFIER))
    assert vivian.get("/staff/monitoring/records/taxes").status_code == 403


def test_a_secretary_hands_in_a_sheet_and_withdraws_it(
    app: Flask, uow: UnitOfWork, home: tuple[Cooperative, UnitOfWork]
) -> None:
    amina = browser(app, uow, member(uow, "asha", home[0].id))
    given = {**SHEET, "cooperative": home[0].reference}
    assert amina.post("/cooperative/miner-payments", data={**given, **key()}).status_code == 303
    text = page(amina, "/cooperative/miner-payments")
    assert "US$500.00 to 6 people on 20 Sept 2026" in text
    again = amina.post("/cooperative/miner-payments", data={**given, **key()})
    assert again.status_code == 422
    assert "handed in already" in again.text
    assert "3; m; 28; 60.50" in again.text
    withdrawal = text.split('action="/cooperative/miner-payments/')[1].split('"')[0]
    assert amina.post(f"/cooperative/miner-payments/{withdrawal}", data=key()).status_code == 303
    assert "Withdrawn" in page(amina, "/cooperative/miner-payments")
    assert "/cooperative/miner-payments" in page(amina, "/cooperative/money")


def test_nobody_withdraws_the_sheet_of_another_cooperative(
    app: Flask, uow: UnitOfWork, home: tuple[Cooperative, UnitOfWork]
) -> None:
    row = sheet(home[1], home[0])
    other, _site, secretary = approved_cooperative(uow, "KE")
    stranger = browser(app, uow, secretary)
    assert stranger.post(f"/cooperative/miner-payments/{row.reference}/withdrawal", data=key()).status_code == 404
    given = {**SHEET, "cooperative": home[0].reference, **key()}
    assert stranger.post("/cooperative/miner-payments", data=given).status_code == 422
    assert row.reference not in page(stranger, "/cooperative/miner-payments")
    assert other.legal_name in page(stranger, "/cooperative/miner-payments")


def test_the_annual_report_has_five_steps_and_no_names(
    app: Flask, uow: UnitOfWork, home: tuple[Cooperative, UnitOfWork]
) -> None:
    site = approved_cooperative(uow)[1]
    opened(moderator(uow, "mary of incidents"), site)
    sheet(home[1], home[0])
    otto = browser(app, uow, person(uow, "otto", StaffRole.AUDITOR))
    period = {"since": "2026-01-01", "until": "2026-12-31"}
    text = page(otto, "/staff/monitoring/annual?since=2026-01-01&until=2026-12-31").split("<h1>")[1]
    for number in range(1, 6):
        assert f"<h2>Step {number}: " in text
    rows = dict(part.split('</td><td class="num">') for part in text.replace("</td></tr>", "").split("<tr><td>")[1:])
    rows = {label: value.split("<")[0].strip() for label, value in rows.items()}
    assert rows["Approved cooperatives today"] == "2"
    assert rows["Worst forms of child labour (A3)"] == "1"
    assert rows["Torture or cruel treatment (A1)"] == "0"
    assert rows["Severe incidents that run today"] == "1"
    assert rows["Miners (I1)"] == "6"
    # Women's share of the income of three women is not told.
    assert rows["Share of women (I2)"] == "not shown"
    assert home[0].legal_name not in text.split("</details>")[1]
    answer = otto.post("/staff/monitoring/annual/export.pdf", data={**period, **key()})
    assert answer.data.startswith(b"%PDF")
    assert otto.post("/staff/monitoring/annual/export.pdf", data={"since": "x", **key()}).status_code == 422
    # Without a wish it is about last year.
    assert "From 1 Jan 2025 to 31 Dec 2025" in page(otto, "/staff/monitoring/annual")


def test_the_quality_of_moderation_names_reviewers_and_what_was_overturned(app: Flask, uow: UnitOfWork) -> None:
    case, _lot, _amina = waiting_lot(uow)
    case.opened_at = uow.now - timedelta(hours=30)
    mary, samuel = reviewer(uow, "Mary Blue"), reviewer(uow, "Samuel Green")
    first = decided(uow, case, mary, "changes", reasons=("PHOTO_UNCLEAR",))
    second = Decision(
        case_id=case.id, verdict="approve", subject_sha256=first.subject_sha256, reviewer_id=samuel.id, reasons=[],
        checklist={}, note="", decided_at=uow.now + timedelta(hours=1),
    )  # fmt: skip
    uow.session.add(second)
    uow.record("order.test", second)
    text = page(browser(app, uow, mary), "/staff/monitoring/moderation?since=2026-09-01&until=2026-09-30")
    # 30 and 31 hours: half way is 30.5; place 0.95 is 30.95 → 31.0 (30.95 rounds to the even tenth)
    assert "30.5 hours" in text
    assert "Mary Blue" in text
    assert "Samuel Green" in text
    vivian = browser(app, uow, person(uow, "vivian", StaffRole.VERIFIER))
    assert vivian.get("/staff/monitoring/moderation").status_code == 403
