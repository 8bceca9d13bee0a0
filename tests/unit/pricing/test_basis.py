"""The sales behind a guide are shown by month, size and price; nothing shown tells who bought."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from marketplace.core.money import Money
from marketplace.pricing.basis import BasisRow, basis_of, set_aside_of, size_of
from marketplace.pricing.comparables import SetAside
from marketplace.pricing.labels import SIZE_LABELS

OLDER = {"reference": "OR-2", "sold_on": "2026-06-30", "minor_per_ct": "100001/2", "weight": "1/4"}
NEWER = {
    "reference": "OR-1", "sold_on": "2026-09-29", "minor_per_ct": "90000/1", "weight": "3/4", "likeness": "4/5",
    "piece_mg": 684,
}  # fmt: skip


def snapshot(*prices: dict[str, Any], basis: str = "sales", **inputs: Any) -> dict[str, Any]:
    return {"result": {"basis": basis}, "inputs": {"prices": list(prices), **inputs}}


def test_a_row_holds_month_price_size_and_what_it_counts_for() -> None:
    assert basis_of(snapshot(OLDER, NEWER)) == (
        BasisRow(date(2026, 9, 1), Money(90_000, "USD"), "from_3", Fraction(4, 5), Fraction(3, 4)),
        # a guide of formula 1: half a cent to even, no size
        BasisRow(date(2026, 6, 1), Money(50_000, "USD"), None, None, Fraction(1, 4)),
    )


def test_within_a_month_the_order_is_that_of_prices_not_of_days() -> None:
    first = {**NEWER, "sold_on": "2026-09-01", "minor_per_ct": "80000/1"}
    light = {**NEWER, "weight": "1/4"}
    rows = basis_of(snapshot(NEWER, first, light))
    assert [row.per_carat.minor for row in rows] == [80_000, 90_000, 90_000]
    assert [row.counts_for for row in rows] == [Fraction(3, 7), Fraction(1, 7), Fraction(3, 7)]


@pytest.mark.parametrize("basis", ["price_book", "reference_rate", "no_band_no_sales"])
def test_a_guide_that_rests_on_something_else_shows_no_sale(basis: str) -> None:
    assert basis_of(snapshot(NEWER, basis=basis)) == ()


def test_sales_beside_the_book_are_shown() -> None:
    assert len(basis_of(snapshot(NEWER, basis="sales_and_book"))) == 1


def test_a_guide_without_sales_or_without_anything_shows_nothing() -> None:
    assert basis_of(snapshot()) == basis_of({}) == basis_of({"result": {"basis": "sales"}}) == ()
    assert set_aside_of({}) == set_aside_of(snapshot()) == set_aside_of({"inputs": None}) == ()


def test_what_was_set_aside_is_told_by_reason() -> None:
    found = snapshot(basis="price_book", set_aside=[{"reason": "related", "count": 3}])
    assert set_aside_of(found) == (SetAside("related", 3),)


@pytest.mark.parametrize(
    ("piece_mg", "size"),
    [
        (1, "under_1"), (199, "under_1"), (200, "from_1"), (399, "from_1"), (400, "from_2"), (599, "from_2"),
        (600, "from_3"), (999, "from_3"), (1000, "from_5"), (1999, "from_5"), (2000, "from_10"), (10**6, "from_10"),
    ],
)  # fmt: skip
def test_a_size_begins_at_its_carat(piece_mg: int, size: str) -> None:
    assert size_of(piece_mg) == size
    assert size in SIZE_LABELS
