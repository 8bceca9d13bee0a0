"""Prices, rates and guidance for programs, and what they say to wrong questions."""

from decimal import Decimal
from typing import Any

import pytest

from marketplace.api.v1.examples import GUIDANCE_QUESTION
from marketplace.pricing.services import ensure_series, import_observations, import_reference_data
from marketplace.pricing.shipped import Observation
from marketplace.unit_of_work import UnitOfWork
from tests.api.conftest import Program
from tests.builders.rate_sources import TODAY, series, source


@pytest.fixture
def prices(uow: UnitOfWork, anybody: Program) -> Program:
    import_reference_data(uow)
    uow.commit()
    return anybody


def ask(program: Program, **changes: Any) -> Any:
    return program.send("POST", "/guidance", json={**GUIDANCE_QUESTION, **changes})


def refused(program: Program, **changes: Any) -> dict[str, str]:
    answer = ask(program, **changes)
    assert answer.status_code == 422
    return {each["pointer"]: each["detail"] for each in answer.get_json()["errors"]}


def test_gold_is_worked_out_to_the_cent(prices: Program) -> None:
    # 250 g at 920 ‰ is 230 g fine; 230 × 4,129.1005 ÷ 31.1034768 = 30,533.3427: 95 % of it is 29,006.6755.
    answer = ask(prices).get_json()

    assert answer["middle"] == {"amount_minor": 3_053_334, "currency": "USD"}
    assert answer["floor"] == {"amount_minor": 2_900_668, "currency": "USD"}
    # Fairmined pays 4,000 dollars a kilogram of fine gold: 0.23 kg × 4,000 = 920.
    assert answer["premium"] == {"amount_minor": 92_000, "currency": "USD"}
    assert "US$30,533.34" in answer["working"][3]["text"]


def test_the_working_is_told_in_the_language_asked_for_and_its_values_stay(prices: Program) -> None:
    english = ask(prices).get_json()["working"]
    french = prices.send(
        "POST", "/guidance", json=GUIDANCE_QUESTION, headers={"Accept-Language": "fr"}
    ).get_json()["working"]  # fmt: skip

    assert [step["values"] for step in french] == [step["values"] for step in english]
    assert "30 533,34" in french[3]["text"].replace("\u202f", " ").replace("\xa0", " ")


def test_a_stone_without_data_is_told_so(prices: Program) -> None:
    stone = {"kind": "gem", "form": "rough", "origin_country": "TZ", "weight_mg": 684, "variety": "tanzanite"}
    answer = prices.send("POST", "/guidance", json=stone).get_json()

    assert (answer["outcome"], answer["basis"], answer["low"]) == ("not_enough_data", "grade_missing", None)


RUBIES = {
    "kind": "gem", "form": "cut", "origin_country": "TZ", "weight_mg": 3000, "pieces": 10, "variety": "ruby",
    "treatment": "H", "grade": "good",
}  # fmt: skip


def test_stones_are_said_by_the_lot_the_piece_and_the_carat(prices: Program) -> None:
    # 1.5 carats each at 400 to 1,500 a carat: 600 to 2,250 a piece, middle 1,425; ten pieces
    answer = prices.send("POST", "/guidance", json={**RUBIES, "parcel": "sorted"}).get_json()

    cents = {
        name: [answer[name][end]["amount_minor"] for end in ("low", "middle", "high")]
        for name in ("per_lot", "per_piece", "per_carat")
    }
    assert cents == {
        "per_lot": [600_000, 1_425_000, 2_250_000],
        "per_piece": [60_000, 142_500, 225_000],
        "per_carat": [40_000, 95_000, 150_000],
    }
    assert (answer["parcel"], answer["set_aside"], answer["formula"]["version"]) == ("sorted", [], "2")
    assert answer["formula"]["lines"]


def test_an_unsorted_parcel_gets_advice_instead_of_the_price_book(prices: Program) -> None:
    answer = prices.send("POST", "/guidance", json={**RUBIES, "parcel": "run_of_mine"}).get_json()

    assert (answer["outcome"], answer["basis"], answer["per_lot"]) == ("not_enough_data", "unsorted", None)
    assert answer["working"][1]["text"].startswith("Sort the stones")


