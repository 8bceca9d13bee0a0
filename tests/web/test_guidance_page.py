"""A guide opens to its last digit: every input, every step, the formula, and the same sum worked out now."""

import json
import re
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.core.actor import StaffRole
from marketplace.lots.models import Lot
from marketplace.pricing import services as pricing
from marketplace.pricing.description import LotDescription
from marketplace.pricing.guidance import GuidanceInputs, compute, recompute
from marketplace.pricing.rates import RateAsOf
from marketplace.unit_of_work import UnitOfWork
from tests.builders.listings import bare_cooperative, gold, listed, stone
from tests.builders.lots import GOLD, STONE, draft_lot, published_lot, seller
from tests.builders.moderation import waiting_cooperative, waiting_lot
from tests.people import person, signed_in

# cut stones of 3.42 carats each: tanzanite of that size and quality has a band from 450 to 750 a carat
PARCEL = {
    **STONE,
    "kind": {"form": "cut"},
    "weight": {"weight": "34.2", "weight_unit": "ct", "pieces": "10", "parcel": "sorted"},
    "quality": {**STONE["quality"], "dimensions": "", "shape": "oval"},
    "price": {**STONE["price"], "wanted": "18000"},
}
SAME = "Worked out again now: the same result to the cent."


@pytest.fixture
def prices(uow: UnitOfWork) -> UnitOfWork:
    """A marketplace with the shipped rates, charges and price book."""
    pricing.import_rates(uow)
    pricing.import_rules(uow)
    pricing.import_price_book(uow)
    uow.session.flush()
    return uow


def on_sale(uow: UnitOfWork, steps: Any = GOLD) -> str:
    lot, _version, _secretary = published_lot(uow, steps=steps)
    reference = lot.reference
    uow.commit()
    return reference


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    html5lib.HTMLParser(strict=True).parse(answer.text)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def test_gold_is_explained_with_its_rate_its_standard_and_every_charge(prices: UnitOfWork, client: FlaskClient) -> None:
    reference = on_sale(prices)
    page = read(client, f"/lots/{reference}/guidance")

    # 250 g at 920: 30,533.34 by the rate of 4,129.1005 a troy ounce; see reference value in the unit tests
    assert SAME in page
    assert "Reference rate: 4,129.1005 US dollars a troy ounce of fine gold, on 29 Sept 2026" in page
    assert "The lot US$28,975.15 US$30,533.34 US$30,566.53" in page
    # 30,533.34 ÷ 250 = 122.13
    assert "One gram US$115.90 US$122.13 US$122.27" in page
    for words in ("XAU/USD", "CC0-1.0", "Age on the day of the guide of the same day", "Number of the rate"):
        assert words in page
    assert "Standard MARKETPLACE Floor 95% of the reference value How it is known A rule of this marketplace" in page
    assert "Formula 2. The value of the fine gold by the reference rate of the day" in page
    assert "middle = weight in grams × fineness ÷ 1000 × price of a gram" in page
    assert re.search(r"Royalty US\$[0-9,.]+ 6 % of the sale of US\$[0-9,.]+\. Tanzania Revenue Authority", page)
    assert f'href="/lots/{reference}/guidance.json"' in client.get(f"/lots/{reference}/guidance").text
    assert f'href="/lots/{reference}/guidance"' in client.get(f"/lots/{reference}").text


