"""The fairness pages of staff: who reads them, what they say, and the files they give."""

import csv
import io
from datetime import date, timedelta
from html import unescape
from typing import Any

import html5lib
import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.audit.models import AuditEvent
from marketplace.core.actor import StaffRole
from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import approved_cooperative
from tests.builders.fair_sales import finished_sales
from tests.builders.orders import Sale, delivered_order
from tests.people import buyer, member, person
from tests.web.test_orders import browser

PAGES = ("/staff/fairness", "/staff/fairness/sales")
KEY = {"idempotency_key": "a-key-of-this-form"}
RATE_ID = "01a20ac1-3609-76cd-953f-d952f21e96ec"
GUIDED = {
    "inputs": {"rate": None},
    "result": {"outcome": "guided", "floor": None, "middle": {"minor": 10_000, "currency": "USD"}},
}
BELOW = {
    "inputs": {"rate": {"id": RATE_ID, "value": "31.1034768"}},
    "result": {"outcome": "guided", "floor": {"minor": 9_500, "currency": "USD"}, "middle": None},
}
GOLD = {
    "kind": "gold", "weight_mg": 100_000, "fineness_permille": "1000", "reason_for_price": "=HYPERLINK(“x”)",
    "price": {"gross_minor": 9_499, "currency": "USD"},
}  # fmt: skip


@pytest.fixture
def like(uow: UnitOfWork) -> Sale:
    return delivered_order(uow)


@pytest.fixture
def three(uow: UnitOfWork, like: Sale) -> Sale:
    """Sell a stone with a guide and one without in Tanzania, and gold below the floor in Kenya."""
    kenyan, _site, _secretary = approved_cooperative(uow, "KE")
    finished_sales(
        uow, like,
        [
            {"number": 1, "price": 12_500, "net": 10_000, "gross": 12_000, "guidance": GUIDED, "on": date(2026, 8, 1)},
            {"number": 2, "price": 12_500, "net": 11_250, "gross": 12_000, "guidance": {}, "on": date(2026, 8, 31)},
            {"number": 3, "price": 10_000, "net": 9_000, "guidance": BELOW, "content": GOLD, "women_led": False,
             "on": date(2026, 9, 1), "cooperative": kenyan.id},
        ],
    )  # fmt: skip
    return like


@pytest.fixture
def otto(app: Flask, uow: UnitOfWork, three: Sale) -> FlaskClient:
    """The auditor's browser."""
    return browser(app, uow, person(uow, "otto", StaffRole.AUDITOR))


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    html5lib.HTMLParser(strict=True).parse(answer.text)
    return unescape(answer.text)


def exported(client: FlaskClient, suffix: str, **form: str) -> bytes:
    answer = client.post(f"/staff/fairness/export.{suffix}", data={**KEY, **form})
    assert answer.status_code == 200, answer.text
    assert f"filename=fairness.{suffix}" in answer.headers["Content-Disposition"]
    return answer.data


def rows_of_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("role", list(StaffRole))
def test_every_duty_of_the_house_reads_the_report(app: Flask, uow: UnitOfWork, three: Sale, role: StaffRole) -> None:
    client = browser(app, uow, person(uow, "somebody", role))
    for address in PAGES:
        assert client.get(address).status_code == 200
    assert client.post("/staff/fairness/export.csv", data=KEY).status_code == 200
    assert "/staff/fairness" in client.get("/staff").text


def test_buyers_cooperatives_and_visitors_do_not(app: Flask, uow: UnitOfWork, client: FlaskClient, three: Sale) -> None:
    carol, _row = buyer(uow, "carol")
    vera = member(uow, "vera", three.order.cooperative_id)
    browsers = [browser(app, uow, user) for user in (carol, vera)]
    for address in PAGES:
        assert [each.get(address).status_code for each in browsers] == [403, 403]
    for each in browsers:
        assert each.post("/staff/fairness/export.csv", data=KEY).status_code == 403


def test_a_visitor_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/staff/fairness").status_code == 303


def test_the_report_shows_figures_worked_out_by_hand(otto: FlaskClient) -> None:
    text = page(otto, "/staff/fairness")

    # Shares 80 %, 90 % and 90 %: the median is 90, the lower quartile 85.
    # By price: (100 + 112.50 + 90) ÷ 350 = 0.8642857.
    for figure in ("90%", "85%", "86.43%"):
        assert figure in text
    # Gold: 90 of 100 dollars. The stone: 120 for goods of a middle of 100.
    assert "120%" in text
    # Net 302.50, charges 20 + 7.50 + 4.99, platform 5 + 5 + 5.01; together 350.
    for amount in ("US$302.50", "US$32.49", "US$15.01", "US$350"):
        assert amount in text
    assert "2026-08" in text
    assert "2026-09" in text
    assert "Led by women" in text


def test_the_last_year_is_shown_until_another_time_is_chosen(uow: UnitOfWork, like: Sale, otto: FlaskClient) -> None:
    finished_sales(
        uow, like, [{"number": 8, "on": date(2025, 9, 28)}, {"number": 9, "on": date(2025, 9, 29)}],
    )  # fmt: skip
    uow.commit()
    usual = page(otto, "/staff/fairness")
    assert 'value="2025-09-29"' in usual
    assert "Shown are the last twelve months" in usual
    assert "<b>4</b>" in usual
    assert "<b>5</b>" in page(otto, "/staff/fairness?since=")


