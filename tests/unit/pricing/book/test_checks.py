"""A whole book: overlaps are errors, gaps are named with what closes them, falling prices are pointed at."""

from decimal import Decimal

from marketplace.pricing.book import BandProposal, Gap, Oddity, Placed, gaps_of, oddities_of, overlaps_of
from tests.builders.price_books import band

GRADES = ("commercial", "good", "fine", "extra_fine")
GROUP = ("ruby", "cut", "H", "TZ")


def of(start: str, end: str, grade: str = "good", low: int = 100, **more: object) -> BandProposal:
    values: dict[str, object] = {"high_minor_per_ct": low * 2, **more}
    return band(
        weight_from_ct=Decimal(start), weight_to_ct=Decimal(end), grade=grade, low_minor_per_ct=low, **values
    )  # fmt: skip


def placed(*bands: BandProposal) -> list[Placed]:
    return [Placed(row, each) for row, each in enumerate(bands, start=2)]


def full(start: str, end: str, **more: object) -> list[BandProposal]:
    return [of(start, end, grade, low=100 * place, **more) for place, grade in enumerate(GRADES, start=1)]


def gap(start: str, end: str, grade: str | None) -> Gap:
    return Gap(GROUP, Decimal(start), Decimal(end), grade)


def told(*bands: BandProposal) -> list[tuple[int, object, str]]:
    return [(error.row, error.params["other"], error.message.split()[1]) for error in overlaps_of(placed(*bands))]


def test_bands_that_meet_do_not_overlap() -> None:
    assert told(of("1", "2"), of("2", "3"), of("1", "2", "fine"), of("1", "2", variety="emerald")) == []
    assert told(of("1", "2", treatment=None), of("1", "2"), of("1", "2", origin=None), of("1", "2", form="rough")) == []


def test_both_rows_of_an_overlap_are_named() -> None:
    assert told(of("1", "2.001"), of("2", "3")) == [(3, 2, "weights")]
    assert told(of("2", "3"), of("1", "2.001")) == [(2, 3, "weights")]
    error = overlaps_of(placed(of("1", "3"), of("2", "4.5", low=150)))[0]
    assert (error.column, error.text) == ("weight_from_ct", "2-4.5 ct, 1.50")
    assert error.message % error.params == "The weights overlap with row 2. Let one end where the other begins."


def test_a_band_within_a_long_one_overlaps_it_and_not_the_short_one_between() -> None:
    assert told(of("1", "9"), of("2", "3"), of("4", "5"), of("9", "10")) == [(3, 2, "weights"), (4, 2, "weights")]


def test_a_row_that_is_there_twice_is_named_so() -> None:
    assert told(of("1", "2"), of("1", "2"), of("1", "2")) == [(3, 2, "row"), (4, 2, "row")]
    assert told(of("1", "2"), of("1", "2", low=101)) == [(3, 2, "weights")]


def test_a_book_of_full_steps_has_no_gaps() -> None:
    assert gaps_of(placed(*full("1", "2"), *full("2", "5"))) == ()
    assert gaps_of([]) == ()


def test_weights_between_steps_and_missing_grades_are_gaps() -> None:
    found = gaps_of(placed(*full("1", "2"), *full("3", "5")[1:]))
    assert found == (gap("2", "3", None), gap("3", "5", "commercial"))
    assert [str(each) for each in found] == ["ruby cut H TZ 2-3 ct", "ruby cut H TZ commercial 3-5 ct"]
    bare = Gap(("ruby", "cut", None, None), Decimal("0.50"), Decimal(1), "fine")
    assert str(bare) == "ruby cut fine 0.5-1 ct"


def test_a_long_band_of_a_grade_fills_the_steps_of_the_others() -> None:
    others = [each for step in (full("1", "2"), full("2", "3")) for each in step if each.grade != "good"]
    assert gaps_of(placed(*others, of("1", "3", low=200))) == ()
    assert gaps_of(placed(*others, of("1", "2.5", low=200))) == (gap("2.5", "3", "good"),)


def test_gaps_of_each_kind_of_stone_are_its_own() -> None:
    found = gaps_of(placed(*full("1", "2"), *full("3", "4", origin=None), *full("1", "2", form="rough")[:3]))
    assert [(each.group, each.grade) for each in found] == [(("ruby", "rough", "H", "TZ"), "extra_fine")]


def test_prices_that_rise_are_not_odd() -> None:
    assert (
        oddities_of(placed(*full("1", "2"), *full("2", "3"), of("3", "4", low=200), of("3", "4", "fine", low=300)))
        == ()
    )


def test_a_better_grade_below_the_next_lower_one_is_odd() -> None:
    first, second, last = of("1", "2", "commercial"), of("1", "2", "fine", low=99), of("1", "2", "extra_fine")
    found = oddities_of(placed(first, second, last))
    assert found == (Oddity("grade", Placed(2, first), Placed(3, second)),)
    high = of("1", "2", "fine", high_minor_per_ct=199)
    assert [each.second.band for each in oddities_of(placed(first, high))] == [high]


def test_a_long_band_is_named_once_against_each_that_it_undercuts() -> None:
    long = of("1", "3", "fine", low=50)
    bands = placed(of("1", "2"), of("2", "3"), long)
    assert [(each.kind, each.first.row, each.second.row) for each in oddities_of(bands)] == [
        ("grade", 2, 4), ("grade", 3, 4)
    ]  # fmt: skip
    assert len(oddities_of(placed(of("1", "3"), of("1", "2", "fine", low=50), of("2", "3", "fine", low=50)))) == 2
    assert len(oddities_of(placed(of("1", "3"), of("1", "3", "fine", low=50), of("1", "2", "extra_fine")))) == 1


def test_heavier_stones_that_are_cheaper_a_carat_are_odd() -> None:
    bands = placed(of("3", "5", low=99), of("1", "2"))
    assert [(each.kind, each.first.row, each.second.row) for each in oddities_of(bands)] == [("weight", 3, 2)]
    assert oddities_of(placed(of("1", "2"), of("3", "5"))) == ()


def test_bands_that_overlap_break_no_check() -> None:
    bands = placed(of("1", "9"), of("2", "3"), of("1", "9"), *full("1", "9", variety="emerald"))
    assert len(overlaps_of(bands)) == 2
    assert [each.grade for each in gaps_of(bands)][:3] == ["commercial", "fine", "extra_fine"]
    assert oddities_of(bands) == ()
