"""The sales behind a stored guide, as anybody may see them: month, price, size and what each counts for.

No reference, no day and no exact weight leaves here: a reader who knows one of these would know the buyer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from marketplace.core.money import Money
from marketplace.core.weight import MG_PER_CARAT
from marketplace.pricing.comparables import SetAside
from marketplace.pricing.labels import SALES_BASES

# Carats from which a class of size begins, and its code in pricing.labels.
_SIZES: Final = ((10, "from_10"), (5, "from_5"), (3, "from_3"), (2, "from_2"), (1, "from_1"), (0, "under_1"))


@dataclass(frozen=True, slots=True)
class BasisRow:
    """Hold what is shown of a sale: the first day of its month, US dollars a carat, and shares of one.

    `size` is a code of pricing.labels; it and `likeness` are None in a guide of formula 1. The shares sum to one.
    """

    month: date
    per_carat: Money
    size: str | None
    likeness: Fraction | None
    counts_for: Fraction


def basis_of(snapshot: Mapping[str, Any]) -> tuple[BasisRow, ...]:
    """Return the sales a stored guide rests on, newest month first; none when it rests on something else.

    Within a month they stand by price, so that their order tells nothing either.
    """
    result: Mapping[str, Any] = snapshot.get("result") or {}
    if result.get("basis") not in SALES_BASES:
        return ()
    prices = (snapshot.get("inputs") or {}).get("prices") or ()
    whole = sum((Fraction(price["weight"]) for price in prices), Fraction(0))
    rows = [_row(price, whole) for price in prices]
    return tuple(sorted(rows, key=lambda row: (-row.month.toordinal(), row.per_carat.minor, row.counts_for)))


def set_aside_of(snapshot: Mapping[str, Any]) -> tuple[SetAside, ...]:
    """Return how many like sales a stored guide did not count, by reason; none in a guide of formula 1."""
    found = (snapshot.get("inputs") or {}).get("set_aside") or ()
    return tuple(SetAside(str(entry["reason"]), int(entry["count"])) for entry in found)


def size_of(piece_mg: int) -> str:
    """Return the class of size of a stone of so many whole milligrams."""
    return next(code for carats, code in _SIZES if piece_mg >= carats * MG_PER_CARAT)


def _row(price: Mapping[str, Any], whole: Fraction) -> BasisRow:
    piece_mg, alike = price.get("piece_mg"), price.get("likeness")
    return BasisRow(
        month=date.fromisoformat(price["sold_on"]).replace(day=1),
        per_carat=Money(round(Fraction(price["minor_per_ct"])), "USD"),
        size=None if piece_mg is None else size_of(int(piece_mg)),
        likeness=None if alike is None else Fraction(alike),
        counts_for=Fraction(price["weight"]) / whole,
    )
