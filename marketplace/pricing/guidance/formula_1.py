"""Formula 1, of the first months: kept so that its guides can be worked out again. It never changes."""

from dataclasses import replace

from marketplace.pricing.comparables import drawn_to_book, quartiles
from marketplace.pricing.guidance import stone_lots
from marketplace.pricing.guidance.gold_lots import gold_guidance
from marketplace.pricing.guidance.result import Guidance, GuidanceInputs, closed


def compute(inputs: GuidanceInputs) -> Guidance:
    """Return the guidance formula 1 gave: every parcel is one weight, and the price book speaks for all of them."""
    found = gold_guidance(inputs) if inputs.description.kind == "gold" else _of_stones(inputs)
    return replace(closed(found), formula_version="1")


def _of_stones(inputs: GuidanceInputs) -> Guidance:
    missing = stone_lots.what_is_missing(inputs)
    if missing is not None:
        return missing
    band, found = inputs.band, quartiles(inputs.prices)
    if found is not None:
        drawn = drawn_to_book(found, count=len(inputs.prices), band=band)
        return stone_lots.guided(inputs, drawn, band=band, basis="sales" if band is None else "sales_and_book")
    if band is not None:
        return stone_lots.guided(inputs, stone_lots.of_book(band), band=band, basis="price_book")
    return stone_lots.not_enough(inputs)
