"""Your own orders, as buyer or as cooperative."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from marketplace.api.blueprint import Resource
from marketplace.api.openapi import needs
from marketplace.api.problems import FieldsRefused
from marketplace.api.tokens import bearer
from marketplace.api.v1.documents import lines_document, money_document
from marketplace.api.v1.examples import ORDER, ORDER_PAGE, ORDER_REFERENCE
from marketplace.api.v1.schemas.orders import OrderPageSchema, OrderSchema, OrdersQuery
from marketplace.core.errors import FieldError, NotFound
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.http.context import current_uow
from marketplace.http.languages import translate, translate_error
from marketplace.orders.currencies import exchange_of
from marketplace.orders.exchange_models import OrderExchange
from marketplace.orders.models import Order
from marketplace.orders.paid_amounts import buyer_facts, paid_of
from marketplace.orders.queries import (
    OrderPage,
    facts_of,
    net_of,
    order_of_buyer,
    order_of_cooperatives,
    orders_of_buyer,
    orders_of_cooperatives,
    price_of,
    split_of,
    steps_of,
)
from marketplace.orders.step_words import step_words
from marketplace.orders.transitions import allowed_actions
from marketplace.orders.words import OrderFacts, Reader, what_happens_next, where_is_the_money

bp: Final = Resource("orders", __name__, tag="Orders", description="Orders you placed, or of your cooperatives.")


@bp.operation("GET", "")
@bearer("read")
@bp.takes(OrdersQuery, location="query")
@bp.answers(200, OrderPageSchema, example=ORDER_PAGE)
@bp.describe(**needs("read"))
def list_orders(query: dict[str, Any]) -> dict[str, Any]:
    """List your orders.

    Newest first, twenty a page.
    """
    side = Reader(query["side"]) if "side" in query else _usual_side()
    try:
        page = _page(side, query.get("cursor"))
    except NotFound:
        words = N_("This is no cursor of ours. Start with the first page.")
        raise FieldsRefused({"cursor": words}, place="parameter") from None
    paid = paid_of(current_uow().session, [order.id for order in page.orders])
    return {"orders": [_row(order, side, paid) for order in page.orders], "next_cursor": page.after}


@bp.operation("GET", "/<reference>", parameters=[ORDER_REFERENCE])
@bearer("read")
@bp.answers(200, OrderSchema, example=ORDER)
@bp.refuses(HTTPStatus.NOT_FOUND)
@bp.describe(**needs("read"))
def get_order(reference: str) -> dict[str, Any]:
    """Read one of your orders.

    Where the money is, what happens next, and what you may do now.
    """
    return _document(*_own(reference))


def _usual_side() -> Reader:
    return Reader.BUYER if current_uow().actor.buyer_id else Reader.COOPERATIVE


def _page(side: Reader, cursor: str | None) -> OrderPage:
    uow = current_uow()
    if cursor and "\x00" in cursor:
        raise NotFound
    if side is Reader.BUYER:
        return orders_of_buyer(uow.session, buyer_id=uow.actor.buyer_id, after=cursor)
    return orders_of_cooperatives(uow.session, cooperative_ids=list(uow.actor.memberships), after=cursor)


def _own(reference: str) -> tuple[Order, Reader]:
    uow = current_uow()
    if "\x00" in reference:
        raise NotFound
    if uow.actor.buyer_id is not None:
        try:
            return order_of_buyer(uow.session, reference, buyer_id=uow.actor.buyer_id), Reader.BUYER
        except NotFound:
            pass
    mine = list(uow.actor.memberships)
    return order_of_cooperatives(uow.session, reference, cooperative_ids=mine), Reader.COOPERATIVE


def _row(order: Order, side: Reader, paid: Mapping[UUID, Money]) -> dict[str, Any]:
    same = ("reference", "title", "state", "created_at", "deadline_at")
    return {
        **{name: getattr(order, name) for name in same},
        "side": side.value,
        "price": money_document(price_of(order)),
        "paid": money_document(paid.get(order.id) or price_of(order)),
    }


def _exchange(exchange: OrderExchange | None) -> dict[str, Any] | None:
    if exchange is None:
        return None
    return {"rate": str(exchange.rate), "observed_on": exchange.observed_on, "sources": exchange.sources}


def _document(order: Order, side: Reader) -> dict[str, Any]:
    uow = current_uow()
    facts = buyer_facts(uow.session, order) if side is Reader.BUYER else facts_of(order)
    return {
        **_row(order, side, paid_of(uow.session, [order.id])),
        "exchange": _exchange(exchange_of(uow.session, order.id)),
        "version_sha256": order.version_sha256,
        "net": money_document(net_of(order)),
        "split": lines_document(split_of(order), order.currency),
        "money": _where_the_money_is(order, facts, side),
        "next": translate(what_happens_next(facts, side)),
        "allowed_actions": list(allowed_actions(order, uow.actor, now=uow.now)),
        "steps": [
            {"action": step.action, "text": translate(step_words(step.action)), "at": step.at}
            for step in steps_of(uow.session, order.id)
        ],
    }


def _where_the_money_is(order: Order, facts: OrderFacts, side: Reader) -> dict[str, Any]:
    sentence = where_is_the_money(facts, side)
    code = "frozen" if facts.is_frozen else "stopping" if facts.is_stopping else order.state
    return {
        "code": code,
        "text": translate_error(FieldError(sentence.message, **sentence.params)),
        "frozen_since": order.frozen_since,
    }