def test_stones_are_explained_with_edition_band_and_sales(prices: UnitOfWork, client: FlaskClient) -> None:
    page = read(client, f"/lots/{on_sale(prices, PARCEL)}/guidance")

    assert SAME in page
    for words in ("The price book Edition 1", "Number of the band", "Not verified yet", "Parcel Sorted", "Pieces 10"):
        assert words in page
    assert "Independent sales of like stones 0 at least 5 are needed" in page
    assert "Figures behind this guide are not verified yet." in page
    # 34.2 carats at 450, 600 and 750; a tenth of it a piece
    assert "The lot US$15,390.00 US$20,520.00 US$25,650.00" in page
    assert "One piece US$1,539.00 US$2,052.00 US$2,565.00" in page
    assert "One carat US$450.00 US$600.00 US$750.00" in page


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ("g", "Weight 250 grams"),
        ("ct", "Weight 1,250 carats"),
        ("kg", "Weight 0.25 kilograms"),
        # 250,000 ÷ 11,663.8038 = 21.433831…; 250,000 ÷ 31,103.4768 = 8.037687…
        ("tola", "Weight 21.433831 tola"),
        ("ozt", "Weight 8.037687 troy ounces"),
        ("stone", "Weight 250 grams"),
    ],
)
def test_the_reader_chooses_the_unit(prices: UnitOfWork, client: FlaskClient, unit: str, words: str) -> None:
    page = read(client, f"/lots/{on_sale(prices)}/guidance?unit={unit}")

    assert words in page
    assert ("One tola is 11.6638038 g here. Some bazaars use a tola of 11.4 g." in page) is (unit == "tola")
    assert ("One troy ounce is 31.1034768 g." in page) is (unit == "ozt")


def test_the_reader_chooses_the_currency_and_sees_its_rate(prices: UnitOfWork, client: FlaskClient) -> None:
    reference = on_sale(prices)
    page = read(client, f"/lots/{reference}/guidance?currency=TZS")

    assert "About, in TZS, at the rate of 29 Sept 2026 from" in page
    assert re.search(r"The lot TSh\s[0-9,]+", page)
    assert "Choose a currency from the list." in read(client, f"/lots/{reference}/guidance?currency=XXX")


@pytest.mark.parametrize(
    ("language", "rate", "gram"),
    [
        ("en", "4,129.1005", "132.7536637319"),
        ("sw", "4,129.1005", "132.7536637319"),
        ("fr", "4\u202f129,1005", "132,7536637319"),
        ("es", "4.129,1005", "132,7536637319"),
    ],
)
def test_numbers_are_written_as_the_reader_writes_them(
    *, prices: UnitOfWork, client: FlaskClient, language: str, rate: str, gram: str
) -> None:
    reference = on_sale(prices)
    for address in (f"/lots/{reference}/guidance", f"/lots/{reference}"):
        page = unescape(client.get(f"{address}?lang={language}").text)
        assert rate in page
        assert gram in page


def test_the_snapshot_can_be_taken_home_and_worked_out_again(prices: UnitOfWork, client: FlaskClient) -> None:
    reference = on_sale(prices)
    answer = client.get(f"/lots/{reference}/guidance.json")

    assert answer.headers["Content-Disposition"] == f'attachment; filename="guidance-{reference}.json"'
    found = recompute(json.loads(answer.text))
    assert (found.middle and found.middle.minor) == 3_053_334


def test_a_stored_result_that_is_wrong_is_said_loudly(uow: UnitOfWork, client: FlaskClient) -> None:
    snapshot = a_guide()
    snapshot["result"]["middle"]["minor"] = 1
    reference = listed(uow, bare_cooperative(uow), gold(), guidance=snapshot).reference
    uow.commit()

    page = read(client, f"/lots/{reference}/guidance")

    assert "Worked out again now: the result differs. Do not rely on this guide." in page
    assert "result.middle.minor: stored 1, computed 3042382" in page
    assert SAME not in page


def test_a_guide_of_an_unknown_formula_or_without_readable_inputs_is_shown_and_not_trusted(
    uow: UnitOfWork, client: FlaskClient
) -> None:
    cooperative = bare_cooperative(uow)
    later = listed(uow, cooperative, gold(), guidance={**a_guide(), "formula_version": "9"}).reference
    broken = {**a_guide(), "inputs": {"prices": [], "on": "yesterday"}}
    unreadable = listed(uow, cooperative, gold(), guidance=broken).reference
    uow.commit()

    assert "Formula 9 is not known here." in read(client, f"/lots/{later}/guidance")
    page = read(client, f"/lots/{unreadable}/guidance")
    assert "the result differs" in page
    assert "The lot US$28," in page


