"""Answers are read strictly and every error of a step is told at once."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import pytest

from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.lots.answers import read_kind, read_origin, read_price, read_quality, read_weight
from tests.builders.lots import GOLD, STONE

TODAY = date(2026, 9, 29)
ORIGIN = {**STONE["origin"], "site": "TZ-SITE", "tag_number": " tz-104 882 "}


def errors_of(read: Callable[[], object]) -> dict[str, str]:
    """Return what is refused, by field."""
    with pytest.raises(InvalidInput) as refused:
        read()
    return {name: error.message for name, error in refused.value.fields.items()}


def origin(**typed: str) -> object:
    """Read an origin whose other answers are right."""
    return read_origin({**ORIGIN, **typed}, sites={"TZ-SITE"}, today=TODAY)


@pytest.mark.parametrize(
    ("typed", "unit", "milligrams"),
    [
        ("3,42", "ct", 684),  # 3.42 × 200 mg
        ("3.42", "ct", 684),
        ("250", "g", 250_000),
        ("1 250,5", "g", 1_250_500),
        ("0.25", "kg", 250_000),
        ("1", "tola", 11_664),  # 11,663.8038 mg
        ("1", "ozt", 31_103),  # 31,103.4768 mg
    ],
)
def test_a_weight_is_kept_in_milligrams_whatever_its_unit(typed: str, unit: str, milligrams: int) -> None:
    assert read_weight({"weight": typed, "weight_unit": unit}, kind="gold").weight_mg == milligrams


@pytest.mark.parametrize("typed", ["", "1.2.3", "-3", "3e2", "NaN", "٣", "abc", "0"])
def test_a_weight_that_is_no_number_is_refused(typed: str) -> None:
    assert list(errors_of(lambda: read_weight({"weight": typed, "weight_unit": "ct"}, kind="gem"))) == ["weight"]


def test_a_stone_above_five_hundred_carats_asks_whether_that_is_sure() -> None:
    typed = {"weight": "500.1", "weight_unit": "ct"}

    assert list(errors_of(lambda: read_weight(typed, kind="gem"))) == ["sure"]
    assert read_weight({**typed, "sure": "yes"}, kind="gem").weight_mg == 100_020
    assert read_weight({**typed, "weight": "500"}, kind="gem").weight_mg == 100_000
    assert read_weight({**typed, "pieces": "2", "parcel": "sorted"}, kind="gem").pieces == 2


def test_one_stone_is_single_without_being_asked() -> None:
    typed = {"weight": "3", "weight_unit": "ct"}

    for more in ({}, {"pieces": ""}, {"pieces": "1"}, {"pieces": "1", "parcel": "run_of_mine"}):
        assert read_weight({**typed, **more}, kind="gem").parcel == "single"
    assert read_weight({**typed, "pieces": "3", "parcel": "sorted"}, kind="gold").parcel is None
    assert read_weight({**typed, "pieces": "3"}, kind=None).parcel is None


@pytest.mark.parametrize("parcel", ["matched", "sorted", "run_of_mine"])
def test_several_stones_say_how_they_belong_together(parcel: str) -> None:
    typed = {"weight": "3", "weight_unit": "ct", "pieces": "2"}

    assert read_weight({**typed, "parcel": parcel}, kind="gem").parcel == parcel
    for wrong in ("", "single", "mixed"):
        assert list(errors_of(lambda wrong=wrong: read_weight({**typed, "parcel": wrong}, kind="gem"))) == ["parcel"]


def test_gold_above_fifty_kilograms_asks_whether_that_is_sure() -> None:
    assert list(errors_of(lambda: read_weight({"weight": "50.001", "weight_unit": "kg"}, kind="gold"))) == ["sure"]
    assert read_weight({"weight": "50", "weight_unit": "kg"}, kind="gold").weight_mg == 50_000_000


def test_an_unknown_form_is_refused() -> None:
    assert list(errors_of(lambda: read_kind({"form": "carving"}))) == ["form"]
    assert read_kind({"form": "dust"}).kind == "gold"
    assert read_kind({"form": "cut"}).kind == "gem"


def test_an_empty_gold_quality_tells_everything_at_once() -> None:
    assert set(errors_of(lambda: read_quality({}, kind="gold"))) == {
        "fineness", "fineness_method", "mercury", "no_worst_practice",
    }  # fmt: skip


@pytest.mark.parametrize(("method", "refused"), [("fire_assay", True), ("xrf", True), ("touchstone", False)])
def test_an_assay_names_its_report(method: str, refused: bool) -> None:
    typed = {**GOLD["quality"], "fineness_method": method, "report_number": ""}

    if refused:
        assert list(errors_of(lambda: read_quality(typed, kind="gold"))) == ["report_number"]
    else:
        assert read_quality(typed, kind="gold").report_number == ""


def test_fineness_is_read_in_karats_too() -> None:
    quality = read_quality({**GOLD["quality"], "fineness": "22 kt"}, kind="gold")

    # 22 ÷ 24 = 916.666…, to one tenth
    assert getattr(quality, "fineness_permille", None) == Decimal("916.7")


@pytest.mark.parametrize("code", ["SYN", "ASBL", "IMIT"])
def test_a_stone_that_is_not_natural_is_refused(code: str) -> None:
    assert list(errors_of(lambda: read_quality({**STONE["quality"], "treatment": code}, kind="gem"))) == ["treatment"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("7,1 x 5 x 3 mm", "7.1 x 5 x 3"), ("7.10×5", "7.1 x 5"), ("", ""), ("10*20*30", "10 x 20 x 30")],
)
def test_dimensions_have_one_spelling(typed: str, kept: str) -> None:
    assert getattr(read_quality({**STONE["quality"], "dimensions": typed}, kind="gem"), "dimensions", None) == kept


@pytest.mark.parametrize("typed", ["big", "7", "0 x 5", "7 x 5 x 3 x 1", "501 x 2"])
def test_dimensions_that_are_none_are_refused(typed: str) -> None:
    assert list(errors_of(lambda: read_quality({**STONE["quality"], "dimensions": typed}, kind="gem"))) == [
        "dimensions"
    ]


def test_a_bag_number_has_one_spelling() -> None:
    assert getattr(origin(), "tag_number", None) == "TZ-104882"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"site": "KE-OTHER"}, "site"),
        ({"mined_from": "2026-09-30", "mined_to": "2026-09-30"}, "mined_from"),
        ({"mined_to": "2026-07-31"}, "mined_to"),
        ({"mined_from": "yesterday"}, "mined_from"),
        ({"miners": "0"}, "miners"),
        ({"miners": "2", "miners_women": "3"}, "miners_women"),
        ({"tag_number": ""}, "tag_number"),
        ({"tag_number": "<b>"}, "tag_number"),
    ],
)
def test_an_origin_that_cannot_be_is_refused(typed: Mapping[str, str], field: str) -> None:
    assert field in errors_of(lambda: origin(**typed))


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [("3,224,000", "TZS", 322_400_000), ("3.224.000", "TZS", 322_400_000), ("930.50", "USD", 93_050)],
)
def test_an_amount_is_read_as_people_write_it(typed: str, currency: str, minor: int) -> None:
    price = read_price({"wanted": typed, "wanted_currency": currency}, currencies={"USD", "TZS"})

    assert price.wanted == Money(minor, currency)


@pytest.mark.parametrize("typed", ["", "0", "-5", "1e3", "10,00,000", "9" * 40])
def test_an_amount_that_is_none_is_refused(typed: str) -> None:
    read = lambda: read_price({"wanted": typed, "wanted_currency": "USD"}, currencies={"USD"})  # noqa: E731

    assert list(errors_of(read)) == ["wanted"]


def test_a_currency_not_offered_is_refused() -> None:
    read = lambda: read_price({"wanted": "5", "wanted_currency": "EUR"}, currencies={"USD"})  # noqa: E731

    assert list(errors_of(read)) == ["wanted_currency"]
