"""Formula 2: as formula 1, and it knows how the pieces of a parcel belong together.

Bands of the price book are prices of single or sorted stones. So the book is silent on a parcel as it came from the
mine: only sales of such parcels speak for it. A matched set usually brings more than the band; no figure for that is
known, so none is made up. Sales and book are mixed by how much the sales say (comparables.toward_book), without a jump.
Every guide also says what one piece and one carat would bring.
"""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.core.weight import MG_PER_CARAT
from marketplace.pricing import gold
from marketplace.pricing.comparables import (
    BOOK_COUNTS_AS,
    FEWEST_SALES,
    Quartiles,
    effective_number,
    quartiles,
    toward_book,
)
from marketplace.pricing.gems import Band
from marketplace.pricing.guidance import stone_lots
from marketplace.pricing.guidance.gold_lots import fineness_between, gold_guidance, standard_of
from marketplace.pricing.guidance.result import Guidance, GuidanceInputs, PriceRange, Step, closed, silent

UNSORTED = "run_of_mine"


def compute(inputs: GuidanceInputs) -> Guidance:
    """Return guidance in US dollars for the goods of a lot; the same inputs always give the same answer."""
    found = _of_gold(inputs) if inputs.description.kind == "gold" else _of_stones(inputs)
    return replace(closed(found), formula_version="2")


def _of_gold(inputs: GuidanceInputs) -> Guidance:
    found = gold_guidance(inputs)
    rate, fineness = inputs.rate, inputs.description.fineness_permille
    if found.outcome != "guided" or rate is None or fineness is None or inputs.description.pieces == 1:
        return found
    weight_mg, between = inputs.description.weight_mg, fineness_between(inputs, fineness)
    share = Fraction(max(standard_of(inputs).floor_share, gold.OWN_FLOOR_SHARE))
    values = (
        gold.exact_value(weight_mg, between[0], rate.value) * share,
        gold.exact_value(weight_mg, fineness, rate.value),
        gold.exact_value(weight_mg, between[1], rate.value),
    )
    low, middle, high = (value * 100 for value in values)
    return _by_the_piece(found, Quartiles(low, middle, high))


def _of_stones(inputs: GuidanceInputs) -> Guidance:
    missing = stone_lots.what_is_missing(inputs)
    if missing is not None:
        return missing
    is_unsorted, found = inputs.description.parcel == UNSORTED, quartiles(inputs.prices)
    band = None if is_unsorted else inputs.band
    if found is not None:
        drawn = toward_book(found, prices=inputs.prices, band=band)
        return _stones_guided(inputs, drawn, band=band, basis="sales" if band is None else "sales_and_book")
    if band is not None:
        return _stones_guided(inputs, stone_lots.of_book(band), band=band, basis="price_book")
    return _unsorted(inputs) if is_unsorted else stone_lots.not_enough(inputs)


def _unsorted(inputs: GuidanceInputs) -> Guidance:
    why = N_("The price book is for sorted stones, and fewer than %(fewest)s like unsorted parcels were sold here.")
    advice = N_("Sort the stones by kind, size and quality. Then each class can have a guide.")
    return replace(silent(inputs, "unsorted", why), working=(Step(why, {"fewest": FEWEST_SALES}), Step(advice, {})))


def _stones_guided(inputs: GuidanceInputs, per_ct: Quartiles, *, band: Band | None, basis: str) -> Guidance:
    found = stone_lots.guided(inputs, per_ct, band=band, basis=basis)
    remark = _remark(inputs, band=band)
    said = (*_mixed(inputs, basis=basis), *((Step(remark, {}),) if remark else ()))
    found = replace(found, per_carat=_range(per_ct), working=(*found.working, *said))
    if inputs.description.pieces == 1:
        return found
    carats = Fraction(inputs.description.weight_mg, MG_PER_CARAT)
    return _by_the_piece(found, Quartiles(per_ct.low * carats, per_ct.middle * carats, per_ct.high * carats))


def _mixed(inputs: GuidanceInputs, *, basis: str) -> tuple[Step, ...]:
    """Say how much the sales count against the price book, to one decimal."""
    if basis != "sales_and_book":
        return ()
    number = Decimal(round(effective_number(inputs.prices) * 10)).scaleb(-1)
    words = N_("Newer and more alike sales count more: together as %(number)s equal ones. The book counts as %(book)s.")
    return (Step(words, {"number": number, "book": BOOK_COUNTS_AS}),)


def _remark(inputs: GuidanceInputs, *, band: Band | None) -> str | None:
    """Return what must be said of the parcel beside the figures."""
    parcel = inputs.description.parcel
    if parcel == UNSORTED:
        return N_("The price book is for sorted stones: only sales of unsorted parcels count here.")
    if band is None:
        return None
    if parcel == "matched":
        return N_("A matched set usually brings more than the price book says. Nobody knows by how much.")
    if parcel is None and inputs.description.pieces > 1:
        return N_("Nobody said whether the pieces are sorted. The price book takes them as sorted.")
    return None


def _by_the_piece(found: Guidance, of_lot: Quartiles) -> Guidance:
    """Add what one piece brings, rounded once from the exact cents of the lot."""
    pieces = found.inputs.description.pieces
    each = _range(Quartiles(of_lot.low / pieces, of_lot.middle / pieces, of_lot.high / pieces))
    step = Step(
        N_("Shared by %(pieces)s pieces: %(low)s to %(high)s a piece, middle %(middle)s."),
        {"pieces": pieces, "low": each.low, "high": each.high, "middle": each.middle},
    )
    return replace(found, per_piece=each, working=(*found.working, step))


def _range(cents: Quartiles) -> PriceRange:
    return PriceRange(*(Money(round(exact), "USD") for exact in (cents.low, cents.middle, cents.high)))
