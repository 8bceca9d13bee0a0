"""Price guidance: what would be a fair price for these goods today, and why. A pure calculation over dated inputs.

All amounts are US dollars for the goods themselves (the seller gross): the platform fee and any premium come on top,
the country's charges come off it.
"""

from marketplace.pricing.guidance.calculation import compute
from marketplace.pricing.guidance.result import FORMULA_VERSION, Guidance, GuidanceInputs, LooksAhead, PriceRange, Step
from marketplace.pricing.guidance.snapshot import (
    SnapshotRefused,
    differences,
    inputs_of,
    recompute,
    snapshot_of,
    steps_of,
    without_orders,
)

__all__ = [
    "FORMULA_VERSION",
    "Guidance",
    "GuidanceInputs",
    "LooksAhead",
    "PriceRange",
    "SnapshotRefused",
    "Step",
    "compute",
    "differences",
    "inputs_of",
    "recompute",
    "snapshot_of",
    "steps_of",
    "without_orders",
]
