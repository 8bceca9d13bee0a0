"""Reference prices of today: right to the cent, dated, sourced, and honest about their age."""

import gzip
from datetime import timedelta
from html import unescape

import html5lib
import pytest
from flask.testing import FlaskClient

from marketplace.core.clock import SetClock
from marketplace.pricing import services as pricing
from marketplace.unit_of_work import UnitOfWork


@pytest.fixture
def prices(uow: UnitOfWork, client: FlaskClient) -> FlaskClient:
    """A browser on a marketplace with the shipped rates and price book."""
    pricing.import_rates(uow)
    pricing.import_price_book(uow)
    uow.commit()
    return client


def test_gold_is_shown_a_gram_at_four_finenesses(prices: FlaskClient) -> None:
    page = unescape(prices.get("/prices").text)

    # 4,129.1005 ÷ 31.1034768 = 132.753660; × 0.999 = 132.62; × 0.916 = 121.60; × 0.875 = 116.16; × 0.750 = 99.57
    for amount in ("US$132.62", "US$121.60", "US$116.16", "US$99.57"):
        assert amount in page
    assert "Rate of 29 Sept 2026, of today" in page
    assert "CC0-1.0" in page
    assert "This rate is old" not in page


def test_prices_are_shown_in_the_currency_asked_for(prices: FlaskClient) -> None:
    page = prices.get("/prices?currency=TZS")

    assert "TSh" in page.text
    assert "Exchange rate of 29 Sept 2026" in page.text
    assert "currency=TZS" in page.headers["Set-Cookie"]
    assert "TSh" in prices.get("/prices").text


@pytest.mark.parametrize(("days", "words"), [(6, "This rate is old"), (15, "This rate is too old")])
def test_an_old_rate_says_so(prices: FlaskClient, clock: SetClock, days: int, words: str) -> None:
    clock.advance(timedelta(days=days))

    page = prices.get("/prices").text

    assert words in page
    assert f"{days} days old" in page


def test_the_price_book_is_read_stone_by_stone_and_says_what_is_not_verified(prices: FlaskClient) -> None:
    page = unescape(prices.get("/prices?variety=tanzanite").text)

    assert "Not verified: " in page
    assert '<option value="tanzanite" selected>' in page
    assert "The price book has no such stone" in prices.get("/prices?variety=kryptonite").text


def test_without_rates_the_page_says_so(client: FlaskClient) -> None:
    for address in ("/prices", "/prices?currency=TZS", "/prices?currency=%00"):
        page = client.get(address)

        assert page.status_code == 200
        assert "There is no reference rate yet" in page.text


def test_the_page_is_valid_and_light_in_every_language(prices: FlaskClient) -> None:
    for language in ("en", "sw", "fr", "es"):
        page = prices.get(f"/prices?lang={language}&variety=sapphire")

        html5lib.HTMLParser(strict=True).parse(page.text)
        assert len(gzip.compress(page.data)) < 10 * 1024
