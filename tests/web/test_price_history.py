"""Prices over time, for everybody: in the reader's currency, dated, sourced, never from the future, nobody named."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.core.clock import SetClock
from marketplace.pricing import services
from marketplace.unit_of_work import UnitOfWork
from tests.builders.orders import accepted_order
from tests.builders.rates import NEWEST, observe, series
from tests.people import actor, person
from tests.web.test_browse import queries_of

DAY = timedelta(days=1)
# What they sell, and the like of it in the shipped price book, which knows cut stones only.
STONE = "/prices/stones/tanzanite?form=rough&grade=fine&treatment=N&weight=3.42"
CUT = STONE.replace("rough", "cut")


@pytest.fixture
def gold(uow: UnitOfWork) -> UnitOfWork:
    """Gold at 31.1034768 and 34.21382448 dollars an ounce: 1.00 and 1.10 a gram; 2,500 and 2,600 shillings a dollar."""
    for code in ("XAU/USD", "XAG/USD", "XPT/USD", "USD/TZS"):
        series(uow, code)
    observe(uow, "31.1034768", until=NEWEST - 40 * DAY)
    observe(uow, "34.21382448", until=NEWEST - DAY)
    observe(uow, "2500", code="USD/TZS", until=NEWEST - 40 * DAY)
    observe(uow, "2600", code="USD/TZS", until=NEWEST - DAY)
    return uow


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    html5lib.HTMLParser(strict=True).parse(answer.text)
    assert len(answer.data) < 25_000, path
    return unescape(re.sub(r"\s+", " ", answer.text))


def label_of(page: str) -> str:
    found = re.search(r'role="img" aria-label="([^"]+)"', page)
    assert found is not None, page
    return found[1]


def lines_of(page: str) -> list[str]:
    return re.findall(r'<path class="line" d="(M[0-9][^"]+)"', page)


def test_gold_over_time_says_the_facts_in_one_sentence_and_as_a_table(gold: UnitOfWork, client: FlaskClient) -> None:
    gold.commit()
    page = text(client, "/prices/gold")

    assert label_of(page) == (
        "One gram of fine gold: US$1.00 on 20 Aug 2026, US$1.10 on 28 Sept 2026; lowest US$1.00, highest US$1.10."
    )
    assert re.search(r"28 Sept 2026</td><td[^>]+>US\$1\.10</td>", page)
    assert "Rate of 28 Sept 2026, 1 day old" in page
    assert "Source of XAU/USD (CC0-1.0)" in page
    assert "converted" not in page
    # 39 days lie between: two dots, no straight line
    assert (lines_of(page), page.count('<circle class="dot"')) == ([], 2)


def test_each_day_is_converted_with_the_rate_of_that_day(gold: UnitOfWork, client: FlaskClient) -> None:
    gold.commit()
    page = text(client, "/prices/gold?currency=TZS&range=3m")

    # 1.00 dollar × 2,500 on 20 August; 1.10 dollars × 2,600 on 28 September
    assert label_of(page).startswith("One gram of fine gold: TSh 2,500 on 20 Aug 2026, TSh 2,860 on 28 Sept 2026;")
    assert "Each day is converted with the exchange rate of that day." in page
    assert "Source of USD/TZS (CC0-1.0)" in page
    assert 'href="/prices/gold?range=all&currency=TZS"' in page
    assert "TSh 2,860" in text(client, "/prices/gold"), "the currency is remembered"


def test_a_currency_without_rates_falls_back_to_dollars_and_says_so(gold: UnitOfWork, client: FlaskClient) -> None:
    gold.commit()

    page = text(client, "/prices/gold?currency=EUR")
    assert "There is no exchange rate for EUR yet." in page
    assert "US$1.10" in label_of(page)
    assert "Choose a currency from the list." in text(client, "/prices/gold?currency=XXX")


def test_held_back_replaced_and_later_rates_are_never_drawn(gold: UnitOfWork, client: FlaskClient) -> None:
    observe(gold, "35.76899832", until=NEWEST - DAY)  # corrected to 1.15 a gram
    observe(gold, "311.034768", until=NEWEST)  # 10.00 a gram waits
    observe(gold, "36", "37", until=NEWEST + 2 * DAY)
    gold.commit()
    page = text(client, "/prices/gold")

    assert label_of(page).endswith("US$1.15 on 28 Sept 2026; lowest US$1.00, highest US$1.15.")
    assert "10.00" not in page
    assert "30 Sept" not in page


def test_how_far_back_is_chosen(gold: UnitOfWork, client: FlaskClient) -> None:
    observe(gold, "30", until=NEWEST - 200 * DAY)
    observe(gold, "29", until=NEWEST - 500 * DAY)
    gold.commit()

    firsts = {"3m": "20 Aug 2026", "1y": "13 Mar 2026", "all": "17 May 2025", "x": "13 Mar 2026"}
    for name, first in firsts.items():
        assert f"on {first}," in label_of(text(client, f"/prices/gold?range={name}"))


def test_many_days_are_thinned_in_plot_and_table_alike(gold: UnitOfWork, client: FlaskClient) -> None:
    observe(gold, *(str(30 + place % 3) for place in range(330)), code="XPT/USD")
    gold.commit()
    page = text(client, "/prices/platinum?range=1y")

    # 330 days until Tuesday 29 September 2026 are 48 weeks with an end of their own
    assert "The last value of each week is shown." in page
    assert lines_of(page)[0].count("L") + 1 == page.count('<td class="num">') == 48


def test_an_old_rate_says_so(gold: UnitOfWork, client: FlaskClient, clock: SetClock) -> None:
    gold.commit()
    for days, words in ((5, "This rate is old."), (14, "This rate is too old.")):
        clock.time = gold.now + timedelta(days=days)
        assert words in text(client, "/prices/gold")


def test_without_rates_and_of_other_metals_the_page_says_so(gold: UnitOfWork, client: FlaskClient) -> None:
    gold.commit()

    assert "There is no rate in this time." in text(client, "/prices/silver")
    for path in ("/prices/copper", "/prices/GOLD", "/prices/stones/kryptonite"):
        assert client.get(path).status_code == 404


def test_metal_and_stone_pages_ask_the_database_little(app: Flask, gold: UnitOfWork, client: FlaskClient) -> None:
    services.import_price_book(gold)
    gold.commit()
    for path, most in (("/prices/gold", 4), ("/prices/gold?currency=TZS&range=all", 4), (CUT, 4)):
        with queries_of(app) as seen:
            assert client.get(path).status_code == 200
        assert len(seen) <= most, (path, seen)


def test_the_book_of_today_is_drawn_as_a_band_and_says_what_is_not_verified(
    uow: UnitOfWork, client: FlaskClient
) -> None:
    services.import_price_book(uow)
    uow.commit()
    page = text(client, CUT)

    band = re.search(r"The price book says (US\$[0-9,.]+ to US\$[0-9,.]+) a carat today\.", page)
    assert band is not None
    assert page.count('<rect class="band" x=') == 1
    assert re.search(rf"Edition 1</td><td[^>]+>29 Sept 2026</td><td[^>]+>{re.escape(band[1])}</td>", page)
    assert "Not verified: " in page
    assert "a rough guide until a curator has checked them" in page
    assert "There is not enough data about sales." in page


def test_editions_follow_each_other_as_steps(uow: UnitOfWork, client: FlaskClient, clock: SetClock) -> None:
    services.import_price_book(uow)
    rosa, daniel = (uow.acting_as(actor(uow.session, person(uow, name))) for name in ("rosa", "daniel"))
    band = services.BandProposal(
        variety="tanzanite", form="cut", grade="fine", weight_from_ct=Decimal(3), weight_to_ct=Decimal(5),
        low_minor_per_ct=30_000, high_minor_per_ct=60_000, evidence="verified", source="Fair of Tucson",
    )  # fmt: skip
    rosa.now = daniel.now = uow.now + 10 * DAY
    edition = services.propose_edition(rosa, bands=[band], note="New")
    services.approve_edition(daniel, edition_id=edition.id, against=1)
    uow.commit()

    assert page_count(text(client, CUT)) == 1, "an edition of a day to come is not seen"
    clock.advance(10 * DAY)
    page = text(client, CUT)
    assert page_count(page) == 2
    assert "The price book says US$300.00 to US$600.00 a carat today." in page
    # the second edition has no band for a stone of nine carats, the first one neither
    small = text(client, CUT.replace("3.42", "9"))
    assert "The price book has no band for this stone today." in small
    assert "no band" in small


def page_count(page: str) -> int:
    return page.count('<rect class="band" x=')


@pytest.mark.parametrize(("sales", "dots"), [(4, 0), (5, 5)])
def test_sales_are_dots_by_month_from_five_on_and_nobody_is_named(
    uow: UnitOfWork, client: FlaskClient, sales: int, dots: int
) -> None:
    names = []
    for number in range(1, sales + 1):
        sale = accepted_order(uow, number=number, buyer_name=f"bob {number}")
        names += [sale.order.reference, sale.lot.reference, sale.bob.name]
    uow.commit()
    page = text(client, STONE)

    assert page.count('<circle class="dot" cx="9') == dots
    assert ("There is not enough data about sales." in page) == (dots == 0)
    # The goods brought 930.00 dollars for 3.42 ct: 271.93 a carat.
    assert len(re.findall(r"Sept 2026</td><td[^>]+>US\$271\.93</td>", page)) == dots
    assert ("5 sales of like stones brought US$271.93 to US$271.93 a carat." in page) == (dots == 5)
    assert "29 Sept" not in page
    assert [name for name in names if name in page] == []


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("weight=0", "Enter a weight above zero."), ("weight=NaN", "digits only"), ("weight=", "Enter the weight."),
        ("grade=best", "Choose one from the list."), ("form=%00", "Choose one from the list."),
        ("treatment=X", "Choose one from the list."), ("weight=1e9", "digits only"),
    ],
)  # fmt: skip
def test_what_is_not_clear_is_asked_again_and_kept(
    uow: UnitOfWork, client: FlaskClient, query: str, answer: str
) -> None:
    page = client.get(f"/prices/stones/ruby?{query}")

    assert page.status_code == 200
    assert answer in unescape(page.text)
    name, _, value = query.partition("=")
    assert f'href="#f-{name}"' in page.text
    assert name != "weight" or f'value="{value}"' in page.text


def test_the_pages_of_today_lead_to_those_over_time(gold: UnitOfWork, client: FlaskClient) -> None:
    services.import_price_book(gold)
    gold.commit()
    page = client.get("/prices?variety=tanzanite").text

    for path in ("/prices/gold", "/prices/stones/tanzanite"):
        assert f'href="{path}"' in page
    for language in ("sw", "fr", "es"):
        text(client, f"/prices/gold?lang={language}")
        text(client, f"{STONE}&lang={language}")
