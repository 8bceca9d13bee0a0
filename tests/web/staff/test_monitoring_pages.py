"""The monitoring pages of staff: who reads them, what they say and hide, and the files they give."""

import csv
import io
from datetime import date
from html import unescape

import html5lib
import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.audit.models import AuditEvent
from marketplace.compliance.models import Cooperative
from marketplace.core.actor import StaffRole
from marketplace.monitoring.catalogue import INDICATORS
from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import approved_cooperative
from tests.builders.incidents import moderator
from tests.builders.monitoring import officers, receipt, sheet, training
from tests.people import actor, buyer, person
from tests.web.test_orders import browser

KEY = {"idempotency_key": "a-key-of-this-form"}
ALL = ("/staff/monitoring", *(f"/staff/monitoring/{each.code}" for each in INDICATORS))


@pytest.fixture
def told(uow: UnitOfWork) -> Cooperative:
    """Let a cooperative hand in a sheet, and staff tell the rest."""
    cooperative, _site, secretary = approved_cooperative(uow)
    sheet(uow.acting_as(actor(uow.session, secretary)), cooperative)
    mary = moderator(uow, "mary of figures")
    training(mary, cooperative)
    receipt(mary, cooperative, authority="=Tax")
    officers(mary, cooperative, women=3, of=8, on=date(2026, 9, 1))
    return cooperative


@pytest.fixture
def otto(app: Flask, uow: UnitOfWork, told: Cooperative) -> FlaskClient:
    """The auditor's browser."""
    return browser(app, uow, person(uow, "otto", StaffRole.AUDITOR))


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    html5lib.HTMLParser(strict=True).parse(answer.text)
    return unescape(answer.text)


def exported(client: FlaskClient, suffix: str, **form: str) -> bytes:
    answer = client.post(f"/staff/monitoring/export.{suffix}", data={**KEY, **form})
    assert answer.status_code == 200, answer.text
    assert f".{suffix}" in answer.headers["Content-Disposition"]
    return answer.data


def test_staff_read_all_indicators_in_one_table_and_each_with_its_plot(otto: FlaskClient) -> None:
    text = page(otto, "/staff/monitoring")
    for each in INDICATORS:
        assert f"/staff/monitoring/{each.code}" in text
    # Six miners got 500 dollars; 21 people came to the training; 3 of 8 officers are women; 60 dollars of tax.
    for words in ("Miners: <b>6</b>", "US$500", "People: <b>21</b>", "37.5%", "US$60"):
        assert words in text, words
    for address in ALL[1:]:
        assert page(otto, f"{address}?since=2026-08-01&until=2026-09-30").count("<svg role") <= 1

    one = page(otto, "/staff/monitoring/I1?since=2026-08-01&until=2026-09-30")
    assert "<svg role" in one
    assert "Aug 2026" in one
    assert "The same figures as a table" in one


def test_few_people_are_hidden_and_the_page_says_so(otto: FlaskClient) -> None:
    # Three women and three men were paid: neither group is shown, nor women's share of so few.
    text = page(otto, "/staff/monitoring/I1").split("<h2>By sex")[1].split("</table>")[0]
    assert text.count("not shown") == 6
    assert "Figures about fewer than five people are not shown" in page(otto, "/staff/monitoring/I2")
    assert "60%" not in page(otto, "/staff/monitoring/I2")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("since=2026-13-01", "Write the date as year-month-day"),
        ("since=2026-09-02&until=2026-09-01", "The last day is before the first one"),
        ("since=1999-12-31", "from the year 2000"),
        ("country=XX", "Choose one from the list"),
        ("cooperative=CO-1", "Choose one from the list"),
        ("step=week", "Choose one from the list"),
        ("mineral=tin", "Choose one from the list"),
    ],
)
def test_a_filter_that_cannot_be_read_is_named_and_kept(otto: FlaskClient, query: str, words: str) -> None:
    for address in ("/staff/monitoring", "/staff/monitoring/I3"):
        text = page(otto, f"{address}?{query}", status=422)
        assert words in text
        assert query.rsplit("=", maxsplit=1)[-1] in text
        assert "Nothing is shown until the filters are right" in text


def test_an_indicator_that_does_not_exist_is_not_found(otto: FlaskClient) -> None:
    assert otto.get("/staff/monitoring/I19").status_code == 404


def test_strangers_and_buyers_read_none_of_it(app: Flask, uow: UnitOfWork, client: FlaskClient) -> None:
    carol, _row = buyer(uow, "carol")
    carols = browser(app, uow, carol)
    for address in ALL[:2]:
        assert carols.get(address).status_code == 403
        assert client.get(address).status_code in {302, 303}
    assert carols.post("/staff/monitoring/export.csv", data=KEY).status_code == 403


def test_the_files_hold_every_figure_and_it_is_noted_who_took_them(
    uow: UnitOfWork, otto: FlaskClient, told: Cooperative
) -> None:
    asked = {"since": "2026-09-01", "until": "2026-09-30", "cooperative": told.reference}
    rows = list(csv.DictReader(io.StringIO(exported(otto, "csv", **asked).decode("utf-8-sig"))))
    whole = {(row["indicator"], row["figure"]): row["value"] for row in rows if row["part"] == "whole"}
    assert whole["I1", "Paid to miners"] == "500.00"
    assert whole["I15", "Share of women"] == "0.3750"
    assert {row["indicator"] for row in rows} == {each.code for each in INDICATORS}
    hidden = [row for row in rows if row["part"] == "sex" and row["indicator"] == "I1"]
    assert {(row["value"], row["hidden"]) for row in hidden} == {("", "too few people")}
    assert [row["group"] for row in rows if row["part"] == "authority"] == ["'=Tax"] * 2

    book = openpyxl.load_workbook(io.BytesIO(exported(otto, "xlsx", **asked)))
    assert book.sheetnames == ["whole", "over time", "groups"]
    cells = [[cell.value for cell in row] for row in book["groups"].iter_rows()]
    assert any("=Tax" in row for row in cells)
    assert all(cell.data_type != "f" for row in book["groups"].iter_rows() for cell in row)

    assert exported(otto, "pdf", **asked).startswith(b"%PDF")
    uow.session.expire_all()
    taken = uow.session.scalars(select(AuditEvent).where(AuditEvent.action == "monitoring.export")).all()
    assert len(taken) == 3


def test_a_file_of_a_filter_that_cannot_be_read_is_refused(otto: FlaskClient) -> None:
    answer = otto.post("/staff/monitoring/export.csv", data={**KEY, "since": "yesterday"})
    assert answer.status_code == 422
    assert "Write the date as year-month-day" in answer.text
