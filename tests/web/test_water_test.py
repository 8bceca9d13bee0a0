"""Somebody with a balance and a cup of water asks how pure her gold is."""

from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import html5lib
import pytest
from flask.testing import FlaskClient

from marketplace.core.clock import SetClock
from marketplace.pricing import services as pricing
from marketplace.unit_of_work import UnitOfWork

PIECE = {
    "weight_in_air": "250,00",
    "weight_in_water": "236.20",
    "balance_step": "0.01",
    "water_celsius": "25",
    "alloy": "unknown",
    "currency": "USD",
}


@pytest.fixture
def market(uow: UnitOfWork, client: FlaskClient) -> FlaskClient:
    """A browser on a marketplace with the shipped rates."""
    pricing.import_rates(uow)
    uow.commit()
    return client


def ask(client: FlaskClient, **typed: str) -> str:
    """Send the form and return the page."""
    answer = client.get(f"/gold/water-test?{urlencode({**PIECE, **typed})}")
    assert answer.status_code == 200
    return unescape(answer.text)


def test_the_empty_form_asks_and_answers_nothing(market: FlaskClient) -> None:
    page = market.get("/gold/water-test").text

    assert "There is a problem" not in page
    assert "Fineness:" not in page
    assert 'value="25"' in page
    for place in ("/prices", "/help"):
        assert 'href="/gold/water-test"' in market.get(place).text


def test_a_piece_is_answered_with_its_range_its_density_and_its_value(market: FlaskClient) -> None:
    page = ask(market)

    assert "Fineness: 916 to 941 ‰" in page
    assert "That is 22 to 22.6 kt. Most likely 930 ‰, 22.3 kt." in page
    assert "18.06 grams a cubic centimetre" in page
    assert "If the rest is silver: 917 ‰. Half silver and half copper: 930 ‰. Copper: 940 ‰." in page
    assert "a close answer" in page
    # 250 g × 0.916 = 229 g and 0.941 = 235.25 g, × 4,129.10045482 ÷ 31.1034768 = 132.75366: 30,400.59 and 31,230.30
    assert "US$30,400.59 to US$31,230.30" in page
    assert "Rate of 29 Sept 2026 from currency-api, open daily rates (CC0-1.0)." in page


def test_knowing_the_alloy_narrows_the_answer(market: FlaskClient) -> None:
    assert "Fineness: 916 to 926 ‰" in ask(market, alloy="silver")
    assert "Fineness: 934 to 941 ‰" in ask(market, alloy="copper")


def test_the_value_is_in_the_readers_currency_with_its_own_rate(market: FlaskClient) -> None:
    page = ask(market, currency="TZS")

    assert "TSh" in page
    assert "Exchange rate of 29 Sept 2026 from currency-api" in page


def test_a_currency_that_is_not_offered_leaves_the_dollar_and_says_so(market: FlaskClient) -> None:
    page = ask(market, currency="BIF")

    assert "Choose a currency from the list." in page
    assert "US$30,400.59" in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("4.9", "4.62", "0.01"), "On this balance a piece should weigh 5 g or more."),
        (("4.9", "4.62", "0.01"), "For this piece use a balance with steps of 0.001 g."),
        (("45.0", "42.5", "0.1"), "On this balance a piece should weigh 50 g or more."),
        (("45.0", "42.5", "0.1"), "For this piece use a balance with steps of 0.01 g."),
        (("0.3", "0.283", "0.001"), "No usual balance is fine enough for it."),
    ],
)
def test_a_piece_too_light_for_its_balance_is_told_what_would_do(
    market: FlaskClient, typed: tuple[str, str, str], words: str
) -> None:
    air, water, step = typed
    page = ask(market, weight_in_air=air, weight_in_water=water, balance_step=step)

    assert "This piece is too light for this balance." in page
    assert words in page
    assert "We name no value from so wide a range." in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"weight_in_air": "236.20", "weight_in_water": "250.00"}, "Perhaps the two weights are the wrong way round."),
        ({"weight_in_water": "245"}, "This is heavier than pure gold."),
        ({"weight_in_water": "220"}, "This is lighter than silver."),
        ({"weight_in_water": "222", "alloy": "half"}, "This is lighter than the metals you chose."),
        ({"water_celsius": "60"}, "between 0 and 40 degrees"),
        ({"water_celsius": "-3"}, "between 0 and 40 degrees"),
        ({"water_celsius": "warm"}, "Enter the temperature of the water in degrees Celsius, such as 25."),
        ({"weight_in_air": ""}, "Enter the weight in air, in grams."),
        ({"weight_in_water": ""}, "Enter the weight in water, in grams."),
        ({"weight_in_air": "1.2.3"}, "Use one comma or point only"),
        ({"weight_in_air": "1000000"}, "Enter at most 100,000 grams."),
        ({"balance_step": "0.5"}, "Choose the smallest step of your balance."),
        ({"alloy": "tungsten"}, "Choose what is in the gold, or that you do not know."),
        ({"weight_in_air": "\x00", "alloy": "<b>"}, "Enter a number with digits only"),
    ],
)
def test_a_reading_that_cannot_be_is_refused_and_kept(market: FlaskClient, typed: dict[str, str], words: str) -> None:
    page = ask(market, **typed)

    assert "There is a problem" in page
    assert words in page
    assert "Fineness:" not in page
    for name, value in {**PIECE, **typed}.items():
        if name in ("weight_in_air", "weight_in_water", "water_celsius") and value.isprintable():
            assert f'value="{value}"' in page


def test_a_rate_too_old_names_no_value(market: FlaskClient, clock: SetClock) -> None:
    clock.advance(timedelta(days=6))
    assert "This rate is old." in ask(market)
    clock.advance(timedelta(days=9))
    page = ask(market)

    assert "The newest rate is 15 days old." in page
    assert "US$" not in page.split("What else is in the gold?")[0]


def test_without_any_rate_the_purity_is_still_told(client: FlaskClient) -> None:
    page = ask(client)

    assert "Fineness: 916 to 941 ‰" in page
    assert "There is no reference rate yet." in page


def test_the_page_is_valid_in_every_language(market: FlaskClient) -> None:
    for language in ("en", "sw", "fr", "es"):
        page = market.get(f"/gold/water-test?{urlencode({**PIECE, 'lang': language, 'currency': 'TZS'})}")

        html5lib.HTMLParser(strict=True).parse(page.text)
        assert "916" in page.text