def a_guide() -> dict[str, Any]:
    # 250 g at 916.7: 0.2291750 kg fine; 229.175 × 132.7536622793 = 30,423.82
    goods = LotDescription(
        "gold", "dore", "TZ", 250_000, fineness_permille=Decimal("916.7"), fineness_method="fire_assay"
    )
    rate = RateAsOf("rate-1", "XAU/USD", Decimal("4129.10045482"), date(2026, 9, 29), "open rates", "CC0-1.0")
    return compute(GuidanceInputs(goods, on=date(2026, 9, 29), rate=rate)).snapshot()


def test_a_lot_without_a_guide_and_a_lot_that_is_not_there_have_no_such_page(
    uow: UnitOfWork, client: FlaskClient
) -> None:
    bare = listed(uow, bare_cooperative(uow), stone()).reference
    uow.commit()

    for reference in (bare, "TZ-0000-0000", "x" * 50, "TZ%00"):
        for name in ("guidance", "guidance.json"):
            assert client.get(f"/lots/{reference}/{name}").status_code == 404
    assert "guidance" not in client.get(f"/lots/{bare}").text


def test_an_unsorted_parcel_is_shown_the_way_to_the_sorting_helper(prices: UnitOfWork, client: FlaskClient) -> None:
    steps = {**PARCEL, "weight": {**PARCEL["weight"], "parcel": "run_of_mine"}}
    reference = on_sale(prices, steps)

    for address in (f"/lots/{reference}", f"/lots/{reference}/guidance"):
        page = client.get(address).text
        assert "Not sorted, and too few like sales" in page
        assert 'href="/stones/sorting"' in page
        assert "Fair price guide" not in page
    assert "Not sorted, as it came from the mine" in client.get(f"/lots/{reference}").text


def test_the_cooperative_opens_the_guide_of_what_it_saved(prices: UnitOfWork, app: Flask) -> None:
    site, amina = seller(prices)
    lot = draft_lot(prices, seller=(site, amina), steps=PARCEL)
    address = f"/cooperative/lots/{lot.reference}"
    hers = signed_in(app, prices, amina)

    page = read(hers, f"{address}/working")
    assert "Worked out now from the saved answers. It is stored when you send the lot." in page
    assert SAME in page
    assert "The buyer pays US$" in page
    assert "guidance.json" not in page
    fragment = hers.get(f"{address}/guidance").text
    assert f'href="{address}/working"' in fragment
    assert "One piece: US$" in fragment
    assert "One carat: US$" in fragment


def test_a_draft_without_weight_has_no_guide_to_open(prices: UnitOfWork, app: Flask) -> None:
    site, amina = seller(prices)
    lot = draft_lot(prices, seller=(site, amina), steps={"kind": STONE["kind"]}, photos=0)
    reference = lot.reference
    assert signed_in(app, prices, amina).get(f"/cooperative/lots/{reference}/working").status_code == 404


def test_another_cooperative_does_not_see_the_draft(prices: UnitOfWork, app: Flask) -> None:
    lot: Lot = draft_lot(prices, seller=seller(prices), steps=PARCEL)
    reference = lot.reference
    _site, daudi = seller(prices)
    assert signed_in(app, prices, daudi).get(f"/cooperative/lots/{reference}/working").status_code == 404


def test_staff_open_the_guide_of_the_case(prices: UnitOfWork, app: Flask) -> None:
    case, _lot, _amina = waiting_lot(prices, steps=GOLD)
    address = f"/staff/moderation/{case.id}"
    applying = waiting_cooperative(prices)[0].id
    staff = signed_in(app, prices, person(prices, "Zawadi", StaffRole.MODERATOR))

    assert SAME in read(staff, f"{address}/guidance")
    assert f'href="{address}/guidance"' in staff.get(address).text
    assert "4,129.1005" in staff.get(address).text
    assert staff.get(f"/staff/moderation/{applying}/guidance").status_code == 404
