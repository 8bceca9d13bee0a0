"""What changes between two editions, and a draft held against the edition in force."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.pricing.book import Change, Difference, DryRun, Placed, SheetError, compare, dry_run, rows_of_bands
from marketplace.pricing.book.proposal import in_reading_order
from tests.builders.price_books import TODAY, WORDS, band

FINE = band(grade="fine", low_minor_per_ct=100_000, high_minor_per_ct=200_000)
EMERALD = band(variety="emerald")


def test_added_removed_changed_and_unchanged_are_told_apart() -> None:
    dearer = band(low_minor_per_ct=42_000)
    found = compare([band(), FINE, EMERALD], [FINE, dearer, band(grade="commercial")])
    assert found == Difference(
        added=(band(grade="commercial"),), removed=(EMERALD,), changed=(Change(band(), dearer),), unchanged=1
    )
    assert not found.is_empty
    assert found.large == 0


def test_an_edition_is_not_different_from_itself() -> None:
    assert compare([band(), FINE], [FINE, band()]) == Difference(unchanged=2)
    assert compare([], []).is_empty
    assert not compare([], [band()]).is_empty
    assert not compare([band()], []).is_empty


def test_the_difference_leads_from_one_edition_to_the_other() -> None:
    before, after = [band(), EMERALD], [band(source="Other"), FINE]
    assert compare(before, after).applied_to(before) == in_reading_order(after)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"low_minor_per_ct": 40_001}, ("low_minor_per_ct",)),
        ({"high_minor_per_ct": 150_051}, ("high_minor_per_ct",)),
        ({"weight_to_ct": Decimal(3)}, ("weight_to_ct",)),
        ({"evidence": "verified", "source": "x"}, ("evidence", "source")),
        ({"dated": date(2026, 9, 2)}, ("dated",)),
    ],
)
def test_what_changed_is_named(changes: dict[str, object], fields: tuple[str, ...]) -> None:
    assert compare([band()], [band(**changes)]).changed[0].fields == fields


def test_moves_are_shares_of_the_price_before() -> None:
    change = Change(band(), band(low_minor_per_ct=43_000, high_minor_per_ct=100_000))
    # 43,000 ÷ 40,000 = 1.075; 100,000 ÷ 150,050 = 0.66644, so down by 33.4 %
    assert (change.low_share, change.high_share) == (Decimal("0.075"), Decimal("-0.334"))


@pytest.mark.parametrize(
    ("low", "high", "is_large"),
    [
        (50_000, 150_050, False), (50_001, 150_050, True), (30_000, 150_050, False), (29_999, 150_050, True),
        (40_000, 187_562, False), (40_000, 187_563, True), (40_000, 112_538, False), (40_000, 112_537, True),
    ],
)  # fmt: skip
def test_more_than_a_quarter_is_a_large_move(low: int, high: int, is_large: bool) -> None:
    # 40,000 ± 25 % is 30,000 and 50,000; 150,050 ± 25 % is 112,537.5 and 187,562.5
    change = Change(band(), band(low_minor_per_ct=low, high_minor_per_ct=high))
    assert change.is_large is is_large
    assert Difference(changed=(change,)).large == int(is_large)


def test_bands_are_read_by_kind_weight_and_grade() -> None:
    first, last = band(grade="commercial"), band(grade="odd")
    heavy = band(weight_from_ct=Decimal(2), weight_to_ct=Decimal(3), grade="commercial")
    plain, rough = band(treatment=None), band(form="rough")
    anywhere = band(origin=None)
    assert in_reading_order([rough, heavy, last, FINE, first, EMERALD, plain, anywhere]) == [
        EMERALD, plain, anywhere, first, FINE, last, heavy, rough
    ]  # fmt: skip


def checked(*bands: object, in_force: object = (), **cells: str) -> DryRun:
    rows = rows_of_bands(bands)  # type: ignore[arg-type]
    rows[0]["cells"] |= cells
    return dry_run(rows, vocabulary=WORDS, today=TODAY, in_force=in_force)  # type: ignore[arg-type]


def test_a_draft_without_errors_that_changes_something_is_right() -> None:
    found = checked(band(), FINE, in_force=[FINE])
    assert found.is_right
    assert found.placed == (Placed(2, band()), Placed(3, FINE))
    assert found.bands == [band(), FINE]
    assert [str(gap) for gap in found.gaps] == ["ruby cut H TZ commercial 1-2 ct", "ruby cut H TZ extra_fine 1-2 ct"]
    assert found.difference == Difference(added=(band(),), unchanged=1)
    assert (found.oddities, found.errors, found.unread) == ((), (), 0)


def test_a_draft_with_an_error_is_not_right() -> None:
    found = checked(band(), FINE, FINE, variety="?", grade="?")
    assert not found.is_right
    assert [(error.row, error.column) for error in found.errors] == [
        (2, "variety"),
        (2, "grade"),
        (4, "weight_from_ct"),
    ]
    assert isinstance(found.errors[2], SheetError)
    assert found.unread == 1


def test_a_draft_that_changes_nothing_or_says_nothing_is_not_right() -> None:
    assert not checked(band(), in_force=[band()]).is_right
    nothing = dry_run([], vocabulary=WORDS, today=TODAY, in_force=[band()])
    assert not nothing.is_right
    assert nothing.difference.removed == (band(),)


def test_falling_prices_are_pointed_at_and_hold_nothing_up() -> None:
    found = checked(band(), band(grade="fine", low_minor_per_ct=39_999))
    assert [each.kind for each in found.oddities] == ["grade"]
    assert found.is_right
