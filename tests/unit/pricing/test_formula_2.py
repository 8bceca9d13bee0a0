"""Formula 2 knows how the pieces of a parcel belong together, and says what one piece and one carat bring."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from marketplace.core.money import Money
from marketplace.pricing.comparables import WeightedPrice
from marketplace.pricing.description import LotDescription
from marketplace.pricing.gems import Band
from marketplace.pricing.gold import PriceStandard
from marketplace.pricing.guidance import Guidance, GuidanceInputs, LooksAhead, PriceRange, compute
from marketplace.pricing.rates import RateAsOf

ON = date(2026, 9, 29)
RATE = RateAsOf("rate-1", "XAU/USD", Decimal("4129.10045482"), ON, "currency-api", "CC0-1.0")
# 3 carats in 2 pieces: 1.5 carats each
RUBIES = LotDescription("gem", "cut", "TZ", 600, pieces=2, variety="ruby", treatment="H", grade="good", parcel="sorted")
BAND = Band("b", "ruby", "cut", "good", Decimal(1), Decimal(2), 40_000, 150_000, treatment="H", dated=ON)
SORTED_STONES = "The price book is for sorted stones: only sales of unsorted parcels count here."
MATCHED = "A matched set usually brings more than the price book says. Nobody knows by how much."
NOBODY_SAID = "Nobody said whether the pieces are sorted. The price book takes them as sorted."


def usd(low: int, middle: int, high: int) -> PriceRange:
    return PriceRange(Money(low, "USD"), Money(middle, "USD"), Money(high, "USD"))


def guide(*, sales: int = 0, band: Band | None = BAND, **changes: Any) -> Guidance:
    prices = tuple(
        WeightedPrice(f"sale-{number}", ON - timedelta(days=number), Fraction(100_000), Fraction(1))
        for number in range(sales)
    )
    edition = None if band is None else 7
    return compute(GuidanceInputs(replace(RUBIES, **changes), on=ON, band=band, edition=edition, prices=prices))


def texts(guidance: Guidance) -> list[str]:
    return [step.text for step in guidance.working]


def test_a_sorted_parcel_is_said_by_the_lot_the_piece_and_the_carat() -> None:
    # 400 to 1,500 a carat, middle 950; 3 carats: 1,200 to 4,500, middle 2,850; a piece is half of it
    found = guide()

    assert found.basis == "price_book"
    assert found.per_lot == usd(120_000, 285_000, 450_000)
    assert found.per_carat == usd(40_000, 95_000, 150_000)
    assert found.per_piece == usd(60_000, 142_500, 225_000)
    step = found.working[-2]
    assert step.text == "Shared by %(pieces)s pieces: %(low)s to %(high)s a piece, middle %(middle)s."
    assert dict(step.params) == {
        "pieces": 2, "low": Money(60_000, "USD"), "high": Money(225_000, "USD"), "middle": Money(142_500, "USD"),
    }  # fmt: skip
    assert found.formula_version == "2"


def test_one_piece_has_no_price_a_piece() -> None:
    found = guide(pieces=1, weight_mg=300, parcel="single")

    assert found.per_piece is None
    assert found.per_carat == usd(40_000, 95_000, 150_000)
    assert len(found.working) == 3


def test_a_piece_is_rounded_once_from_the_exact_value() -> None:
    # 601 mg are 3.005 carats: 1,202.00, 2,854.75, 4,507.50; a third of them 400.666…, 951.583…, 1,502.50
    assert guide(weight_mg=601, pieces=3).per_piece == usd(40_067, 95_158, 150_250)


@pytest.mark.parametrize(
    ("parcel", "remark"), [("sorted", None), ("matched", MATCHED), (None, NOBODY_SAID), ("single", None)]
)
def test_the_band_speaks_for_all_but_unsorted_parcels_and_the_working_says_what_it_knows(
    parcel: str | None, remark: str | None
) -> None:
    found = guide(parcel=parcel)

    assert found.per_lot == usd(120_000, 285_000, 450_000), "no figure is made up for a matched set"
    assert [text for text in texts(found) if text in {MATCHED, NOBODY_SAID, SORTED_STONES}] == [remark] * bool(remark)


def test_a_single_stone_of_which_nobody_said_anything_needs_no_remark() -> None:
    assert NOBODY_SAID not in texts(guide(parcel=None, pieces=1, weight_mg=300))


def test_the_remark_of_a_matched_set_stands_only_beside_a_band() -> None:
    assert MATCHED not in texts(guide(parcel="matched", band=None, sales=6))
    assert MATCHED in texts(guide(parcel="matched", sales=6))
    assert NOBODY_SAID not in texts(guide(parcel=None, band=None, sales=6))


@pytest.mark.parametrize("sales", [0, 4])
def test_the_price_book_never_speaks_for_an_unsorted_parcel(sales: int) -> None:
    found = guide(parcel="run_of_mine", sales=sales)

    assert (found.outcome, found.basis, found.confidence) == ("not_enough_data", "unsorted", "none")
    assert (found.per_lot, found.per_piece, found.per_carat) == (None, None, None)
    assert found.count == sales
    assert [step.text % step.params for step in found.working] == [
        "The price book is for sorted stones, and fewer than 5 like unsorted parcels were sold here.",
        "Sort the stones by kind, size and quality. Then each class can have a guide.",
    ]


def test_five_sales_of_unsorted_parcels_speak_alone() -> None:
    # 1,000 a carat × 3 carats; the band's middle of 950 does not draw it
    found = guide(parcel="run_of_mine", sales=5)

    assert (found.basis, found.unverified, found.count) == ("sales", False, 5)
    assert found.per_lot == usd(300_000, 300_000, 300_000)
    assert SORTED_STONES in texts(found)
    assert not any(text.startswith("Price book") for text in texts(found))


def test_few_sales_are_drawn_to_the_book_and_many_are_not() -> None:
    # (6 × 1,000 + 10 × 950) ÷ 16 = 968.75 a carat
    found = guide(sales=6)
    assert (found.basis, found.per_carat and found.per_carat.middle) == ("sales_and_book", Money(96_875, "USD"))
    assert guide(sales=6, band=None).basis == "sales"
    assert guide(band=None).basis == "no_band_no_sales"


def test_nuggets_are_said_by_the_piece_too() -> None:
    # 7 nuggets of 31.1034768 g together at 900: 27.99312912 g fine. The ounce of it: 0.9 × 4,129.10045482 = 3,716.190…
    # low by fire assay 899: 0.899 × 0.95 × 4,129.10045482 = 3,526.4582…; high 901: 0.901 × 4,129.10… = 3,720.3195…
    gold = LotDescription(
        "gold", "nugget", "TZ", 31_103, pieces=7, fineness_permille=Decimal(900), fineness_method="fire_assay"
    )
    found = compute(GuidanceInputs(gold, on=ON, rate=RATE))

    # 31.103 g instead of 31.1034768 g: × 0.99998467; ÷ 7: 503.7720…, 530.8761…, 531.4660…
    assert found.per_piece == usd(50_377, 53_088, 53_147)
    assert found.per_carat is None
    assert found.working[-2].text.startswith("Shared by")


def test_a_standard_with_a_higher_floor_raises_the_lowest_price_of_a_piece() -> None:
    gold = LotDescription("gold", "bar", "TZ", 200_000, pieces=2, fineness_permille=Decimal(999))
    high = PriceStandard("HIGH", floor_share=Decimal("0.975"), evidence="sourced")
    low = PriceStandard("LOW", floor_share=Decimal("0.5"), evidence="sourced")
    own = compute(GuidanceInputs(gold, on=ON, rate=RATE))
    raised = compute(GuidanceInputs(gold, on=ON, rate=RATE, standard=high))

    assert own.per_piece is not None
    assert raised.per_piece is not None
    assert raised.per_piece.low > own.per_piece.low
    assert compute(GuidanceInputs(gold, on=ON, rate=RATE, standard=low)).per_piece == own.per_piece


@pytest.mark.parametrize("changes", [{"rate": None}, {"on": ON + timedelta(days=15)}])
def test_gold_without_a_value_has_none_a_piece(changes: dict[str, Any]) -> None:
    gold = LotDescription("gold", "bar", "TZ", 200_000, pieces=2, fineness_permille=Decimal(999))
    inputs = replace(GuidanceInputs(gold, on=ON, rate=RATE), **changes)

    assert compute(inputs).per_piece is None
    assert compute(inputs).per_lot is None


def test_nothing_of_a_later_day_is_looked_at() -> None:
    gold = LotDescription("gold", "bar", "TZ", 200_000, fineness_permille=Decimal(999))
    tomorrow = ON + timedelta(days=1)
    price = WeightedPrice("sale", tomorrow, Fraction(1), Fraction(1))

    with pytest.raises(LooksAhead, match="rate"):
        GuidanceInputs(gold, on=ON - timedelta(days=1), rate=RATE)
    with pytest.raises(LooksAhead, match="sale"):
        GuidanceInputs(RUBIES, on=ON, prices=(price,))
    assert GuidanceInputs(RUBIES, on=tomorrow, prices=(price,)).prices == (price,)


def test_an_unknown_parcel_is_refused() -> None:
    with pytest.raises(ValueError, match="parcel"):
        replace(RUBIES, parcel="mixed")
