"""The flat row of a lot that browsing and search read."""

from decimal import Decimal
from typing import Final

from marketplace.core.money import Money
from marketplace.core.weight import MG_PER_CARAT, MG_PER_GRAM
from marketplace.lots.models import Lot, LotListing, LotVersion
from marketplace.lots.titles import search_text
from marketplace.pricing.fairness import miner_share

_BASIS_POINTS: Final = 10_000


def fill(listing: LotListing, lot: Lot, version: LotVersion) -> None:
    """Write what browsing and search need; one row, nothing to join."""
    content = version.content
    listing.version_id, listing.reference = version.id, lot.reference
    for name in (
        "title", "kind", "form", "variety", "treatment", "country", "place", "weight_mg", "pieces", "fineness_permille",
    ):  # fmt: skip
        setattr(listing, name, content[name])
    listing.cooperative_id = lot.cooperative_id
    listing.cooperative_name = content["cooperative"]["name"]
    listing.is_women_led = content["cooperative"]["women_led"]
    listing.price_minor, listing.currency = version.price_minor, version.currency
    listing.unit_price_minor = unit_price_minor(
        version.price_minor, weight_mg=content["weight_mg"], kind=content["kind"]
    )
    share = miner_share(Money(version.net_minor, version.currency), Money(version.price_minor, version.currency))
    listing.miner_share_bp = int(share * Decimal(_BASIS_POINTS))
    listing.photo_sha256 = content["photos"][0]["sha256"] if content["photos"] else None
    listing.search_text = search_text(content)


def unit_price_minor(price_minor: int, *, weight_mg: int, kind: str) -> int:
    """Return the price per gram of gold or per carat of stone, rounded once, half up."""
    unit_mg = MG_PER_GRAM if kind == "gold" else MG_PER_CARAT
    return (2 * price_minor * unit_mg + weight_mg) // (2 * weight_mg)
