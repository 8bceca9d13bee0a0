"""A sorted parcel: what its classes bring together, for how much of it that speaks, and what sorting gains."""

from decimal import Decimal

import pytest

from marketplace.core.money import Money
from marketplace.pricing.description import LotDescription
from marketplace.pricing.guidance import PriceRange
from marketplace.pricing.parcels import Gain, ParcelTooHeavy, SortedClass, as_it_came, gain, summed

STONES = LotDescription(
    "gem", "rough", "KE", 2_000, pieces=4, variety="tsavorite", treatment="N", grade="good", parcel="sorted"
)


def usd(low: int, middle: int, high: int) -> PriceRange:
    return PriceRange(Money(low, "USD"), Money(middle, "USD"), Money(high, "USD"))


def lot(weight_mg: int = 2_000, pieces: int = 4, **changes: str) -> LotDescription:
    given = {"variety": "tsavorite", "treatment": "N", "grade": "good", **changes}
    return LotDescription("gem", "rough", "KE", weight_mg, pieces=pieces, parcel="sorted", **given)  # type: ignore[arg-type]


def test_the_classes_with_a_guide_are_summed_and_their_share_of_the_weight_is_said() -> None:
    parcel = summed(
        [SortedClass(2_000, usd(100, 150, 200)), SortedClass(1_000, None), SortedClass(3_000, usd(10, 20, 30))]
    )

    assert parcel.value == usd(110, 170, 230)
    assert (parcel.guided_mg, parcel.sorted_mg, parcel.total_mg, parcel.rest_mg) == (5_000, 6_000, 6_000, 0)
    assert parcel.guided_share == Decimal("0.8333")  # 5 ÷ 6


def test_what_is_in_no_class_is_the_rest() -> None:
    parcel = summed([SortedClass(2_000, usd(1, 2, 3))], total_mg=8_000)

    assert (parcel.rest_mg, parcel.guided_share) == (6_000, Decimal("0.25"))


def test_nearly_everything_is_not_everything() -> None:
    parcel = summed([SortedClass(999_999, usd(1, 2, 3))], total_mg=1_000_000)
    assert parcel.guided_share == Decimal("0.9999")
    assert summed([SortedClass(5, usd(1, 2, 3))], total_mg=5).guided_share == 1


def test_without_any_guide_there_is_no_sum() -> None:
    parcel = summed([SortedClass(2_000, None)])
    assert (parcel.value, parcel.guided_mg, parcel.guided_share) == (None, 0, Decimal(0))


def test_classes_cannot_weigh_more_than_the_parcel() -> None:
    with pytest.raises(ParcelTooHeavy, match="2001 mg in classes of a parcel of 2000 mg"):
        summed([SortedClass(2_001, None)], total_mg=2_000)
    assert summed([SortedClass(2_000, None)], total_mg=2_000).rest_mg == 0


def test_the_gain_is_middle_against_middle() -> None:
    whole = summed([SortedClass(2_000, usd(100, 150, 200))])

    assert gain(whole, usd(30, 40, 50)) == Gain(Money(110, "USD"), is_least=False)
    assert gain(whole, usd(30, 150, 500)) == Gain(Money(0, "USD"), is_least=False)
    assert gain(whole, usd(30, 151, 500)) == Gain(Money(-1, "USD"), is_least=False)


def test_a_part_with_a_guide_tells_of_a_gain_only_when_it_beats_the_whole() -> None:
    part = summed([SortedClass(2_000, usd(100, 150, 200)), SortedClass(1, None)])

    assert gain(part, usd(30, 149, 500)) == Gain(Money(1, "USD"), is_least=True)
    assert gain(part, usd(30, 150, 500)) is None


def test_without_both_sides_the_gain_is_not_known() -> None:
    assert gain(summed([SortedClass(2_000, usd(1, 2, 3))]), None) is None
    assert gain(summed([SortedClass(2_000, None)]), usd(1, 2, 3)) is None


def test_the_unsorted_parcel_is_of_the_grade_most_of_the_weight_has() -> None:
    found = as_it_came(
        [lot(3_000, grade="commercial"), lot(2_000, grade="fine"), lot(2_000, grade="fine")], total_mg=7_000
    )

    assert found == LotDescription(
        "gem", "rough", "KE", 7_000, pieces=12, variety="tsavorite", treatment="N", grade="fine", parcel="run_of_mine"
    )


def test_the_rest_counts_as_pieces_of_the_average_weight() -> None:
    # 4 pieces in 2 g; 5 g hold 10 such pieces, 2.1 g still 4
    found = as_it_came([lot()], total_mg=5_000)
    assert found is not None
    assert (found.pieces, found.weight_mg) == (10, 5_000)
    nearly = as_it_came([lot()], total_mg=2_100)
    assert nearly is not None
    assert nearly.pieces == 4


@pytest.mark.parametrize(
    "other", [{"variety": "ruby"}, {"treatment": "H"}]
)  # fmt: skip
def test_a_mixture_of_stones_has_no_price_as_one_lot(other: dict[str, str]) -> None:
    assert as_it_came([lot(), lot(**other)], total_mg=4_000) is None
    assert as_it_came([lot(), lot()], total_mg=4_000) is not None


def test_a_single_stone_is_no_parcel() -> None:
    assert as_it_came([lot(pieces=1)], total_mg=2_000) is None
    assert as_it_came([], total_mg=2_000) is None
    assert as_it_came([lot(pieces=1)], total_mg=4_000) is not None, "there is as much again outside the class"
