"""Reads of lots, versions, listings and photos."""

from marketplace.lots.differences import Change, difference
from marketplace.lots.queries.frozen import content_now
from marketplace.lots.queries.listings import (
    ForSale,
    bag_is_taken,
    for_sale,
    is_on_sale,
    listing_of,
    photo_is_for,
    photo_is_public,
    published_version,
)
from marketplace.lots.queries.lots import (
    PAGE,
    SHELF_LABELS,
    Shelf,
    counts_by_shelf,
    lot_by_id,
    lot_by_reference,
    lot_of_cooperative,
    lots_of_member,
    photos_of,
    shelf_of,
    version_by_id,
    versions_of,
)
from marketplace.lots.queries.sheets import Sheet, preview, read_sheet, surroundings_of, terms_of
from marketplace.lots.queries.snapshots import StoredGuidance, count_snapshots, stored_snapshots
from marketplace.lots.queries.stocks import stock_now, stock_of

__all__ = [
    "PAGE",
    "SHELF_LABELS",
    "Change",
    "ForSale",
    "Sheet",
    "Shelf",
    "StoredGuidance",
    "bag_is_taken",
    "content_now",
    "count_snapshots",
    "counts_by_shelf",
    "difference",
    "for_sale",
    "is_on_sale",
    "listing_of",
    "lot_by_id",
    "lot_by_reference",
    "lot_of_cooperative",
    "lots_of_member",
    "photo_is_for",
    "photo_is_public",
    "photos_of",
    "preview",
    "published_version",
    "read_sheet",
    "shelf_of",
    "stock_now",
    "stock_of",
    "stored_snapshots",
    "surroundings_of",
    "terms_of",
    "version_by_id",
    "versions_of",
]
