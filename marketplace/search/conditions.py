"""Filters as conditions on the flat table of published lots."""

import re
from typing import Final

from sqlalchemy import ColumnElement, func, tuple_

from marketplace.lots.models import LotListing
from marketplace.search.cursors import Place
from marketplace.search.filters import CURRENCY, FACETS, Filters, Sort

# The column each order goes by, and whether the greatest comes first. The lot's id settles ties.
ORDERS: Final = {
    Sort.NEWEST: (LotListing.published_at, True),
    Sort.PRICE_UP: (LotListing.price_minor, False),
    Sort.PRICE_DOWN: (LotListing.price_minor, True),
    Sort.UNIT_PRICE: (LotListing.unit_price_minor, False),
    Sort.SHARE: (LotListing.miner_share_bp, True),
}
# A last word of these signs is looked for as a beginning; quotes, signs and "or" keep their meaning in a search.
_PLAIN_WORD: Final = re.compile(r"[\w.]*\w")


def conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """Return what a lot must satisfy; sold lots only when asked for."""
    shown = ("available", "reserved", "sold") if filters.sold else ("available", "reserved")
    found: list[ColumnElement[bool]] = [LotListing.availability.in_(shown)]
    found += [getattr(LotListing, facet).in_(getattr(filters, facet)) for facet in FACETS if getattr(filters, facet)]
    if filters.weight_from is not None:
        found.append(LotListing.weight_mg >= filters.weight_from)
    if filters.weight_to is not None:
        found.append(LotListing.weight_mg <= filters.weight_to)
    if filters.price_from is not None or filters.price_to is not None:
        found.append(LotListing.currency == CURRENCY)
    if filters.price_from is not None:
        found.append(LotListing.price_minor >= filters.price_from.minor)
    if filters.price_to is not None:
        found.append(LotListing.price_minor <= filters.price_to.minor)
    if filters.women:
        found.append(LotListing.is_women_led.is_(True))
    if filters.words:
        found.append(has_words(filters.words))
    return found


def has_words(text: str) -> ColumnElement[bool]:
    """Say whether a lot's words match a search as people type it; the last word may still be unfinished."""
    head, _, last = text.rpartition(" ")
    whole = func.websearch_to_tsquery("simple", text)
    if not _PLAIN_WORD.fullmatch(last) or "or" in text.lower().split() or text.count('"') % 2:
        return LotListing.words.op("@@")(whole)
    beginning = func.to_tsquery("simple", f"'{last}':*")
    return LotListing.words.op("@@")(func.websearch_to_tsquery("simple", head).op("&&")(beginning))


def after(place: Place) -> ColumnElement[bool]:
    """Say whether a lot comes behind a place in its order."""
    column, greatest_first = ORDERS[place.sort]
    ours, theirs = tuple_(column, LotListing.lot_id), tuple_(place.value, place.lot_id)
    return ours < theirs if greatest_first else ours > theirs
