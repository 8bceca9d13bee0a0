"""The browse page, put together from filters, counts and one page of lots."""

from collections.abc import Mapping
from typing import Any

from flask import make_response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.core.errors import FieldError
from marketplace.http.context import current_uow, settings
from marketplace.http.languages import translate, translate_error
from marketplace.search import queries
from marketplace.search.cursors import BadCursor, Place, read_cursor, write_cursor
from marketplace.search.filters import Filters, parse
from marketplace.web.public import choices
from marketplace.web.public.cards import card_of
from marketplace.web.public.currencies import (
    currency_choices,
    currency_error,
    exchange_to,
    remember_currency,
    wanted_currency,
)


def browse_page() -> Response:
    """Return the lots that fit the address, with the filters as typed and what is wrong with them."""
    uow = current_uow()
    filters, problems = parse(request.args.to_dict(flat=False))
    place, is_lost = _place(filters)
    currency = wanted_currency()
    exchange = exchange_to(uow.session, currency, uow.now.date())
    page = queries.find_page(uow.session, filters, place=place)
    counts = queries.count(uow.session, filters)
    body = render_template(
        "public/browse.html",
        filters=filters,
        values=_typed(currency),
        errors={**_errors(problems), **currency_error()},
        lost_place=translate(BadCursor.message) if is_lost else None,
        cards=[card_of(lot, exchange) for lot in page.lots],
        exchange=exchange,
        total=counts.total,
        looser=_looser(uow.session, filters) if not counts.total else [],
        is_first=place is None,
        **_form(filters, counts),
        **_links(filters, page),
    )
    return remember_currency(make_response(body))


def _place(filters: Filters) -> tuple[Place | None, bool]:
    """Return where the page begins, and whether the address named a place that we did not."""
    text = request.args.get("after", "")
    if not text:
        return None, False
    try:
        return read_cursor(text, sort=filters.sort, key=settings().secret_key), False
    except BadCursor:
        return None, True


def _typed(currency: str) -> dict[str, str]:
    return {**{name: values[-1] for name, values in request.args.lists()}, "currency": currency}


def _errors(problems: Mapping[str, FieldError]) -> dict[str, str]:
    return {name: translate_error(error) for name, error in problems.items()}


def _form(filters: Filters, counts: queries.Counts) -> dict[str, Any]:
    return {
        "groups": choices.facet_groups(filters, counts),
        "women_count": counts.women,
        "sorts": choices.sort_choices(filters),
        "units": choices.unit_choices(),
        "currencies": currency_choices(),
        "applied": choices.applied_filters(filters),
        "hidden": choices.hidden_pairs(filters),
    }


def _links(filters: Filters, page: queries.Page) -> dict[str, Any]:
    after = write_cursor(page.next, key=settings().secret_key) if page.next else None
    return {
        "next_url": choices.address_of(filters, after=after) if after else None,
        "next_size": page.following,
        "first_url": choices.address_of(filters),
    }


def _looser(session: Session, filters: Filters) -> list[dict[str, Any]]:
    """Return what each filter costs, the one that hides most first; those that would not help are left out."""
    found = sorted(queries.count_without_each(session, filters).items(), key=lambda each: -each[1])
    return [
        {
            "label": choices.label_of(filters, name, value),
            "href": choices.address_of(filters.without(name, value)),
            "count": count,
        }
        for (name, value), count in found
        if count
    ]
