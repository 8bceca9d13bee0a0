"""What the gates must know of the goods in a version of a lot. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from marketplace.compliance.gate import Goods
from marketplace.compliance.vocabulary import mineral_of
from marketplace.documents.gates import Sale


def goods_of(content: Mapping[str, Any]) -> Goods:
    """Return what the gate must know of a lot version's goods."""
    return Goods(
        kind=content["kind"],
        mineral=mineral_of(content["kind"], content.get("variety")),
        country=content["country"],
        form=content["form"],
        weight_mg=content["weight_mg"],
        pieces=content.get("pieces") or 1,
        mined_from=_day(content.get("mined_from")),
        mined_to=_day(content.get("mined_to")),
        mercury=content.get("mercury"),
    )


def sale_of(
    content: Mapping[str, Any],
    *,
    cooperative_id: UUID,
    lot_id: UUID | None,
    order_id: UUID | None = None,
    destination: str | None = None,
) -> Sale:
    """Return the sale of a lot version; `destination` is the country it goes to, unknown while nobody bought it."""
    return Sale(
        goods=goods_of(content),
        variety=content.get("variety"),
        cooperative_id=cooperative_id,
        site_reference=content.get("site_reference"),
        lot_id=lot_id,
        order_id=order_id,
        leaves_country=destination is None or destination != content["country"],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
