"""What formula 1 gave stays what it gave: its snapshots, kept as they were written, come out the same for ever."""

import json
from pathlib import Path
from typing import Any

import pytest

from marketplace.pricing.guidance import differences, recompute
from marketplace.pricing.guidance.calculation import FORMULAS
from marketplace.pricing.guidance.snapshot import inputs_of

GOLDEN: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "golden" / "formula_1.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", GOLDEN)
def test_a_snapshot_of_formula_1_recomputes_to_the_cent(name: str) -> None:
    assert differences(GOLDEN[name]) == ()
    assert recompute(GOLDEN[name]).formula_version == "1"


def test_the_snapshots_kept_hold_every_outcome_and_every_basis() -> None:
    results = [snapshot["result"] for snapshot in GOLDEN.values()]

    assert {result["outcome"] for result in results} == {"guided", "not_enough_data", "refused_stale"}
    assert {result["basis"] for result in results} == {
        "reference_rate", "price_book", "sales", "sales_and_book", "fineness_missing", "no_rate", "variety_missing",
        "grade_missing", "kimberley_first", "no_band_no_sales",
    }  # fmt: skip
    assert any(result["premium"] for result in results)
    assert any(result["stale"] for result in results)


def test_formula_1_knows_nothing_of_pieces_and_carats() -> None:
    parcel = GOLDEN["price_book_parcel"]
    found = recompute(parcel)

    assert (found.per_piece, found.per_carat) == (None, None)
    assert "parcel" not in parcel["inputs"]["description"]
    assert "per_piece" not in found.snapshot()["result"]


def test_formula_2_gives_the_same_range_where_no_parcel_is_told_and_nothing_is_mixed() -> None:
    for snapshot in GOLDEN.values():
        inputs = inputs_of(snapshot)
        old, new = FORMULAS["1"](inputs), FORMULAS["2"](inputs)

        if old.basis == "sales_and_book":  # formula 2 weighs sales against the book in another way
            assert (new.outcome, new.basis) == (old.outcome, old.basis)
            continue
        assert (new.outcome, new.basis, new.per_lot, new.premium) == (old.outcome, old.basis, old.per_lot, old.premium)
        assert (new.formula_version, old.formula_version) == ("2", "1")