def test_one_stone_is_single_and_several_are_not(prices: Program) -> None:
    one = {**RUBIES, "pieces": 1, "weight_mg": 300}
    assert prices.send("POST", "/guidance", json=one).get_json()["parcel"] == "single"
    assert prices.send("POST", "/guidance", json=RUBIES).get_json()["parcel"] is None
    for wrong in ({**one, "parcel": "sorted"}, {**RUBIES, "parcel": "single"}):
        answer = prices.send("POST", "/guidance", json=wrong)
        assert answer.status_code == 422
        assert answer.get_json()["errors"][0]["pointer"] == "#/parcel"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("weight_mg", "250000"),
        ("weight_mg", 250000.0),
        ("weight_mg", 0),
        ("weight_mg", -1),
        ("weight_mg", 10**18),
        ("weight_mg", True),
        ("weight_mg", None),
        ("weight_mg", [1]),
        ("pieces", 0),
        ("pieces", "3"),
        ("fineness_permille", 920),
        ("fineness_permille", "9.2e2"),
        ("fineness_permille", "1000.1"),
        ("fineness_permille", "0"),
        ("fineness_permille", "-1"),
        ("fineness_permille", "९२०"),
        ("origin_country", "tz"),
        ("origin_country", "TZ\n"),
        ("kind", "silver"),
        ("form", {"a": 1}),
        ("form", "cut"),
        ("standard", "none"),
        ("parcel", "mixed"),
        ("parcel", "sorted"),
        ("seller", "amina"),
    ],
)
def test_a_wrong_field_is_named_by_its_pointer(anybody: Program, field: str, value: object) -> None:
    assert list(refused(anybody, **{field: value})) == [f"#/{field}"]


def test_all_wrong_fields_are_named_at_once(anybody: Program) -> None:
    found = refused(anybody, weight_mg="1", pieces=0, extra=1, origin_country=None)
    assert set(found) == {"#/weight_mg", "#/pieces", "#/extra", "#/origin_country"}


def test_a_body_that_is_no_object_is_refused(anybody: Program) -> None:
    for body in ("[]", '"gold"', "7", "null"):
        answer = anybody.send("POST", "/guidance", data=body, content_type="application/json")
        assert answer.status_code == 422
        assert answer.get_json()["errors"][0]["pointer"] == "#"


def test_a_rate_is_never_from_the_future(prices: Program) -> None:
    answer = prices.get("/rates/XAU-USD?as_of=2026-09-30")
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["parameter"] == "as_of"


def test_a_rate_is_the_newest_on_or_before_the_day(prices: Program) -> None:
    found = prices.get("/rates/XAU-USD?as_of=2024-03-02").get_json()
    assert found["observed_on"] == "2024-03-02"
    assert prices.get("/rates/XAU-USD?as_of=2024-03-01").status_code == 404


def test_a_second_series_of_a_pair_has_an_address_of_its_own(uow: UnitOfWork, prices: Program) -> None:
    ensure_series(uow, source("csv", series("XAU/USD", code="XAU/USD:LBMA", priority=10)))
    import_observations(uow, [Observation("XAU/USD:LBMA", TODAY, Decimal("4131.25"))])
    uow.commit()

    licensed = prices.get("/rates/XAU-USD.LBMA").get_json()
    assert (licensed["series"], licensed["value"], licensed["unit"]) == (
        "XAU-USD.LBMA", "4131.25", "USD per troy ounce",
    )  # fmt: skip
    assert prices.get("/rates/XAU-USD").get_json()["value"] == "4129.1005", "each series answers for itself"
    assert "XAU-USD.LBMA" in [each["series"] for each in prices.get("/rates").get_json()["series"]]
    gold = prices.get("/reference-prices").get_json()["prices"][0]
    assert gold["source"] == "Test source", "prices rest on the series that counts"


@pytest.mark.parametrize("day", ["2026-02-30", "29.09.2026", "20260929", "", "2026-09-29T00:00", "٢٠٢٦-٠٩-٢٩"])
def test_what_is_no_day_is_refused(anybody: Program, day: str) -> None:
    assert anybody.get("/rates/XAU-USD", query_string={"as_of": day}).status_code == 422


@pytest.mark.parametrize(
    "series", ["XXX-YYY", "xau-usd", "XAU", "XAU-USD-", "XAU-USD:", "XAU-USD:lbma", "%00", "a" * 500]
)
def test_an_unknown_series_is_not_there(anybody: Program, series: str) -> None:
    assert anybody.get(f"/rates/{series}").status_code == 404


def test_prices_come_in_the_currency_asked_for(prices: Program) -> None:
    found = prices.get("/reference-prices?currency=TZS").get_json()["prices"]

    assert [(price["metal"], price["fineness_permille"]) for price in found] == [
        ("gold", "999"), ("gold", "916"), ("gold", "875"), ("gold", "750"), ("silver", "999"), ("platinum", "999"),
    ]  # fmt: skip
    assert {price["per_gram"]["currency"] for price in found} == {"TZS"}
    assert all(price["source"] and price["observed_on"] for price in found)
