"""The lightest page of prices, and the text a gateway fetches."""

import re
from datetime import timedelta
from html import unescape

import html5lib
import pytest
from flask.testing import FlaskClient

from marketplace.core.clock import SetClock
from marketplace.core.sms import gsm_length
from marketplace.pricing import services as pricing
from marketplace.unit_of_work import UnitOfWork

# 4,129.1005 ÷ 31.1034768 = 132.753660; × 0.999 = 132.62; × 0.916 = 121.60; × 0.750 = 99.57
TEXT = (
    "Gold per gram, USD, 29 Sept 2026: 999=132.62; 916=121.60; 750=99.57. "
    "Reference price, no offer. Source: currency-api"
)


@pytest.fixture
def market(uow: UnitOfWork, client: FlaskClient) -> FlaskClient:
    """A browser on a marketplace with the shipped rates."""
    pricing.import_rates(uow)
    uow.commit()
    return client


def test_the_page_shows_three_metals_their_date_and_source_and_the_text(market: FlaskClient) -> None:
    page = unescape(market.get("/prices/today").text)

    for words in ("Gold 999 ‰, 24 kt", "Gold 916 ‰", "Gold 875 ‰", "Gold 750 ‰", "Silver 999 ‰", "Platinum 999 ‰"):
        assert words in page
    for amount in ("US$132.62", "US$121.60", "US$116.16", "US$99.57"):
        assert amount in page
    assert "Rate of 29 Sept 2026, of today" in page
    assert "currency-api, open daily rates (CC0-1.0)" in page
    assert TEXT in page
    assert 'href="/prices/today' in market.get("/prices").text


@pytest.mark.parametrize("language", ["en", "sw", "fr", "es"])
def test_the_page_is_light_valid_and_asks_for_nothing_but_its_style_sheet(market: FlaskClient, language: str) -> None:
    page = market.get(f"/prices/today?currency=TZS&lang={language}")

    assert len(page.data) < 10 * 1024
    html5lib.HTMLParser(strict=True).parse(page.text)
    assert "<script" not in page.text
    assert "<img" not in page.text
    fetched = re.findall(r'<link[^>]+href="([^"]+)"', page.text)
    assert [address for address in fetched if not address.startswith("data:")] == [
        address for address in fetched if "facet.css" in address
    ]


def test_the_page_is_kept_until_it_changes(market: FlaskClient, clock: SetClock) -> None:
    first = market.get("/prices/today?currency=TZS")
    tag = first.headers["ETag"]

    again = market.get("/prices/today?currency=TZS", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert market.get("/prices/today?currency=KES", headers={"If-None-Match": tag}).status_code == 200
    clock.advance(timedelta(days=1))
    assert market.get("/prices/today?currency=TZS", headers={"If-None-Match": tag}).status_code == 200


def test_the_text_is_plain_and_is_kept_too(market: FlaskClient) -> None:
    answer = market.get("/prices/today.txt?currency=USD&lang=en")

    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text == f"{TEXT}\n"
    assert gsm_length(answer.text.strip()) <= 160
    kept = market.get("/prices/today.txt?currency=USD&lang=en", headers={"If-None-Match": answer.headers["ETag"]})
    assert (kept.status_code, kept.data) == (304, b"")
    assert {"Accept-Language", "Cookie"} <= {each.strip() for each in answer.headers["Vary"].split(",")}


@pytest.mark.parametrize(
    ("language", "beginning"),
    [
        ("sw", "Dhahabu kwa gramu, TZS, 29 Sep 2026: 999="),
        ("fr", "Or par gramme, TZS, 29 sept. 2026: 999="),
        ("es", "Oro por gramo, TZS, 29 sept 2026: 999="),
    ],
)
def test_the_text_is_in_the_language_asked_for(market: FlaskClient, language: str, beginning: str) -> None:
    answer = market.get(f"/prices/today.txt?currency=TZS&lang={language}")

    assert answer.text.startswith(beginning)
    assert answer.headers["Content-Language"] == language
    assert gsm_length(answer.text.strip()) <= 160


@pytest.mark.parametrize("code", ["XXX", "BIF", "%00", "usd'--"])
def test_an_unknown_currency_is_refused(market: FlaskClient, code: str) -> None:
    answer = market.get(f"/prices/today.txt?currency={code}")

    assert (answer.status_code, answer.text) == (400, "Choose a currency from the list.\n")
    assert "Choose a currency from the list." in market.get(f"/prices/today?currency={code}").text


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (6, ("OLD RATE, 6 days. Gold per gram, USD, 29 Sept 2026: 999=132.62;", "This rate is old.")),
        (15, ("No price today. The newest rate is 15 days old.\n", "This rate is too old.")),
    ],
)
def test_an_old_rate_says_so(market: FlaskClient, clock: SetClock, days: int, said: tuple[str, str]) -> None:
    text, words = said
    clock.advance(timedelta(days=days))

    assert market.get("/prices/today.txt").text.startswith(text)
    page = market.get("/prices/today").text
    assert words in page
    assert f"{days} days old" in page


def test_without_rates_both_say_so(client: FlaskClient) -> None:
    assert client.get("/prices/today.txt?currency=TZS").text == "No price today. There is no rate for TZS.\n"
    assert "There is no reference rate yet." in client.get("/prices/today?currency=TZS").text
