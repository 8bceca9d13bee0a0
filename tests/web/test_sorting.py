"""The sorting helper: the classes' guides and their sum, the unsorted parcel beside it, nothing stored."""

import re
from html import unescape
from urllib.parse import urlencode

import html5lib
import pytest
from flask.testing import FlaskClient

from marketplace.pricing import services as pricing
from marketplace.unit_of_work import UnitOfWork
from tests.unit.web.test_sorting_form import FIRST, SECOND
from tests.web.test_browse import queries_of


@pytest.fixture
def helper(uow: UnitOfWork, client: FlaskClient) -> FlaskClient:
    """A browser on a marketplace with the shipped rates and price book."""
    pricing.import_rates(uow)
    pricing.import_price_book(uow)
    uow.commit()
    return client


def page_of(client: FlaskClient, **typed: str) -> str:
    answer = client.get(f"/stones/sorting?{urlencode(typed)}")
    assert answer.status_code == 200
    html5lib.HTMLParser(strict=True).parse(answer.text)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def test_the_form_is_empty_at_first_and_linked_from_the_prices(helper: FlaskClient) -> None:
    page = page_of(helper)

    assert "What is the parcel worth when sorted?" in page
    assert "Class 2" in page
    assert "Class 3" not in page
    assert "What it could bring" not in page
    assert 'href="/stones/sorting"' in helper.get("/prices").text


def test_each_class_is_guided_and_the_sum_is_of_the_guided_ones(helper: FlaskClient) -> None:
    # 4 stones of 1.5 ct, good: 400 to 900 a carat; 6 carats: 2,400 to 5,400, middle 3,900
    # 4 stones of 1.5 ct, fine: 900 to 1,800 a carat: 5,400 to 10,800, middle 8,100; together 7,800 to 16,200 and 12,000
    page = page_of(helper, **{**FIRST, **SECOND, "grade_2": "fine"})

    assert "1. Tsavorite, Good 6.00 ct (1.2 g) US$2,400.00 to US$5,400.00 US$3,900.00 US$650.00" in page
    assert "From the price book, not verified" in page
    assert "Sorted US$12,000.00 US$7,800.00 to US$16,200.00" in page
    assert "The whole weight of 12.00 ct (2.4 g) has a guide." in page
    assert "As one unsorted lot Not known. Too few like unsorted parcels were sold here" in page
    assert "How much more sorting brings is not known here." in page


def test_what_has_no_guide_and_what_is_in_no_class_is_said(helper: FlaskClient) -> None:
    # the second class is of 10 carats a piece: no band; 6 of 52 carats have a guide, 6 more are in no class
    page = page_of(
        helper, **{**FIRST, **SECOND, "weight_2": "40", "grade_2": "fine", "total": "52", "total_unit": "ct"}
    )

    assert "2. Tsavorite, Fine 40.00 ct (8.0 g) No guide Not enough data" in page
    assert "Only 11.5% of the weight of 52.00 ct (10.4 g) has a guide. The rest is not in this sum." in page
    assert "Not sorted: 6.00 ct (1.2 g)." in page


def test_classes_without_any_guide_have_no_sum(helper: FlaskClient) -> None:
    page = page_of(helper, **{**FIRST, "form_1": "rough"})

    assert "No class has a guide yet." in page


def test_different_stones_are_not_compared_with_an_unsorted_lot(helper: FlaskClient) -> None:
    page = page_of(helper, **{**FIRST, **SECOND, "variety_2": "ruby", "treatment_2": "H"})

    assert "Not known. Only a parcel of several pieces of one kind of stone can be compared." in page


def test_a_mistake_is_told_at_its_row_and_nothing_is_lost(helper: FlaskClient) -> None:
    answer = helper.get(f"/stones/sorting?{urlencode({**FIRST, **SECOND, 'weight_2': '1.2.3', 'pieces_1': '4'})}")

    assert 'id="e-weight_2"' in answer.text
    assert 'value="1.2.3"' in answer.text
    assert 'value="6,0"' in answer.text
    assert "What it could bring" not in answer.text


def test_a_class_can_be_added_up_to_eight(helper: FlaskClient) -> None:
    assert "<button" in helper.get("/stones/sorting?rows=7").text
    third = helper.get(f"/stones/sorting?{urlencode({**FIRST, 'rows': '2'})}&rows=3").text
    assert 'name="rows" value="4"' in third
    assert "Class 3" in third
    eighth = helper.get("/stones/sorting?rows=8").text
    assert "Class 8" in eighth
    assert "Add a class" not in eighth


def test_the_sum_is_said_in_the_reader_s_currency(helper: FlaskClient) -> None:
    helper.get("/prices?currency=TZS")
    page = page_of(helper, **FIRST)

    assert re.search(r"About TSh\s[0-9,]+ to TSh\s[0-9,]+\. Rate of 29 Sept 2026", page)


def test_eight_classes_of_one_stone_ask_the_database_as_often_as_one(helper: FlaskClient) -> None:
    page_of(helper, **FIRST)
    with queries_of(helper.application) as of_one:
        page_of(helper, **FIRST)
    rows = {name.replace("_1", f"_{row}"): value for row in range(1, 9) for name, value in FIRST.items()}
    with queries_of(helper.application) as of_eight:
        page_of(helper, **rows)

    assert len([statement for statement in of_eight if "FROM price_b" in statement]) == 2
    assert len(of_eight) == len(of_one)


@pytest.mark.parametrize(
    "typed", ["country=%00", "rows=999999999999", "variety_1=%F0%9F%92%8E&weight_1=1e9", "total=9"]
)
def test_garbage_is_answered_with_the_form(client: FlaskClient, typed: str) -> None:
    assert client.get(f"/stones/sorting?{typed}").status_code == 200
