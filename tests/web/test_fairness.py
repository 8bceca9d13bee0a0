"""What cooperatives and everybody may read of how much of the price reaches the cooperatives."""

from datetime import date
from html import unescape

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import approved_cooperative
from tests.builders.fair_sales import finished_sales
from tests.builders.orders import Sale, delivered_order
from tests.people import buyer
from tests.web.test_orders import browser

MAY = date(2026, 5, 15)


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    html5lib.HTMLParser(strict=True).parse(answer.text)
    return unescape(answer.text)


@pytest.fixture
def like(uow: UnitOfWork) -> Sale:
    """Let three other cooperatives of the country sell five lots, of which 82 % reached them."""
    sale = delivered_order(uow)
    others = [approved_cooperative(uow)[0].id for _ in range(3)]
    sales = [{"number": n, "cooperative": others[n % 3], "price": 10_000, "net": 8_200, "on": MAY} for n in range(5)]
    finished_sales(uow, sale, sales)
    return sale


def test_a_cooperative_reads_its_own_sales_and_the_figure_of_its_country(
    app: Flask, uow: UnitOfWork, like: Sale
) -> None:
    guided = {"inputs": {}, "result": {"outcome": "guided", "middle": {"minor": 10_000, "currency": "USD"}}}
    finished_sales(
        uow, like, [{"number": 10, "price": 12_500, "net": 12_000, "guidance": guided},
                    {"number": 11, "price": 12_500, "net": 11_000, "guidance": {}}]
    )  # fmt: skip
    amina = browser(app, uow, like.amina)
    text = page(amina, "/cooperative/fairness")

    # Her own shares are 96 % and 88 %: half way between them is 92 %. The stone brought 120 of a middle of 100.
    for words in ("92%", "120%", "OR-F000-0010", "OR-F000-0011", "no guide"):
        assert words in text
    assert "In Tanzania, 82% of the price reached the cooperative" in text
    assert "OR-F000-0000" not in text
    assert "Mama Madini Cooperative 2" not in text
    assert "/cooperative/fairness" in page(amina, "/cooperative/money")


def test_one_sale_less_and_there_is_no_figure_of_the_country(app: Flask, uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    others = [approved_cooperative(uow)[0].id for _ in range(3)]
    finished_sales(uow, sale, [{"number": n, "cooperative": others[n % 3], "on": MAY} for n in range(4)])
    text = page(browser(app, uow, sale.amina), "/cooperative/fairness")

    assert "There is no figure to compare with yet" in text
    assert "No sale is finished yet" in text
    assert "reached the cooperative in the middle sale" not in text


@pytest.mark.parametrize("query", ["since=2026-05-15", "country=KE", "by=cooperative", "cooperative=CO-1", "after=x"])
def test_no_question_changes_the_figure_of_the_country(app: Flask, uow: UnitOfWork, like: Sale, query: str) -> None:
    amina = browser(app, uow, like.amina)
    asked, plain = (page(amina, f"/cooperative/fairness{each}").split("<main")[1] for each in (f"?{query}", ""))
    assert asked == plain


def test_only_officers_of_cooperatives_read_it(app: Flask, uow: UnitOfWork, like: Sale) -> None:
    carol, _row = buyer(uow, "carol")
    assert browser(app, uow, carol).get("/cooperative/fairness").status_code == 403


def test_everybody_reads_one_figure_once_enough_sales_stand_behind_it(
    app: Flask, uow: UnitOfWork, client: FlaskClient, like: Sale
) -> None:
    uow.commit()
    # Five sales of three: each of the three would see those of two others only.
    assert "There are not enough sales yet" in page(client, "/fairness")

    finished_sales(uow, like, [{"number": n, "price": 10_000, "net": 8_200, "on": MAY} for n in range(20, 23)])
    uow.commit()
    text = page(client, "/fairness")
    assert "82%" in text
    assert "<b>8</b>" in text
    assert "Sales accepted from 1 Apr 2026 to 30 Jun 2026" in text
    assert "/fairness" in page(client, "/prices")
