"""What buyer and cooperative agree to when an order is made: inspection days, tolerances, versions. Pure.

Source: the order chapter of the design. The tolerances are shown before buying; their version is frozen.
"""

from typing import Final

from marketplace.core.text import N_

TERMS_VERSION: Final = "2026-09"
TOLERANCE_VERSION: Final = "2026-09"
INSPECTION_DAYS: Final = 7
INSPECTION_DAYS_LARGE: Final = 14

TOLERANCES: Final[dict[str, tuple[str, ...]]] = {
    "gem": (
        N_("Weight: 0.02 ct or 0.5 %, whichever is more."),
        N_("Colour and clarity: one grade."),
        N_("Size: 0.1 mm."),
        N_("No tolerance for another species, a synthetic stone, an undisclosed treatment or a broken seal."),
    ),
    "gold": (
        N_("Weight: 0.05 g."),
        N_("Fineness: 5 parts per thousand."),
        N_("No tolerance for a broken seal."),
    ),
}
AFTER_ACCEPTANCE: Final = N_("A stone altered is a stone accepted. After you accept, the order is final.")


def inspection_days(*, is_large: bool) -> int:
    """Return the days a buyer has to inspect the goods."""
    return INSPECTION_DAYS_LARGE if is_large else INSPECTION_DAYS


def tolerance_mg(kind: str, weight_mg: int) -> int:
    """Return how many milligrams the received weight may differ: gold 50 mg, stones the more of 4 mg and 0.5 %."""
    return 50 if kind == "gold" else max(4, weight_mg * 5 // 1000)
