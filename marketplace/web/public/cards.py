"""A published lot as a card, in the reader's language and currency."""

from decimal import Decimal
from typing import Any, Final

from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.http.languages import translate as _
from marketplace.lots.models import LotListing
from marketplace.web.filters import country, money_about
from marketplace.web.public.currencies import Exchange

AVAILABILITY_TAGS: Final = {"reserved": (N_("Reserved"), "warn"), "sold": (N_("Sold"), "info")}
_BASIS_POINTS: Final = Decimal(10_000)


def card_of(lot: LotListing, exchange: Exchange | None) -> dict[str, Any]:
    """Return what macros/lots.html shows of a lot."""
    price = Money(lot.price_minor, lot.currency)
    about = exchange.about(price) if exchange else None
    tag = AVAILABILITY_TAGS.get(lot.availability)
    return {
        "href": f"/lots/{lot.reference}",
        "title": lot.title,
        # The district alone: one line on a narrow phone. The lot's page names the region too.
        "place": _("%(place)s, %(country)s", place=lot.place.split(",")[0], country=country(lot.country)),
        "price": price,
        "miners_share": Decimal(lot.miner_share_bp) / _BASIS_POINTS,
        # The title beside it says the same.
        "photo": {"url": photo_url(lot.photo_sha256, 320), "alt": ""} if lot.photo_sha256 else None,
        "note": _("About %(amount)s", amount=money_about(about)) if about else None,
        "tag": (_(tag[0]), tag[1]) if tag else None,
    }


def photo_url(sha256: str, width: int) -> str:
    """Return the address of a published photo in one of its widths."""
    return f"/photos/{sha256}/{width}.webp"
