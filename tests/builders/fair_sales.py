"""Finished sales in any number: copies of one that went the whole road, with other figures and days."""

from copy import deepcopy
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from marketplace.core.ids import new_id
from marketplace.lots.models import LotVersion
from marketplace.orders.models import Order
from marketplace.orders.transitions import State
from marketplace.unit_of_work import UnitOfWork
from tests.builders.orders import Sale


def finished_sale(uow: UnitOfWork, like: Sale, *, number: int, **given: Any) -> UUID:
    """Insert a copy of a sale: `price`, `net`, `gross` in cents, `on` a day, `cooperative` its key, `women_led`.

    `guidance` replaces the stored guide, `content` some of the answers, `state` where the order stands.
    """
    return finished_sales(uow, like, [{"number": number, **given}])[0]


def finished_sales(uow: UnitOfWork, like: Sale, wanted: list[dict[str, Any]]) -> list[UUID]:
    """Insert many copies at once."""
    uow.session.flush()
    versions, orders = [], []
    for given in wanted:
        version = _version(like.version, given)
        versions.append(version)
        orders.append(_order(like.order, version, given))
    uow.session.execute(insert(LotVersion), versions)
    uow.session.execute(insert(Order), orders)
    return [order["id"] for order in orders]


def _columns(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def _version(like: LotVersion, given: dict[str, Any]) -> dict[str, Any]:
    content = deepcopy(like.content)
    content["price"] |= {
        "price_minor": given.get("price", content["price"]["price_minor"]),
        "net_minor": given.get("net", content["price"]["net_minor"]),
        "gross_minor": given.get("gross", given.get("net", content["price"]["gross_minor"])),
    }
    content["cooperative"]["women_led"] = given.get("women_led", content["cooperative"]["women_led"])
    return {
        **_columns(like),
        "id": new_id(),
        "number": 1000 + given["number"],
        "content": {**content, **given.get("content", {})},
        "guidance": given.get("guidance", like.guidance),
        "price_minor": content["price"]["price_minor"],
        "net_minor": content["price"]["net_minor"],
    }


def _order(like: Order, version: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    on: date = given.get("on", date(2026, 9, 1))
    number = given["number"]
    return {
        **_columns(like),
        "id": new_id(),
        "reference": f"OR-F{number // 10_000:03d}-{number % 10_000:04d}",
        "version_id": version["id"],
        "cooperative_id": given.get("cooperative", like.cooperative_id),
        "state": given.get("state", State.ACCEPTED.value),
        "price_minor": version["price_minor"],
        "net_minor": version["net_minor"],
        "currency": given.get("currency", like.currency),
        "split": given.get("split", like.split),
        "accepted_at": datetime.combine(on, time(12), tzinfo=UTC) + timedelta(seconds=number % 40_000),
        "frozen_since": given.get("frozen_since"),
    }
