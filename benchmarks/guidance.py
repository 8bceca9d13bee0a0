"""What one guidance costs, and 10,000 recomputations: `make bench-guidance` or `python -m benchmarks.guidance`.

Processor time of this process, so that other programs on the machine count little; the median of several rounds.
Budgets: one guidance 1 ms on warm rates, 10,000 recomputations of mixed snapshots 20 s.
"""

import os
import platform
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import median
from time import process_time
from typing import Any, Final

from marketplace.pricing.comparables import WeightedPrice
from marketplace.pricing.description import LotDescription
from marketplace.pricing.gems import Band
from marketplace.pricing.gold import PriceStandard
from marketplace.pricing.guidance import Guidance, GuidanceInputs, compute, recompute
from marketplace.pricing.guidance.calculation import FORMULAS
from marketplace.pricing.rates import RateAsOf

BUDGET_US: Final = 1_000
RECOMPUTATIONS: Final = 10_000
BUDGET_S: Final = 20
_ROUNDS: Final = 7
_A_ROUND: Final = 200
_ON: Final = date(2026, 9, 29)


def main() -> int:
    """Print machine, figures and their share of the budget; return 1 when one is beyond it."""
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    within = [_print_one(name, inputs) for name, inputs in cases().items()]
    within.append(_print_many())
    return 0 if all(within) else 1


def cases() -> dict[str, GuidanceInputs]:
    """Return goods of every kind: gold, a stone with a band, stones with sales, a parcel."""
    rate = RateAsOf("rate-1", "XAU/USD", Decimal("4129.10045482"), _ON, "open daily rates", "CC0-1.0")
    standard = PriceStandard("FAIRMINED", premium_kind="per_kg_fine", premium_usd_per_kg=Decimal(4000))
    gold = LotDescription("gold", "dore", "TZ", 250_000, fineness_permille=Decimal("916.7"), fineness_method="xrf")
    ruby = LotDescription("gem", "cut", "TZ", 300, variety="ruby", treatment="H", grade="good", parcel="single")
    band = Band("band", "ruby", "cut", "good", Decimal(1), Decimal(2), 40_000, 150_000, treatment="H", dated=_ON)
    stone = GuidanceInputs(ruby, on=_ON, band=band, edition=3)
    parcel = replace(ruby, weight_mg=54_000, pieces=180, parcel="sorted")
    return {
        "gold": GuidanceInputs(gold, on=_ON, rate=rate, standard=standard),
        "stone with a band": stone,
        "stone with 20 sales": replace(stone, band=None, edition=None, prices=_prices(20)),
        "parcel with a band and 12 sales": replace(stone, description=parcel, prices=_prices(12)),
    }


def _prices(count: int) -> tuple[WeightedPrice, ...]:
    return tuple(
        WeightedPrice(
            reference=f"OR-{number:04}",
            sold_on=_ON - timedelta(days=17 * number),
            minor_per_ct=Fraction(9_000_000 + 12_345 * (number * 7 % 11), 97 + number),
            weight=Fraction(365, 365 + 17 * number) * Fraction(4 - number % 2, 5),
        )
        for number in range(count)
    )


def _print_one(name: str, inputs: GuidanceInputs) -> bool:
    cost = median(_microseconds(lambda: compute(inputs)) for _ in range(_ROUNDS))
    print(f"one guidance, {name}: {cost:.0f} µs, {cost / BUDGET_US:.2f} of the budget of {BUDGET_US} µs")
    return cost <= BUDGET_US


def _print_many() -> bool:
    snapshots = [_snapshot(formula, inputs) for formula in FORMULAS for inputs in cases().values()]
    started = process_time()
    for number in range(RECOMPUTATIONS):
        recompute(snapshots[number % len(snapshots)])
    seconds = process_time() - started
    share = seconds / BUDGET_S
    print(f"{RECOMPUTATIONS:,} recomputations: {seconds:.2f} s, {share:.2f} of the budget of {BUDGET_S} s")
    return seconds <= BUDGET_S


def _snapshot(formula: str, inputs: GuidanceInputs) -> dict[str, Any]:
    if formula == "1":  # it knew no parcels
        inputs = replace(inputs, description=replace(inputs.description, parcel=None))
    found: Guidance = FORMULAS[formula](inputs)
    return found.snapshot()


def _microseconds(call: Callable[[], object]) -> float:
    started = process_time()
    for _ in range(_A_ROUND):
        call()
    return (process_time() - started) / _A_ROUND * 1_000_000


if __name__ == "__main__":
    sys.exit(main())