def test_sales_are_told_apart_as_asked(otto: FlaskClient) -> None:
    assert "Kenya" in page(otto, "/staff/fairness?by=country")
    assert "Mama Madini Cooperative 2" in page(otto, "/staff/fairness?by=cooperative")
    assert "2026-08" in page(otto, "/staff/fairness?by=nonsense")


@pytest.mark.parametrize(
    ("query", "seen", "hidden"),
    [
        ("kind=gold", {3}, {1, 2}),
        ("kind=gem&until=2026-08-01", {1}, {2, 3}),
        ("country=TZ", {1, 2}, {3}),
        ("since=2026-08-31", {2, 3}, {1}),
        ("floor=below", {3}, {1, 2}),
        ("", {1, 2, 3}, set()),
    ],
)
def test_filters_choose_sales(otto: FlaskClient, query: str, seen: set[int], hidden: set[int]) -> None:
    text = page(otto, f"/staff/fairness/sales?{query}")
    assert {number for number in (1, 2, 3) if f"OR-F000-000{number}" in text} == seen
    form = dict(part.split("=") for part in query.split("&") if part)
    assert {int(row["order"][-1]) for row in rows_of_csv(exported(otto, "csv", **form))} == seen


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("since=yesterday", "Write the date as year-month-day"),
        ("since=2026-09-02&until=2026-09-01", "The last day is before the first one"),
        ("kind=silver", "Choose one from the list"),
        ("country=ZZ", "Choose one from the list"),
        ("cooperative=CO-0000-0000", "This cooperative has sold nothing"),
    ],
)
def test_a_filter_that_cannot_be_is_shown_again(otto: FlaskClient, query: str, words: str) -> None:
    for address in PAGES:
        text = page(otto, f"{address}?{query}", 422)
        assert words in text
        assert "There is a problem" in text
        assert "OR-F000" not in text
        assert "US$" not in text
    form = dict(part.split("=") for part in query.split("&"))
    answer = otto.post("/staff/fairness/export.csv", data={**KEY, **form})
    assert answer.status_code == 422
    assert words in unescape(answer.text)
    assert all(f'value="{form[name]}"' in answer.text for name in ("since", "until") if name in form)


def test_a_sale_below_the_floor_shows_its_reason_its_floor_and_its_rate(otto: FlaskClient) -> None:
    text = page(otto, "/staff/fairness/sales?floor=below")
    for words in ("Below the floor", "=HYPERLINK(“x”)", "US$94.99", "US$95", RATE_ID, "not confirmed yet"):
        assert words in text
    assert "No guide" in page(otto, "/staff/fairness/sales?country=TZ")


def test_a_market_without_sales_says_so(app: Flask, uow: UnitOfWork) -> None:
    client = browser(app, uow, person(uow, "otto", StaffRole.AUDITOR))
    for address in PAGES:
        assert "No sale fits" in page(client, address)


def test_sales_come_page_by_page(app: Flask, uow: UnitOfWork, like: Sale) -> None:
    finished_sales(uow, like, [{"number": n, "on": date(2026, 8, 1) + timedelta(days=n // 4)} for n in range(1, 56)])
    client = browser(app, uow, person(uow, "otto", StaffRole.AUDITOR))
    first = page(client, "/staff/fairness/sales?kind=gem")
    address = first.split('rel="next" href="')[1].split('"')[0]
    second = page(client, address)

    seen = [{n for n in range(1, 56) if f"OR-F000-00{n:02d}" in text} for text in (first, second)]
    assert seen == [set(range(6, 56)), set(range(1, 6))]
    assert "kind=gem" in address
    for cursor in ("x", "2026-09-01T00:00:00~1", "9999-99-99~", "%00"):
        assert client.get(f"/staff/fairness/sales?after={cursor}").status_code == 200


def test_the_csv_opens_again_with_exact_decimals_and_nothing_that_calculates(otto: FlaskClient) -> None:
    rows = rows_of_csv(exported(otto, "csv"))

    assert [row["order"] for row in rows] == ["OR-F000-0003", "OR-F000-0002", "OR-F000-0001"]
    gold, _unguided, stone = rows
    assert (gold["price"], gold["goods"], gold["net"], gold["share"]) == ("100.00", "94.99", "90.00", "0.9000")
    assert (gold["price_achieved"], gold["reference_rate_id"]) == ("0.9000", RATE_ID)
    assert (gold["below_floor"], gold["floor"], gold["women_led"], gold["country"]) == ("yes", "95.00", "no", "KE")
    assert gold["reason_for_price"] == "'=HYPERLINK(“x”)"
    assert (stone["price_achieved"], stone["floor"], stone["paid"]) == ("1.2000", "", "")


def test_the_spreadsheet_opens_again_and_holds_no_formula(otto: FlaskClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(exported(otto, "xlsx")))
    sheet = book["sales"]
    names = [cell.value for cell in sheet[1]]
    gold: dict[Any, Any] = dict(zip(names, sheet[2], strict=True))

    assert sheet.max_row == 4
    assert (gold["net"].value, gold["share"].value) == (90, 0.9)
    assert gold["reason_for_price"].value == "=HYPERLINK(“x”)"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}


def test_who_takes_a_file_is_noted(app: Flask, uow: UnitOfWork, otto: FlaskClient) -> None:
    exported(otto, "xlsx", country="KE")
    event = uow.session.scalars(select(AuditEvent).where(AuditEvent.action == "fairness.export")).one()
    text = otto.get(f"/staff/audit/{event.seq}").text
    assert "otto exported the fairness figures." in otto.get("/staff/audit").text
    assert "fairness.xlsx" in text
    assert "KE" in text
